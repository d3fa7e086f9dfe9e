import type { FileEntry } from '#digest';
import { describe, expect, it } from 'vitest';
import { compareFiles } from './compare-files.ts';
import { compareSnapshots, watchedPaths } from './compare-snapshots.ts';
import type { Column, Media, Snapshot, Table } from './generated/snapshot-types.ts';
import { pairTables } from './pair-tables.ts';
import type { RowsDifference } from './rows-difference.ts';

const digest = (letter: string): string => letter.repeat(64);

const snapshot = (extra: Partial<Snapshot> = {}, list = 'a'): Snapshot => ({
  schemaVersion: '0.1',
  takenAt: '2026-11-24T08:00:00Z',
  tool: 'trainlock 0.1.0',
  path: 'data',
  origin: { kind: 'local' },
  list: { sha256: digest(list), treeRoot: digest(list), fileCount: 2, totalBytes: 20, dirHash: 'none', indexSha256: digest(list) },
  complete: true,
  ...extra,
});

const column: Column = { name: 'age', type: 'BIGINT', missing: 0, min: '1', max: '9' };
const table = (path: string, extra: Partial<Table> = {}): Table => ({ path, format: 'csv', fileCount: 1, rowCount: 10, columns: [column], ...extra });

describe('pairTables', () => {
  it('pairs by path and inner name, then by content, then by the path without extension', () => {
    const before = [table('a.csv'), table('db', { inner: 'x' }), table('old.csv', { contentSha256: digest('1') }), table('t.csv'), table('gone.csv')];
    const after = [table('new.csv', { contentSha256: digest('1') }), table('db', { inner: 'x' }), table('db', { inner: 'y' }), table('a.csv'), table('t.parquet')];
    const { pairs, added, removed } = pairTables({ tables: before }, { tables: after });
    expect(pairs.map(({ before: old, after: young, pairedBy }) => `${old.path} ${young.path} ${pairedBy}`)).toEqual([
      'db db path',
      'a.csv a.csv path',
      'old.csv new.csv content',
      't.csv t.parquet stem',
    ]);
    expect([added.map(({ inner }) => inner), removed.map(({ path }) => path)]).toEqual([['y'], ['gone.csv']]);
  });

  it('pairs one to one, and does not guess among several of one stem', () => {
    const twin = (path: string): Table => table(path, { contentSha256: digest('1') });
    expect(pairTables({ tables: [twin('a')] }, { tables: [twin('b'), twin('c')] })).toMatchObject({ pairs: [{ after: { path: 'b' } }], added: [{ path: 'c' }] });
    expect(pairTables({ tables: [table('t.csv')] }, { tables: [table('t.parquet'), table('t.jsonl')] }).pairs).toEqual([]);
  });
});

const rows = (extra: Partial<RowsDifference> = {}): RowsDifference => ({
  by: { kind: 'position' },
  before: 10,
  after: 10,
  same: 10,
  changed: 0,
  added: 0,
  removed: 0,
  reordered: 0,
  columns: [],
  examples: [],
  onlyBefore: [],
  onlyAfter: [],
  retyped: [],
  ...extra,
});

