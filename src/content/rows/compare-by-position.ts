import { changedCells, changedColumns, changedExample, type ComparedRows, exampleColumns, numberedSides, type RowTables } from './row-tables.ts';
import { anyDiffers, countIn } from './table-relation.ts';

/** Compares the first row with the first, the second with the second; rows beyond the end of the shorter table were added or removed. */
export const compareByPosition = async (tables: RowTables): Promise<ComparedRows> => {
  const { query, columns, examples } = tables;
  const { b, a } = numberedSides(tables);
  const differs = anyDiffers(columns.length);
  const counts = [
    'count(b.n) AS rows_before',
    'count(a.n) AS rows_after',
    `count(*) FILTER (b.n IS NOT NULL AND a.n IS NOT NULL AND (${differs})) AS changed`,
    ...changedCells(columns),
  ];
  const [answer] = await query(`SELECT ${counts.join(', ')} FROM ${b} AS b POSITIONAL JOIN ${a} AS a`);
  const [before, after, changed] = [countIn(answer, 'rows_before'), countIn(answer, 'rows_after'), countIn(answer, 'changed')];
  const both = Math.min(before, after);
  const found =
    changed === 0
      ? []
      : await query(
          `SELECT ${exampleColumns(tables)} FROM ${b} AS b POSITIONAL JOIN ${a} AS a WHERE b.n IS NOT NULL AND a.n IS NOT NULL AND (${differs}) ORDER BY b.n LIMIT ${examples}`,
        );
  const beyond = Array.from({ length: Math.min(examples, Math.abs(after - before)) }, (_, i) => both + 1 + i);
  return {
    by: { kind: 'position' },
    before,
    after,
    same: both - changed,
    changed,
    added: after - both,
    removed: before - both,
    reordered: 0,
    columns: changedColumns(columns, answer),
    examples: [
      ...found.map((row) => changedExample(tables, row)),
      ...beyond.map((row) => (after > before ? { kind: 'added' as const, after: row } : { kind: 'removed' as const, before: row })),
    ],
  };
};

/** A column with at least this part of its values different tells rows apart. */
const TELLING_PART = 0.5;
/** Rows stayed where they were if such a column is the same at this part of the places. */
const KEPT_PART = 0.9;

/** Whether a column by which rows can be told apart is the same at nearly every place, so that the rows did not move. */
export const keepsItsPlaces = async (tables: RowTables, { before, columns }: ComparedRows): Promise<boolean> => {
  const changed = new Map(columns.map(({ column, changedCells: count }) => [column, count]));
  const steady = tables.columns.flatMap(({ name }, i) => ((changed.get(name) ?? 0) <= (1 - KEPT_PART) * before ? [i] : []));
  if (steady.length === 0) return false;
  const [answer] = await tables.query(`SELECT ${steady.map((i) => `approx_count_distinct(c${i}) AS u${i}`).join(', ')} FROM ${numberedSides(tables).b}`);
  return steady.some((i) => countIn(answer, `u${i}`) >= TELLING_PART * before);
};
