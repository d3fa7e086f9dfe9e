import { type Distribution, distributionOf, justAbove, type Profiled } from './distribution.ts';
import { columnIndex, profiledOf, showsAll } from './drift-bins.ts';
import { edgeFindings } from './edge-findings.ts';
import type { Column } from './generated/snapshot-types.ts';
import { gradeOfDrift } from './grade-of-drift.ts';
import { familyOf, orderedValue } from './ordered-value.ts';
import { shareBelow, shareBounds } from './share-below.ts';
import type { BoundChange, DistributionDistance, Drift, ShownCategory } from './table-difference.ts';

/** A column with the number of rows of its table, and why its profile says nothing, if so. */
export type ColumnInTable = { readonly column: Column; readonly rowCount: number | undefined; readonly problem?: string };

/** How the values of a column moved between two profiles. What they do not say stays unknown. */
export const driftOf = (before: ColumnInTable, after: ColumnInTable): Drift => {
  const problem = problemOf(before, after);
  const [old, young] = [profiledOf(before.column, before.rowCount), profiledOf(after.column, after.rowCount)];
  if (problem !== undefined || old === undefined || young === undefined) return unknownDrift(problem ?? 'the number of rows is not known');
  const stabilityIndex = columnIndex(old, young);
  const [left, right] = [distributionOf(old), distributionOf(young)];
  const both = left === undefined || right === undefined ? undefined : { left, right };
  const edges = both === undefined ? [] : edgeFindings({ column: old.column, distribution: both.left }, { column: young.column, distribution: both.right });
  const distance = both === undefined ? undefined : distanceOf(both.left, both.right);
  const meanShift = meanShiftOf(old.column, young.column);
  const range = rangeOf(old.column, young.column);
  return {
    ...gradeOfDrift({ stabilityIndex, distance, edges, meanShift }),
    ...(stabilityIndex === undefined ? {} : { stabilityIndex }),
    ...(distance === undefined ? {} : { distance }),
    ...missingOf(old, young),
    ...(meanShift === undefined ? {} : { meanShift }),
    ...(range === undefined ? {} : { range }),
    edges,
    newCategories: onlyIn(young, old),
    vanishedCategories: onlyIn(old, young),
  };
};

const unknownDrift = (because: string): Drift => ({ grade: 'unknown', because, edges: [], newCategories: [], vanishedCategories: [] });

/** Why two profiles cannot be compared; undefined if they can. */
const problemOf = (before: ColumnInTable, after: ColumnInTable): string | undefined => {
  if (before.problem !== undefined) return `the table before could not be read whole: ${before.problem}`;
  if (after.problem !== undefined) return `the table after could not be read whole: ${after.problem}`;
  if (before.column.detail === 'off' || after.column.detail === 'off') return 'the profile of this column is turned off';
  const [old, young] = [familyOf(before.column.type), familyOf(after.column.type)];
  if (old !== young) return `values of type ${before.column.type} do not compare with values of type ${after.column.type}`;
  return undefined;
};

/** Kolmogorov-Smirnov distance: the largest difference of the shares below a value. */
const distanceOf = (before: Distribution, after: Distribution): DistributionDistance => {
  const places = [...new Set([...before.knots, ...after.knots].map(({ at }) => at))].toSorted((a, b) => a - b);
  let [estimate, atLeast, atMost] = [0, 0, 0];
  for (const [i, at] of places.entries()) {
    const [old, young] = [shareBelow(before, at), shareBelow(after, at)];
    estimate = Math.max(estimate, Math.abs(old.estimate - young.estimate));
    atLeast = Math.max(atLeast, old.atLeast - young.atMost, young.atLeast - old.atMost);
    const between = { above: i === 0 ? at : justAbove(places[i - 1]!), upTo: at };
    const [left, right] = [shareBounds(before, between), shareBounds(after, between)];
    atMost = Math.max(atMost, left.atMost - right.atLeast, right.atMost - left.atLeast);
  }
  return { estimate: Math.min(atMost, Math.max(atLeast, estimate)), atLeast, atMost };
};

const missingOf = (before: Profiled, after: Profiled): Pick<Drift, 'missing'> => {
  if (before.column.missing === undefined || after.column.missing === undefined || before.rowCount === 0 || after.rowCount === 0) return {};
  return { missing: { before: before.column.missing / before.rowCount, after: after.column.missing / after.rowCount } };
};

const meanShiftOf = (before: Column, after: Column): number | undefined => {
  const [old, young, deviation] = [before.mean, after.mean, before.standardDeviation].map((real) => (real === undefined ? Number.NaN : Number(real)));
  const shift = (young! - old!) / deviation!;
  if (young === old) return 0;
  return Number.isFinite(shift) ? shift : undefined;
};

const rangeOf = (before: Column, after: Column): Drift['range'] => {
  const min = boundOf(before.min, after.min, -1);
  const max = boundOf(before.max, after.max, 1);
  return min === undefined || max === undefined ? undefined : { min, max };
};

const boundOf = (before: string | undefined, after: string | undefined, outward: 1 | -1): BoundChange | undefined => {
  if (before === undefined || after === undefined) return undefined;
  const [old, young] = [orderedValue(before), orderedValue(after)];
  if (old === undefined || young === undefined) return undefined;
  const step = (young - old) * outward;
  return { before, after, change: step === 0 ? 'same' : step > 0 ? 'grown' : 'shrunk' };
};

/** A value that one side shows and the other hides is worth a word if that side has many times the rows that the other can hide. */
const HIDDEN_FACTOR = 2;

/** Categories that one profile shows and the other does not, unless the other may well have as many rows of them. */
const onlyIn = (one: Profiled, other: Profiled): readonly ShownCategory[] => {
  if (one.column.categories === undefined || other.column.categories === undefined) return [];
  const known = new Set(other.column.categories.map(({ value }) => value));
  const certain = showsAll(other);
  const hidden = HIDDEN_FACTOR * (other.column.otherCount ?? 0);
  return one.column.categories.flatMap(({ value, count }) => (known.has(value) || count / one.rowCount <= hidden / other.rowCount ? [] : [{ value, count, certain }]));
};
