import type { ColumnInTable } from './column-drift.ts';
import { distributionOf, justAbove } from './distribution.ts';
import { showsAll } from './drift-bins.ts';
import type { Column } from './generated/snapshot-types.ts';
import { familyOf, orderedValue } from './ordered-value.ts';
import type { SampleDeparture } from './sample-departure.ts';
import { shareBelow } from './share-below.ts';
import { STRONG_INDEX } from './stability-index.ts';
import type { BoundChange, Drift } from './table-difference.ts';

/** A column of the training beside that of a sample. */
export type ComparedColumn = { readonly before: Counted; readonly after: Counted };

type Counted = ColumnInTable & { readonly rowCount: number };

/** A single value that is further away than so many widths of the range of the training is no tail of it. */
const FAR_WIDTHS = 10;
/** How unlikely it must be that chance did it; a sample has many columns, and each is asked. */
const LEAST_LIKELY = 1e-6;
/** An index counts from so many times on what chance exceeds in one case of twenty: for one degree of freedom that is one in ten thousand. */
const CHANCE_FACTOR = 4;
/** Missing values count from this difference of the shares on, and from so many standard deviations. */
const LEAST_MISSING = 0.01;
const MISSING_DEVIATIONS = 4;
/** A value that the profile may hide counts if so many rows have it. */
const LEAST_NEW_ROWS = 5;

/** In what the values of a column are not those of the training. Nothing that chance may well have done in a sample of this size. */
export const valueDepartures = (pair: ComparedColumn, drift: Drift): readonly SampleDeparture[] => {
  const { name: column, type: trained } = pair.before.column;
  const { type: found } = pair.after.column;
  const missing = missingDepartures(pair);
  if (hasNoValue(pair.after)) return missing;
  // NUMBER stands for texts of numbers that no type of a machine holds: what was trained on was none.
  if (familyOf(trained) !== familyOf(found) || (found === 'NUMBER' && trained !== 'NUMBER')) return [...missing, { kind: 'type', column, trained, found }];
  if (familyOf(trained) === 'time') return missing;
  // The plainest word for a range is enough: what lies elsewhere altogether is narrower too.
  const range = [constant(pair), outside(pair, drift), narrower(pair, drift)].find((departures) => departures.length > 0) ?? [];
  const values = [...infinite(pair), ...range, ...newValues(pair, drift)];
  // Rows without a value are a bin of the index: it says nothing more then.
  return [...missing, ...(missing.length + values.length > 0 ? values : moved(column, drift))];
};

/** Whether the populations differ by more than chance allows in samples of these sizes. */
const hasMoved = ({ grade, stabilityIndex }: Drift): boolean =>
  grade === 'strong' && stabilityIndex !== undefined && stabilityIndex.value >= Math.max(STRONG_INDEX, CHANCE_FACTOR * stabilityIndex.byChance);

const moved = (column: string, drift: Drift): readonly SampleDeparture[] => (hasMoved(drift) ? [{ kind: 'moved', column, index: drift.stabilityIndex!.value }] : []);

const hasNoValue = ({ column, rowCount }: Counted): boolean => column.missing !== undefined && column.missing >= rowCount;

const missingDepartures = ({ before, after }: ComparedColumn): readonly SampleDeparture[] => {
  const [old, young] = [before.column.missing, after.column.missing];
  if (old === undefined || young === undefined || before.rowCount === 0 || after.rowCount === 0) return [];
  const [trained, found] = [old / before.rowCount, young / after.rowCount];
  const whole = (old + young) / (before.rowCount + after.rowCount);
  const deviation = Math.sqrt(whole * (1 - whole) * (1 / before.rowCount + 1 / after.rowCount));
  const isMore = Math.abs(found - trained) >= LEAST_MISSING && Math.abs(found - trained) > MISSING_DEVIATIONS * deviation;
  // Where no row of the training lacked a value, the model has never met one that does.
  const isNew = old === 0 && young > 0;
  return isMore || isNew ? [{ kind: 'missing', column: before.column.name, trained, found }] : [];
};

const isInfinite = ({ min, max }: Column): boolean => [min, max].some((bound) => bound !== undefined && /^-?inf(inity)?$/i.test(bound));

const infinite = ({ before, after }: ComparedColumn): readonly SampleDeparture[] =>
  isInfinite(after.column) && !isInfinite(before.column) ? [{ kind: 'infinite', column: before.column.name }] : [];

/** Values beyond those of the training, too many or too far for its tail. */
const outside = (pair: ComparedColumn, { range, edges }: Drift): readonly SampleDeparture[] => {
  if (range === undefined) return [];
  const width = orderedValue(range.max.before)! - orderedValue(range.min.before)!;
  return SIDES.flatMap((side): readonly SampleDeparture[] => {
    const { before: trained, after: found, change }: BoundChange = range[side];
    if (change !== 'grown') return [];
    const excess = Math.abs(orderedValue(found)! - orderedValue(trained)!);
    const counted = edges.find((edge) => edge.kind === 'new-extreme' && edge.side === side)?.rows.count ?? 0;
    const rows = Math.max(counted, Math.floor((shareBeyond(pair.after, { value: orderedValue(trained)!, side }) ?? 0) * rowsWith(pair.after)));
    const isFar = (width > 0 && excess > FAR_WIDTHS * width) || chanceOfBeyond(rows, pair) < LEAST_LIKELY;
    return isFar ? [{ kind: 'outside', column: pair.before.column.name, side, trained, found }] : [];
  });
};

