import fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTableLab } from '../../../test/harness/tables.ts';
import { quotedName } from '../tables/sql-text.ts';
import { compareRows, type CompareRowsOptions } from './compare-rows.ts';

const lab = makeTableLab();

const compared = async (before: string, after: string, options: CompareRowsOptions = {}) =>
  compareRows(lab.engine().query, await lab.relation('before side', before), await lab.relation('after "side"', after), options);

const csv = (name: string, text: string): string => `SELECT * FROM read_csv('${join(lab.folder, lab.write(name, text))}')`;

const people = (rows: number): string => `SELECT i AS id, 'name ' || i AS name, 20 + i % 50 AS age, i / 7 AS score FROM range(${rows}) AS r(i)`;

describe('compareRows', () => {
  it('names the one cell that changed by its row and its column, and its values only on request', async () => {
    const before = csv('before.csv', `id,age\n${Array.from({ length: 2000 }, (_, i) => `${i},${20 + (i % 50)}`).join('\n')}\n`);
    const after = csv('after.csv', `id,age\n${Array.from({ length: 2000 }, (_, i) => `${i},${i === 1041 ? 99 : 20 + (i % 50)}`).join('\n')}\n`);
    const expected = { same: 1999, changed: 1, added: 0, removed: 0, reordered: 0, columns: [{ column: 'age', changedCells: 1 }] };
    for (const options of [{}, { key: ['id'] }, { by: 'position' as const }]) {
      const difference = await compared(before, after, options);
      expect(difference).toMatchObject(expected);
      expect(difference.examples).toEqual([{ kind: 'changed', before: 1042, after: 1042, cells: [{ column: 'age' }] }]);
    }
    expect((await compared(before, after, { values: true })).examples).toEqual([
      { kind: 'changed', before: 1042, after: 1042, cells: [{ column: 'age', before: '61', after: '99' }] },
    ]);
  });

  it.each<[string, string, string, CompareRowsOptions, object]>([
    ['finds nothing between equal tables', people(100), people(100), {}, { by: { kind: 'position' }, same: 100, changed: 0, added: 0, removed: 0, reordered: 0, examples: [] }],
    ['finds nothing between empty tables', people(0), people(0), {}, { before: 0, after: 0, same: 0, changed: 0, added: 0, removed: 0, reordered: 0 }],
    [
      'tells by content that rows were only reordered',
      people(100),
      `SELECT * FROM (${people(100)}) ORDER BY hash(id)`,
      {},
      { by: { kind: 'content' }, same: 100, changed: 0, added: 0, removed: 0 },
    ],
    [
      'tells a row that was put in between',
      people(10),
      `(SELECT * FROM (${people(10)}) LIMIT 4) UNION ALL (SELECT 99, 'new', 1, 1.5) UNION ALL (SELECT * FROM (${people(10)}) OFFSET 4)`,
      {},
      { by: { kind: 'content' }, same: 10, added: 1, removed: 0, reordered: 0, examples: [{ kind: 'added', after: 5 }] },
    ],
    [
      'tells rows that are gone by their key',
      people(10),
      `SELECT * FROM (${people(10)}) WHERE id NOT IN (2, 7)`,
      { key: ['id'] },
      {
        same: 8,
        added: 0,
        removed: 2,
        reordered: 0,
        examples: [
          { kind: 'removed', before: 3 },
          { kind: 'removed', before: 8 },
        ],
      },
    ],
    [
      'takes rows that were appended as added',
      people(10),
      people(12),
      { by: 'position' },
      {
        same: 10,
        added: 2,
        examples: [
          { kind: 'added', after: 11 },
          { kind: 'added', after: 12 },
        ],
      },
    ],
    ['counts rows that were moved, by key', people(4), `SELECT * FROM (${people(4)}) ORDER BY id DESC`, { key: ['id'] }, { same: 4, changed: 0, reordered: 4 }],
    [
      'compares by position a column that was clipped in most rows',
      people(100),
      `SELECT id, name, least(age, 25) AS age, score FROM (${people(100)})`,
      {},
      { by: { kind: 'position' }, changed: 88, columns: [{ column: 'age', changedCells: 88 }] },
    ],
    [
      'takes a missing value as equal to a missing value, and to nothing else',
      `SELECT * FROM (VALUES (1, NULL), (2, NULL), (3, 'x')) t(id, v)`,
      `SELECT * FROM (VALUES (1, NULL), (2, 'y'), (3, 'x')) t(id, v)`,
      { key: ['id'], values: true },
      { same: 2, changed: 1, examples: [{ kind: 'changed', before: 2, after: 2, cells: [{ column: 'v', before: null, after: 'y' }] }] },
    ],
    [
      'takes NaN as equal to NaN, and zero to minus zero',
      `SELECT * FROM (VALUES ('nan'::DOUBLE), (0.0::DOUBLE)) t(v)`,
      `SELECT * FROM (VALUES ('nan'::DOUBLE), (-0.0::DOUBLE)) t(v)`,
      {},
      { same: 2, changed: 0 },
    ],
    [
      'compares the rows of keys that stand more than once as whole rows',
      `SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'c'), (3, 'd')) t(id, v)`,
      `SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, 'e'), (4, 'f')) t(id, v)`,
      { key: ['id'] },
      {
        before: 4,
        after: 4,
        same: 2,
        changed: 1,
        added: 1,
        removed: 1,
        repeatedKeys: { keys: 1, rowsBefore: 2, rowsAfter: 1, same: 1, added: 0, removed: 1, firstBefore: 2 },
        examples: [{ kind: 'changed' }, { kind: 'removed', before: 3 }, { kind: 'added', after: 4 }],
      },
    ],
    [
      'finds rows whose key always repeats the same, in any order',
      `SELECT i // 3 AS patient, i AS v FROM range(30) r(i)`,
      `SELECT i // 3 AS patient, i AS v FROM range(30) r(i) ORDER BY i DESC`,
      { key: ['patient'] },
      { same: 30, changed: 0, added: 0, removed: 0, reordered: 30, repeatedKeys: { keys: 10, rowsBefore: 30, rowsAfter: 30, same: 30, added: 0, removed: 0 } },
    ],
    [
      'counts how often each side has a row whose key and values repeat',
      `SELECT * FROM (VALUES (1, 'a'), (1, 'a'), (1, 'b'), (NULL, 'c'), (NULL, 'c')) t(id, v)`,
      `SELECT * FROM (VALUES (1, 'b'), (1, 'a'), (NULL, 'c'), (NULL, 'c'), (NULL, 'c')) t(id, v)`,
      { key: ['id'] },
      { same: 4, changed: 0, added: 1, removed: 1, reordered: undefined, repeatedKeys: { keys: 2, rowsBefore: 5, rowsAfter: 5, same: 4, added: 1, removed: 1 } },
    ],
    [
      'pairs keys of several columns, missing ones too',
      `SELECT * FROM (VALUES (1, NULL, 'a'), (1, 2, 'b')) t(x, y, v)`,
      `SELECT * FROM (VALUES (1, 2, 'b'), (1, NULL, 'c')) t(x, y, v)`,
      { key: ['x', 'y'] },
      { same: 1, changed: 1, reordered: 2, examples: [{ kind: 'changed', before: 1, after: 2, cells: [{ column: 'v' }] }] },
    ],
    [
      'does not say which of equal rows moved if some of them are gone',
      `SELECT * FROM (VALUES ('x'), ('y'), ('x')) t(v)`,
      `SELECT * FROM (VALUES ('y'), ('x')) t(v)`,
      {},
      { by: { kind: 'content' }, same: 2, removed: 1, added: 0, reordered: undefined },
    ],
    [
      'compares the columns that both have, and names the others',
      `SELECT 1 AS id, 2 AS old, 3 AS x`,
      `SELECT 1 AS id, 3 AS x, 4 AS young`,
      {},
      { same: 1, onlyBefore: ['old'], onlyAfter: ['young'], retyped: [] },
    ],
  ])('%s', async (_, before, after, options, expected) => {
    const difference = await compared(before, after, options);
    expect(difference).toMatchObject(expected);
    if ('reordered' in expected && expected.reordered === undefined) expect(difference.reordered).toBeUndefined();
  });

  it.each<[string, string, string, boolean]>([
    ['1 and 1.0', '1::BIGINT', '1.0::DOUBLE', true],
    ['1 and 1.00 in decimal', '1::INTEGER', '1.00::DECIMAL(10,2)', true],
    ['0.1 in two widths of reals', '0.1::FLOAT', '0.1::DOUBLE', true],
    ['2^53 + 1 and 2^53', '9007199254740993::BIGINT', '9007199254740992::DOUBLE', false],
    ['1e20 as a real and as a whole number', '1e20::DOUBLE', '100000000000000000000::HUGEINT', true],
    ['a number and the text that spells it', '1.5::DOUBLE', "'1.50'", true],
    ['a number and text with leading zeros', '7::BIGINT', "'007'", false],
    ['a number and other text', '7::BIGINT', "'seven'", false],
    ['minus zero and zero', '-0.0::DOUBLE', '0::BIGINT', true],
    ['not a number and the text nan', "'nan'::DOUBLE", "'nan'", true],
    ['a date and midnight of it', "DATE '2020-02-29'", "TIMESTAMP '2020-02-29 00:00:00'", true],
    ['a date and a later hour', "DATE '2020-02-29'", "TIMESTAMP '2020-02-29 01:00:00'", false],
    ['a date and its text', "DATE '2020-02-29'", "'2020-02-29'", true],
    ['true and True', 'true', "'True'", true],
    ['nothing and empty text', 'NULL::BIGINT', "''", false],
    ['two widths of whole numbers', '5::TINYINT', '5::UBIGINT', true],
    ['a list and the same list with wider numbers', '[1, 2]::INTEGER[]', '[1, 2]::BIGINT[]', true],
  ])('compares %s as %s and %s: %s', async (_, before, after, equal) => {
    const difference = await compared(`SELECT 1 AS id, ${before} AS v`, `SELECT 1 AS id, ${after} AS v`, { key: ['id'] });
    expect(difference).toMatchObject({ same: equal ? 1 : 0, changed: equal ? 0 : 1, retyped: ['v'] });
  });

  it('tells the same rows in Parquet and in CSV with other quoting and order as reordered only', async () => {
    const plain = csv('plain.csv', `id,name,age\n1,a,20\n2,"b,c",30\n3,d,40\n4,,50\n`);
    const quoted = csv('quoted.csv', `"id";"name";"age"\n"4";;"50"\n"3";"d";"40"\n"2";"b,c";"30"\n"1";"a";"20"\n`);
    await lab.engine().query(`COPY (SELECT age::DOUBLE AS age, id, name FROM (${plain})) TO '${join(lab.folder, 'same.parquet')}'`);
    const parquet = `SELECT * FROM '${join(lab.folder, 'same.parquet')}'`;
    expect(await compared(plain, parquet)).toMatchObject({ same: 4, changed: 0, added: 0, removed: 0, reordered: 0, retyped: ['age'] });
    expect(await compared(plain, quoted)).toMatchObject({ by: { kind: 'content' }, same: 4, added: 0, removed: 0, reordered: 4 });
  });

  it('takes any name of a column', async () => {
    const names = ['a"b', "c'd", 'select', ' ', 'x; DROP TABLE y', 'n', 'c0', 'ü\n'];
    const select = (value: number): string => `SELECT ${names.map((name, i) => `${i + value} AS ${quotedName(name)}`).join(', ')}`;
    expect(await compared(select(0), select(0), { key: ['a"b'] })).toMatchObject({ same: 1 });
    const difference = await compared(select(0), select(1), { by: 'position' });
    expect(difference.columns.map(({ column }) => column).toSorted()).toEqual(names.toSorted());
  });

  it('limits the examples of each kind', async () => {
    const difference = await compared(people(100), `SELECT id + 50 AS id, name, age + 1 AS age, score FROM (${people(100)})`, { key: ['id'], examples: 3 });
    expect(difference).toMatchObject({ changed: 50, added: 50, removed: 50 });
    expect(difference.examples.map(({ kind }) => kind)).toEqual(['changed', 'changed', 'changed', 'removed', 'removed', 'removed', 'added', 'added', 'added']);
  });

  it('refuses a key that is no column, with the nearest name', async () => {
    await expect(compared(people(1), people(1), { key: ['nmae'] })).rejects.toMatchObject({
      code: 'TL0001',
      message: 'there is no column "nmae" in the table before',
      fix: 'did you mean "name"?',
      notes: ['its columns are: id, name, age, score'],
    });
    await expect(compared('SELECT 1 AS a', 'SELECT 1 AS b')).rejects.toMatchObject({ code: 'TL0001' });
  });

  it('gives rows their numbers in the order of a large file that is read by several threads', async () => {
    await lab.engine().query(`COPY (SELECT i AS id, i * 7919 % 100003 AS v FROM range(400000) r(i)) TO '${join(lab.folder, 'large.csv')}'`);
    await lab
      .engine()
      .query(
        `COPY (SELECT i AS id, CASE WHEN i = 345677 THEN -1 ELSE i * 7919 % 100003 END AS v FROM range(400000) r(i)) TO '${join(lab.folder, 'large.parquet')}' (ROW_GROUP_SIZE 5000)`,
      );
    const difference = await compared(`SELECT * FROM read_csv('${join(lab.folder, 'large.csv')}')`, `SELECT * FROM '${join(lab.folder, 'large.parquet')}'`);
    expect(difference).toMatchObject({ same: 399_999, changed: 1, examples: [{ kind: 'changed', before: 345_678, after: 345_678, cells: [{ column: 'v' }] }] });
  });
});

