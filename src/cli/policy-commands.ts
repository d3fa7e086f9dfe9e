import type { CommandRow, FlagRow, PositionalRow } from './command.ts';
import { actorFlag, FAILED, PIN, POLICY, RUN, SSH_KEY, STATEMENT_KEY, YES } from './row-parts.ts';

const POLICY_AT: FlagRow = {
  name: 'base',
  kind: 'text',
  value: 'REVISION',
  summary: 'the policy of this revision in place of the one in the folder: a change is judged by the policy that was there before it',
};
const POLICY_FILE: PositionalRow = { name: 'FILE', summary: 'a policy; that of the project (.trainlock/policy.yaml) if none is said', required: false, completes: 'file' };
const ENVIRONMENT: FlagRow = {
  name: 'environment',
  kind: 'text',
  value: 'NAME',
  summary: 'the environment that is asked about; approvals for another one do not count',
  default: 'none: only approvals for every environment count',
};
const AS_WHAT: FlagRow = { name: 'role', kind: 'choice', value: 'ROLE', choices: ['approver-data', 'approver-dependency', 'approver-model'], summary: 'as what you approve' };
const REASON: FlagRow = { name: 'reason', kind: 'text', value: 'TEXT', summary: 'why, for those who will read it in ten years' };
const DRY_RUN: FlagRow = { name: 'dry-run', kind: 'boolean', summary: 'only say what would be approved' };
const WHAT_FILES_CAN =
  'A file can say afterwards that a change was not approved; it cannot keep anybody from making it. Let a protected branch do that: whoever may change the policy alone may change everything.';

