import type { RowExample } from '#snapshot';
import type { TableQuery } from '../table-query.ts';
import { columnNames, countIn } from './table-relation.ts';

/** Two subqueries with the number of a row as n and its values as c0, c1, …; equal values are equal. */
export type RowSides = { readonly b: string; readonly a: string };

/** How often both sides have each row. Unit of the counts: row. */
export type MultisetDifference = {
  readonly before: number;
  readonly after: number;
  readonly same: number;
  readonly added: number;
  readonly removed: number;
  /** Whether a row stands more than once on one of the sides. */
  readonly hasRepeated: boolean;
  /** Whether both sides have a row, but not equally often: then nobody can say which of the equal rows are the same. */
  readonly isUneven: boolean;
  /** The first rows that only one side has, or has more often; the last of the equal ones stands for them. */
  readonly examples: { readonly removed: readonly RowExample[]; readonly added: readonly RowExample[] };
};

export type MultisetRequest = {
  readonly query: TableQuery;
  /** How many columns there are. */
  readonly width: number;
  /** Most examples of each kind. */
  readonly examples: number;
};

/** Compares rows as whole rows wherever they stand: what both sides have is the same, what one has more often was added or removed. */
export const compareMultisets = async ({ query, width, examples }: MultisetRequest, sides: RowSides): Promise<MultisetDifference> => {
  const groups = groupsOf(sides, width);
  const [answer] = await query(
    `SELECT sum(b) AS rows_before, sum(a) AS rows_after, sum(least(b, a)) AS same, sum(greatest(b - a, 0)) AS removed, sum(greatest(a - b, 0)) AS added, ` +
      `count(*) FILTER (b > 1 OR a > 1) AS repeated, count(*) FILTER (b > 0 AND a > 0 AND b <> a) AS uneven FROM (${groups})`,
  );
  const [removed, added] = [countIn(answer, 'removed'), countIn(answer, 'added')];
  const gone = removed === 0 ? [] : await query(`SELECT lb AS n FROM (${groups}) WHERE b > a ORDER BY n LIMIT ${examples}`);
  const came = added === 0 ? [] : await query(`SELECT la AS n FROM (${groups}) WHERE a > b ORDER BY n LIMIT ${examples}`);
  return {
    before: countIn(answer, 'rows_before'),
    after: countIn(answer, 'rows_after'),
    same: countIn(answer, 'same'),
    added,
    removed,
    hasRepeated: countIn(answer, 'repeated') > 0,
    isUneven: countIn(answer, 'uneven') > 0,
    examples: {
      removed: gone.map((row): RowExample => ({ kind: 'removed', before: countIn(row, 'n') })),
      added: came.map((row): RowExample => ({ kind: 'added', after: countIn(row, 'n') })),
    },
  };
};

/** Pairs (bn, an) of the numbers of equal rows: the first with the first of its equals, the second with the second. */
export const equalPairs = (sides: RowSides, { width, hasRepeated }: { readonly width: number; readonly hasRepeated: boolean }): string =>
  hasRepeated ? countedPairs(sides, width) : `SELECT lb AS bn, la AS an FROM (${groupsOf(sides, width)}) WHERE b = 1 AND a = 1`;

/** Different rows: how often each side has them, and where it has them last. */
const groupsOf = ({ b, a }: RowSides, width: number): string => {
  const sides = `SELECT 0 AS s, * FROM ${b} UNION ALL SELECT 1 AS s, * FROM ${a}`;
  const counts = 'count(*) FILTER (s = 0) AS b, count(*) FILTER (s = 1) AS a, max(n) FILTER (s = 0) AS lb, max(n) FILTER (s = 1) AS la';
  return `SELECT ${counts} FROM (${sides}) GROUP BY ${columnNames(width).join(', ')}`;
};

const countedPairs = ({ b, a }: RowSides, width: number): string => {
  const names = columnNames(width);
  const counted = (side: string): string => `(SELECT *, row_number() OVER (PARTITION BY ${names.join(', ')} ORDER BY n) AS k FROM ${side})`;
  const equal = ['b.k = a.k', ...names.map((name) => `b.${name} IS NOT DISTINCT FROM a.${name}`)].join(' AND ');
  return `SELECT b.n AS bn, a.n AS an FROM ${counted(b)} AS b JOIN ${counted(a)} AS a ON ${equal}`;
};
