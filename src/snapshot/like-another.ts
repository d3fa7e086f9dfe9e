import { driftOf } from './column-drift.ts';
import { familyOf } from './ordered-value.ts';
import type { SampleDeparture } from './sample-departure.ts';
import { MODERATE_INDEX } from './stability-index.ts';
import { type ComparedColumn, valueDepartures } from './value-departures.ts';

/** More comparisons are not made: each is of two profiles. */
const MOST_COMPARISONS = 20_000;
/** Up to so many times what chance exceeds in one case of twenty a sample is still like a column. */
const CHANCE_FACTOR = 1.5;

/** For columns whose values are wrong: the one column of the training whose values they are like, if there is exactly one. Columns that were swapped upstream show it. */
export const likeAnother = (wrong: readonly ComparedColumn[], all: readonly ComparedColumn[]): readonly SampleDeparture[] => {
  if (wrong.length * all.length > MOST_COMPARISONS) return [];
  return wrong.flatMap(({ before, after }): readonly SampleDeparture[] => {
    const others = all.filter(
      (other) => other.before.column.name !== before.column.name && familyOf(other.before.column.type) === familyOf(after.column.type) && isLike({ before: other.before, after }),
    );
    return others.length === 1 ? [{ kind: 'like', column: before.column.name, other: others[0]!.before.column.name }] : [];
  });
};

const isLike = (pair: ComparedColumn): boolean => {
  const drift = driftOf(pair.before, pair.after);
  const { stabilityIndex } = drift;
  if (stabilityIndex === undefined || stabilityIndex.basis === 'missing') return false;
  return stabilityIndex.value <= Math.max(MODERATE_INDEX, CHANCE_FACTOR * stabilityIndex.byChance) && valueDepartures(pair, drift).length === 0;
};
