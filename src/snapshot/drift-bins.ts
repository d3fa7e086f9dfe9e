import { type Distribution, distributionOf, justAbove, type Profiled, rowsWithValue } from './distribution.ts';
import type { Column } from './generated/snapshot-types.ts';
import { shareBelow } from './share-below.ts';
import { type CountedBin, stabilityIndexOf } from './stability-index.ts';
import type { StabilityIndex } from './table-difference.ts';

/** The rows of a column; undefined if neither the table nor the profile counts them. */
export const profiledOf = (column: Column, rowCount: number | undefined): Profiled | undefined => {
  const counted = rowCount ?? (column.categories === undefined && column.histogram === undefined ? undefined : rowsWithValue(column) + (column.missing ?? 0));
  return counted === undefined ? undefined : { column, rowCount: counted };
};

/**
 * The stability index of a column from the best that both profiles hold: all values as categories, histograms and quantiles,
 * the categories that both show, or only which rows have no value. Missing values are a bin of their own.
 */
export const columnIndex = (before: Profiled, after: Profiled): StabilityIndex | undefined => {
  const missing = missingBin(before, after);
  if (showsAll(before) && showsAll(after)) return stabilityIndexOf([...categoryBins(before.column, after.column), ...missing], { basis: 'categories', exact: true });
  const [old, young] = [distributionOf(before), distributionOf(after)];
  if (old !== undefined && young !== undefined && old.rowCount > 0 && young.rowCount > 0) {
    const { bins, least } = distributionBins(old, young);
    return stabilityIndexOf([...bins, ...missing], { basis: 'distribution', exact: false, least: [...least, ...missing] });
  }
  if (before.column.categories !== undefined && after.column.categories !== undefined) {
    const bins = categoryBins(before.column, after.column);
    if (bins.length > 1) return stabilityIndexOf([...bins, ...missing], { basis: 'categories', exact: false });
  }
  const present = before.column.missing === undefined || after.column.missing === undefined ? [] : [presentBin(before, after)];
  return missing.length === 0 ? undefined : stabilityIndexOf([...present, ...missing], { basis: 'missing', exact: true });
};

const missingBin = (before: Profiled, after: Profiled): readonly CountedBin[] =>
  before.column.missing === undefined || after.column.missing === undefined ? [] : [{ name: '(missing)', before: before.column.missing, after: after.column.missing }];

const presentBin = (before: Profiled, after: Profiled): CountedBin => ({
  name: '(present)',
  before: Math.max(0, before.rowCount - before.column.missing!),
  after: Math.max(0, after.rowCount - after.column.missing!),
});

/** The bin of values that are not shown. */
export const OTHERS = '(others)';

/** Whether every value of a column is among the categories that its profile shows. */
export const showsAll = ({ column, rowCount }: Profiled): boolean =>
  column.categories !== undefined && (column.otherCount ?? 0) === 0 && rowsWithValue(column) + (column.missing ?? 0) === rowCount;

/**
 * Rows by category, those of the first profile first. A value that one side does not show, though it may have it, is counted
 * with the others on both sides; merging bins makes an index smaller, never larger.
 */
export const categoryBins = (before: Column, after: Column): readonly CountedBin[] => {
  const old = new Map((before.categories ?? []).map(({ value, count }) => [value, count]));
  const young = new Map((after.categories ?? []).map(({ value, count }) => [value, count]));
  const bins: CountedBin[] = [];
  let others = { before: before.otherCount ?? 0, after: after.otherCount ?? 0 };
  for (const value of new Set([...old.keys(), ...young.keys()])) {
    const bin = { name: value, before: old.get(value) ?? 0, after: young.get(value) ?? 0 };
    const hidden = (!old.has(value) && (before.otherCount ?? 0) > 0) || (!young.has(value) && (after.otherCount ?? 0) > 0);
    if (hidden) others = { before: others.before + bin.before, after: others.after + bin.after };
    else bins.push(bin);
  }
  return others.before + others.after === 0 ? bins : [...bins, { name: OTHERS, ...others }];
};

const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** Bins between the known points of the first distribution that lie nearest to its deciles; the outer bins are open. */
const distributionBins = (before: Distribution, after: Distribution): { readonly bins: readonly CountedBin[]; readonly least: readonly CountedBin[] } => {
  const places = cutsOf(before);
  const cuts = places.map(({ at }) => at);
  const texts = places.map(({ text }) => shortText(text));
  const names = [...texts.map((text, i) => (i === 0 ? `< ${text}` : `${texts[i - 1]!} – ${text}`)), texts.length === 0 ? 'all' : `≥ ${texts.at(-1)!}`];
  const old = cuts.map((cut) => shareBelow(before, cut).estimate);
  const young = cuts.map((cut) => shareBelow(after, cut));
  const nearest = young.map(({ atLeast, atMost }, i) => Math.min(atMost, Math.max(atLeast, old[i]!)));
  const bins = (shares: readonly number[]): readonly CountedBin[] => {
    const [left, right] = [rises(old), rises(shares)];
    return names.map((name, i) => ({ name, before: left[i]! * before.rowCount, after: right[i]! * after.rowCount }));
  };
  return { bins: bins(young.map(({ estimate }) => estimate)), least: bins(nearest) };
};

type Place = { readonly at: number; readonly text: string; readonly share: number };

const cutsOf = (distribution: Distribution): readonly Place[] => {
  const places = new Map<number, Place>();
  for (const { at, text } of distribution.knots) if (!places.has(at)) places.set(at, { at, text, share: shareBelow(distribution, at).estimate });
  const known = [...places.values()].filter(({ share }) => share > 0 && share < 1);
  // All rows lie in one bin, or have one value: then it counts what lies outside.
  if (known.length === 0) return outside(distribution, places.get(distribution.min)?.text ?? String(distribution.min));
  const cuts = DECILES.map((decile) => known.reduce((best, place) => (Math.abs(place.share - decile) < Math.abs(best.share - decile) ? place : best)));
  return [...new Set(cuts)].toSorted((a, b) => a.at - b.at);
};

const outside = ({ min, max }: Distribution, text: string): readonly Place[] => [
  { at: min, text, share: 0 },
  { at: justAbove(max), text: String(max), share: 1 },
];

const rises = (shares: readonly number[]): readonly number[] => [...shares, 1].map((share, i) => Math.max(0, share - (i === 0 ? 0 : shares[i - 1]!)));

/** A border as people read it: a number with six digits that count, a date as it is. */
const shortText = (text: string): string => (Number.isNaN(Number(text)) ? text : String(Number(Number(text).toPrecision(6))));
