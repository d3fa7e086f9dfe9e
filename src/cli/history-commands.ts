import type { CommandRow, FlagRow } from './command.ts';
import { FAILED, RUN, SSH_KEY, STATEMENT_KEY } from './row-parts.ts';

const APPENDS = 'Nothing is rewritten: the statement lies in .trainlock/history, for git, with its signature, and its leaf in the log.';
const DRY_RUN: FlagRow = { name: 'dry-run', kind: 'boolean', summary: 'only say what would be signed' };
const YES: FlagRow = { name: 'yes', kind: 'boolean', summary: 'sign without a question' };
const reasonFlag = (summary: string): FlagRow => ({ name: 'reason', kind: 'text', value: 'TEXT', summary });
const NOT_SIGNED = { code: '1', means: 'it would not count: nothing was signed' } as const;

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
      { name: 'replacement', kind: 'text', value: 'TEXT', summary: 'what to use in its place' },
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
];
