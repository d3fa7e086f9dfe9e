import type { CommandRow, FlagRow } from './command.ts';
import { actorFlag, FAILED, PIN, RUN } from './row-parts.ts';

const FORMAT: FlagRow = {
  name: 'format',
  kind: 'choice',
  value: 'FORMAT',
  choices: ['text', 'md', 'html', 'json'],
  summary: 'how it looks; the HTML is one file that loads nothing',
  default: 'by the ending of --out, else text',
};
const OUT: FlagRow = {
  name: 'out',
  kind: 'text',
  value: 'FILE',
  summary: 'write it to a file; text and Markdown are whole there, the HTML about a run is one sheet',
  default: 'stdout',
  completes: 'file',
};
const AGAINST: FlagRow = { name: 'against', kind: 'text', value: 'RUN2', summary: 'the run to compare with', default: 'the last approved run before it', completes: 'run' };

/** What counts when a run is weighed. */
const WEIGHING: readonly FlagRow[] = [
  actorFlag('who started the run, and whose keys signed it'),
  { name: 'environment', kind: 'text', value: 'NAME', summary: 'the environment for which approvals must count', default: 'none: only approvals for every environment count' },
  { name: 'skip-data', kind: 'boolean', summary: 'do not read the data again: then it is not checked' },
  { name: 'key', kind: 'repeatable', value: 'FILE', summary: 'a public key that must have signed, and no other counts', completes: 'file' },
  { name: 'authority', kind: 'repeatable', value: 'FILE', summary: 'certificates (PEM) of a time authority that counts for this question', completes: 'file' },
  { name: 'log-key', kind: 'repeatable', value: 'VKEY', summary: 'verifier key of a log or a witness that counts for this question' },
  PIN,
];

/** Words for people: managers, auditors, and whoever only has the files. */
export const REPORT_COMMANDS: readonly CommandRow[] = [
  {
    name: 'report run',
    group: 'reports',
    readsRuns: true,
    summary: 'one page about a run, for people who do not use a terminal; the answers first',
    details:
      'Signed, in the log, data verified, replayed, approved, deployed: each is asked now, and what is not there is not checked, never a yes. What nobody declared is not provided, and never guessed. The HTML prints on one sheet of A4.',
    positionals: [RUN],
    flags: [AGAINST, FORMAT, OUT, ...WEIGHING],
    examples: [
      { command: 'trainlock report run last', says: 'the page on the terminal' },
      { command: 'trainlock report run last --out run.html', says: 'a page to send around or to print' },
    ],
    exits: [{ code: '0', means: 'reported, whatever it says' }, FAILED],
    load: () => import('./commands/report-run.ts'),
  },
  {
    name: 'report compare',
    group: 'reports',
    readsRuns: true,
    summary: 'what differs between runs, for people: results first, then causes by kind; equal things are counted',
    positionals: [RUN, { ...RUN, name: 'OTHER', summary: 'one or more runs to compare with it', repeats: true }],
    flags: [{ name: 'all', kind: 'boolean', summary: 'list equal things too' }, FORMAT, OUT],
    examples: [{ command: 'trainlock report compare last~1 last --out difference.html', says: 'a page about what changed' }],
    exits: [{ code: '0', means: 'compared, whatever was found' }, FAILED],
    load: () => import('./commands/report-compare.ts'),
  },
  {
    name: 'report card',
    group: 'reports',
    readsRuns: true,
    summary: 'a model card for the Hugging Face hub: results, data, base model, and how the model was trained',
    details:
      'Writes only between its marks, in the front matter and in the text: everything else in the card stays byte for byte, keys of the front matter that stand outside of the marks are yours, and a second time changes nothing. Only what is recorded or declared is written: the licence of the model with the tag license, its task with the tag task.',
    positionals: [RUN],
    flags: [
      { name: 'out', kind: 'text', value: 'FILE', summary: 'the card to write or to bring up to date, such as README.md', default: 'print a new one', completes: 'file' },
      { name: 'dry-run', kind: 'boolean', summary: 'print what the card would say, and write nothing' },
      ...WEIGHING,
    ],
    examples: [{ command: 'trainlock report card last --out model/README.md', says: 'write the card beside the model' }],
    exits: [{ code: '0', means: 'written, or nothing to change' }, FAILED],
    load: () => import('./commands/report-card.ts'),
  },
  {
    name: 'report alcoa',
    group: 'reports',
    readsRuns: true,
    summary: 'which principles of ALCOA+ one record can show, letter by letter, with where to look',
    details:
      'Attributable, legible, contemporaneous, original, accurate, complete, consistent, enduring, available. Each passes, fails, does not apply, or was not checked. A gap that the record knows of makes it incomplete.',
    positionals: [RUN],
    flags: [FORMAT, OUT, ...WEIGHING],
    examples: [{ command: 'trainlock report alcoa last', says: 'which principles the last record can show' }],
    exits: [{ code: '0', means: 'every letter passes or does not apply' }, { code: '1', means: 'one fails' }, FAILED, { code: '3', means: 'none fails, and one was not checked' }],
    load: () => import('./commands/report-alcoa.ts'),
  },
  {
    name: 'evidence',
    group: 'reports',
    readsRuns: true,
    summary: 'what a run has to show for the clauses of a framework, clause by clause, with files and digests',
    details:
      'Evidenced, partial, human-statement or not-evidenced: computed now from the record and what lies beside it. No clause is ever said to be fulfilled: that is for people. A map is a dated file; clauses without a source are drafts. What no record can show is listed.',
    positionals: [{ ...RUN, summary: `${RUN.summary}; the last one if none is said`, required: false }],
    flags: [
      { name: 'framework', kind: 'text', value: 'ID', summary: 'the map: eu-ai-act, eu-ai-act@2026-11-26, or the path of a map of your own', completes: 'file' },
      { name: 'list', kind: 'boolean', summary: 'list the maps that came with trainlock' },
      { ...AGAINST, summary: 'the run from which the change is judged', default: 'the run that its approvals name' },
      FORMAT,
      OUT,
      ...WEIGHING,
    ],
    examples: [
      { command: 'trainlock evidence --list', says: 'which frameworks there are maps for' },
      { command: 'trainlock evidence --framework soc2-cc8.1 last --out coverage.json', says: 'the coverage as a file for others' },
    ],
    exits: [{ code: '0', means: 'told, whatever it says' }, { code: '1', means: 'the record does not hold: nothing rests on it' }, FAILED],
    load: () => import('./commands/evidence.ts'),
  },
];
