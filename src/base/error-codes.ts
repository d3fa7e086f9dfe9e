/** Exit codes of every command. Source: docs/reference/cli.md. */
export const EXIT = { yes: 0, no: 1, failed: 2, undecided: 3, refused: 125, notExecutable: 126, notFound: 127 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

type CodeEntry = {
  /** What went wrong, in one phrase. */
  readonly title: string;
  /** Exit code of the command. */
  readonly exit: ExitCode;
  /** What it means and what to do, for `trainlock explain`. */
  readonly explanation: string;
};

const entry = (title: string, exit: ExitCode, explanation: string): CodeEntry => ({ title, exit, explanation });

/**
 * Every error that trainlock raises. Ranges: 00 usage and input, 01 configuration, 02 manifest, 03 store, 04 capture,
 * 05 replay, 06 diff, 07 verify, 08 files and content, 09 internal, 11 keys and signatures, 12 trust, 13 policies and approvals, 14 the
 * transparency log, 15 the life of a record, 16 reports and evidence, 17 git and code hosts.
 */
export const ERROR_CODES = {
  TL0001: entry('usage', EXIT.failed, 'The command line is not understood. `trainlock COMMAND --help` shows what a command takes.'),
  TL0002: entry('file not readable', EXIT.failed, 'A file that was named does not exist or cannot be read. Check the path and its permissions.'),
  TL0003: entry('file not writable', EXIT.failed, 'A file could not be written: no space, no permission or a read-only file system. Nothing was left half-written.'),
  TL0101: entry(
    'configuration invalid',
    EXIT.failed,
    'trainlock.yaml or [tool.trainlock] in pyproject.toml has keys or values that are not known. The message names the line and the nearest known key.',
  ),
  TL0102: entry('two configurations', EXIT.failed, 'Both trainlock.yaml and [tool.trainlock] in pyproject.toml exist. Keep one of them.'),
  TL0201: entry('manifest invalid', EXIT.no, 'The document does not fit the schema of manifests. `trainlock validate FILE` lists every problem with its place.'),
  TL0202: entry(
    'manifest from a newer version',
    EXIT.undecided,
    'The manifest was written by a newer version of the schema, or it lists critical fields that this version does not know. Use a newer trainlock.',
  ),
  TL0301: entry('run not found', EXIT.failed, 'No run has that name, id or digest. `trainlock list` shows the runs of this project.'),
  TL0302: entry('run ambiguous', EXIT.failed, 'More than one run fits. Use more letters of the id, or last~N.'),
  TL0303: entry('record incomplete', EXIT.undecided, 'The run has no finished record: it is still running, or its recorder was killed. `trainlock finish RUN` completes it.'),
  TL0304: entry('record damaged', EXIT.no, 'The record cannot be read: its statement is missing or not valid. Restore the run folder from a copy.'),
  TL0305: entry('record exists already', EXIT.failed, 'A finished record is never changed or replaced. Record a new run instead.'),
  TL0306: entry(
    'bytes not in the store',
    EXIT.undecided,
    'A record names bytes that this store does not have: they were never kept, were left out, or the store is a partial copy.',
  ),
  TL0307: entry('object damaged', EXIT.no, 'Bytes in the object store are not what their name says. Restore them from a copy of the store; the record itself is not affected.'),
  TL0308: entry('store not usable', EXIT.failed, 'The folder of the records cannot be used safely. Choose another with --store or TRAINLOCK_STORE.'),
  TL0309: entry('marks damaged', EXIT.failed, 'Tags and names that were put on a run later cannot be read or written. The record itself is not affected.'),
  TL0310: entry(
    'another kind of document',
    EXIT.failed,
    'The file is a signed document, but not the record of a run: for example a model signature (model.sig) or a verification summary. Name the run; documents of other kinds are checked by the tools of docs/guides/verify-without-trainlock.md.',
  ),
  TL0401: entry('program not found', EXIT.notFound, 'The command to be recorded does not exist. Check the spelling and PATH; a Python script is started with `python script.py`.'),
  TL0402: entry('program not executable', EXIT.notExecutable, 'The command to be recorded exists but may not be executed. Check its permissions and its first line.'),
  TL0403: entry('run cannot be recorded', EXIT.refused, 'A record was demanded (--require-record), but it cannot be written. Nothing was started.'),
  TL0404: entry(
    'program not pinned',
    EXIT.refused,
    'exec --pin did not start the program: the record is not intact, this machine cannot compute as the run did, or the model is not the recorded one. Nothing was started.',
  ),
  TL0405: entry(
    'run not allowed',
    EXIT.refused,
    'With --enforce a run is started only if it has a purpose, whoever starts it has the role initiator, the code is committed, and data and packages are as a record has them that was approved. Every reason is told at once. Nothing was started.',
  ),
  TL0501: entry(
    'recorded bytes missing',
    EXIT.undecided,
    'The run cannot be rebuilt: its source snapshot, or a file list, is not in the store or is damaged. Copy the objects folder of the store on which it was recorded.',
  ),
  TL0502: entry(
    'writes cannot be contained',
    EXIT.failed,
    'The recorded run wrote outside its project, and this machine permits no way to keep a replay from doing it again. Install bubblewrap, or say with --map where the folder lies now.',
  ),
  TL0503: entry('interpreter not found', EXIT.failed, 'The interpreter that ran the training is not at its recorded place. Name one with --python.'),
  TL0504: entry(
    'isolation not available',
    EXIT.failed,
    'The kind of isolation that was asked for does not work on this machine. Without --isolation the best that works is taken.',
  ),
  TL0505: entry(
    'upgrade not carried out',
    EXIT.failed,
    'The update could not be tried: no set of packages fits, the new environment could not be made, or the recorded run cannot be computed again. Nothing of your environment or project was changed; the same command goes on from the last step that was finished.',
  ),
  TL0701: entry('no summary', EXIT.undecided, 'A verification summary can only say passed or failed. This verdict is undecided, or is about something that has no summary.'),
  TL0801: entry(
    'remote not available',
    EXIT.failed,
    'A folder, server, bucket, repository or database that holds data could not be reached, or broke off again and again. What was fetched or sent so far is kept: the same command continues.',
  ),
  TL0802: entry(
    'remote denies access',
    EXIT.failed,
    'The remote was reached, but it does not accept the credentials or they do not permit this. Credentials come from where the tool of that remote looks for them (AWS_PROFILE, PGPASSWORD, HF_TOKEN, the credential helper of git); trainlock stores none.',
  ),
  TL0803: entry(
    'not at the remote',
    EXIT.undecided,
    'The remote was reached, but it does not have what was asked for: it was never sent there, was removed, or the address is another one.',
  ),
  TL0804: entry(
    'remote content differs',
    EXIT.no,
    'Bytes that came from a remote, lie at a remote or should be sent there are not what their digest, size or version says. Nothing was put in place of the right ones.',
  ),
  TL0805: entry(
    'remote address not understood',
    EXIT.failed,
    'A remote is a folder (/folder or file:///folder), a bucket (s3://bucket/prefix) or, where data is only fetched, an http(s) address.',
  ),
  TL0806: entry(
    'statement not answered',
    EXIT.failed,
    'The database does not carry out the statement: it is no single reading statement, names something that is not there, or took too long.',
  ),
  TL0807: entry('package not installed', EXIT.failed, 'A package that reads data of this kind is not where trainlock lies. The message has the command that brings it.'),
  TL0811: entry('snapshot not found', EXIT.failed, 'No snapshot, data set of a run, or path has that name. `trainlock data show` lists the snapshots of this project.'),
  TL0812: entry('snapshot ambiguous', EXIT.failed, 'More than one snapshot fits. Use more letters of the digest.'),
  TL0813: entry('tables not readable', EXIT.failed, 'Tables that are to be compared cannot be read: their bytes are not at hand, they are damaged, or DuckDB is not installed.'),
  TL0814: entry(
    'snapshot damaged',
    EXIT.no,
    'The document of a snapshot is there but cannot be used: its bytes are not those that its name states, or a newer trainlock wrote it. No older snapshot is taken in its place: name one (`last~1`), bring the document back from a copy of the store, or remove it.',
  ),
  TL0901: entry('internal error', EXIT.failed, 'trainlock itself has a fault here. Please report it with the message and the command.'),
  TL1101: entry('key not found', EXIT.failed, 'No key has that name, and no file or token that was named holds one. `trainlock keys list` shows the keys of this user.'),
  TL1102: entry(
    'key not usable',
    EXIT.failed,
    'A key was found but must not or cannot be used: others can read it, its bytes are damaged, its algorithm is not allowed, it was never finished, another one has replaced it, or it is for something else. The message says which.',
  ),
  TL1103: entry(
    'passphrase wrong or missing',
    EXIT.failed,
    'The key is encrypted, and its passphrase was not given or does not open it. Give it in TRAINLOCK_PASSPHRASE, in the file that TRAINLOCK_PASSPHRASE_FILE names, or at the prompt (the PIN of a token in TRAINLOCK_PKCS11_PIN); never on the command line.',
  ),
  TL1104: entry(
    'could not sign',
    EXIT.failed,
    'The token, server or program that holds the key did not sign. The record is kept as it is, and `trainlock sign` completes it later.',
  ),
  TL1105: entry('key exists', EXIT.failed, 'There is a key with that name already; keys are never replaced. Choose another name, or `trainlock keys rotate`.'),
  TL1106: entry('key revoked', EXIT.failed, 'The key was revoked and signs no more. `trainlock keys rotate` makes the next one.'),
  TL1201: entry(
    'trust file not accepted',
    EXIT.failed,
    'The trust file is not signed by enough of the pinned roots, is older than one that was accepted before, has expired, or cannot be read. Nothing was changed.',
  ),
  TL1202: entry(
    'roots not pinned',
    EXIT.undecided,
    'No root key is pinned here, so nothing says whose trust file this may be. `trainlock trust pin` pins the roots that you have checked.',
  ),
  TL1301: entry(
    'policy not understood',
    EXIT.no,
    'The policy has a key, role, class or path that is not known, or a rule that means less than it says. A policy that is not understood allows nothing; `trainlock policy lint` lists every problem.',
  ),
  TL1302: entry('no policy', EXIT.failed, 'The project has no .trainlock/policy.yaml, so nothing says who may approve what. `trainlock policy new` writes one to begin with.'),
  TL1303: entry(
    'approval would not count',
    EXIT.no,
    'What was to be signed would count for nobody: the key is not that of a person whom trust file and policy give the role, or the person took part in the change, or the policy allows no such exception. Nothing was signed. `trainlock policy explain` says who may approve.',
  ),
  TL1304: entry(
    'environment not known',
    EXIT.failed,
    'The policy has no environment of that name, and what it asks there is not known. Add it to .trainlock/policy.yaml under environments, for example `environments: { production: { acceptance: [{ metric: accuracy, operator: ">=", value: "0.9" }] } }`.',
  ),
  TL1401: entry(
    'log not available',
    EXIT.failed,
    'The log of this machine cannot be written, or belongs to another machine. Records are kept, and their leaves wait beside them until a log takes them in.',
  ),
  TL1402: entry(
    'log damaged',
    EXIT.no,
    'Files of the log are missing or are not those that its signed checkpoint names. Restore them from a copy; the log is never continued over damage.',
  ),
  TL1403: entry(
    'log was set back',
    EXIT.failed,
    'The log is older than a checkpoint that was seen of it, for example after a backup was restored. Continuing it would give two histories one name: `trainlock log continue` opens a new one that begins with the old.',
  ),
  TL1501: entry(
    'statement would not count',
    EXIT.no,
    'What was to be signed would count for nobody: the key is not that of a person whom the trust file lets say this, or the policy does not make the person a deployer. Nothing was signed. `trainlock trust show` says whose keys count for what.',
  ),
  TL1502: entry(
    'a fact is not corrected',
    EXIT.no,
    'Only what people said in a record can be corrected afterwards: name, purpose, tags, the model section, reasons, licences. What a recorder saw, and criteria that were set before the run, stay as they are: another fact needs another run.',
  ),
  TL1503: entry(
    'history undecided',
    EXIT.undecided,
    'Statements about the record contradict each other, or one of them is missing, and nobody has decided which counts. Nothing was signed. The message has the commands that settle it; `trainlock history RUN` tells the whole story.',
  ),
  TL1601: entry(
    'compliance map not understood',
    EXIT.failed,
    'The map has a key, source or place of the manifest that is not known, or lies under another name than its own. Nothing is said by a map that is not understood; the message names every problem with its line.',
  ),
  TL1602: entry(
    'no such compliance map',
    EXIT.failed,
    'No map has that name. `trainlock evidence --list` lists those that came with trainlock; a map of your own is named by its path.',
  ),
  TL1603: entry(
    'model card not changed',
    EXIT.failed,
    'The card cannot be changed without touching what is not ours: its marks are damaged or doubled, its front matter is not closed or not YAML, or it is a link. Nothing was written.',
  ),
  TL1701: entry(
    'no repository',
    EXIT.failed,
    'The command looks at a repository of git, and there is none here, git is not installed, it has no working tree, or a part of what is asked is not at hand: commits that a shallow clone leaves out, or that name nobody. The message says which.',
  ),
  TL1702: entry(
    'set up by somebody else',
    EXIT.failed,
    'A hook or a setting of git that trainlock would write is there already, and something else wrote it. Nothing was changed. Remove it, or add the line that the message shows to it.',
  ),
  TL1703: entry(
    'revision not found',
    EXIT.failed,
    'The repository does not have the revision that was named: it is misspelt, only the newest commits were fetched, or the name means several of them, as that of a tag and of a branch. In CI fetch the whole history (fetch-depth: 0, GIT_DEPTH: 0) and the base branch.',
  ),
} as const satisfies Readonly<Record<string, CodeEntry>>;

export type ErrorCode = keyof typeof ERROR_CODES;
