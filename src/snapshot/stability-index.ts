import type { Grade, SharedBin, StabilityIndex } from './table-difference.ts';

/** Rows of one bin on both sides; estimates need not be whole. */
export type CountedBin = { readonly name: string; readonly before: number; readonly after: number };

/**
 * From here on a population has moved somewhat, and from there on much.
 * Source: N. Siddiqi, Credit Risk Scorecards, Wiley 2006, rule of thumb for the population stability index.
 */
export const MODERATE_INDEX = 0.1;
export const STRONG_INDEX = 0.25;

/** A bin with fewer rows counts as this many, so that the logarithm is finite. Unit: row. */
const LEAST_ROWS = 0.5;

/** The grade of an index by the thresholds. */
export const gradeOfIndex = (value: number): Grade => (value >= STRONG_INDEX ? 'strong' : value >= MODERATE_INDEX ? 'moderate' : 'stable');

/**
 * Population stability index: the sum of (a - b) ln(a / b) over the shares of the bins. Bins that are empty on both sides are
 * left out; one that is empty on one side counts as half a row there. 0 if a side has no rows at all.
 */
export const indexOf = (bins: readonly CountedBin[]): number => {
  const before = total(bins, 'before');
  const after = total(bins, 'after');
  if (before === 0 || after === 0) return 0;
  return used(bins).reduce((sum, bin) => {
    const [a, b] = [Math.max(bin.after, LEAST_ROWS) / after, Math.max(bin.before, LEAST_ROWS) / before];
    return sum + (bin.before === bin.after && before === after ? 0 : (a - b) * Math.log(a / b));
  }, 0);
};

/** An index with what is needed to judge it. `least` holds the bins in which the sides are as alike as the figures permit. */
export const stabilityIndexOf = (
  bins: readonly CountedBin[],
  { basis, exact, least = bins }: Pick<StabilityIndex, 'basis' | 'exact'> & { readonly least?: readonly CountedBin[] },
): StabilityIndex => {
  const value = indexOf(bins);
  return { value, basis, exact, atLeast: Math.min(value, indexOf(least)), byChance: chanceBound(bins), bins: sharesOf(bins) };
};

/** Shares of the rows by bin. */
export const sharesOf = (bins: readonly CountedBin[]): readonly SharedBin[] => {
  const before = total(bins, 'before');
  const after = total(bins, 'after');
  return used(bins).map((bin) => ({ name: bin.name, before: before === 0 ? 0 : bin.before / before, after: after === 0 ? 0 : bin.after / after }));
};

/** Half of the sum of the differences of the shares. */
export const totalVariationOf = (bins: readonly CountedBin[]): number => sharesOf(bins).reduce((sum, { before, after }) => sum + Math.abs(after - before), 0) / 2;

const used = (bins: readonly CountedBin[]): readonly CountedBin[] => bins.filter(({ before, after }) => before > 0 || after > 0);

const total = (bins: readonly CountedBin[], side: 'before' | 'after'): number => bins.reduce((sum, bin) => sum + bin[side], 0);

/** 95th percentile of the standard normal distribution. */
const NORMAL_95 = 1.6448536269514722;

/**
 * What the index exceeds in one case of twenty where both sides are samples of one population.
 * Source: B. Yurdakul, Statistical Properties of Population Stability Index, 2018 (chi-square with bins - 1 degrees, scaled by 1/n + 1/m);
 * Wilson and Hilferty 1931 for the quantile.
 */
const chanceBound = (bins: readonly CountedBin[]): number => {
  const freedom = used(bins).length - 1;
  const [before, after] = [total(bins, 'before'), total(bins, 'after')];
  if (freedom < 1 || before === 0 || after === 0) return 0;
  const spread = 2 / (9 * freedom);
  return freedom * (1 - spread + NORMAL_95 * Math.sqrt(spread)) ** 3 * (1 / before + 1 / after);
};
