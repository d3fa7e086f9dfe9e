import { describe, expect, it } from 'vitest';
import { driftOf } from './column-drift.ts';
import type { Column } from './generated/snapshot-types.ts';

type Profile = {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly deviation: number;
  readonly counts: readonly number[];
  readonly quantiles: readonly number[];
};

/**
 * Samples of 20,000 values: their profiles, and what numpy 2 and scipy 1 tell of the samples themselves: the index over the
 * deciles of the first, scipy.stats.ks_2samp, and the difference of the means in standard deviations.
 */
const SAMPLES: readonly { readonly name: string; readonly before: Profile; readonly after: Profile; readonly index: number; readonly distance: number; readonly shift: number }[] =
  [
    {
      name: 'two samples of one normal distribution',
      before: {
        min: 13.389181897932076,
        max: 90.61606310651891,
        mean: 49.9356,
        deviation: 9.92453,
        counts: [7, 29, 88, 221, 470, 961, 1608, 2284, 2934, 3096, 2792, 2240, 1575, 916, 473, 194, 79, 25, 5, 3],
        quantiles: [26.9132776, 33.5376886, 43.2621184, 49.880144, 56.6759516, 66.3062204, 73.0081047],
      },
      after: {
        min: 4.977777589008561,
        max: 87.09068685439092,
        mean: 49.9065,
        deviation: 9.98992,
        counts: [2, 2, 6, 39, 114, 266, 650, 1177, 1944, 2789, 3252, 3126, 2645, 1884, 1161, 591, 232, 83, 27, 10],
        quantiles: [26.3010702, 33.3296662, 43.219325, 49.8659638, 56.6636059, 66.3036606, 72.6876033],
      },
      index: 0.000546,
      distance: 0.0051,
      shift: -0.002934,
    },
    {
      name: 'a mean that moved by half a standard deviation',
      before: {
        min: 13.389181897932076,
        max: 90.61606310651891,
        mean: 49.9356,
        deviation: 9.92453,
        counts: [7, 29, 88, 221, 470, 961, 1608, 2284, 2934, 3096, 2792, 2240, 1575, 916, 473, 194, 79, 25, 5, 3],
        quantiles: [26.9132776, 33.5376886, 43.2621184, 49.880144, 56.6759516, 66.3062204, 73.0081047],
      },
      after: {
        min: 15.806845499485561,
        max: 92.47181630326929,
        mean: 55.0229,
        deviation: 9.99889,
        counts: [4, 10, 48, 112, 278, 624, 1109, 1739, 2453, 2912, 2995, 2741, 2109, 1406, 793, 398, 172, 74, 20, 3],
        quantiles: [31.9160698, 38.4786821, 48.3455852, 55.0309844, 61.7738856, 71.3905991, 78.3926975],
      },
      index: 0.249368,
      distance: 0.20625,
      shift: 0.512603,
    },
    {
      name: 'a wider distribution',
      before: {
        min: 13.389181897932076,
        max: 90.61606310651891,
        mean: 49.9356,
        deviation: 9.92453,
        counts: [7, 29, 88, 221, 470, 961, 1608, 2284, 2934, 3096, 2792, 2240, 1575, 916, 473, 194, 79, 25, 5, 3],
        quantiles: [26.9132776, 33.5376886, 43.2621184, 49.880144, 56.6759516, 66.3062204, 73.0081047],
      },
      after: {
        min: -7.892949581690779,
        max: 106.92422643235338,
        mean: 50.1177,
        deviation: 15.0886,
        counts: [7, 16, 44, 131, 336, 653, 1122, 1913, 2491, 2957, 3040, 2658, 1908, 1312, 770, 394, 164, 63, 16, 5],
        quantiles: [15.1702726, 25.0013709, 39.9416665, 50.1721916, 60.1182915, 75.0392537, 85.2859348],
      },
      index: 0.202873,
      distance: 0.10225,
      shift: 0.018347,
    },
    {
      name: 'a long tail that grew',
      before: {
        min: 0.39293618323559965,
        max: 852.2661462570577,
        mean: 32.8765,
        deviation: 42.8827,
        counts: [15573, 2977, 832, 318, 138, 61, 35, 18, 19, 4, 6, 5, 3, 0, 1, 0, 3, 3, 2, 2],
        quantiles: [1.93241852, 3.91685116, 10.3160143, 20.0597262, 39.3019511, 102.762159, 196.773675],
      },
      after: {
        min: 0.6052643307415331,
        max: 2759.5686681705433,
        mean: 49.578,
        deviation: 67.8356,
        counts: [18745, 997, 171, 49, 19, 7, 4, 3, 1, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1],
        quantiles: [2.96146609, 5.90427785, 15.4352462, 30.0995639, 58.8843014, 155.257061, 300.714871],
      },
      index: 0.157544,
      distance: 0.16125,
      shift: 0.389469,
    },
    {
      name: 'values clipped at one standard deviation',
      before: {
        min: 13.389181897932076,
        max: 90.61606310651891,
        mean: 49.9356,
        deviation: 9.92453,
        counts: [7, 29, 88, 221, 470, 961, 1608, 2284, 2934, 3096, 2792, 2240, 1575, 916, 473, 194, 79, 25, 5, 3],
        quantiles: [26.9132776, 33.5376886, 43.2621184, 49.880144, 56.6759516, 66.3062204, 73.0081047],
      },
      after: {
        min: 13.389181897932076,
        max: 60.0,
        mean: 49.1306,
        deviation: 8.62995,
        counts: [5, 8, 16, 37, 60, 107, 196, 292, 451, 649, 916, 1106, 1441, 1614, 1861, 1867, 1861, 1656, 1478, 4379],
        quantiles: [26.9132776, 33.5376886, 43.2621184, 49.880144, 56.6759516, 60.0, 60.0],
      },
      index: 0.898512,
      distance: 0.15655,
      shift: -0.081107,
    },
  ];

const SHARES = ['0.01', '0.05', '0.25', '0.5', '0.75', '0.95', '0.99'];

const columnOf = ({ min, max, mean, deviation, counts, quantiles }: Profile): Column => ({
  name: 'x',
  type: 'DOUBLE',
  missing: 0,
  min: String(min),
  max: String(max),
  mean: String(mean),
  standardDeviation: String(deviation),
  quantiles: SHARES.map((at, i) => ({ at, value: String(quantiles[i]) })),
  histogram: { edges: Array.from({ length: counts.length + 1 }, (_, i) => String(i === counts.length ? max : min + ((max - min) * i) / counts.length)), counts },
});

describe('drift from profiles, against the samples themselves', () => {
  it.each(SAMPLES)('is near for $name', ({ before, after, index, distance, shift }) => {
    const drift = driftOf({ column: columnOf(before), rowCount: 20_000 }, { column: columnOf(after), rowCount: 20_000 });
    expect(Math.abs(drift.stabilityIndex!.value - index)).toBeLessThan(Math.max(0.002, index / 3));
    expect(drift.stabilityIndex!.atLeast).toBeLessThanOrEqual(drift.stabilityIndex!.value);
    expect(Math.abs(drift.distance!.estimate - distance)).toBeLessThan(0.06);
    expect(drift.distance!.atLeast).toBeLessThanOrEqual(distance);
    expect(drift.distance!.atMost).toBeGreaterThanOrEqual(distance);
    expect(drift.meanShift).toBeCloseTo(shift, 4);
  });
});
