import type { CommandRow, FlagRow, PositionalRow } from './command.ts';
import { FAILED } from './row-parts.ts';

const DATA: PositionalRow = { name: 'DATA', summary: 'a snapshot (last, last~N, its name, first letters of its digest), a path, or RUN:NAME', required: true, completes: 'file' };

const KEY: FlagRow = { name: 'key', kind: 'repeatable', value: 'COLUMN', summary: 'a column that tells rows apart; several make one key together' };

const UNREADABLE = { code: '3', means: 'taken, but some files could not be read or changed meanwhile: the findings say which' };

/** Data snapshots by themselves. */
export const DATA_COMMANDS: readonly CommandRow[] = [
  {
    name: 'snapshot',
    group: 'data',
    summary: 'record exactly which bytes a data set has',
    details:
      'Reads every file and writes the list of their digests into the store. The next snapshot of the same data reads only what changed. Without PATH all data sets of trainlock.yaml are taken.',
    positionals: [{ name: 'PATH', summary: 'a file or folder', required: false, repeats: true, completes: 'file' }],
    flags: [
      { name: 'name', kind: 'text', value: 'NAME', summary: 'a name to find it by; for one PATH only' },
      { name: 'full', kind: 'boolean', summary: 'read every file, even if its size and times say that it is as it was' },
      { name: 'ignore', kind: 'repeatable', value: 'GLOB', summary: 'paths below PATH that are left out; the snapshot says so' },
      { name: 'jobs', kind: 'text', value: 'N', summary: 'threads that read', default: 'the number of processors, at least 2' },
    ],
    examples: [
      { command: 'trainlock snapshot data --name train-2026-11', says: 'record the folder data under a name' },
      { command: 'trainlock snapshot', says: 'record every data set that trainlock.yaml declares' },
    ],
    exits: [{ code: '0', means: 'taken, complete' }, FAILED, UNREADABLE],
    load: () => import('./commands/snapshot.ts'),
  },
  {
    name: 'data show',
    group: 'data',
    summary: 'list snapshots, or show one, or one file of it with the proof that it belongs to it',
    positionals: [
      { ...DATA, required: false },
      { name: 'FILE', summary: 'path of a file below the root of the snapshot', required: false },
    ],
    flags: [],
    examples: [
      { command: 'trainlock data show', says: 'every snapshot of this project' },
      { command: 'trainlock data show last train.csv --json', says: 'one file with its inclusion proof' },
    ],
    exits: [{ code: '0', means: 'shown' }, FAILED],
    load: () => import('./commands/data-show.ts'),
  },
  {
    name: 'data verify',
    group: 'data',
    summary: 'are these still the bytes of the snapshot; every one is read',
    positionals: [DATA, { name: 'FILE', summary: 'only these files, by their paths below the root', required: false, repeats: true }],
    flags: [{ name: 'at', kind: 'text', value: 'PATH', summary: 'where the files lie', default: 'where they were taken', completes: 'folder' }],
    examples: [
      { command: 'trainlock data verify train-2026-11', says: 'is the folder as it was' },
      { command: 'trainlock data verify last --at /mnt/copy', says: 'is the copy complete and right' },
    ],
    exits: [
      { code: '0', means: 'the same' },
      { code: '1', means: 'different: what differs is listed' },
      FAILED,
      { code: '3', means: 'undecided: files are gone, erased or cannot be read' },
    ],
    load: () => import('./commands/data-verify.ts'),
  },
  {
    name: 'data erase',
    group: 'data',
    summary: 'state that data was erased on purpose, and remove the stored copies of its files',
    details:
      'Records that name the data stay valid; whoever asks for it hears that it was erased, by whom and why, and not that something is broken. The files of the data itself are left to their owner. Asks first, unless --yes is given.',
    positionals: [DATA],
    flags: [
      { name: 'reason', kind: 'text', value: 'TEXT', summary: 'why; without names of persons' },
      { name: 'rows', kind: 'text', value: 'N', summary: 'how many rows were erased' },
      { name: 'replacement', kind: 'text', value: 'DATA', summary: 'a snapshot of what is left' },
      { name: 'dry-run', kind: 'boolean', summary: 'say what would be removed and do nothing' },
      { name: 'yes', kind: 'boolean', summary: 'do not ask' },
    ],
    examples: [{ command: 'trainlock data erase train-2026-10 --reason "request 114" --rows 3 --replacement train-2026-11 --yes', says: 'three rows were taken out' }],
    exits: [{ code: '0', means: 'stated' }, { code: '1', means: 'the question was answered with no' }, FAILED],
    load: () => import('./commands/data-erase.ts'),
  },
];
