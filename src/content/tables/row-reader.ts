import type { TableSource } from './table-source.ts';

/** How the value of a staged column becomes a value of its type. */
export type Decoding = 'plain' | 'cast' | 'json' | 'hex' | 'date-ms' | 'timestamp-s' | 'timestamp-ms' | 'timestamp-us' | 'timestamp-ns' | 'time-us';

/** A column as it is handed over: values of a simple type, and how they become what they are. */
export type StagedColumn = {
  readonly name: string;
  readonly staged: 'BOOLEAN' | 'INTEGER' | 'BIGINT' | 'UBIGINT' | 'DOUBLE' | 'VARCHAR';
  /** Type as DuckDB names it. */
  readonly type: string;
  readonly decoding: Decoding;
  /** Whether values inside are handed over less exactly than they were written: times inside lists and records. */
  readonly isCoarse?: boolean;
  /** Times are told in UTC. */
  readonly zoned?: boolean;
};

/** Values of one column of a block: number, bigint, boolean, string, or null where there is none. */
export type StagedValues = readonly (number | bigint | boolean | string | null)[];

/** Takes what a reader reads. */
export type RowSink = {
  /** Said once, before the first block. */
  readonly columns: (columns: readonly StagedColumn[]) => void;
  /** One entry per column, all equally long. Resolves when the next block may come. */
  readonly block: (values: readonly StagedValues[]) => Promise<void>;
  /** Said instead of columns and blocks where only the shape can be told. */
  readonly described: (description: Description) => void;
};

/** What can be said of a table whose values are not looked at. */
export type Description = {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rowCount?: number;
  /** Why the values are not looked at, if that is a fault of the file. */
  readonly problem?: string;
};

/**
 * Reads the tables of one format without DuckDB. It runs in a thread of its own: the bytes are hostile, and what never ends can
 * then be stopped. Both throw whatever the library throws, or TL0002 with the problem in words.
 */
export type RowReader = {
  readonly read: (source: TableSource, sink: RowSink) => Promise<void>;
  /** Names of the tables inside a container. */
  readonly list?: (source: TableSource) => Promise<readonly string[]>;
};

/** Values of one block, so that memory stays small whatever the number of columns. */
const BLOCK_VALUES = 200_000;

/** Rows of one block of a table with so many columns. */
export const blockRows = (columnCount: number): number => Math.max(1, Math.min(16_384, Math.floor(BLOCK_VALUES / Math.max(1, columnCount))));

/** Columns of an array that are told one by one; a wider one is told by its shape. */
export const MOST_ARRAY_COLUMNS = 2000;
