/** Rows or groups of two parts of a data set that are the same. Unit: row. */
export type PairOverlap = {
  readonly parts: readonly [string, string];
  /** Different rows, or groups, that both have. */
  readonly shared: number;
  /** Rows of each part that are among them. */
  readonly rows: readonly [number, number];
  /** The same as shares of the rows of each part. */
  readonly shares: readonly [number, number];
  /** The first shared ones: where they first stand in each part. Numbers of rows begin at 1. */
  readonly examples: readonly { readonly rows: readonly [number, number] }[];
  /** Columns that were compared. */
  readonly columns: readonly string[];
};

/** Rows of one part that stand there more than once. */
export type PartRepeats = {
  readonly part: string;
  readonly rowCount: number;
  /** Different rows, or groups, that stand more than once. */
  readonly repeated: number;
  /** Rows beyond the first of each. */
  readonly surplus: number;
  /** Rows without a value in a column of the key; they belong to no group. */
  readonly withoutKey: number;
};

/** A text of one part that is nearly a text of another. */
export type NearPair = {
  readonly rows: readonly [number, number];
  /** Jaccard similarity of the shingles, 0 to 1, computed and not estimated. */
  readonly similarity: number;
};

export type NearOverlap = {
  readonly parts: readonly [string, string];
  /** Different pairs of texts at or above the threshold. */
  readonly pairs: number;
  /** Rows of each part that are in a pair. */
  readonly rows: readonly [number, number];
  readonly shares: readonly [number, number];
  /** The most similar ones. */
  readonly examples: readonly NearPair[];
};

/** Texts of one column that are nearly the same in two parts. */
export type NearDuplicates = {
  readonly column: string;
  readonly threshold: number;
  readonly shingle: { readonly unit: 'word' | 'character'; readonly length: number };
  /** The chance that a pair just at the threshold is found. */
  readonly foundAtThreshold: number;
  readonly pairs: readonly NearOverlap[];
  /** What was not looked at, in words; empty if everything was. */
  readonly limits: readonly string[];
};

/** What the parts of a data set have in common. */
export type Overlap = {
  /** row: equal in all columns that both have. key: equal in these columns. */
  readonly by: { readonly kind: 'row' } | { readonly kind: 'key'; readonly columns: readonly string[] };
  readonly parts: readonly PartRepeats[];
  readonly pairs: readonly PairOverlap[];
  readonly near?: NearDuplicates;
  /** What was looked at less exactly than it was written, in words; absent if nothing was. */
  readonly notes?: readonly string[];
};
