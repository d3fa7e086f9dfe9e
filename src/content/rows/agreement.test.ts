import { describe, expect, it } from 'vitest';
import { makeTableLab } from '../../../test/harness/tables.ts';
import { has } from '../../../test/harness/project.ts';
import { contentDigestOf } from '../tables/content-digest.ts';
import { tableSourcesOf } from '../tables/table-sources-of.ts';
import { compareRows } from './compare-rows.ts';
import { findOverlap } from './find-overlap.ts';

const lab = makeTableLab(async (engine, source) => {
  const digest = await contentDigestOf(engine, source);
  return digest.kind === 'seen' ? digest.sha256 : `unknown: ${digest.problem}`;
});

/** What the digest of the rows, the comparison of the rows and the overlap say of two tables. */
const answersOf = async (one: string, other: string) => {
  const [a, b] = await lab.digests(one, other);
  if (a!.startsWith('unknown') || b!.startsWith('unknown')) return a!.startsWith('unknown') ? a : b;
  const engine = lab.engine();
  const [left, right] = [await engine.open(tableSourcesOf(lab.folder, [one])[0]!), await engine.open(tableSourcesOf(lab.folder, [other])[0]!)];
  try {
    const rows = await compareRows(engine.query, left, right, { by: 'content' });
    const overlap = await findOverlap(engine.query, [
      { name: 'left', table: left },
      { name: 'right', table: right },
    ]);
    return { digest: a === b, rows: rows.added + rows.removed === 0, overlap: overlap.pairs[0]!.rows[0] === rows.before };
  } finally {
    await left.close();
    await right.close();
  }
};

const SAME = { digest: true, rows: true, overlap: true };
const OTHER = { digest: false, rows: false, overlap: false };

const jsonl = (...values: readonly string[]): string => values.map((value) => `{"a":${value}}\n`).join('');
const csv = (...values: readonly string[]): string => `a\n${values.map((value) => `${value}\n`).join('')}`;

type File = readonly [ending: 'csv' | 'jsonl', content: string];

const EQUAL: readonly (readonly [string, File, File])[] = [
  ['truth values in other letters', ['csv', csv('True')], ['csv', csv('true')]],
  ['truth values in CSV and JSON lines', ['csv', csv('True', 'False')], ['jsonl', jsonl('true', 'false')]],
  ['a number with its sign', ['csv', csv('+5')], ['csv', csv('5')]],
  ['a number with spaces around it', ['csv', csv(' 5', '3')], ['csv', csv('5', '3 ')]],
  ['members in another order', ['jsonl', jsonl('{"b":1,"c":2}')], ['jsonl', jsonl('{"c":2,"b":1}')]],
  ['values of several types in another order', ['jsonl', jsonl('"1"', '2')], ['jsonl', jsonl('1', '"2"')]],
  ['a time of day as text', ['csv', csv('12:00:00.500')], ['jsonl', jsonl('"12:00:00.500"')]],
  ['an identifier as text', ['csv', csv('6F9619FF-8B86-D011-B42D-00C04FC964FF')], ['jsonl', jsonl('"6F9619FF-8B86-D011-B42D-00C04FC964FF"')]],
  ['a day as text', ['csv', csv('2026-01-02')], ['jsonl', jsonl('"2026-01-02"')]],
  ['a time as text', ['csv', csv('2026-01-02 03:04:05')], ['jsonl', jsonl('"2026-01-02T03:04:05"')]],
  ['a time with nanoseconds as text', ['csv', csv('2026-01-02 03:04:05.123456789')], ['jsonl', jsonl('"2026-01-02T03:04:05.123456789"')]],
  ['all digits of a real', ['csv', csv('0.1000000000000000055511151231257827')], ['jsonl', jsonl('0.1')]],
  ['long numbers with zeros behind them', ['csv', csv('12345678901234567890.10', '1.50')], ['csv', csv('12345678901234567890.1', '1.5')]],
  ['times without seconds', ['csv', csv('2026-01-02 03:04')], ['jsonl', jsonl('"2026-01-02T03:04"')]],
  ['times with seconds and without', ['csv', csv('2026-01-02 03:04')], ['csv', csv('2026-01-02 03:04:00')]],
  ['days long ago', ['csv', csv('0000-01-02')], ['jsonl', jsonl('"0000-01-02"')]],
  ['empty and missing', ['jsonl', jsonl('"x"', '""')], ['jsonl', jsonl('"x"', 'null')]],
  ['names with numbers', ['jsonl', '{"score":0.5,"score_1":0.25}\n'], ['csv', 'score,score_1\n0.5,0.25\n']],
  ['long whole numbers', ['csv', csv('9'.repeat(50), '+1')], ['csv', csv(`+${'9'.repeat(50)}`, '1')]],
];

