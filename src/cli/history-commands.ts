import type { CommandRow, FlagRow } from './command.ts';
import { actorFlag, FAILED, PIN, POLICY, RUN, SSH_KEY, STATEMENT_KEY, YES } from './row-parts.ts';

const APPENDS = 'Nothing is rewritten: the statement lies in .trainlock/history, for git, with its signature, and its leaf in the log.';
const DRY_RUN: FlagRow = { name: 'dry-run', kind: 'boolean', summary: 'only say what would be signed' };
const reasonFlag = (summary: string): FlagRow => ({ name: 'reason', kind: 'text', value: 'TEXT', summary });
const NOT_SIGNED = { code: '1', means: 'it would not count: nothing was signed' } as const;

const ACTOR = actorFlag('who started the run');
const PROMOTED = [
  { code: '0', means: 'signed' },
  { code: '1', means: 'the policy denies it, the run is deprecated, your word would not count, or you said no: nothing was signed' },
  FAILED,
  { code: '3', means: 'approvals are missing, or nobody knows what the environment runs: nothing was signed' },
] as const;

/** What becomes of a record after it was made. */
export const HISTORY_COMMANDS: readonly CommandRow[] = [
  {
    name: 'amend',
    group: 'governance',
    readsRuns: true,
    summary: 'correct what people said in a record, with your signature; the record stays as it is',
    details: `What can be corrected: name, purpose, tags and annotations of a run; the model section; why and how of its seeds; version, licence, time, sampling, filters and declared origin of its data; the reasons of tolerances. What a recorder saw, and criteria, cannot: another fact needs another run. ${APPENDS}`,
    positionals: [
      RUN,
      { name: 'POINTER', summary: 'the place in the manifest: /model/owner or model.owner', required: true },
      { name: 'VALUE', summary: 'what is to be read there; for a list a JSON list of texts', required: false },
    ],
    flags: [reasonFlag('why it is corrected'), { name: 'remove', kind: 'boolean', summary: 'take the field away, in place of a value' }, STATEMENT_KEY, SSH_KEY, DRY_RUN, YES],
    examples: [{ command: 'trainlock amend last model.owner "team perception" --reason "the team was renamed"', says: 'the record reads so from now on' }],
    exits: [
      { code: '0', means: 'signed' },
      { code: '1', means: 'it is a fact, or your word would not count, or you said no: nothing was signed' },
      FAILED,
      { code: '3', means: 'amendments contradict each other: settle that first' },
    ],
    load: () => import('./commands/amend.ts'),
  },
  {
    name: 'revert',
    group: 'governance',
    summary: 'take back an amendment or a deprecation; it stays, and no longer counts',
    details: APPENDS,
    positionals: [{ name: 'STATEMENT', summary: 'the first letters of its digest, 6 or more: trainlock history', required: true }],
    flags: [reasonFlag('why it is taken back'), STATEMENT_KEY, SSH_KEY],
    examples: [{ command: 'trainlock revert 3fb5e5 --reason "it was about another run"', says: 'the record reads as before it' }],
    exits: [{ code: '0', means: 'signed' }, NOT_SIGNED, FAILED],
    load: () => import('./commands/revert.ts'),
  },
  {
    name: 'deprecate',
    group: 'governance',
    readsRuns: true,
    summary: 'say that a run, a snapshot, versions of a package or a field should not be used any more',
    details: `Runs that are it, build on it or use it tell so in show and history. ${APPENDS}`,
    positionals: [
      { name: 'WHAT', summary: 'what is deprecated', required: true, choices: ['run', 'snapshot', 'package', 'field'] },
      { name: 'NAME', summary: 'a run, a snapshot, a package with versions (numpy>=1.0,<1.26), or a place in the schema (/model/tier)', required: true },
    ],
    flags: [
      reasonFlag('why it should not be used'),
      { name: 'replacement', kind: 'text', value: 'TEXT', summary: 'what to use in its place; in place of a run, another run' },
      { name: 'from', kind: 'text', value: 'TIME', summary: 'from when on: a day, or RFC 3339 in UTC', default: 'now' },
      STATEMENT_KEY,
      SSH_KEY,
    ],
    examples: [
      { command: "trainlock deprecate package 'scikit-learn<1.6.2' --reason 'overflows' --replacement 'scikit-learn>=1.6.2'", says: 'every run with an older one tells so' },
      { command: 'trainlock deprecate run last~1 --reason "trained on leaked data" --from 2026-12-01', says: 'announced, in force from December on' },
    ],
    exits: [{ code: '0', means: 'signed' }, NOT_SIGNED, FAILED],
    load: () => import('./commands/deprecate.ts'),
  },
  {
    name: 'promote',
    group: 'governance',
    readsRuns: true,
    summary: 'say that an environment runs this run from now on, if the policy allows it',
    details: `Environments have any names: dev, staging, production. With a policy, the change from the run that is there must be allowed, and everything in the first run of an environment; of a run that comes back nothing is asked. Deployers promote, as trust file and policy name them. It deploys nothing: it says what should run. ${APPENDS}`,
    positionals: [{ ...RUN, required: false, summary: `${RUN.summary}; none with --back` }],
    flags: [
      { name: 'to', kind: 'text', value: 'ENVIRONMENT', summary: 'where it is to run' },
      { name: 'share', kind: 'text', value: 'PERCENT', summary: 'how much of the work it does, beside the run that it replaces', default: '100' },
      { name: 'against', kind: 'text', value: 'RUN', summary: 'the run that it replaces', default: 'what the environment runs', completes: 'run' },
      { name: 'back', kind: 'boolean', summary: 'take the newest promotion back: what it replaced runs again, whole' },
      reasonFlag('why'),
      ACTOR,
      POLICY,
      STATEMENT_KEY,
      SSH_KEY,
      DRY_RUN,
      YES,
    ],
    examples: [
      { command: 'trainlock promote last --to production --share 10 --reason "better on every split"', says: 'a canary beside the run of now' },
      { command: 'trainlock promote --back --to production --reason "latency doubled"', says: 'the run before it runs again' },
    ],
    exits: PROMOTED,
    load: () => import('./commands/promote.ts'),
  },
  {
    name: 'rollout',
    group: 'governance',
    readsRuns: true,
    summary: 'what an environment runs, since when and by whom, and where it still is what the gate allowed; with --share, give its newest run another share',
    details:
      'The policy of now is asked anew: an approval may have been taken back since. Less for the newest run needs no policy, more does. For every place of which trainlock gate --deployed has said something it tells whether that run is still the promoted one, and whether the gate was asked within regateDays of the policy.',
    positionals: [{ name: 'ENVIRONMENT', summary: 'its name; all if none is said', required: false }],
    flags: [
      { name: 'share', kind: 'text', value: 'PERCENT', summary: 'the share of the newest run from now on: 0 to 100' },
      reasonFlag('why, with --share'),
      ACTOR,
      POLICY,
      STATEMENT_KEY,
      SSH_KEY,
      DRY_RUN,
      YES,
      PIN,
    ],
    examples: [
      { command: 'trainlock rollout production', says: 'what runs there' },
      { command: 'trainlock rollout production --share 100 --reason "a week without a finding"', says: 'the canary takes over' },
    ],
    exits: [
      { code: '0', means: 'shown, and nothing stands against it; or signed' },
      { code: '1', means: 'the policy denies what runs there, or the change: nothing was signed; or another run was promoted than the one that runs somewhere' },
      FAILED,
      { code: '3', means: 'nobody has decided what runs, approvals are missing, or a place was gated too long ago' },
    ],
    load: () => import('./commands/rollout.ts'),
  },
  {
    name: 'history',
    group: 'governance',
    readsRuns: true,
    summary: 'who changed what of records, when and why, and what it did to the metrics',
    details:
      'Amendments, deprecations, promotions, approvals, and what takes them back, the oldest claim first. For each approval and promotion it shows what differs between the two runs beside the metrics of both; that the one moved the other it does not say. Forks, gaps and what does not count are findings.',
    positionals: [{ ...RUN, required: false }],
    flags: [{ name: 'environment', kind: 'text', value: 'NAME', summary: 'only promotions to it, and the approvals on which they relied' }, PIN],
    examples: [{ command: 'trainlock history --environment production', says: 'how production came to run what it runs' }],
    exits: [{ code: '0', means: 'told' }, FAILED, { code: '3', means: 'told, but something in it is not decided: the findings say what settles it' }],
    load: () => import('./commands/history.ts'),
  },
  {
    name: 'retention list',
    group: 'governance',
    readsRuns: true,
    summary: 'which records must be kept, until when and why; removes nothing',
    details:
      'retention.recordDays in trainlock.yaml keeps every record for so many days. Records that a statement of a person names stay for ever, and so do the statements. gc never touches what is listed here.',
    positionals: [],
    flags: [{ name: 'older-than', kind: 'text', value: 'DAYS', summary: 'only runs that started so long ago' }],
    examples: [{ command: 'trainlock retention list --older-than 365', says: 'what of the year before last must stay' }],
    exits: [{ code: '0', means: 'listed' }, FAILED],
    load: () => import('./commands/retention-list.ts'),
  },
  {
    name: 'migrate',
    group: 'governance',
    readsRuns: true,
    summary: 'show records as another version of the schema says them; signed bytes are never touched',
    details:
      'Every command reads records of every version, so nothing has to be migrated before it is used. A view tells what moved, what the record could not know, and what the version has no field for; what is not known is never filled in. --out writes views for other programs, each with the digest of the statement it was made from: views are signed by nobody.',
    positionals: [{ name: 'RUN', summary: 'a run, a file, or a folder with records below it', required: true }],
    flags: [
      { name: 'to', kind: 'text', value: 'V', summary: 'version of the schema: v1 (default) or v0' },
      { name: 'out', kind: 'text', value: 'FOLDER', summary: 'write the views there', completes: 'folder' },
      { name: 'dry-run', kind: 'boolean', summary: 'only say what would be written' },
    ],
    examples: [
      { command: 'trainlock migrate .trainlock/kept', says: 'which records are of which version' },
      { command: 'trainlock migrate last --to v0 --out views', says: 'a view for a program that reads v0 alone' },
    ],
    exits: [
      { code: '0', means: 'shown' },
      { code: '1', means: 'a file is no record' },
      FAILED,
      { code: '3', means: 'a record is of a newer version, names fields that must be understood and are not, or could not be read among several' },
    ],
    load: () => import('./commands/migrate.ts'),
  },
];
