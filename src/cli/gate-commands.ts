import type { CommandRow } from './command.ts';
import { actorFlag, FAILED, PIN, POLICY, SSH_KEY, STATEMENT_KEY } from './row-parts.ts';

/** May a model run here. */
export const GATE_COMMANDS: readonly CommandRow[] = [
  {
    name: 'gate',
    group: 'first',
    readsRuns: true,
    summary: 'may this model run in this environment? Denied and undecided come with the commands that mend it',
    details:
      'Asks what the policy asks for the environment: is the record intact and signed by somebody who counts, does a log have it, was every change up to it approved, are these the bytes that the run wrote, are the criteria met, is the serving code the recorded one, does the model say here what it said when it was trained (the canary), and where software and machine differ, is it proven that this does no harm. Whatever is unknown never passes. The canary is started only if record, model and serving code are proven. What reaches the model in production is looked at where a sample of it is given: its columns, their order, types, ranges, missing values and categories are compared with the profile of the training data in the record. Of the sample only names of columns, counts and ranges are printed.',
    positionals: [{ name: 'MODEL', summary: 'the file of a model, or a run', required: true, completes: 'file' }],
    flags: [
      { name: 'env', kind: 'text', value: 'NAME', summary: 'the environment, as the policy names it' },
      {
        name: 'record',
        kind: 'text',
        value: 'RUN',
        summary: 'the record of the model: a run, or the file of its statement',
        default: 'the run that wrote these bytes',
        completes: 'run',
      },
      {
        name: 'from',
        kind: 'text',
        value: 'PLACE',
        summary: 'a depot (trainlock keep --to): a folder, or an http(s) address, that has what is not here: the record by the digest of the model, or by --record sha256:DIGEST',
        completes: 'file',
      },
      { name: 'against', kind: 'text', value: 'RUN', summary: 'the run that it is to follow, or none', default: 'what its approvals say', completes: 'run' },
      actorFlag('who started and signed the run'),
      POLICY,
      { name: 'python', kind: 'text', value: 'FILE', summary: 'the interpreter that serves', default: 'python on the path', completes: 'file' },
      {
        name: 'live-sample',
        kind: 'text',
        value: 'FILE',
        summary: 'a table of inputs as they reach the model now (CSV, TSV, JSON lines, Parquet, Arrow), or - for standard input',
        completes: 'file',
      },
      { name: 'rows', kind: 'text', value: 'N', summary: 'how many rows of it are looked at, the first', default: '1000' },
      PIN,
      { name: 'log-key', kind: 'repeatable', value: 'KEY', summary: 'the verifier key of a log or witness that counts for this question' },
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
];
