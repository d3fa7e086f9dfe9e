import type { Distribution } from './distribution.ts';
import type { Column } from './generated/snapshot-types.ts';
import { orderedValue } from './ordered-value.ts';
import { shareBelow } from './share-below.ts';
import type { EdgeFinding } from './table-difference.ts';

export type ColumnValues = { readonly column: Column; readonly distribution: Distribution };

/** At a bound that comes from clipping sits at least this part of what lay beyond it. */
const CLIPPED_PART = 0.5;
/** Smaller shares at a bound that moved inwards are taken for chance. Unit: share of the rows with a value. */
const LEAST_CLIPPED_SHARE = 0.002;
/** Fewer rows at a bound say nothing, whatever their share. */
const LEAST_CLIPPED_ROWS = 5;
/** At a bound that comes from clipping sit so many times the rows that had this value before. */
const LEAST_GROWTH = 3;
/** A share that is unusual at a bound that moved outwards. Unit: share of the rows with a value. */
const LEAST_EXTREME_SHARE = 0.01;
/** Rows by chance, beyond which a bin is too full. Unit: standard deviation of a binomial count. */
const CHANCE_DEVIATIONS = 4;

/** What is unusual at the smallest and the largest value of a column, compared with the values before. */
export const edgeFindings = (before: ColumnValues, after: ColumnValues): readonly EdgeFinding[] =>
  (['min', 'max'] as const).flatMap((side) => {
    const finding = edgeFinding(before, after, side);
    return finding === undefined ? [] : [finding];
  });

const edgeFinding = (before: ColumnValues, after: ColumnValues, side: 'min' | 'max'): EdgeFinding | undefined => {
  const [old, young] = [before.distribution[side], after.distribution[side]];
  if (old === young || after.distribution.rowCount === 0 || before.distribution.rowCount === 0) return undefined;
  const at = after.column[side]!;
  const outwards = side === 'max' ? young > old : young < old;
  if (outwards) {
    const share = Math.max(seenShare(after, side) ?? 0, lonelyShare(before.distribution, after, side));
    return share >= LEAST_EXTREME_SHARE ? { kind: 'new-extreme', side, at, ...counted(after, side, share) } : undefined;
  }
  // Values that all lie elsewhere were not clipped.
  if (young < before.distribution.min || young > before.distribution.max) return undefined;
  const beyondBefore = shareBeyond(before.distribution, young, side);
  const share = Math.max(seenShare(after, side) ?? 0, excessShare(before.distribution, after, side));
  if (share < LEAST_CLIPPED_SHARE || share < CLIPPED_PART * beyondBefore || share < LEAST_GROWTH * shareAt(before, young)) return undefined;
  const found = counted(after, side, share);
  return found.rows.count < LEAST_CLIPPED_ROWS ? undefined : { kind: 'clipped', side, at, ...found, beyondBefore };
};

/** A share with its rows; where they were counted, the share is theirs. */
const counted = (values: ColumnValues, side: 'min' | 'max', share: number): Pick<EdgeFinding, 'share' | 'rows'> => {
  const rows = rowsAt(values, side, share);
  return { share: rows.exact ? rows.count / rows.of : share, rows };
};

/** Rows that hold the smallest or largest value: counted by a category, or by a bin with one row, which is that of this value; else estimated. */
const rowsAt = ({ column, distribution }: ColumnValues, side: 'min' | 'max', share: number): EdgeFinding['rows'] => {
  const category = column.categories?.find(({ value }) => orderedValue(value) === distribution[side]);
  const isSingle = column.histogram?.counts.at(side === 'max' ? -1 : 0) === 1;
  const count = category?.count ?? (isSingle ? 1 : Math.max(1, Math.round(share * distribution.rowCount)));
  return { count, of: distribution.rowCount, exact: category !== undefined || isSingle };
};

/** Share of the rows that lie beyond a value. */
const shareBeyond = (distribution: Distribution, value: number, side: 'min' | 'max'): number => {
  if (side === 'min') return shareBelow(distribution, value).estimate;
  return 1 - shareBelow(distribution, distribution.whole ? value + 0.5 : value).estimate;
};

/** Share of the rows with precisely a value, as far as it can be told: of values that are not whole, only if it is a category. */
const shareAt = ({ column, distribution }: ColumnValues, value: number): number => {
  const category = column.categories?.find((one) => orderedValue(one.value) === value);
  if (category !== undefined) return category.count / distribution.rowCount;
  return distribution.whole ? shareBelow(distribution, value + 0.5).estimate - shareBelow(distribution, value - 0.5).estimate : 0;
};

/** Share of the rows at the smallest or largest value, if a category or quantiles tell it; quantiles tell the least that it can be. */
const seenShare = ({ column, distribution }: ColumnValues, side: 'min' | 'max'): number | undefined => {
  const bound = distribution[side];
  const category = column.categories?.find(({ value }) => orderedValue(value) === bound);
  if (category !== undefined) return category.count / distribution.rowCount;
  const quantiles = (column.quantiles ?? []).filter(({ value }) => orderedValue(value) === bound).map(({ at }) => Number(at));
  if (quantiles.length === 0) return undefined;
  return side === 'max' ? 1 - Math.min(...quantiles) : Math.max(...quantiles);
};

/** Share of the rows in the outermost bin, if it lies beyond all values before and the bin beside it is empty; else 0. */
const lonelyShare = (before: Distribution, { column, distribution }: ColumnValues, side: 'min' | 'max'): number => {
  const counts = column.histogram?.counts ?? [];
  const edges = (column.histogram?.edges ?? []).map((edge) => orderedValue(edge));
  const [inner, count, beside] = side === 'max' ? [edges.at(-2), counts.at(-1), counts.at(-2)] : [edges[1], counts[0], counts[1]];
  if (inner === undefined || count === undefined || beside !== 0) return 0;
  return (side === 'max' ? inner > before.max : inner < before.min) ? count / distribution.rowCount : 0;
};

/** By how much the outermost bin is fuller than the values before would fill it; 0 if chance may have done it. */
const excessShare = (before: Distribution, { column, distribution }: ColumnValues, side: 'min' | 'max'): number => {
  const counts = column.histogram?.counts ?? [];
  const edges = (column.histogram?.edges ?? []).map((edge) => orderedValue(edge));
  const [from, to, count] = side === 'max' ? [edges.at(-2), edges.at(-1), counts.at(-1)] : [edges[0], edges[1], counts[0]];
  if (from === undefined || to === undefined || count === undefined) return 0;
  const upper = side === 'max' && before.whole ? to + 0.5 : to;
  const usual = shareBelow(before, upper).estimate - shareBelow(before, from).estimate;
  const share = count / distribution.rowCount;
  const chance = CHANCE_DEVIATIONS * Math.sqrt(Math.max(share, usual) * (1 / distribution.rowCount + 1 / before.rowCount));
  return share - usual > chance ? share - usual : 0;
};
