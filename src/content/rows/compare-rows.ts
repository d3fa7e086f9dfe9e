import { TrainlockError } from '#base';
import type { RowsDifference } from '#snapshot';
import type { TableQuery } from '../table-query.ts';
import { compareByContent } from './compare-by-content.ts';
import { compareByKey } from './compare-by-key.ts';
import { compareByPosition, keepsItsPlaces } from './compare-by-position.ts';
import { columnsOnlyIn, sharedColumns } from './shared-columns.ts';
import { keyColumns, type TableRelation } from './table-relation.ts';
import type { RowTables } from './row-tables.ts';

export type CompareRowsOptions = {
  /** Columns that name a row. Without them rows are compared by position, or by content where that says more. */
  readonly key?: readonly string[];
  /** Without a key: how to compare. Default: what says more. */
  readonly by?: 'position' | 'content';
  /** Most examples of each kind. Default: 20. */
  readonly examples?: number;
  /** Whether values of changed cells are told. Default: no. */
  readonly values?: boolean;
};

const EXAMPLES = 20;

/**
 * Compares the rows of two tables by SQL. Only counts and a few examples leave DuckDB. TL0001 if a column of the key is missing,
 * or the tables have no column in common.
 */
export const compareRows = async (query: TableQuery, before: TableRelation, after: TableRelation, options: CompareRowsOptions = {}): Promise<RowsDifference> => {
  const columns = sharedColumns(before, after);
  if (columns.length === 0) throw new TrainlockError('TL0001', 'the two tables have no column in common, so that their rows cannot be compared');
  const tables: RowTables = { query, before, after, columns, examples: options.examples ?? EXAMPLES, values: options.values ?? false };
  const rows = await comparison(tables, options);
  return {
    ...rows,
    onlyBefore: columnsOnlyIn(before, after),
    onlyAfter: columnsOnlyIn(after, before),
    retyped: columns.flatMap(({ name, retyped }) => (retyped ? [name] : [])),
  };
};

const comparison = async (tables: RowTables, { key, by }: CompareRowsOptions) => {
  if (key !== undefined && key.length > 0) {
    keyColumns(tables.before, key, 'before');
    keyColumns(tables.after, key, 'after');
    return compareByKey(tables, key);
  }
  if (by === 'content') return compareByContent(tables);
  const byPosition = await compareByPosition(tables);
  const isLikely = byPosition.before === byPosition.after && (byPosition.before === 0 || byPosition.same * 2 > byPosition.before);
  if (by === 'position' || isLikely) return byPosition;
  const byContent = await compareByContent(tables);
  // A column that was clipped in most rows leaves few rows as they were, wherever they stand; then their places say more.
  const sayLittle = byPosition.before === byPosition.after && byContent.same * 2 <= byContent.before;
  return sayLittle && (await keepsItsPlaces(tables, byPosition)) ? byPosition : byContent;
};
