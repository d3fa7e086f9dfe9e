import { makeRedactor } from '#base';
import type { Column } from '#snapshot';
import { canonicalText } from './canonical-text.ts';
import { IDENTIFIER_SHARE, MIN_CATEGORY_ROWS, MOST_CATEGORIES, MOST_DISTINCT, type ProfileOptions } from './profile-options.ts';
import { quotedName } from './sql-text.ts';
import type { TableQuery } from '../table-query.ts';
import type { TableColumn } from './value-type.ts';

type Categories = Pick<Column, 'categories' | 'otherCount' | 'distinct'>;

/** Longest value that is listed. Unit: character. Source: schema/snapshot/v0.schema.json. */
const LONGEST_VALUE = 256;

/** An estimate of different values may be off by this factor. Source: DuckDB, approx_count_distinct (HyperLogLog). */
const ESTIMATE_SLACK = 1.3;

/**
 * The most frequent values of a column, if it has few, with the exact number of different ones. Nothing of a column whose texts name
 * its rows; no value that few rows share, that is long, or that looks like a secret: those are counted together.
 */
export const categoriesOf = async (
  query: TableQuery,
  { relation, column, rows }: { readonly relation: string; readonly column: TableColumn; readonly rows: Rows },
  options: ProfileOptions,
): Promise<Categories> => {
  if (rows.distinct > MOST_DISTINCT * ESTIMATE_SLACK) return {};
  const name = quotedName(column.name);
  const text = column.value.kind === 'text' ? `CAST(${name} AS VARCHAR)` : canonicalText(name, column.value);
  const found = await query(`SELECT ${text} AS value, count(*) AS n FROM ${relation} WHERE ${name} IS NOT NULL GROUP BY 1 ORDER BY n DESC, value LIMIT ${MOST_DISTINCT + 1}`);
  if (found.length > MOST_DISTINCT) return {};
  const distinct = found.length;
  if (options.identifiers !== true && column.value.kind === 'text' && distinct >= rows.present * IDENTIFIER_SHARE) return { distinct };
  const redactor = options.redactor ?? makeRedactor();
  const listed = found
    .map((row) => ({ value: String(row['value']), count: Number(row['n']) }))
    .filter(({ value, count }) => count >= (options.minCategoryRows ?? MIN_CATEGORY_ROWS) && value.length <= LONGEST_VALUE && redactor.scan(value).length === 0)
    .slice(0, options.mostCategories ?? MOST_CATEGORIES);
  return { distinct, categories: listed, otherCount: rows.present - listed.reduce((sum, { count }) => sum + count, 0) };
};

export type Rows = {
  /** Rows with a value. */
  readonly present: number;
  /** Different values, estimated. */
  readonly distinct: number;
};
