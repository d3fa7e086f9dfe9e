import type { Redactor } from '#base';
import type { StopOptions } from './stop.ts';

export type Detail = 'full' | 'counts' | 'off';

/** What ends the work counts for each table; a table that was stopped has a problem that says so. */
export type ProfileOptions = StopOptions & {
  /** What is told of columns that are not named in `columns`. */
  readonly detail?: Detail;
  /** What is told of single columns, by name. */
  readonly columns?: Readonly<Record<string, Detail>>;
  /** Column that holds the label: its values are counted whatever its type. */
  readonly label?: string;
  /** Most values of a column that are listed. */
  readonly mostCategories?: number;
  /** A value is listed only if so many rows share it. Unit: row. */
  readonly minCategoryRows?: number;
  /** Only the first rows are looked at. Unit: row. */
  readonly mostRows?: number;
  /** Count also the values of a text column that nearly all differ: for figures that are compared and never told. */
  readonly identifiers?: boolean;
  /** A value in which this finds a secret is not listed. */
  readonly redactor?: Pick<Redactor, 'scan'>;
};

/** With more different values than this a column is not one of categories. */
export const MOST_DISTINCT = 1000;
export const MOST_CATEGORIES = 50;
export const MIN_CATEGORY_ROWS = 5;

/** From this share of different values on a text column names its rows, and no value of it is told. */
export const IDENTIFIER_SHARE = 0.9;

export const detailOf = (name: string, options: ProfileOptions): Detail => (Object.hasOwn(options.columns ?? {}, name) ? options.columns![name]! : (options.detail ?? 'full'));
