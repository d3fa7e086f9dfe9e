import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTimes, isTime } from './compare-times.ts';

describe('isTime', () => {
  it.each([
    ['2026-11-26T09:30:00Z', true],
    ['2024-02-29T23:59:59.123456789Z', true],
    ['2000-02-29T00:00:00Z', true],
    ['1900-02-29T00:00:00Z', false],
    ['2026-02-29T00:00:00Z', false],
    ['2026-13-01T00:00:00Z', false],
    ['2026-00-01T00:00:00Z', false],
    ['2026-04-31T00:00:00Z', false],
    ['2026-04-00T00:00:00Z', false],
    ['2026-04-01T24:00:00Z', false],
    ['2026-04-01T00:60:00Z', false],
    ['2026-04-01T00:00:60Z', false],
    ['2026-04-01T00:00:00+00:00', false],
    ['2026-04-01 00:00:00Z', false],
    ['2026-04-01T00:00:00.Z', false],
    ['2026-04-01T00:00:00.1234567890Z', false],
    ['', false],
  ])('%s: %s', (text, expected) => {
    expect(isTime(text)).toBe(expected);
  });
});

describe('compareTimes', () => {
  it.each([
    ['2026-11-26T09:30:00Z', '2026-11-26T09:30:00.000Z', 0],
    ['2026-11-26T09:30:00Z', '2026-11-26T09:30:00.5Z', -1],
    ['2026-11-26T09:30:00.45Z', '2026-11-26T09:30:00.5Z', -1],
    ['2026-11-26T09:30:01Z', '2026-11-26T09:30:00.999999999Z', 1],
  ])('orders %s and %s: %d', (a, b, expected) => {
    expect(compareTimes(a, b)).toBe(expected);
  });

  it('orders any two moments as the calendar of the platform does', () => {
    const moment = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });
    fc.assert(fc.property(moment, moment, (a, b) => compareTimes(a.toISOString(), b.toISOString()) === Math.sign(a.getTime() - b.getTime())));
  });

  it('throws for what is no moment, instead of giving an order', () => {
    expect(() => compareTimes('tomorrow', '2026-11-26T09:30:00Z')).toThrow(TypeError);
  });
});
