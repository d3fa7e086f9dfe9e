import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeProject, type TestProject } from '../harness/project.ts';

type Side = { readonly path: string };
type Told = {
  readonly verdict: string;
  readonly notes: readonly string[];
  readonly tables: readonly {
    readonly before: Side;
    readonly after: Side;
    readonly statement: string;
    readonly because: string;
    readonly rows?: { readonly by: { readonly kind: string }; readonly removed: number; readonly added: number; readonly changed: number };
  }[];
  readonly tablesAdded: readonly Side[];
  readonly tablesRemoved: readonly Side[];
};

const told = (project: TestProject, ...words: readonly string[]): Told => {
  const { status, stdout, stderr } = project.trainlock(['data', 'diff', '--json', ...words]);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return (JSON.parse(stdout) as { readonly data: Told }).data;
};

const shard = (from: number): string => `id,v\n${Array.from({ length: 5 }, (_, i) => `${from + i},${(from + i) * 2}\n`).join('')}`;

/** A folder of shards of which a snapshot was taken, kept, and changed afterwards. */
const changed = (count: number, change: (folder: string, project: TestProject) => void, flags: readonly string[] = ['--keep']): TestProject => {
  const project = makeProject({ ...Object.fromEntries(Array.from({ length: count }, (_, i) => [`data/part-${i}.csv`, shard(i * 5)])), 'data/other.csv': 'x\n1\n' });
  expect(project.trainlock(['snapshot', 'data', '--profile', '--name', 'before', ...flags])).toMatchObject({ status: 0 });
  change(join(project.folder, 'data'), project);
  return project;
};

describe('a table of several files', () => {
  it.each([
    [3, 2],
    [2, 1],
  ])('of %i files of which one is gone lost its rows, and is the same table', (count, left) => {
    const project = changed(count, (folder) => rmSync(join(folder, `part-${left}.csv`)));
    const { tables, tablesAdded, tablesRemoved } = told(project, 'before', 'data/');
    expect([tablesAdded, tablesRemoved]).toEqual([[], []]);
    expect(tables.map(({ after, statement }) => [after.path, statement])).toEqual([
      ['part-*.csv', 'changed'],
      ['other.csv', 'identical'],
    ]);
    expect(tables[0]!.rows).toMatchObject({ removed: 5, added: 0, changed: 0 });
  });

  it('one of which got a column is told file by file on both sides', () => {
    const project = changed(3, (_, { write }) => write({ 'data/part-1.csv': 'id,v,w\n5,10,1\n' }));
    for (const after of ['data/', 'after']) {
      if (after === 'after') project.trainlock(['snapshot', 'data', '--profile', '--name', 'after']);
      const { tables, tablesAdded, tablesRemoved } = told(project, 'before', after);
      expect([tablesAdded, tablesRemoved]).toEqual([[], []]);
      expect(Object.fromEntries(tables.map(({ after: { path }, statement }) => [path, statement]))).toEqual({
        'other.csv': 'identical',
        'part-0.csv': 'identical',
        'part-1.csv': 'changed',
        'part-2.csv': 'identical',
      });
    }
  });

  it.each([[[]], [['--keep']]])('one of which got a column is told file by file, whatever is kept: %j', (flags) => {
    const project = changed(2, (_, { write }) => write({ 'data/part-1.csv': 'id,v,w\n5,10,1\n' }), flags);
    const { tables, tablesAdded, tablesRemoved } = told(project, 'before', 'data/');
    expect([tablesAdded, tablesRemoved]).toEqual([[], []]);
    expect(Object.fromEntries(tables.map(({ after, statement }) => [after.path, statement]))).toEqual({
      'other.csv': 'identical',
      'part-0.csv': 'identical',
      'part-1.csv': flags.length === 0 ? 'unknown' : 'changed',
    });
  });

  it.each([
    ['renamed', (folder: string) => renameSync(join(folder, 'part-1.csv'), join(folder, 'part-2.csv'))],
    [
      'swapped',
      (folder: string) => {
        renameSync(join(folder, 'part-1.csv'), join(folder, 'x'));
        renameSync(join(folder, 'part-0.csv'), join(folder, 'part-1.csv'));
        renameSync(join(folder, 'x'), join(folder, 'part-0.csv'));
      },
    ],
  ])('whose files were %s holds the same rows, whatever is kept', (_, change) => {
    const project = changed(2, change, []);
    expect(told(project, 'before', 'data/').tables.find(({ after }) => after.path === 'part-*.csv')).toMatchObject({
      statement: 'same-content',
      because: 'it is made of the same files, under other names',
    });
  });

  it('whose bytes are gone on one side is still the same table', () => {
    const project = changed(2, (folder) => rmSync(join(folder, 'part-1.csv')), []);
    const { tables, tablesAdded, tablesRemoved, notes } = told(project, 'before', 'data/');
    expect([tablesAdded, tablesRemoved]).toEqual([[], []]);
    expect(tables[0]).toMatchObject({
      before: { path: 'part-*.csv' },
      after: { path: 'part-*.csv' },
      statement: 'changed',
      because: '10 rows before, 5 after; 2 columns with other figures',
    });
    expect(notes.join()).toContain('the bytes before of 1 file are not at hand (part-1.csv)');
  });
});

