/** How rows of two tables were told apart. */
export type RowsComparedBy =
  /** Rows with the same values in these columns are the same row. */
  | { readonly kind: 'key'; readonly columns: readonly string[] }
  /** The first row with the first, the second with the second. */
  | { readonly kind: 'position' }
  /** Rows that are equal in every column are the same row, wherever they stand; there are no changed rows. */
  | { readonly kind: 'content' };

/** A cell that differs. The values are there only if they were asked for; null is a missing value. */
export type ChangedCell = { readonly column: string; readonly before?: string | null; readonly after?: string | null };

/** A row that differs. Numbers of rows begin at 1 and do not count a header. */
export type RowExample =
  | { readonly kind: 'changed'; readonly before: number; readonly after: number; readonly cells: readonly ChangedCell[] }
  | { readonly kind: 'added'; readonly after: number }
  | { readonly kind: 'removed'; readonly before: number };

/**
 * Rows whose key stands more than once on at least one side, so that it does not tell which of them belong together. They were compared
 * as whole rows, wherever they stand, and are in the counts of all rows. Unit: row.
 */
export type RepeatedKeys = {
  /** How many different keys stand more than once. */
  readonly keys: number;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  readonly same: number;
  readonly added: number;
  readonly removed: number;
  /** The first row of a side whose key stands there more than once; absent if there is none. */
  readonly firstBefore?: number;
  readonly firstAfter?: number;
};

/** The rows of two tables. The counts are complete. Unit: row. */
export type RowsDifference = {
  readonly by: RowsComparedBy;
  readonly before: number;
  readonly after: number;
  readonly same: number;
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
  /**
   * Rows of both sides that stand at another place among the rows of both sides. undefined where equal rows stand several times,
   * so that nobody can say which of them moved.
   */
  readonly reordered: number | undefined;
  readonly repeatedKeys?: RepeatedKeys;
  /** Changed cells by column, most first; columns without any are left out. */
  readonly columns: readonly { readonly column: string; readonly changedCells: number }[];
  /** The first of each kind. */
  readonly examples: readonly RowExample[];
  /** Columns that only one side has; they were not compared. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** Columns whose types differ; their values were compared by what they mean: 1 is 1.0, and text is what it spells. */
  readonly retyped: readonly string[];
};
