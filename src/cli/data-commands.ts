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
      { name: 'profile', kind: 'boolean', summary: 'look into tables, images, recordings and texts: columns, types and their figures' },
      { name: 'label', kind: 'text', value: 'COLUMN', summary: 'the column that holds the label, for --profile' },
      { name: 'column', kind: 'repeatable', value: 'NAME=DETAIL', summary: 'what is told of a column: full, counts or off' },
      { name: 'keep', kind: 'boolean', summary: 'keep the bytes of the files in the store' },
      { name: 'full', kind: 'boolean', summary: 'read every file, even if its size and times say that it is as it was' },
      { name: 'ignore', kind: 'repeatable', value: 'GLOB', summary: 'paths below PATH that are left out; the snapshot says so' },
      { name: 'jobs', kind: 'text', value: 'N', summary: 'threads that read', default: 'one per processor, at least 2; up to 8 while they wait for the disk' },
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
      { name: 'FILE', summary: String.raw`path of a file below the root of the snapshot; what is no text of a name as it is printed (\xff)`, required: false },
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
    name: 'data diff',
    group: 'data',
    summary: 'what differs between two data sets: files, tables, rows, and how far values moved',
    details: 'Rows are compared where the bytes of both sides are at hand: where they lie, or in the store. Values of rows are shown only with --values.',
    positionals: [
      { ...DATA, name: 'BEFORE' },
      { ...DATA, name: 'AFTER' },
    ],
    flags: [
      KEY,
      {
        name: 'by',
        kind: 'choice',
        value: 'HOW',
        choices: ['position', 'content'],
        summary: 'without a key: pair rows by their place, or by all their values',
        default: 'what says more',
      },
      { name: 'values', kind: 'boolean', summary: 'show the values of changed cells' },
      { name: 'examples', kind: 'text', value: 'N', summary: 'most examples of each kind', default: '20' },
      { name: 'label', kind: 'text', value: 'COLUMN', summary: 'the column that holds the label' },
      { name: 'files-only', kind: 'boolean', summary: 'compare files alone' },
      { name: 'all', kind: 'boolean', summary: 'also list equal tables, stable columns and every example' },
      { name: 'markdown', kind: 'boolean', summary: 'as Markdown' },
      { name: 'html', kind: 'text', value: 'FILE', summary: 'also write a page with histograms', completes: 'file' },
    ],
    examples: [
      { command: 'trainlock data diff last~1 last', says: 'what changed since the snapshot before' },
      { command: 'trainlock data diff train-2026-10 data/train.csv --key id --values', says: 'which cells of which rows' },
    ],
    exits: [{ code: '0', means: 'compared, whatever was found' }, FAILED, { code: '3', means: 'no difference is known, but not everything could be read' }],
    load: () => import('./commands/data-diff.ts'),
  },
  {
    name: 'data overlap',
    group: 'data',
    summary: 'rows or groups that training, validation and test data share',
    positionals: [{ ...DATA, summary: `${DATA.summary}; several with one table each, or one with several`, repeats: true }],
    flags: [
      { ...KEY, summary: 'a column that names a row or group, for example a patient; without it whole rows are compared' },
      { name: 'near', kind: 'text', value: 'COLUMN', summary: 'also look for texts of this column that are nearly the same' },
      { name: 'threshold', kind: 'text', value: 'SHARE', summary: 'how much of two texts must agree, from 0.5 to 1', default: '0.8' },
    ],
    examples: [
      { command: 'trainlock data overlap train.csv test.csv --key patient', says: 'patients that are in both' },
      { command: 'trainlock data overlap data --near text', says: 'near-duplicates between the tables of a folder' },
    ],
    exits: [
      { code: '0', means: 'nothing is shared' },
      { code: '1', means: 'something is shared' },
      FAILED,
      { code: '3', means: 'nothing that is shared was found, but not everything was looked at' },
    ],
    load: () => import('./commands/data-overlap.ts'),
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
    name: 'data push',
    group: 'data',
    summary: 'send a snapshot with its files to a folder or bucket',
    details: 'What is there already is not sent again, so the same command continues after a break. The document is sent last: what can be found there is whole.',
    positionals: [DATA, { name: 'ADDRESS', summary: 'a folder, file:///folder or s3://bucket/prefix', required: true, completes: 'folder' }],
    flags: [{ name: 'jobs', kind: 'text', value: 'N', summary: 'objects that are moved at once', default: '8' }],
    examples: [{ command: 'trainlock data push train-2026-11 s3://team/data', says: 'share a data set' }],
    exits: [{ code: '0', means: 'everything is there' }, FAILED, { code: '3', means: 'some files could not be sent; the same command continues' }],
    load: () => import('./commands/data-push.ts'),
  },
  {
    name: 'data pull',
    group: 'data',
    summary: 'bring a snapshot with its files into the store; every byte is verified',
    positionals: [
      { name: 'SNAPSHOT', summary: 'last, last~N, its name, or first letters of its digest, as it is known there', required: true },
      { name: 'ADDRESS', summary: 'a folder, file:///folder or s3://bucket/prefix', required: true, completes: 'folder' },
    ],
    flags: [{ name: 'jobs', kind: 'text', value: 'N', summary: 'objects that are moved at once', default: '8' }],
    examples: [{ command: 'trainlock data pull train-2026-11 s3://team/data', says: 'bring a data set here; then trainlock data restore' }],
    exits: [{ code: '0', means: 'everything is here' }, FAILED, { code: '3', means: 'some files could not be brought; the same command continues' }],
    load: () => import('./commands/data-pull.ts'),
  },
  {
    name: 'data restore',
    group: 'data',
    summary: 'write the files of a snapshot into a folder, exactly as they were',
    details: 'From the store, or from where they lay if they are still the same. A file that is there with other bytes is never replaced.',
    positionals: [DATA, { name: 'FOLDER', summary: 'where to; made if it is not there', required: true, completes: 'folder' }],
    flags: [{ name: 'from-origin', kind: 'boolean', summary: 'fetch from the recorded origin what is not at hand; uses the network' }],
    examples: [{ command: 'trainlock data restore train-2026-11 data', says: 'bring the files back' }],
    exits: [{ code: '0', means: 'every file is there with the recorded bytes' }, FAILED, { code: '3', means: 'some files could not be brought back' }],
    load: () => import('./commands/data-restore.ts'),
  },
  {
    name: 'data fetch',
    group: 'data',
    summary: 'bring data from an address and record where it came from',
    positionals: [
      { name: 'ADDRESS', summary: 'http(s)://…, s3://bucket/prefix, postgresql://host/database or sqlite:/file', required: true },
      { name: 'FOLDER', summary: 'where to; made if it is not there', required: true, completes: 'folder' },
    ],
    flags: [
      { name: 'query', kind: 'text', value: 'SQL', summary: 'the statement, for a database; it is recorded' },
      { name: 'format', kind: 'choice', value: 'FORMAT', choices: ['jsonl', 'csv'], summary: 'form of the result of a statement', default: 'jsonl' },
      { name: 'name', kind: 'text', value: 'NAME', summary: 'a name to find it by' },
    ],
    examples: [
      { command: 'trainlock data fetch https://example.com/iris.csv data --name iris', says: 'with the version that the server stated' },
      { command: 'trainlock data fetch postgresql://db/clinic data --query "SELECT * FROM cases"', says: 'with statement, number of rows and digest of the result' },
    ],
    exits: [{ code: '0', means: 'brought and recorded' }, FAILED, UNREADABLE],
    load: () => import('./commands/data-fetch.ts'),
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
