/**
 * Something in which a sample of live inputs is not what a model was trained on. It holds names of columns, counts, shares and bounds, and
 * no other value of a row.
 */
export type SampleDeparture =
  | { readonly kind: 'order'; readonly expected: readonly string[]; readonly found: readonly string[] }
  /** A column that the training had, and the sample has not. */
  | { readonly kind: 'gone'; readonly column: string; /** What stands at its place, if that is a column of the same kind that the training had not. */ readonly insteadOf?: string }
  | { readonly kind: 'added'; readonly column: string }
  | { readonly kind: 'type'; readonly column: string; readonly trained: string; readonly found: string }
  | { readonly kind: 'outside'; readonly column: string; readonly side: 'min' | 'max'; readonly trained: string; readonly found: string }
  | { readonly kind: 'infinite'; readonly column: string }
  | {
      readonly kind: 'narrower';
      readonly column: string;
      readonly side: 'min' | 'max';
      readonly trained: string;
      readonly found: string;
      /** Least share of the rows of the training beyond what was found. */
      readonly beyond: number;
      /** Share of the rows of the sample that sit at its end, where that is unusual. */
      readonly sits?: number;
    }
  | { readonly kind: 'constant'; readonly column: string; /** The value, where it is a bound of an ordered column. */ readonly at?: string }
  | { readonly kind: 'missing'; readonly column: string; readonly trained: number; readonly found: number }
  | { readonly kind: 'new-values'; readonly column: string; /** How many. */ readonly values: number; /** Unit: row. */ readonly rows: number }
  /** The population moved. index: population stability index. */
  | { readonly kind: 'moved'; readonly column: string; readonly index: number }
  /** Its values are like those that the training had in another column, and in no second one. */
  | { readonly kind: 'like'; readonly column: string; readonly other: string };

/** A sample beside the profile of the training data. */
export type SampleComparison = {
  readonly departures: readonly SampleDeparture[];
  /** Inputs that both have, in the order of the training. */
  readonly columns: readonly string[];
  /** Those of them whose values could not be compared: only name, place, type and, where it is known, missing values were. */
  readonly unseen: readonly string[];
  /** Inputs of which the profile says nothing. */
  readonly untrained: readonly string[];
};
