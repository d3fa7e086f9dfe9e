import type { RowExample, RowsDifference } from '#snapshot';
import type { TableQuery } from '../table-query.ts';
import type { SharedColumn } from './shared-columns.ts';
import { countIn, numberedRows, type TableRelation } from './table-relation.ts';

/** Two tables, the columns that both have, and what is wanted of their rows. */
export type RowTables = {
  readonly query: TableQuery;
  readonly before: TableRelation;
  readonly after: TableRelation;
  readonly columns: readonly SharedColumn[];
  readonly examples: number;
  readonly values: boolean;
};

/** What comparing rows tells, without what the columns alone tell. */
export type ComparedRows = Omit<RowsDifference, 'onlyBefore' | 'onlyAfter' | 'retyped'>;

/** Subqueries b and a with the shared columns as c0, c1, …; equal values are equal. */
export const numberedSides = ({ before, after, columns }: RowTables): { readonly b: string; readonly a: string } => ({
  b: numberedRows(
    before,
    columns.map((column) => ({ expression: column.before })),
  ),
  a: numberedRows(
    after,
    columns.map((column) => ({ expression: column.after })),
  ),
});

/** Expressions that count the changed cells of each column, as d0, d1, … */
export const changedCells = (columns: readonly unknown[]): readonly string[] =>
  columns.map((_, i) => `count(*) FILTER (b.n IS NOT NULL AND a.n IS NOT NULL AND b.c${i} IS DISTINCT FROM a.c${i}) AS d${i}`);

/** Changed cells by column from the answer to changedCells, most first. */
export const changedColumns = (columns: readonly SharedColumn[], answer: Readonly<Record<string, unknown>> | undefined): RowsDifference['columns'] =>
  columns
    .map(({ name }, i) => ({ column: name, changedCells: countIn(answer, `d${i}`) }))
    .filter((column) => column.changedCells > 0)
    .toSorted((x, y) => y.changedCells - x.changedCells);

/** Longest value that is told. Unit: character. */
const MOST_CHARACTERS = 200;

/** What is selected to tell a changed row: numbers, which columns differ, and their values if they are wanted. */
export const exampleColumns = ({ columns, values }: RowTables): string =>
  [
    'b.n AS bn',
    'a.n AS an',
    ...columns.map((_, i) => `b.c${i} IS DISTINCT FROM a.c${i} AS d${i}`),
    ...(values ? columns.flatMap((_, i) => [`left(CAST(b.c${i} AS VARCHAR), ${MOST_CHARACTERS}) AS b${i}`, `left(CAST(a.c${i} AS VARCHAR), ${MOST_CHARACTERS}) AS a${i}`]) : []),
  ].join(', ');

/** A changed row from the answer to exampleColumns. */
export const changedExample = ({ columns, values }: RowTables, answer: Readonly<Record<string, unknown>>): RowExample => ({
  kind: 'changed',
  before: countIn(answer, 'bn'),
  after: countIn(answer, 'an'),
  cells: columns.flatMap(({ name }, i) =>
    answer[`d${i}`] === true ? [{ column: name, ...(values ? { before: textIn(answer, `b${i}`), after: textIn(answer, `a${i}`) } : {}) }] : [],
  ),
});

const textIn = (answer: Readonly<Record<string, unknown>>, name: string): string | null => {
  const value = answer[name];
  return typeof value === 'string' ? value : null;
};

/** Counts rows of pairs (bn, an) that stand at another place among them. */
export const reorderedCount = (pairs: string): string =>
  `SELECT count(*) FILTER (x <> y) AS reordered FROM (SELECT row_number() OVER (ORDER BY bn) AS x, row_number() OVER (ORDER BY an) AS y FROM (${pairs}))`;
