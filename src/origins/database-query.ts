import type { Cell } from './result-cell.ts';

export type DatabaseQuery = {
  /** sqlite:/path/to/file, or postgresql://user@host/database; passwords from where the library of the database looks for them. */
  readonly uri: string;
  /** One statement that reads. */
  readonly query: string;
  /** File for the result. */
  readonly path: string;
  readonly format?: 'jsonl' | 'csv';
  /** Default: 10 min. */
  readonly statementTimeoutMs?: number;
  /** Larger results are refused. Unit: byte. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
};

/** What a database gives: the names of the columns, then the rows. */
export type Rows = { readonly columns: readonly string[]; readonly rows: AsyncIterable<readonly Cell[]> };

export const DEFAULT_STATEMENT_TIMEOUT_MS = 10 * 60 * 1000;
