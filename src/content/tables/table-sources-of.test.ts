import { describe, expect, it } from 'vitest';
import { tableSourcesOf } from './table-sources-of.ts';

const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['files that differ in numbers are one table', ['d/part-0001.csv', 'd/part-0002.csv'], ['d/part-*.csv (2)']],
  ['a number that is the same everywhere stays', ['d/train-00000-of-00002.parquet', 'd/train-00001-of-00002.parquet'], ['d/train-*-of-00002.parquet (2)']],
  [
    'names as Spark writes them are one table',
    ['p/part-00000-0f0e0d0c-1111-2222-3333-444455556666-c000.parquet', 'p/part-00001-aaaaaaaa-1111-2222-3333-444455556666-c000.parquet'],
    ['p/part-*-*-c000.parquet (2)'],
  ],
  ['other words are other tables', ['test.csv', 'train.csv'], ['test.csv (1)', 'train.csv (1)']],
  ['other folders are other tables', ['a/x1.csv', 'b/x2.csv'], ['a/x1.csv (1)', 'b/x2.csv (1)']],
  ['other formats are other tables', ['x1.csv', 'x2.tsv', 'x3.csv.gz'], ['x1.csv (1)', 'x2.tsv (1)', 'x3.csv.gz (1)']],
  ['containers stay alone', ['db1.sqlite', 'db2.sqlite'], ['db1.sqlite (1)', 'db2.sqlite (1)']],
  ['a star in a name is a letter', ['a*.csv', 'ab.csv'], ['a*.csv (1)', 'ab.csv (1)']],
  ['other files are passed over', ['README.md', 'model.pt', 'x.CSV'], ['x.CSV (1)']],
];

describe('sources of tables', () => {
  it.each(CASES)('%s', (_, names, expected) => {
    expect(tableSourcesOf('/data', names).map((source) => `${source.path} (${source.files.length})`)).toEqual(expected);
  });

  it('knows where its files are', () => {
    expect(tableSourcesOf('/data', ['a/x.csv'])[0]!.files).toEqual([{ name: 'a/x.csv', path: '/data/a/x.csv' }]);
  });

  it.each([
    ['one file that is left of many', ['part-1.csv'], ['part-1.csv', 'part-2.csv'], ['part-*.csv (1)']],
    ['a file under another number', ['part-1.csv'], ['part-2.csv'], ['part-1.csv (1)']],
    ['the same file', ['part-1.csv'], ['part-1.csv'], ['part-1.csv (1)']],
    ['other files', ['part-1.csv'], ['other-1.csv'], ['part-1.csv (1)']],
  ] as const)('beside the names of another time: %s', (_, names, beside, expected) => {
    expect(tableSourcesOf('/data', names, beside).map((source) => `${source.path} (${source.files.length})`)).toEqual(expected);
  });
});
