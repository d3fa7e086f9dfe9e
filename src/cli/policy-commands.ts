import type { CommandRow, FlagRow, PositionalRow } from './command.ts';
import { FAILED, RUN } from './row-parts.ts';

const POLICY: FlagRow = { name: 'policy', kind: 'text', value: 'FILE', summary: 'a policy in place of that of the project', default: '.trainlock/policy.yaml', completes: 'file' };
const POLICY_FILE: PositionalRow = { name: 'FILE', summary: 'a policy; that of the project (.trainlock/policy.yaml) if none is said', required: false, completes: 'file' };
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
    summary: 'the roles and rules of a policy',
    positionals: [POLICY_FILE],
    flags: [],
    examples: [{ command: 'trainlock policy show', says: 'who may approve what in this project' }],
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
    flags: [{ name: 'trust', kind: 'text', value: 'PIN', summary: 'a pin file for this question, in place of those of the configuration', completes: 'file' }],
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
    details: 'Approvals that were given are not looked at: it says what a change needs, before anybody is asked.',
    positionals: [
      { ...RUN, name: 'BASELINE', summary: 'the run that counts now' },
      { ...RUN, name: 'CANDIDATE', summary: 'the run that is to follow it' },
    ],
    flags: [POLICY, { name: 'actor', kind: 'repeatable', value: 'NAME', summary: 'who took part in making the change', default: 'who started the candidate' }],
    examples: [{ command: 'trainlock policy explain last~1 last', says: 'whom to ask before the last run may follow the one before' }],
    exits: [
      { code: '0', means: 'it needs nothing' },
      { code: '1', means: 'denied: no rule speaks of a change, or nobody may approve it' },
      FAILED,
      { code: '3', means: 'approvals are needed' },
    ],
    load: () => import('./commands/policy-explain.ts'),
  },
];