type Person = { readonly id: number; readonly v: number | null };

const valuesOf = (rows: readonly Person[]): string =>
  rows.length === 0 ? 'SELECT 0 AS id, 0 AS v WHERE false' : `SELECT * FROM (VALUES ${rows.map(({ id, v }) => `(${id}, ${v ?? 'NULL'})`).join(', ')}) t(id, v)`;

const textOf = ({ id, v }: Person): string => `${id} ${v}`;

const tally = (texts: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
};

const person = fc.record({ id: fc.integer({ min: 0, max: 6 }), v: fc.option(fc.integer({ min: 0, max: 2 })) });
const rows = fc.array(person, { maxLength: 8 });

describe('compareRows agrees with an oracle that holds every row', () => {
  it('by key', async () => {
    await fc.assert(
      fc.asyncProperty(rows, rows, async (before, after) => {
        const keys = [tally(before.map(({ id }) => String(id))), tally(after.map(({ id }) => String(id)))] as const;
        const repeated = new Set([...keys[0], ...keys[1]].flatMap(([id, count]) => (count > 1 ? [Number(id)] : [])));
        const [old, young] = [before, after].map((side) => new Map(side.filter(({ id }) => !repeated.has(id)).map(({ id, v }) => [id, v]))) as [
          Map<number, number | null>,
          Map<number, number | null>,
        ];
        const both = [...old.keys()].filter((id) => young.has(id));
        const changed = both.filter((id) => old.get(id) !== young.get(id)).length;
        const order = [...young.keys()].filter((id) => old.has(id));
        const texts = [before, after].map((side) => tally(side.filter(({ id }) => repeated.has(id)).map(textOf))) as [ReadonlyMap<string, number>, ReadonlyMap<string, number>];
        const equal = [...texts[0]].reduce((sum, [text, count]) => sum + Math.min(count, texts[1].get(text) ?? 0), 0);
        const difference = await compared(valuesOf(before), valuesOf(after), { key: ['id'] });
        expect(difference).toMatchObject({
          before: before.length,
          after: after.length,
          same: both.length - changed + equal,
          changed,
          added: after.length - both.length - equal,
          removed: before.length - both.length - equal,
        });
        if (repeated.size === 0) expect(difference.reordered).toBe(both.filter((id, i) => order[i] !== id).length);
        expect(difference.repeatedKeys?.keys ?? 0).toBe(repeated.size);
      }),
      { numRuns: 40 },
    );
  });

  it('by content', async () => {
    await fc.assert(
      fc.asyncProperty(rows, rows, async (before, after) => {
        const [old, young] = [tally(before.map(textOf)), tally(after.map(textOf))];
        const same = [...old].reduce((sum, [text, count]) => sum + Math.min(count, young.get(text) ?? 0), 0);
        const difference = await compared(valuesOf(before), valuesOf(after), { by: 'content' });
        expect(difference).toMatchObject({ before: before.length, after: after.length, same, changed: 0, removed: before.length - same, added: after.length - same });
      }),
      { numRuns: 40 },
    );
  });

  it('by position', async () => {
    await fc.assert(
      fc.asyncProperty(rows, rows, async (before, after) => {
        const both = Math.min(before.length, after.length);
        const same = before.slice(0, both).filter((row, i) => textOf(row) === textOf(after[i]!)).length;
        const difference = await compared(valuesOf(before), valuesOf(after), { by: 'position' });
        expect(difference).toMatchObject({ same, changed: both - same, added: after.length - both, removed: before.length - both, reordered: 0 });
      }),
      { numRuns: 40 },
    );
  });

  it('takes a permutation of rows for reordered and nothing else', async () => {
    const permuted = rows.chain((side) => fc.shuffledSubarray(side, { minLength: side.length }).map((after) => [side, after] as const));
    await fc.assert(
      fc.asyncProperty(permuted, async ([before, after]) => {
        const difference = await compared(valuesOf(before), valuesOf(after), { by: 'content' });
        const isMoved = before.some((row, i) => textOf(row) !== textOf(after[i]!));
        expect(difference).toMatchObject({ same: before.length, changed: 0, added: 0, removed: 0 });
        expect(difference.reordered! > 0).toBe(isMoved);
      }),
      { numRuns: 40 },
    );
  });
});
