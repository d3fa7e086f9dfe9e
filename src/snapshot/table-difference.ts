import type { Column } from './generated/snapshot-types.ts';

/** How far a population moved. unknown: the figures do not suffice. There is no grade that says that a change is harmless. */
export type Grade = 'stable' | 'moderate' | 'strong' | 'unknown';

/** A bin of the values of a column with the shares of the rows of both sides, missing values included in the whole. */
export type SharedBin = { readonly name: string; readonly before: number; readonly after: number };

/** Population stability index. */
export type StabilityIndex = {
  readonly value: number;
  /**
   * categories: by value. distribution: by bins of the ordered values. missing: only rows with and without a value were told
   * apart, so that the true index is this or more.
   */
  readonly basis: 'categories' | 'distribution' | 'missing';
  /** Whether it was computed from exact counts; else it is an estimate from histograms and quantiles, or from merged categories. */
  readonly exact: boolean;
  /** The least that the figures of both sides permit. */
  readonly atLeast: number;
  /** What two samples of one population exceed by chance in one case of twenty. */
  readonly byChance: number;
  readonly bins: readonly SharedBin[];
};

/** Kolmogorov-Smirnov distance of the values, missing ones left out: an estimate, and the bounds that the figures give. */
export type DistributionDistance = { readonly estimate: number; readonly atLeast: number; readonly atMost: number };

export type BoundChange = { readonly before: string; readonly after: string; readonly change: 'same' | 'grown' | 'shrunk' };

/** Something unusual at the smallest or largest value. Shares are of the rows with a value. */
export type EdgeFinding = {
  /**
   * clipped: the range shrank and what lay beyond sits at the new bound now. new-extreme: the range grew and an unusual share
   * sits at the new bound, as where a placeholder stands for missing values.
   */
  readonly kind: 'clipped' | 'new-extreme';
  readonly side: 'min' | 'max';
  readonly at: string;
  /** Share of the rows after that sit there, estimated where no category tells it. */
  readonly share: number;
  /** The same as a number, and of how many rows with a value. exact: whether they were counted and not estimated. */
  readonly rows: { readonly count: number; readonly of: number; readonly exact: boolean };
  /** Share of the rows before that lay beyond; for clipped. */
  readonly beyondBefore?: number;
};

/**
 * A value that only one side shows. certain: the other side shows all its values, so that it has none of it; else it has far
 * fewer rows of it.
 */
export type ShownCategory = { readonly value: string; readonly count: number; readonly certain: boolean };

/** How the values of one column moved. What is absent is not known. */
export type Drift = {
  readonly grade: Grade;
  /** Why, in words. */
  readonly because: string;
  readonly stabilityIndex?: StabilityIndex;
  readonly distance?: DistributionDistance;
  /** Shares of the rows without a value. */
  readonly missing?: { readonly before: number; readonly after: number };
  /** Difference of the means. Unit: standard deviation before. */
  readonly meanShift?: number;
  readonly range?: { readonly min: BoundChange; readonly max: BoundChange };
  readonly edges: readonly EdgeFinding[];
  readonly newCategories: readonly ShownCategory[];
  readonly vanishedCategories: readonly ShownCategory[];
};

/** A column that both sides have. */
export type ColumnDifference = {
  /** Its name after. */
  readonly name: string;
  /** Its name before, if it was renamed. */
  readonly renamedFrom?: string;
  /** Types, if they differ. family: whether values of both are of one kind, as whole numbers of two widths. */
  readonly types?: { readonly before: string; readonly after: string; readonly sameFamily: boolean };
  /** Places from 1, if it was moved among the columns that both have. */
  readonly moved?: { readonly from: number; readonly to: number };
  readonly drift: Drift;
  readonly before: Column;
  readonly after: Column;
};

/** How the balance of the labels moved. */
export type LabelShift = {
  readonly column: string;
  /** Half of the sum of the differences of the shares: 0 for the same balance, 1 for nothing in common. */
  readonly totalVariation: number;
  readonly stabilityIndex: number;
  readonly grade: Grade;
  readonly bins: readonly SharedBin[];
};

export type ColumnsDifference = {
  readonly added: readonly Column[];
  readonly removed: readonly Column[];
  /** In the order after. */
  readonly shared: readonly ColumnDifference[];
  readonly label?: LabelShift;
};