describe('compareSnapshots', () => {
  const entry = (path: string, content: string) => ({ path, sha256: digest(content), size: 10 });
  const compared = (before: Table, after: Table, { files = [entry('t.csv', '1')], found = undefined as RowsDifference | undefined } = {}) => {
    const [old, young] = [snapshot({ tables: [before] }), snapshot({ tables: [after] }, 'b')];
    const difference = compareFiles([entry('t.csv', '2')], files, { watched: watchedPaths(old, young) });
    const { tables } = compareSnapshots(old, young, { files: difference, ...(found === undefined ? {} : { rows: [{ before, after, rows: found }] }) });
    return tables[0]!;
  };

  it.each<[string, Table, Table, Parameters<typeof compared>[2], string, string]>([
    ['identical if no file of it differs', table('t.csv'), table('t.csv'), { files: [entry('t.csv', '2')] }, 'identical', 'every byte is the same'],
    [
      'of the same content if the digests of the rows agree',
      table('t.csv', { contentSha256: digest('c') }),
      table('t.csv', { contentSha256: digest('c') }),
      {},
      'same-content',
      'other bytes hold the same rows: written anew, reordered or quoted in another way',
    ],
    [
      'of the same content in another format',
      table('t.csv', { contentSha256: digest('c') }),
      table('t.parquet', { contentSha256: digest('c'), format: 'parquet' }),
      {},
      'same-content',
      'the same rows, stored as parquet instead of csv',
    ],
    [
      'changed if the digests of the rows differ',
      table('t.csv', { contentSha256: digest('c') }),
      table('t.csv', { contentSha256: digest('d') }),
      {},
      'changed',
      'the digests of the rows differ',
    ],
    [
      'changed if the digests of the rows differ and no compared row does',
      table('t.csv', { contentSha256: digest('c') }),
      table('t.csv', { contentSha256: digest('d') }),
      { found: rows() },
      'changed',
      'the digests of the rows differ, so that something did change that comparing the values does not show',
    ],
    ['changed if the number of rows differs', table('t.csv'), table('t.csv', { rowCount: 11 }), {}, 'changed', '10 rows before, 11 after'],
    ['changed if an exact figure differs', table('t.csv'), table('t.csv', { columns: [{ ...column, max: '8' }] }), {}, 'changed', '1 column with other figures'],
    ['changed if rows were found that differ', table('t.csv'), table('t.csv'), { found: rows({ same: 9, changed: 1 }) }, 'changed', '1 row changed'],
    ['of the same content if all rows were compared', table('t.csv'), table('t.csv'), { found: rows() }, 'same-content', 'a comparison of all rows found none that differs'],
    [
      'of the same content if all rows were compared, also those of keys that repeat',
      table('t.csv'),
      table('t.csv'),
      { found: rows({ by: { kind: 'key', columns: ['id'] }, repeatedKeys: { keys: 3, rowsBefore: 10, rowsAfter: 10, same: 10, added: 0, removed: 0 } }) },
      'same-content',
      'a comparison of all rows found none that differs',
    ],
    ['unknown without digests', table('t.csv'), table('t.csv'), {}, 'unknown', 'there is no digest of the rows on both sides'],
    [
      'unknown if it could not be read whole, whatever its digest',
      table('t.csv', { contentSha256: digest('c'), problem: 'line 3' }),
      table('t.csv', { contentSha256: digest('c') }),
      {},
      'unknown',
      'a table could not be read whole: line 3',
    ],
  ])('calls a table %s', (_, before, after, facts, statement, because) => {
    expect(compared(before, after, facts)).toMatchObject({ statement, because });
  });

  it('does not call a table identical if nobody looked at its files', () => {
    const side = snapshot({ tables: [table('t.csv')] });
    const files = compareFiles([entry('t.csv', '1')], [entry('t.csv', '1')]);
    expect(compareSnapshots(side, snapshot({ tables: [table('t.csv')] }, 'b'), { files }).tables[0]!.statement).toBe('unknown');
    expect(compareSnapshots(side, side).tables[0]!.statement).toBe('identical');
  });

  it.each<[string, Snapshot, Snapshot, string]>([
    ['same', snapshot(), snapshot({ takenAt: '2026-11-25T08:00:00Z' }), 'same'],
    ['different', snapshot(), snapshot({}, 'b'), 'different'],
    ['undecided if one is not complete', snapshot(), snapshot({ complete: false, findingCount: 2 }), 'undecided'],
  ])('calls snapshots %s', (_, before, after, verdict) => {
    expect(compareSnapshots(before, after).verdict).toBe(verdict);
  });

  it.each<[string, readonly FileEntry[], readonly FileEntry[], boolean, boolean, string]>([
    ['a file that only the whole one has', [entry('a', '1'), entry('b', '2')], [entry('a', '1')], true, false, 'undecided'],
    ['a file more than the whole one has', [entry('a', '1')], [entry('a', '1'), entry('b', '2')], true, false, 'different'],
    ['a file that is gone from the whole one', [entry('a', '1'), entry('b', '2')], [entry('a', '1')], false, true, 'different'],
    ['a file that is new in the whole one', [entry('a', '1')], [entry('a', '1'), entry('b', '2')], false, true, 'undecided'],
    ['another file', [entry('a', '1')], [entry('a', '2')], false, false, 'different'],
    ['a file under another name, both lacking some', [entry('a', '1')], [entry('b', '1')], false, false, 'undecided'],
    ['a file under another name, one lacking some', [entry('a', '1')], [entry('b', '1')], true, false, 'different'],
  ])('decides by what can be known where a side lacks files: %s', (_, before, after, wholeBefore, wholeAfter, verdict) => {
    const files = compareFiles(before, after);
    expect(compareSnapshots(snapshot({ complete: wholeBefore }), snapshot({ complete: wholeAfter }, 'b'), { files }).verdict).toBe(verdict);
  });

  it('says what was not read', () => {
    expect(compareSnapshots(snapshot(), snapshot({ complete: false, findingCount: 2 })).notes).toEqual([
      'the snapshot after is not complete: some files could not be read, or changed meanwhile (2 findings)',
    ]);
  });

  it('tells folders of images whose classes moved', () => {
    const media = (cats: number, dogs: number): Media => ({
      path: 'train',
      kind: 'image',
      fileCount: cats + dogs,
      totalBytes: 1,
      classes: [
        { name: 'cat', count: cats },
        { name: 'dog', count: dogs },
      ],
      width: { min: 10, max: 20 + cats, mean: '15' },
    });
    const difference = compareSnapshots(snapshot({ media: [media(50, 50)] }), snapshot({ media: [media(80, 20)] }, 'b'));
    expect(difference.media).toMatchObject([{ path: 'train', fileCount: { before: 100, after: 100 }, classes: { grade: 'strong' }, ranges: [{ measure: 'width' }] }]);
    expect(difference.media[0]!.classes!.totalVariation).toBeCloseTo(0.3, 12);
    expect(compareSnapshots(snapshot({ media: [media(5, 5)] }), snapshot({ media: [media(5, 5)] }, 'b')).media).toEqual([]);
  });

  it.each([
    [undefined, 3, { before: 0, after: 3 }],
    [2, undefined, { before: 2, after: 0 }],
    [2, 2, { before: 2, after: 2 }],
    [0, undefined, undefined],
  ])('tells images that cannot be read: %s before, %s after', (before, after, unreadable) => {
    const media = (count: number | undefined): Media => ({ path: 'train', kind: 'image', fileCount: 9, totalBytes: 1, ...(count === undefined ? {} : { unreadableCount: count }) });
    const difference = compareSnapshots(snapshot({ media: [media(before)] }), snapshot({ media: [media(after)] }, 'b'));
    expect(difference.media.map((one) => one.unreadable)).toEqual(unreadable === undefined ? [] : [unreadable]);
  });
});