const SIDES = ['min', 'max'] as const;

const rowsWith = ({ column, rowCount }: Counted): number => rowCount - (column.missing ?? 0);

/**
 * How likely it is at most that so many rows of a sample lie beyond every row of the training, if both are of one population: whatever its
 * distribution, the largest so many of all rows are then rows of the sample. Source: exchangeability; David and Nagaraja, Order Statistics, 2003.
 */
const chanceOfBeyond = (rows: number, { before, after }: ComparedColumn): number => (rowsWith(after) / Math.max(1, rowsWith(after) + rowsWith(before))) ** rows;

/** The least share of the rows that must lie beyond a value. */
const shareBeyond = (counted: Counted, { value, side }: { readonly value: number; readonly side: 'min' | 'max' }): number | undefined => {
  const distribution = distributionOf(counted);
  if (distribution === undefined) return undefined;
  return side === 'max' ? 1 - shareBelow(distribution, justAbove(value)).atMost : shareBelow(distribution, value).atLeast;
};

/** Values that end where those of the training went on, though so many lay beyond that chance would have drawn one; or that sit at the end. */
const narrower = (pair: ComparedColumn, { range, edges }: Drift): readonly SampleDeparture[] => {
  if (range === undefined) return [];
  return SIDES.flatMap((side): readonly SampleDeparture[] => {
    const { before: trained, after: found, change }: BoundChange = range[side];
    if (change !== 'shrunk') return [];
    const beyond = shareBeyond(pair.before, { value: orderedValue(found)!, side }) ?? 0;
    const clipped = edges.find((edge) => edge.kind === 'clipped' && edge.side === side);
    if (clipped === undefined && (1 - beyond) ** rowsWith(pair.after) >= LEAST_LIKELY) return [];
    return [{ kind: 'narrower', column: pair.before.column.name, side, trained, found, beyond, ...(clipped === undefined ? {} : { sits: clipped.share }) }];
  });
};

/** One value in all rows, where the training had others, and so many that chance would have shown one. */
const constant = ({ before, after }: ComparedColumn): readonly SampleDeparture[] => {
  const { column } = after;
  const isNumber = column.min !== undefined && column.min === column.max;
  if (!isNumber && column.categories?.length !== 1) return [];
  const rows = rowsWith(after);
  const share = isNumber ? mostAt(before, column.min) : categoryShare(before, column.categories![0]!.value, column.otherCount ?? 0);
  if (share === undefined || share >= 1 || share ** rows > LEAST_LIKELY) return [];
  return [{ kind: 'constant', column: column.name, ...(isNumber ? { at: column.min } : {}) }];
};

/** The largest share of the rows of the training that may have precisely this value. */
const mostAt = (before: Counted, text: string): number | undefined => {
  const distribution = distributionOf(before);
  const value = orderedValue(text);
  if (distribution === undefined || value === undefined || before.column.min === before.column.max) return undefined;
  return Math.max(0, shareBelow(distribution, justAbove(value)).atMost - shareBelow(distribution, value).atLeast);
};

const categoryShare = ({ column, rowCount }: Counted, value: string, hidden: number): number | undefined => {
  const present = rowCount - (column.missing ?? 0);
  if (column.categories === undefined || hidden > 0 || present === 0) return undefined;
  return (column.categories.find((one) => one.value === value)?.count ?? column.otherCount ?? 0) / present;
};

/** Values that the training did not have, or far less often. A sample lists every value but those that are long, look like secrets, or are too many. */
const newValues = ({ before, after }: ComparedColumn, { newCategories }: Drift): readonly SampleDeparture[] => {
  const told = newCategories.filter(({ certain, count }) => certain || count >= LEAST_NEW_ROWS);
  const hidden = unlisted(before, after);
  const values = told.length + hidden.values;
  const rows = told.reduce((sum, { count }) => sum + count, hidden.rows);
  return values === 0 ? [] : [{ kind: 'new-values', column: before.column.name, values, rows }];
};

type CountedValues = { readonly values: number; readonly rows: number };

/** So many times the values of the training are no chance, though nobody lists them. */
const MANY_VALUES = 1.5;

/** Values of a sample that it does not list: none of those of the training, where that lists all of its own. */
const unlisted = (before: Counted, after: Counted): CountedValues => {
  const { categories, distinct = 0, otherCount = 0 } = after.column;
  if (before.column.categories === undefined) return NONE;
  if (categories === undefined) {
    const known = before.column.distinct ?? before.column.categories.length;
    return distinct > MANY_VALUES * known ? { values: distinct - known, rows: rowsWith(after) } : NONE;
  }
  return otherCount === 0 || !showsAll(before) ? NONE : { values: Math.max(1, distinct - categories.length), rows: otherCount };
};

const NONE: CountedValues = { values: 0, rows: 0 };
