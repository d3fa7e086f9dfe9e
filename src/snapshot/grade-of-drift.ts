import { OTHERS } from './drift-bins.ts';
import { gradeOfIndex, MODERATE_INDEX } from './stability-index.ts';
import type { DistributionDistance, Drift } from './table-difference.ts';

/** An index that might as well be harmless is not graded if it may be off by more than this. */
const MOST_DOUBT = 0.25;
/** A mean that moved this far is no small change, whatever the index says. Unit: standard deviation. Source: J. Cohen, Statistical Power Analysis, 1988: 0.5 is a medium effect. */
const MODERATE_SHIFT = 0.5;
/** Nor is a column called stable in whose bins more than this share of the rows may have moved unseen. */
const MOST_DISTANCE = 0.5;

type Judgement = Pick<Drift, 'grade' | 'because'>;

type Found = { readonly [K in 'stabilityIndex' | 'distance' | 'edges' | 'meanShift']: Drift[K] | undefined };

/** How far the values of a column moved, and why it is said. What the figures do not tell is unknown, never stable. */
export const gradeOfDrift = ({ stabilityIndex, distance, edges = [], meanShift = 0 }: Found): Judgement => {
  const byIndex = judgedByIndex(stabilityIndex, distance);
  if (byIndex.grade === 'strong' || byIndex.grade === 'moderate') return byIndex;
  if (edges.length > 0) return { grade: 'moderate', because: 'an unusual share of the rows sits at the smallest or largest value' };
  if (Math.abs(meanShift) >= MODERATE_SHIFT) return { grade: 'moderate', because: `the mean moved by ${meanShift.toFixed(2)} standard deviations` };
  return byIndex;
};

const judgedByIndex = (index: Drift['stabilityIndex'], distance: DistributionDistance | undefined): Judgement => {
  if (index === undefined) return { grade: 'unknown', because: 'the profiles hold no figures that compare' };
  const grade = gradeOfIndex(index.value);
  const because = `population stability index ${index.value.toFixed(3)}`;
  if (index.basis === 'missing') {
    // Fewer bins never make the index larger: what is known may prove drift, but not its absence.
    return grade === 'stable' ? { grade: 'unknown', because: 'the profiles tell only which rows have no value' } : { grade, because: `${because} by missing values alone` };
  }
  const mayBeStable = grade !== 'stable' && index.atLeast < MODERATE_INDEX && index.value - index.atLeast > MOST_DOUBT;
  if (mayBeStable) return { grade: 'unknown', because: `the bins are too coarse: an index from ${index.atLeast.toFixed(3)} on is possible` };
  const mayHaveMoved = grade === 'stable' && index.basis === 'distribution' && distance !== undefined && distance.atMost > MOST_DISTANCE;
  if (mayHaveMoved) return { grade: 'unknown', because: `the bins are too coarse: up to ${(distance.atMost * 100).toFixed(0)} % of the rows may have moved inside them` };
  const isHidden = grade === 'stable' && !index.exact && index.bins.some(({ name, before, after }) => name === OTHERS && Math.max(before, after) > MOST_DISTANCE);
  if (isHidden) return { grade: 'unknown', because: 'the profiles show only some of the values' };
  return { grade, because };
};