const DIFFERENT: readonly (readonly [string, File, File])[] = [
  ['a time of day with nanoseconds', ['jsonl', jsonl('"12:00:00.123456789"')], ['jsonl', jsonl('"12:00:00.123456788"')]],
  ['identifiers in other letters', ['jsonl', jsonl('"6F9619FF-8B86-D011-B42D-00C04FC964FF"')], ['jsonl', jsonl('"6f9619ff-8b86-d011-b42d-00c04fc964ff"')]],
  ['identifiers in other letters, inside', ['jsonl', jsonl('{"b":["6F9619FF-8B86-D011-B42D-00C04FC964FF"]}')], ['jsonl', jsonl('{"b":["6f9619ff-8b86-d011-b42d-00c04fc964ff"]}')]],
  ['words in other letters', ['csv', csv('yes')], ['csv', csv('Yes')]],
  ['long numbers', ['csv', csv('12345678901234567.89', '1.5')], ['csv', csv('12345678901234567.88', '1.5')]],
  ['reals of sixteen digits in CSV', ['csv', csv('9.999999999999998')], ['csv', csv('9.999999999999999')]],
  ['long identifiers beside a text', ['jsonl', jsonl('"x"', '1234567890123456789')], ['jsonl', jsonl('"x"', '1234567890123456788')]],
  ['numbers that are too large', ['csv', csv('1e400')], ['csv', csv('1e401')]],
  ['a day in other words', ['csv', csv('01/02/2026', '02/02/2026')], ['csv', csv('02/01/2026', '13/01/2026')]],
];

let count = 0;
const written = ([ending, content]: File): string => lab.write(`${(count += 1)}.${ending}`, content);

describe('digest, rows and overlap', () => {
  it.each(EQUAL)('agree that they are the same: %s', async (_, one, other) => expect(await answersOf(written(one), written(other))).toEqual(SAME));

  it.each(DIFFERENT)('agree that they are not: %s', async (_, one, other) => expect(await answersOf(written(one), written(other))).toEqual(OTHER));

  it.each([
    ['0.12345678901234567890', 'it holds the number 0.12345678901234567890'],
    ['12345678901234567.12', 'it holds the number 12345678901234567.12'],
    ['{"b":[0.12345678901234567890]}', 'it holds the number 0.12345678901234567890'],
    ['9.9999999999999999', 'it holds the number 9.9999999999999999'],
    ['"x"}\n{"a":12345678901234567.89', 'it holds the number 12345678901234567.89'],
    ['"x"}\n{"a":99999999999999999999', 'the column "a" holds reals and 99999999999999999999'],
    ['"x"}\n{"a":1e400', '1e400'],
  ])('say that JSON lines hold a real that is rounded: %s', async (value, problem) => {
    expect(await answersOf(written(['jsonl', jsonl(value)]), written(['jsonl', jsonl('1.5')]))).toContain(problem);
  });

  it('find the rows that a column of long numbers shares with one of texts', async () => {
    const rows = 'id,f\n1,1.50\n2,2.50\n3,12345678901234567.89\n';
    const [numbers, texts] = [written(['csv', rows]), written(['csv', rows.replace('3,12345678901234567.89', '9,n/a')])];
    const engine = lab.engine();
    const [left, right] = [await engine.open(tableSourcesOf(lab.folder, [numbers])[0]!), await engine.open(tableSourcesOf(lab.folder, [texts])[0]!)];
    expect(left.columns.map(({ type }) => type)).toEqual(['BIGINT', 'NUMBER']);
    expect(await compareRows(engine.query, left, right, { by: 'content' })).toMatchObject({ same: 2, added: 1, removed: 1 });
    expect(
      (
        await findOverlap(engine.query, [
          { name: 'left', table: left },
          { name: 'right', table: right },
        ])
      ).pairs[0],
    ).toMatchObject({ shared: 2 });
    await left.close();
    await right.close();
  });

  it('say that names in other letters cannot be told apart where DuckDB changes a text', async () => {
    const file = written(['jsonl', '{"a":1,"A":"12:00:00"}\n']);
    expect(await answersOf(file, file)).toContain('names of its columns differ in their case alone');
  });

  it.skipIf(!has('pyarrow'))('say what is not looked at of Parquet files', async () => {
    const parquet = (array: string): string =>
      lab.python(`${(count += 1)}.parquet`, `import sys, decimal, pyarrow as pa, pyarrow.parquet as pq\npq.write_table(pa.table({'a': ${array}}), sys.argv[1])`);
    const wide = parquet('pa.array([decimal.Decimal("1" * 50)], pa.decimal256(60, 0))');
    expect(await answersOf(wide, wide)).toContain('the column "a" holds decimals with more than 38 digits');
    const decimals = parquet('pa.array([decimal.Decimal("12345678901234567890.10"), decimal.Decimal("1.50")], pa.decimal128(30, 2))');
    expect(await answersOf(decimals, written(['csv', csv('12345678901234567890.10', '1.50')]))).toEqual(SAME);
    const zoned = parquet("pa.array([1, 2000], pa.timestamp('ns', 'UTC'))");
    expect(await lab.engine().limits(tableSourcesOf(lab.folder, [zoned])[0]!)).toEqual([
      `the times of "a" in ${zoned} have nanoseconds and a zone; they are looked at to the microsecond`,
    ]);
    expect(await lab.engine().limits(tableSourcesOf(lab.folder, [decimals])[0]!)).toEqual([]);
  });
});
