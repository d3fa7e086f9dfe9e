/**
 * Runs one statement of DuckDB and gives its rows. `values` stand for ? in their order. Whole numbers may come as bigint.
 * Rejects if DuckDB refuses.
 */
export type TableQuery = (sql: string, values?: readonly unknown[]) => Promise<readonly Readonly<Record<string, unknown>>[]>;
