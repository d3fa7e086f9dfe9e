import type { Table } from '#snapshot';

export type TableFormat = Table['format'];

/** One file of a table. */
export type TableFile = {
  /** Path relative to the root of the data, with forward slashes. */
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
};

/** Where one table is: a file, several files of one form, or a part of a container. */
export type TableSource = {
  /** The file relative to the root; for several files their folder and a pattern. */
  readonly path: string;
  readonly format: TableFormat;
  /** At least one, in the order of their names. */
  readonly files: readonly TableFile[];
  /** Name of the table, data set or array inside the file. */
  readonly inner?: string;
  /** Why it is known already that it cannot be read. */
  readonly problem?: string;
};

const FORMATS: readonly (readonly [RegExp, TableFormat])[] = [
  [/\.csv(\.gz|\.zst)?$/i, 'csv'],
  [/\.(tsv|tab)(\.gz|\.zst)?$/i, 'tsv'],
  [/\.(jsonl|ndjson)(\.gz|\.zst)?$/i, 'jsonl'],
  [/\.(parquet|pq)$/i, 'parquet'],
  [/\.(arrow|arrows|feather|ipc)$/i, 'arrow'],
  [/\.npy$/i, 'npy'],
  [/\.npz$/i, 'npz'],
  [/\.(sqlite|sqlite3|db3?)$/i, 'sqlite'],
  [/\.(h5|hdf5?|he5)$/i, 'hdf5'],
];

/** Files that hold several tables: each of their tables is a source of its own. */
export const CONTAINERS: ReadonlySet<TableFormat> = new Set(['npz', 'sqlite', 'hdf5']);

/** Format by the name of a file; undefined if no table is expected in it. */
export const tableFormatOf = (name: string): TableFormat | undefined => FORMATS.find(([pattern]) => pattern.test(name))?.[1];

/** Whether a file holds tables, by its name. */
export const isTable = (name: string): boolean => tableFormatOf(name) !== undefined;
