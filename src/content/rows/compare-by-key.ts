import type { RepeatedKeys, RowExample } from '#snapshot';
import { compareMultisets, equalPairs, type MultisetDifference, type RowSides } from './compare-multisets.ts';
import { changedCells, changedColumns, changedExample, type ComparedRows, exampleColumns, numberedSides, reorderedCount, type RowTables } from './row-tables.ts';
import { anyDiffers, countIn } from './table-relation.ts';

/**
 * Compares rows that have the same key. A missing value is a key like any other. Which rows of a key belong together, nobody can say
 * if it stands more than once on one of the sides: rows of such keys are compared as whole rows, wherever they stand.
 */
export const compareByKey = async (tables: RowTables, key: readonly string[]): Promise<ComparedRows> => {
  const places = key.map((name) => tables.columns.findIndex((column) => column.name === name));
  const repeated = await repeatedRows(tables, places);
  const single = await compareSingle(tables, places, repeated === undefined ? numberedSides(tables) : sidesByKey(tables, places, 'ANTI'));
  const pairs = [...(single.same + single.changed === 0 ? [] : [single.pairs]), ...(repeated === undefined || repeated.same === 0 ? [] : [repeated.pairs])];
  const moved = pairs.length === 0 ? [] : await tables.query(reorderedCount(pairs.join(' UNION ALL ')));
  const reordered = countIn(moved[0], 'reordered');
  const of = (name: 'before' | 'after' | 'same' | 'added' | 'removed'): number => single[name] + (repeated?.[name] ?? 0);
  return {
    by: { kind: 'key', columns: key },
    before: of('before'),
    after: of('after'),
    same: of('same'),
    changed: single.changed,
    added: of('added'),
    removed: of('removed'),
    reordered: reordered > 0 && repeated?.isUneven === true ? undefined : reordered,
    ...(repeated === undefined ? {} : { repeatedKeys: repeated.keys }),
    columns: single.columns,
    examples: [
      ...single.examples.changed,
      ...firstOf([...single.examples.removed, ...(repeated?.examples.removed ?? [])], tables.examples),
      ...firstOf([...single.examples.added, ...(repeated?.examples.added ?? [])], tables.examples),
    ],
  };
};

const firstOf = (examples: readonly RowExample[], most: number): readonly RowExample[] => examples.toSorted((x, y) => placeOf(x) - placeOf(y)).slice(0, most);

const placeOf = (example: RowExample): number => (example.kind === 'added' ? example.after : example.before);

/** Compares the rows of two sides on which every key stands once. */
const compareSingle = async (tables: RowTables, places: readonly number[], { b, a }: RowSides) => {
  const { query, columns, examples } = tables;
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
  return {
    before,
    after,
    same: both - changed,
    changed,
    added: after - both,
    removed: before - both,
    columns: changedColumns(columns, answer),
    pairs: `SELECT b.n AS bn, a.n AS an FROM ${b} AS b JOIN ${a} AS a ON ${sameKey}`,
    examples: {
      changed: found.map((row) => changedExample(tables, row)),
      removed: gone.map((row): RowExample => ({ kind: 'removed', before: countIn(row, 'n') })),
      added: came.map((row): RowExample => ({ kind: 'added', after: countIn(row, 'n') })),
    },
  };
};

/** Rows of keys that stand more than once somewhere, compared as whole rows; undefined if there are none. */
const repeatedRows = async (tables: RowTables, places: readonly number[]): Promise<(MultisetDifference & { readonly keys: RepeatedKeys; readonly pairs: string }) | undefined> => {
  const { query, examples, columns } = tables;
  const [answer] = await query(`SELECT count(*) AS keys, min(fb) FILTER (rb > 1) AS fb, min(fa) FILTER (ra > 1) AS fa FROM (${repeatedGroups(tables, places)})`);
  if (countIn(answer, 'keys') === 0) return undefined;
  const [firstBefore, firstAfter] = [countIn(answer, 'fb'), countIn(answer, 'fa')];
  const sides = sidesByKey(tables, places, 'SEMI');
  const width = columns.length;
  const rows = await compareMultisets({ query, width, examples }, sides);
  const keys: RepeatedKeys = {
    keys: countIn(answer, 'keys'),
    rowsBefore: rows.before,
    rowsAfter: rows.after,
    same: rows.same,
    added: rows.added,
    removed: rows.removed,
    ...(firstBefore === 0 ? {} : { firstBefore }),
    ...(firstAfter === 0 ? {} : { firstAfter }),
  };
  return { ...rows, keys, pairs: equalPairs(sides, { width, hasRepeated: rows.hasRepeated }) };
};

/** Keys with the number of their rows on each side, for those that stand more than once somewhere. */
const repeatedGroups = (tables: RowTables, places: readonly number[]): string => {
  const { b, a } = numberedSides(tables);
  const key = places.map((i) => `c${i}`).join(', ');
  const sides = `SELECT 0 AS s, n, ${key} FROM ${b} UNION ALL SELECT 1 AS s, n, ${key} FROM ${a}`;
  const counts = 'count(*) FILTER (s = 0) AS rb, count(*) FILTER (s = 1) AS ra, min(n) FILTER (s = 0) AS fb, min(n) FILTER (s = 1) AS fa';
  return `SELECT ${key}, ${counts} FROM (${sides}) GROUP BY ${key} HAVING rb > 1 OR ra > 1`;
};

/** The rows of both sides whose key stands more than once somewhere (SEMI), or those whose key does not (ANTI). */
const sidesByKey = (tables: RowTables, places: readonly number[], join: 'SEMI' | 'ANTI'): RowSides => {
  const { b, a } = numberedSides(tables);
  const groups = repeatedGroups(tables, places);
  const those = (side: string): string =>
    `(SELECT t.* FROM ${side} AS t ${join} JOIN (${groups}) AS g ON ${places.map((i) => `t.c${i} IS NOT DISTINCT FROM g.c${i}`).join(' AND ')})`;
  return { b: those(b), a: those(a) };
};
