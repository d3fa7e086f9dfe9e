import type { RepeatedKeys, RowExample } from '#snapshot';
import { changedCells, changedColumns, changedExample, type ComparedRows, exampleColumns, numberedSides, reorderedCount, type RowTables } from './row-tables.ts';
import { anyDiffers, countIn } from './table-relation.ts';

/**
 * Compares rows that have the same key. A missing value is a key like any other. Keys that stand more than once on one of the
 * sides are left out and counted by themselves: which of their rows belong together, nobody can say.
 */
export const compareByKey = async (tables: RowTables, key: readonly string[]): Promise<ComparedRows> => {
  const { query, columns, examples } = tables;
  const places = key.map((name) => columns.findIndex((column) => column.name === name));
  const repeated = await repeatedKeys(tables, places);
  const { b, a } = uniqueSides(tables, places, repeated !== undefined);
  const sameKey = places.map((i) => `b.c${i} IS NOT DISTINCT FROM a.c${i}`).join(' AND ');
  const joined = `FROM ${b} AS b FULL JOIN ${a} AS a ON ${sameKey}`;
  const isBoth = 'b.n IS NOT NULL AND a.n IS NOT NULL';
  const differs = `${isBoth} AND (${anyDiffers(columns.length)})`;
  const counts = [
    'count(b.n) AS rows_before',
    'count(a.n) AS rows_after',
    `count(*) FILTER (${isBoth}) AS both`,
    `count(*) FILTER (${differs}) AS changed`,
    ...changedCells(columns),
  ];
  const [answer] = await query(`SELECT ${counts.join(', ')} ${joined}`);
  const [before, after, both, changed] = ['rows_before', 'rows_after', 'both', 'changed'].map((name) => countIn(answer, name)) as [number, number, number, number];
  const first = (count: number, selected: string, condition: string) =>
    count === 0 ? Promise.resolve([]) : query(`SELECT ${selected} ${joined} WHERE ${condition} ORDER BY 1 LIMIT ${examples}`);
  const found = await first(changed, exampleColumns(tables), differs);
  const gone = await first(before - both, 'b.n AS n', 'a.n IS NULL');
  const came = await first(after - both, 'a.n AS n', 'b.n IS NULL');
  const moved = both === 0 ? [] : await query(reorderedCount(`SELECT b.n AS bn, a.n AS an FROM ${b} AS b JOIN ${a} AS a ON ${sameKey}`));
  return {
    by: { kind: 'key', columns: key },
    before: before + (repeated?.rowsBefore ?? 0),
    after: after + (repeated?.rowsAfter ?? 0),
    same: both - changed,
    changed,
    added: after - both,
    removed: before - both,
    reordered: countIn(moved[0], 'reordered'),
    ...(repeated === undefined ? {} : { repeatedKeys: repeated }),
    columns: changedColumns(columns, answer),
    examples: [
      ...found.map((row) => changedExample(tables, row)),
      ...gone.map((row): RowExample => ({ kind: 'removed', before: countIn(row, 'n') })),
      ...came.map((row): RowExample => ({ kind: 'added', after: countIn(row, 'n') })),
    ],
  };
};

/** Keys with the number of their rows on each side, for those that stand more than once somewhere. */
const repeatedGroups = (tables: RowTables, places: readonly number[]): string => {
  const { b, a } = numberedSides(tables);
  const key = places.map((i) => `c${i}`).join(', ');
  const sides = `SELECT 0 AS s, n, ${key} FROM ${b} UNION ALL SELECT 1 AS s, n, ${key} FROM ${a}`;
  const counts = 'count(*) FILTER (s = 0) AS rb, count(*) FILTER (s = 1) AS ra, min(n) FILTER (s = 0) AS fb, min(n) FILTER (s = 1) AS fa';
  return `SELECT ${key}, ${counts} FROM (${sides}) GROUP BY ${key} HAVING rb > 1 OR ra > 1`;
};

const repeatedKeys = async ({ query, ...tables }: RowTables, places: readonly number[]): Promise<RepeatedKeys | undefined> => {
  const groups = repeatedGroups({ query, ...tables }, places);
  const [answer] = await query(`SELECT count(*) AS keys, sum(rb) AS rb, sum(ra) AS ra, min(fb) FILTER (rb > 1) AS fb, min(fa) FILTER (ra > 1) AS fa FROM (${groups})`);
  if (countIn(answer, 'keys') === 0) return undefined;
  const [firstBefore, firstAfter] = [countIn(answer, 'fb'), countIn(answer, 'fa')];
  return {
    keys: countIn(answer, 'keys'),
    rowsBefore: countIn(answer, 'rb'),
    rowsAfter: countIn(answer, 'ra'),
    ...(firstBefore === 0 ? {} : { firstBefore }),
    ...(firstAfter === 0 ? {} : { firstAfter }),
  };
};

/** Both sides without the rows whose key stands more than once. */
const uniqueSides = (tables: RowTables, places: readonly number[], hasRepeated: boolean): { readonly b: string; readonly a: string } => {
  const { b, a } = numberedSides(tables);
  if (!hasRepeated) return { b, a };
  const groups = repeatedGroups(tables, places);
  const without = (side: string): string =>
    `(SELECT t.* FROM ${side} AS t ANTI JOIN (${groups}) AS g ON ${places.map((i) => `t.c${i} IS NOT DISTINCT FROM g.c${i}`).join(' AND ')})`;
  return { b: without(b), a: without(a) };
};
