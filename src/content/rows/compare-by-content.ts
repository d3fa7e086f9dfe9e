import type { RowExample } from '#snapshot';
import { type ComparedRows, numberedSides, reorderedCount, type RowTables } from './row-tables.ts';
import { columnNames, countIn } from './table-relation.ts';

/** Compares rows wherever they stand: what both have is the same, what only one has was added or removed. */
export const compareByContent = async (tables: RowTables): Promise<ComparedRows> => {
  const { query, examples } = tables;
  const groups = groupsOf(tables);
  const [answer] = await query(
    `SELECT sum(b) AS rows_before, sum(a) AS rows_after, sum(least(b, a)) AS same, sum(greatest(b - a, 0)) AS removed, sum(greatest(a - b, 0)) AS added, ` +
      `count(*) FILTER (b > 1 OR a > 1) AS repeated, count(*) FILTER (b > 0 AND a > 0 AND b <> a) AS uneven FROM (${groups})`,
  );
  const [removed, added, same] = [countIn(answer, 'removed'), countIn(answer, 'added'), countIn(answer, 'same')];
  const gone = removed === 0 ? [] : await query(`SELECT lb AS n FROM (${groups}) WHERE b > a ORDER BY n LIMIT ${examples}`);
  const came = added === 0 ? [] : await query(`SELECT la AS n FROM (${groups}) WHERE a > b ORDER BY n LIMIT ${examples}`);
  const reordered = same === 0 ? 0 : countIn((await query(reorderedCount(countIn(answer, 'repeated') === 0 ? singlePairs(groups) : countedPairs(tables))))[0], 'reordered');
  return {
    by: { kind: 'content' },
    before: countIn(answer, 'rows_before'),
    after: countIn(answer, 'rows_after'),
    same,
    changed: 0,
    added,
    removed,
    reordered: reordered > 0 && countIn(answer, 'uneven') > 0 ? undefined : reordered,
    columns: [],
    examples: [...gone.map((row): RowExample => ({ kind: 'removed', before: countIn(row, 'n') })), ...came.map((row): RowExample => ({ kind: 'added', after: countIn(row, 'n') }))],
  };
};

/** Different rows: how often each side has them, and where it has them last. */
const groupsOf = (tables: RowTables): string => {
  const { b, a } = numberedSides(tables);
  const sides = `SELECT 0 AS s, * FROM ${b} UNION ALL SELECT 1 AS s, * FROM ${a}`;
  const counts = 'count(*) FILTER (s = 0) AS b, count(*) FILTER (s = 1) AS a, max(n) FILTER (s = 0) AS lb, max(n) FILTER (s = 1) AS la';
  return `SELECT ${counts} FROM (${sides}) GROUP BY ${columnNames(tables.columns.length).join(', ')}`;
};

const singlePairs = (groups: string): string => `SELECT lb AS bn, la AS an FROM (${groups}) WHERE b = 1 AND a = 1`;

/** Equal rows are paired by how many of them stand above: the first with the first, the second with the second. */
const countedPairs = (tables: RowTables): string => {
  const { b, a } = numberedSides(tables);
  const names = columnNames(tables.columns.length);
  const counted = (side: string): string => `(SELECT *, row_number() OVER (PARTITION BY ${names.join(', ')} ORDER BY n) AS k FROM ${side})`;
  const equal = ['b.k = a.k', ...names.map((name) => `b.${name} IS NOT DISTINCT FROM a.${name}`)].join(' AND ');
  return `SELECT b.n AS bn, a.n AS an FROM ${counted(b)} AS b JOIN ${counted(a)} AS a ON ${equal}`;
};
