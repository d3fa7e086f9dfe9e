import type { CommandRow, FlagRow, PositionalRow } from './command.ts';
import { actorFlag, FAILED, PIN, POLICY, SSH_KEY, STATEMENT_KEY, YES } from './row-parts.ts';

const MODEL: PositionalRow = { name: 'MODEL', summary: 'the file of a model, or a run', required: true, completes: 'file' };

/** What is asked, of what and by whose rules. */
const ASKED: readonly FlagRow[] = [
  { name: 'env', kind: 'text', value: 'NAME', summary: 'the environment, as the policy names it' },
  {
    name: 'record',
    kind: 'text',
    value: 'RUN',
    summary: 'the record of the model: a run, or the file of its statement',
    default: 'the run that wrote these bytes',
    completes: 'run',
  },
  { name: 'against', kind: 'text', value: 'RUN', summary: 'the run that it is to follow, or none', default: 'what its approvals say', completes: 'run' },
  actorFlag('who started and signed the run'),
  POLICY,
  { name: 'python', kind: 'text', value: 'FILE', summary: 'the interpreter that serves', default: 'python on the path', completes: 'file' },
  PIN,
  { name: 'log-key', kind: 'repeatable', value: 'KEY', summary: 'the verifier key of a log or witness that counts for this question' },
];

/** May a model run here, and what is to be done if not. */
export const GATE_COMMANDS: readonly CommandRow[] = [
  {
    name: 'gate',
    group: 'first',
    readsRuns: true,
    summary: 'may this model run in this environment? Denied and undecided come with the commands that mend it',
    details:
      'Asks what the policy asks for the environment: is the record intact and signed by somebody who counts, does a log have it, was every change up to it approved, are these the bytes that the run wrote, are the criteria met, is the serving code the recorded one, does the model say here what it said when it was trained (the canary), and where software and machine differ, is it proven that this does no harm. Whatever is unknown never passes. The canary is started only if record, model and serving code are proven. What reaches the model in production is looked at where a sample of it is given: its columns, their order, types, ranges, missing values and categories are compared with the profile of the training data in the record. Of the sample only names of columns, counts and ranges are printed.',
    positionals: [MODEL],
    flags: [
      ...ASKED,
      {
        name: 'from',
        kind: 'text',
        value: 'PLACE',
        summary: 'a depot (trainlock keep --to): a folder, or an http(s) address, that has what is not here: the record by the digest of the model, or by --record sha256:DIGEST',
        completes: 'file',
      },
      {
        name: 'live-sample',
        kind: 'text',
        value: 'FILE',
        summary: 'a table of inputs as they reach the model now (CSV, TSV, JSON lines, Parquet, Arrow), or - for standard input',
        completes: 'file',
      },
      { name: 'rows', kind: 'text', value: 'N', summary: 'how many rows of it are looked at, the first', default: '1000' },
      { name: 'explain', kind: 'boolean', summary: 'print exactly what was judged, as JSON' },
      { name: 'sarif', kind: 'text', value: 'FILE', summary: 'write the findings as SARIF 2.1.0', completes: 'file' },
      { name: 'junit', kind: 'text', value: 'FILE', summary: 'write the findings as JUnit XML', completes: 'file' },
      { name: 'code-quality', kind: 'text', value: 'FILE', summary: 'write the findings as a report of code quality for GitLab', completes: 'file' },
      { name: 'markdown', kind: 'text', value: 'FILE', summary: 'write the answer as Markdown', completes: 'file' },
      { name: 'vsa', kind: 'text', value: 'FILE', summary: 'sign the answer as a verification summary of SLSA; not where it is undecided', completes: 'file' },
      { name: 'github', kind: 'boolean', summary: 'print the findings as annotations of GitHub' },
      { name: 'deployed', kind: 'text', value: 'PLACE', summary: 'if it is allowed, say with a signature that it runs at this place from now on, or still' },
      { name: 'reason', kind: 'text', value: 'TEXT', summary: 'why, with --deployed', default: 'the gate allowed it' },
      STATEMENT_KEY,
      SSH_KEY,
    ],
    examples: [
      { command: 'trainlock gate --env production model.joblib', says: 'before it is served' },
      { command: 'trainlock gate --env production model.joblib --live-sample requests.csv', says: 'with what reaches it now' },
      { command: 'trainlock gate --env production model.joblib --from https://records.example.com', says: 'where the model serves: its record comes by its digest' },
      { command: 'trainlock gate --env production last --sarif gate.sarif', says: 'the same of the last run, with the findings for a code host' },
    ],
    exits: [
      { code: '0', means: 'allowed' },
      { code: '1', means: 'denied: something was seen to be wrong; or what --deployed would say does not count' },
      FAILED,
      { code: '3', means: 'undecided: something that is asked is not known, or no record of the model was found at --from' },
    ],
    load: () => import('./commands/gate.ts'),
  },
  {
    name: 'remediate',
    group: 'governance',
    readsRuns: true,
    summary: 'plan what mends the findings of the gate; with --apply do what of it trainlock may do, and sign before, actions and after',
    details:
      'Asks the gate, and makes a plan of actions from a closed list. Three may be done by --apply: a signed statement that git has comes back; a model file or serving code gets its recorded bytes from the store, git or a copy that is named; recorded packages are installed from wheels with a proven hash into the interpreter that serves, where pip finds them as it is configured. All others are for people, with their commands. What lies in the way is kept in the store. Nothing that a record names is written before record and approvals are proven. It never approves, never touches policy or trust, starts no program that the gate would not start, and asks no address of a record. It stops at the first action that fails; run again, it plans from what is there then. Plan and outcome lie in .trainlock/history, for git; trainlock history RUN shows them.',
    positionals: [MODEL],
    flags: [
      ...ASKED,
      { name: 'plan', kind: 'boolean', summary: 'only plan; this is what happens without --apply' },
      { name: 'apply', kind: 'boolean', summary: 'do what trainlock may do, after showing it and asking' },
      { name: 'reason', kind: 'text', value: 'TEXT', summary: 'why; with it the plan is signed, and --apply needs it' },
      {
        name: 'from',
        kind: 'repeatable',
        value: 'FILE',
        summary: 'a copy of a file that is missing or another one; taken only if its bytes are the recorded ones',
        completes: 'file',
      },
      { name: 'find-links', kind: 'repeatable', value: 'FOLDER', summary: 'a folder with wheels, to prove hashes and to install from', completes: 'folder' },
      STATEMENT_KEY,
      SSH_KEY,
      { ...YES, summary: 'do it without a question' },
    ],
    examples: [
      { command: 'trainlock remediate model.joblib --env production', says: 'what is to be done, and by whom' },
      { command: 'trainlock remediate model.joblib --env production --apply --reason "predict.py was edited by hand"', says: 'and now do it' },
    ],
    exits: [
      { code: '0', means: 'planned: nothing stands in the way, or trainlock may mend it all; applied: allowed' },
      { code: '1', means: 'an action failed, the gate denies afterwards, your word would not count, or you said no' },
      FAILED,
      { code: '3', means: 'planned: people must do something, or nothing mends it; applied: the gate is undecided afterwards' },
    ],
    load: () => import('./commands/remediate.ts'),
  },
];