describe('tables of two data sets', () => {
  it('of which one was only renamed have the same bytes', () => {
    const project = changed(1, (folder) => renameSync(join(folder, 'other.csv'), join(folder, 'else.csv')));
    expect(told(project, 'before', 'data/').tables.find(({ after }) => after.path === 'else.csv')).toMatchObject({
      before: { path: 'other.csv' },
      statement: 'identical',
      because: 'every byte is the same, under another name',
    });
  });

  it('are compared by the key that is declared for where they lie, whatever they are called', () => {
    const project = changed(1, (_, { write }) =>
      write({
        'data/part-0.csv': `id,v\n${shard(0).split('\n').slice(1, 6).toReversed().join('\n')}\n`,
        'trainlock.yaml': 'data:\n  train:\n    path: data/part-0.csv\n    key: [id]\n',
      }),
    );
    project.write({ 'train.py': 'open("data/part-0.csv").read()\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py'])).toMatchObject({ status: 0 });
    project.write({ 'data/part-0.csv': shard(0).replace('4,8', '4,9') });
    project.trainlock(['snapshot', 'data/part-0.csv', '--name', 'now']);
    for (const after of ['data/part-0.csv', 'now', './data/../data/part-0.csv'])
      expect(told(project, 'last:train', after).tables[0]?.rows?.by).toEqual({ kind: 'key', columns: ['id'] });
  });
});

describe('a folder as it is now', () => {
  it('is taken as the snapshot that it is compared with was', () => {
    const project = changed(1, (_, { write }) => write({ 'data/x.tmp': 'x' }), ['--ignore', '*.tmp']);
    for (const words of [
      ['before', 'data/'],
      ['data/', 'before'],
    ])
      expect(told(project, ...words)).toMatchObject({ verdict: 'same', notes: ['left out on both sides, as in the snapshot: *.tmp'] });
    project.write({ 'data/y.txt': 'y' });
    expect(told(project, 'before', 'data/')).toMatchObject({ verdict: 'different' });
  });
});

describe('an overlap', () => {
  it('is undecided where nothing was found and not everything was looked at', () => {
    const text = (letter: string): string => `review\n${letter.repeat(25_000)}\n`;
    const project = makeProject({ 'a.csv': text('a'), 'b.csv': text('b'), 'c.csv': 'review\nshort\n' });
    expect(project.trainlock(['data', 'overlap', 'a.csv', 'b.csv'])).toMatchObject({ status: 0 });
    expect(project.trainlock(['data', 'overlap', 'a.csv', 'b.csv', '--near', 'review'])).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('only the first 20000 characters were looked at'),
    });
    expect(project.trainlock(['data', 'overlap', 'a.csv', 'a.csv', '--near', 'review'])).toMatchObject({ status: 1 });
    expect(project.trainlock(['data', 'overlap', 'c.csv', 'c.csv', '--near', 'review'])).toMatchObject({ status: 1 });
  });
});

describe('a folder of which not everything can be read', () => {
  it('is not called different for what may only not have been readable', () => {
    const project = makeProject({ 'data/a.csv': 'x\n1\n', 'data/b.csv': 'x\n2\n' });
    project.trainlock(['snapshot', 'data', '--name', 'full']);
    execFileSync('bash', ['-c', 'mkdir data/deep && cd data/deep && for i in $(seq 20); do d=$(printf "%0250d" $i); mkdir $d && cd $d; done && touch deep'], {
      cwd: project.folder,
    });
    onTestFinished(() => void execFileSync('rm', ['-rf', join(project.folder, 'data')]));
    rmSync(join(project.folder, 'data', 'b.csv'));
    const answer = project.trainlock(['data', 'diff', 'full', 'data/']);
    expect(answer).toMatchObject({ status: 3, stdout: expect.stringContaining('no file is known to differ, but not every file could be read') });
    project.write({ 'data/a.csv': 'x\n3\n' });
    expect(project.trainlock(['data', 'diff', 'full', 'data/'])).toMatchObject({ status: 0, stdout: expect.stringContaining('differ') });
  });
});

describe('an overlap of other types', () => {
  it('says that they are of other types', () => {
    const project = makeProject({ 'a.csv': 'zip\n00501\n', 'b.csv': 'zip\n501\n' });
    expect(project.trainlock(['data', 'overlap', 'a.csv', 'b.csv', '--key', 'zip'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('the column zip is VARCHAR in a.csv and BIGINT in b.csv'),
    });
  });
});

describe('links that lead out of the data', () => {
  it('are written out as files, and that is said', () => {
    const project = makeProject({ 'outside.csv': 'x\n1\n', 'data/a.csv': 'x\n2\n' });
    symlinkSync('../outside.csv', join(project.folder, 'data', 'o.csv'));
    project.trainlock(['snapshot', 'data', '--keep', '--name', 'l']);
    expect(project.trainlock(['data', 'restore', 'l', 'deeper/out'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('1 link written as a file, because it leads out of the folder'),
    });
  });
});