/** Who may approve what. */
export const POLICY_COMMANDS: readonly CommandRow[] = [
  {
    name: 'policy new',
    group: 'governance',
    summary: 'write a policy to begin with: who may approve changes of data, dependencies and the model',
    details: WHAT_FILES_CAN,
    positionals: [],
    flags: [
      { name: 'person', kind: 'repeatable', value: 'NAME', summary: 'somebody of the team, as the trust file names the person; one alone makes a policy for one person' },
      { name: 'machine', kind: 'repeatable', value: 'NAME', summary: 'what starts and signs runs and is no person, such as CI' },
      { name: 'admin', kind: 'repeatable', value: 'NAME', summary: 'who keeps roles, keys and the policy, and neither approves nor deploys' },
      { name: 'dry-run', kind: 'boolean', summary: 'only print it' },
    ],
    examples: [{ command: 'trainlock policy new --person ann@example.com --person ben@example.com --machine ci', says: 'two people and CI' }],
    exits: [{ code: '0', means: 'written' }, FAILED],
    load: () => import('./commands/policy-new.ts'),
  },
  {
    name: 'policy show',
    group: 'governance',
    summary: 'the roles, rules and environments of a policy',
    positionals: [POLICY_FILE],
    flags: [],
    examples: [{ command: 'trainlock policy show', says: 'who may approve what in this project, and what its environments ask' }],
    exits: [{ code: '0', means: 'shown' }, { code: '1', means: 'it cannot be understood' }, FAILED],
    load: () => import('./commands/policy-show.ts'),
  },
  {
    name: 'policy lint',
    group: 'governance',
    summary: 'can the policy be understood, does it speak of every change, and are there enough people for each rule?',
    details:
      'Each rule must be open to at least two distinct people whose keys count, and stay open whoever of them made the change; otherwise it teaches everybody to go round it. A change that no rule speaks of is denied, so one that is forgotten stops the work.',
    positionals: [POLICY_FILE],
    flags: [PIN],
    examples: [{ command: 'trainlock policy lint', says: 'every problem, with its line' }],
    exits: [
      { code: '0', means: 'nothing was found' },
      { code: '1', means: 'there are findings, or it cannot be understood' },
      FAILED,
      { code: '3', means: 'nothing was found, but whose keys count is not known here' },
    ],
    load: () => import('./commands/policy-lint.ts'),
  },
  {
    name: 'policy test',
    group: 'governance',
    summary: 'ask the policy what its cases ask, and compare the answers',
    details: 'A case names changed places of the manifest, who made the change, approvals that were given, and the answer: allowed, denied or undecided.',
    positionals: [{ name: 'FILE', summary: 'the cases; .trainlock/policy-tests.yaml if none is said', required: false, completes: 'file' }],
    flags: [POLICY],
    examples: [{ command: 'trainlock policy test', says: 'every case, and what is not as expected' }],
    exits: [{ code: '0', means: 'every case is as expected' }, { code: '1', means: 'one is not, or the file cannot be understood' }, FAILED],
    load: () => import('./commands/policy-test.ts'),
  },
  {
    name: 'policy explain',
    group: 'governance',
    readsRuns: true,
    summary: 'what the policy asks for between two runs: which rules apply, to what, and who may approve',
    details: 'Counts the approvals that lie in .trainlock/approvals, and says of each that does not count why.',
    positionals: [
      { ...RUN, name: 'BASELINE', summary: 'the run that counts now; none if the candidate follows nothing' },
      { ...RUN, name: 'CANDIDATE', summary: 'the run that is to follow it' },
    ],
    flags: [POLICY, POLICY_AT, actorFlag('who started the candidate'), ENVIRONMENT],
    examples: [{ command: 'trainlock policy explain last~1 last', says: 'whom to ask before the last run may follow the one before' }],
    exits: [
      { code: '0', means: 'it needs nothing, or everything that it needs was given' },
      { code: '1', means: 'denied: no rule speaks of a change, or nobody may approve it' },
      FAILED,
      { code: '3', means: 'approvals are needed' },
    ],
    load: () => import('./commands/policy-explain.ts'),
  },
  {
    name: 'policy approve',
    group: 'governance',
    summary: 'approve a change of the policy itself, by the rules of the policy before it',
    details:
      'The policy of --base says whose word it needs: a rule whose changes name policy, or everything. Without such a rule every change of the policy is denied. Binds the two files, byte for byte. The approval lies in .trainlock/approvals like every other, and is taken back like every other.',
    positionals: [],
    flags: [
      { name: 'base', kind: 'text', value: 'REVISION', summary: 'the revision whose policy counts until then, for example origin/main' },
      AS_WHAT,
      REASON,
      { name: 'actor', kind: 'repeatable', value: 'NAME', summary: 'who took part in making the change; authors of commits count anyway where it is judged' },
      STATEMENT_KEY,
      SSH_KEY,
      YES,
      DRY_RUN,
    ],
    examples: [{ command: 'trainlock policy approve --base origin/main --role approver-model --reason "one more approver for data"', says: 'approve the policy in the folder' }],
    exits: [{ code: '0', means: 'signed' }, { code: '1', means: 'it would not count, or you said no: nothing was signed' }, FAILED],
    load: () => import('./commands/policy-approve.ts'),
  },
  {
    name: 'review due',
    group: 'governance',
    readsRuns: true,
    summary: 'which models that run must somebody look at again, by the cadence and the triggers of the policy',
    details:
      'Asks of every run that an environment runs, by the promotions that count, when a run of that environment was reviewed last: trainlock approve RUN --meaning review, by a person who may approve and did not make the run. It is due when that is too long ago for the tier of the model, or when something happened since that the policy names. All times are claims of those who signed.',
    positionals: [],
    flags: [
      { name: 'tier', kind: 'text', value: 'TIER', summary: 'only models of this tier, and those that name none' },
      { name: 'kept', kind: 'boolean', summary: 'also records that git keeps and no environment runs' },
      POLICY,
      PIN,
    ],
    examples: [{ command: 'trainlock review due --tier high', says: 'what of the high tier is overdue, and why' }],
    exits: [{ code: '0', means: 'nothing is due' }, FAILED, { code: '3', means: 'something is due, or nobody can tell, or nothing was promoted' }],
    load: () => import('./commands/review-due.ts'),
  },
  {
    name: 'approve',
    group: 'governance',
    readsRuns: true,
    summary: 'approve a change from one run to another, with your signature',
    details:
      'Binds the two records, what differs, and the policy: another candidate, another baseline or another policy needs another approval. Nothing is signed that would not count: the key must be that of a person whom trust file and policy give the role, and who did not make the change. The approval lies in .trainlock/approvals, for git, and its leaf in the log.',
    positionals: [{ ...RUN, name: 'CANDIDATE', summary: 'the run that is to follow the baseline' }],
    flags: [
      { name: 'against', kind: 'text', value: 'BASELINE', summary: 'the run that counts until then; none for the first, of which everything is new', completes: 'run' },
      AS_WHAT,
      REASON,
      { name: 'meaning', kind: 'choice', value: 'MEANING', choices: ['review', 'approval', 'responsibility'], summary: 'what your signature means', default: 'approval' },
      { name: 'expires', kind: 'text', value: 'DAYS', summary: 'how long it counts', default: 'without an end' },
      { ...ENVIRONMENT, summary: 'the only environment for which it counts', default: 'every one' },
      actorFlag('who started the candidate'),
      STATEMENT_KEY,
      SSH_KEY,
      POLICY,
      POLICY_AT,
      YES,
      DRY_RUN,
    ],
    examples: [{ command: 'trainlock approve last --against last~1 --role approver-data --reason "looked at the new rows"', says: 'approve what changed in the data' }],
    exits: [
      { code: '0', means: 'signed' },
      { code: '1', means: 'it would not count, or you said no: nothing was signed' },
      FAILED,
      { code: '3', means: 'whose approvals count is not known here' },
    ],
    load: () => import('./commands/approve.ts'),
  },
  {
    name: 'approve list',
    group: 'governance',
    summary: 'the approvals of the project, and what each is worth',
    positionals: [],
    flags: [PIN],
    examples: [{ command: 'trainlock approve list', says: 'who approved what, and which of it counts' }],
    exits: [{ code: '0', means: 'shown' }, FAILED],
    load: () => import('./commands/approve-list.ts'),
  },
  {
    name: 'approve withdraw',
    group: 'governance',
    summary: 'take back an approval of your own; it stays, and no longer counts',
    positionals: [{ name: 'APPROVAL', summary: 'the first letters of its digest, 6 or more: approve list', required: true }],
    flags: [{ name: 'reason', kind: 'text', value: 'TEXT', summary: 'why' }, { ...STATEMENT_KEY, summary: 'a key of the person who approved' }, SSH_KEY],
    examples: [{ command: 'trainlock approve withdraw 3fb5e5 --reason "the rows were copied from the test set"', says: 'it no longer counts' }],
    exits: [{ code: '0', means: 'signed' }, { code: '1', means: 'it would not count: nothing was signed' }, FAILED],
    load: () => import('./commands/approve-withdraw.ts'),
  },
];
