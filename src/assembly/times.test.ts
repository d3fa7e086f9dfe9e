import fc from 'fast-check';
import { expect, it } from 'vitest';
import { microsecondsToTime } from './times.ts';

it('says the same as the calendar of the platform for any moment up to the year 2255', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_007_199_254_739 }), (ms) => {
      expect(microsecondsToTime(ms * 1000 + 999)).toBe(new Date(ms).toISOString());
    }),
  );
});
