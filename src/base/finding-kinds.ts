/**
 * Findings about a run or a machine, by kind: what they mean and what to do, for `trainlock explain`.
 * A kind that is written anywhere has its row here; a test looks for kinds that have none.
 */
export const FINDING_KINDS = {
  'python-missing': 'No Python interpreter was found. Name one with --python, or activate the virtual environment of the project.',
  'python-too-old': 'The hooks need Python 3.8 or newer. With an older one a run is recorded from outside only.',
  'python-differs': 'The interpreter outside the virtual environment would be used. Activate the environment of the project, so that the packages are the intended ones.',
  'python-isolated':
    'A script starts Python with -E, -I or -S: such an interpreter does not load the hooks, so files, seeds and packages of that process are not seen. Remove the option, or accept the gap.',
  'hash-seed-random': 'PYTHONHASHSEED is set to random: the order of sets differs from run to run and cannot be repeated. Unset it; trainlock draws a seed and records it.',
  'threads-unset':
    'No variable fixes how many threads numeric libraries use. The number follows the cores of the machine, and sums in another order give other last bits. Set OMP_NUM_THREADS (and MKL_NUM_THREADS, OPENBLAS_NUM_THREADS where they are used).',
  'dependencies-unlocked':
    'No lock file names the exact versions of the packages. The record holds what was installed, but a new machine cannot install the same without it. Lock the dependencies.',
  'git-missing': 'The project is in no git repository: the record holds the code itself, but no commit that others can look up.',
  'git-dirty': 'There are changes that are not committed. They are recorded as a patch; a commit is easier to find again.',
  'git-unborn': 'The git repository has no commit yet.',
  'tool-missing': 'A program is not installed that recording or replaying would use. Without it less is seen or a replay is isolated less.',
  'namespaces-denied':
    'This machine does not let ordinary users make namespaces. A replay cannot be isolated by the kernel then; it works on copies and turns the network off as far as variables reach.',
  'disk-nearly-full': 'Little space is left where the records lie. A full disk cannot harm the run, but its record may be incomplete.',
  'key-not-usable': 'The key that signs records cannot be used. Runs are recorded all the same, without a signature; trainlock sign completes them when the key can be used again.',
  'log-not-usable': 'The log of this machine cannot be used. Records are signed all the same, and their leaves wait beside them until trainlock log enter takes them in.',
  'not-signed': 'The record was finished and is whole, but could not be signed. The message says why; trainlock sign completes it.',
  'store-not-writable': 'The folder of the records cannot be written. Choose another one with --store or TRAINLOCK_STORE.',
  'unseeded-source': 'A generator of random numbers was used without a seed and could not be given one, so another run draws other numbers. Seed it in the code.',
  'commit-not-pushed': 'The commit is on no remote branch that is known here: others cannot look it up. Push it, or fetch if it was pushed from elsewhere.',
  'data-changed': 'A data set changed between reading and hashing, so what the run read is not known. Write to a copy, or record again.',
  'data-missing': 'trainlock.yaml declares data where no file is. Mend the path (it counts from the project), or bring the data.',
  'data-incomplete':
    'Files of a declared data set could not be read, so its list lacks them; the findings of the data set name them. Give the right to read them, or leave them out of the data.',
  'differential-privacy':
    'A library for differential privacy is in use. Its noise must stay secret, so nothing was drawn from the recorded root, and the run cannot be repeated to the bit.',
  'ranks-disagree': 'Ranks of one training ran with other libraries, threads or devices. Make their environments the same.',
  'split-overlap': 'Parts of a split share rows: what was learnt from may also have been tested on.',
  'environment-differs': 'The environment of now is not that of the recorded run. A replay says what differs before it starts.',
  'not-recorded': 'The command ran, but its record could not be completed. The message says why and what to do.',
  'depot-incomplete':
    'A record was laid into a depot without something that a gate will ask for: its store does not have it. The gate that fetches from there is undecided until it comes. Run the same command where it is.',
  'clock-not-synchronised': 'The clock of this machine is not set by a time server: times in records can be wrong.',
  'clock-unknown': 'It cannot be seen whether the clock of this machine is set by a time server.',
  'nondeterministic-gpu':
    'PyTorch on a GPU chooses algorithms that add numbers in changing order. Use --deterministic, or torch.use_deterministic_algorithms(True) with CUBLAS_WORKSPACE_CONFIG=:4096:8.',
  'snapshot-damaged':
    'The document of a snapshot cannot be read, or is not what its name states. The data and other snapshots are not affected. Bring it back from a copy of the store, or remove it.',
  unreadable: 'A file or folder of the data could not be read, so the list lacks it and the snapshot is not complete. Give the right to read it, or leave it out with --ignore.',
  changed: 'A file changed while it was being read, so the list lacks it and the snapshot is not complete. Take the snapshot when nobody writes.',
  vanished: 'A file was removed while the folder was being read. Take the snapshot when nobody writes.',
  limit: 'A path is too long, too deep or behind too many links to be named in a list, so the list lacks it.',
  special: 'A device, a pipe or a socket: it has no bytes that could be recorded, and is never opened.',
  dangling: 'A link that leads to nothing. It is not in the list.',
  loop: 'A link that leads to a folder in which it lies. It is not followed.',
  outside: 'A link that leads out of the folder. What it leads to is in the list under the name of the link; a copy of the folder alone lacks it.',
  'linked-folder': 'A link to a folder. Its files are in the list under the name of the link.',
  'secret-file': 'A key file, by its name. Such files are never hashed nor stored, and are not in the list.',
  'left-out': 'A folder of version control or of trainlock itself. It is no data and not in the list.',
  'not-text': 'A name that is no UTF-8. It is kept as its bytes; many programs cannot open it.',
  'not-normalised': 'A name whose letters can be written in another way in Unicode. Other systems may write it so, and then it is another name.',
  'case-collision': 'Two names that differ in their case or Unicode form alone. On many systems one of them would replace the other.',
  reserved: 'A name that Windows keeps for devices, such as aux or con. The file cannot be copied there.',
  'control-character': 'A control character in a name. It can mislead whoever reads a list of names.',
  'windows-character': 'A character in a name that Windows does not allow. The file cannot be copied there.',
  'trailing-dot-or-space': 'A name that ends with a dot or a space. Windows removes it.',
  'too-long': 'A name or path that is too long for other systems.',
  'git-set-up-otherwise':
    'A line in .gitattributes, a setting or a hook is not as trainlock would write it, and somebody else wrote it. It stays; the message says what records need.',
  'record-rewritten': 'Bytes of a record that was in git have become others. Nothing rewrites a record: a correction is a new one. Bring the file back from the base.',
  'record-removed': 'A record that was in git is gone. Records stay for ever; what no longer counts is said by a further document. Bring the files back from the base.',
  'record-refuted':
    'A record that came or changed is not what was signed, or cannot be read. The message names each broken check; trainlock verify FILE --explain shows what it looked at.',
  'record-undecided': 'A record that came or changed is not signed, or it is not known here whose signature it has. Sign it, or list the key in the trust file of the base.',
  'proof-removed': 'What proves that a log has a record or an approval is gone. trainlock log proof asks the log for it again.',
  'approval-rewritten': 'Bytes of an approval or a withdrawal that was in git have become others. What somebody signed stays as it is: take it back, and approve anew.',
  'approval-removed': 'An approval that was in git is gone. An approval is taken back by a withdrawal, and stays.',
  'withdrawal-removed': 'A withdrawal that was in git is gone, and what it took back would count again. Bring the files back from the base.',
  'approval-does-not-count': 'An approval or a withdrawal came that counts for nobody: it is not what was signed, or the trust file of the base does not give the key that right.',
  'approval-undecided': 'It is not known here whose approval it is: no root is pinned, or the trust file of the base does not list the key.',
  'exception-rewritten': 'Bytes of an exception or a withdrawal that was in git have become others. What somebody signed stays as it is: take it back, and state another one.',
  'exception-removed': 'An exception that was in git is gone. An exception is taken back by a withdrawal, or expires, and stays.',
  'exception-does-not-count':
    'An exception or a withdrawal came that counts for nobody: it is not what was signed, or the trust file of the base does not give the key that right.',
  'exception-undecided': 'It is not known here whose exception it is: no root is pinned, or the trust file of the base does not list the key.',
  'history-rewritten': 'Bytes of an amendment, promotion or deprecation that was in git have become others. What somebody signed stays as it is: trainlock revert takes it back.',
  'history-removed':
    'An amendment, promotion, deprecation, reversion or remediation that was in git is gone, and what was before it would count again. Bring the files back from the base.',
  'history-does-not-count':
    'An amendment, promotion or deprecation came that counts for nobody: it is not what was signed, or the trust file of the base does not give the key that right.',
  'history-undecided': 'It is not known here who said this of a record: no root is pinned, or the trust file of the base does not list the key.',
  'policy-changed': 'The policy is another one. The policy of the base judges that, and every other part of the same change.',
  'policy-removed': 'The policy is gone, so nothing would say who may approve what. Bring it back from the base.',
  'policy-not-understood': 'The policy has a key, role, class or path that is not known, or cannot be read. A policy that is not understood allows nothing.',
  'trust-changed': 'The trust file is another one. Whether it follows the one of the base was looked at.',
  'trust-removed': 'The trust file, or one of its older versions, is gone: then nobody can tell whose signatures count.',
  'trust-rewritten': 'An older version of the trust file has become another one. Versions stay as they are.',
  'trust-not-followed': 'The trust file does not lead from that of the base: not enough of its roots have signed it, its version goes back, or it cannot be read.',
  'trust-undecided': 'The trust file of the base cannot be read, so nothing says whether another one follows it.',
  'snapshot-rewritten': 'The document of a snapshot that was in git has become another one. A snapshot is of one moment: take a new one.',
  'snapshot-removed': 'The document of a snapshot that was in git is gone. Records may name it. Bring it back from the base.',
  'snapshot-undecided': 'The document of a snapshot was written by a newer trainlock. Use that one.',
  'document-not-a-file': 'A link or a folder lies where a document of trainlock should be. Links lead to files of others, so nothing behind them counts.',
  'change-approved': 'A record that came follows the one before, and has every approval that the policy of the base asks for, or needs none.',
  'approval-outstanding':
    'A record that came needs approvals that are not there yet. trainlock policy explain BASELINE CANDIDATE --base BRANCH says whose; trainlock approve gives one.',
  'change-denied': 'By the policy of the base nobody may approve what a record changes, no rule speaks of it, or nobody knows who made it.',
  'baseline-unknown': 'The records that the base keeps cannot be read, so nothing says what a new one changes.',
  'no-policy': 'The base has no policy, so nobody asked whether a change is approved. trainlock policy new writes one.',
  'policy-without-base': 'A first policy is judged by no other one: whoever may write the base branch decides.',
  'policy-change-approved': 'The policy became another one, and the policy of the base has every approval that it asks for.',
  'policy-approval-outstanding': 'The policy became another one, and the policy of the base asks for approvals that are not there yet: trainlock policy approve gives one.',
  'policy-change-denied': 'The policy became another one, and by the policy of the base nobody may approve that, or no rule of it speaks of policy.',
  'other-project':
    'Records or a policy of another project in the same repository changed, and the base has no policy for it. Whether they are whole was looked at; whether they are approved was not asked.',
  'project-changed':
    'The change makes another folder the project, so another policy would be asked from now on. Asked was the project of the base. Keep trainlock.yaml where the base has it, or change it in a change of its own that people look at.',
  'project-moved':
    'Everything of a project lies in another folder now, with the same bytes. Its policy is found there, and whoever asked it here must ask there: CI has its folder in its settings. Bring other changes after the move.',
  'store-moved': 'The configuration names another folder for records. Those of the base stay where they were, and were looked at in both places.',
  'name-not-text': 'The name of a file in our folders is no UTF-8: nothing could find it again. Give it another name.',
  'name-collides':
    'The name of a file differs from one of ours only in case, letters that look alike, dots, spaces or its short form. Some file systems would put it in the place of ours.',
  'run-unfinished': 'A run that was started and never finished lies in the change. It belongs to the machine on which it was started: finish it there, or leave it out.',
  'author-unknown':
    'A commit names somebody as author or committer whom the policy does not know, so nobody can tell whether that is one of those who approved. Name the person in the policy as commits do, or commit under a name that it has.',
  'trust-of-base': 'No root is pinned where this ran, so the trust file of the base branch counts as it is. That is as strong as the protection of the branch.',
  'documents-left-out': 'More documents changed at once than are looked at. Split the change.',
  'findings-left-out': 'There are more findings than the format or the host takes. The command itself lists all of them.',
  TL1001:
    'The record is not what was recorded, or nobody whose signature counts here has signed it. Nothing in it may be relied on. trainlock verify RUN --explain shows what was looked at.',
  TL1002: 'The bytes of the model are not those that the run wrote. Bring the recorded ones back, or record the run of these.',
  TL1003:
    'What changed up to this model was not approved by everybody whose approval the policy asks for: it is missing, void, expired, withdrawn or by whoever made the change. The printed commands ask for what is missing.',
  TL1004:
    'No log that counts here has the record, or the log was set back, or it knows of a withdrawal whose file is gone. trainlock log verify looks at the whole log; if it was set back, stop and find out why.',
  TL1005:
    'Something was said of the record since it was made: it, or a package or data set in it, is deprecated; or statements about it contradict each other, or cannot be judged. trainlock history RUN tells all of it.',
  TL2001: 'What reaches the model is not what it was trained on: other columns, another order, other ranges or values that are missing. Mend the program before it.',
  TL2002: 'The code that serves is not the code whose predictions were recorded. Bring the recorded files back, or record a run with the new ones and have it approved.',
  TL2003:
    'The model does not say here what it said when it was trained, or nothing is known of it. Software and machine are the likely causes: mend the findings below it, the worst first; or record a canary with the run.',
  TL2004: 'The metrics in the record do not meet what was declared before the run, or what the policy asks for in this environment; or there are no such metrics.',
  'not-in-lock': 'A package of the run is not in its lock, because nothing that was recorded would bring it back as it was. The message says why, and what to do.',
  TL2005:
    'The policy asks for a replay of the run with the same outcome, and there is none that counts, or one came out different. trainlock replay RUN repeats it; an independent one is signed by another person on another host.',
  TL2006:
    'More runs were measured on the test set than the policy allows, or nobody can tell how many: records are missing or cannot be read, or no data set has the role test. Whoever looks often enough finds a model that does well by chance. Measure it on data that nobody has looked at.',
  TL4002:
    'An emergency (break-glass) in this environment is over, and nobody has reviewed it in the days that the policy gives. Nothing passes the gate of the environment until another person than the one who asked for it has: trainlock exception review.',
  TL3001:
    'The interpreter or a package is not the recorded one: another version, missing, additional, or of the same version with other files (the digest of its RECORD differs). Install the recorded version; trainlock env lock RUN prints all of them.',
  TL3002:
    'A native library is not the recorded one, such as the C library, BLAS, OpenMP or the interpreter itself. Results can differ in their last bits. Install the recorded package of the system, or run in the recorded image.',
  TL3003:
    'The CPU, or the kernel that a numeric library chose for it, is not the recorded one. Sums in another order give other last bits. trainlock exec --pin RUN -- CMD gives the recorded choice, where the CPU has it.',
  TL3004: 'The number of threads, a variable of numeric libraries, the locale or the time zone is not as recorded. trainlock exec --pin RUN -- CMD sets them.',
  TL3005:
    'An accelerator, its driver or its runtime is not the recorded one. That cannot be mended in place: replay the run on the new device, look at the outcome and have it approved.',
  TL4001:
    'The policy asks for a review of what the environment runs, and the last one is too long ago, or something happened since that makes one due, or nobody can tell. trainlock review due says which; trainlock approve RUN --meaning review signs that somebody looked.',
  'configuration-invalid': 'The configuration cannot be used; every command that needs it stops with the same message.',
} as const satisfies Readonly<Record<string, string>>;

export type FindingKind = keyof typeof FINDING_KINDS;
