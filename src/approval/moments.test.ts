import { describe, expect, it } from 'vitest';
import { hasExpired, isYounger, millisecondsOf } from './moments.ts';

describe('moments', () => {
  it.each<[string, number]>([
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01T00:00:00.001Z', 1],
    ['2026-02-29T00:00:00Z', Number.NaN],
    ['', Number.NaN],
    ['now', Number.NaN],
  ])('%s in milliseconds', (text, expected) => {
    expect(millisecondsOf(text)).toBe(expected);
  });

  const now = '2026-11-26T12:00:00Z';
  it.each<[string | undefined, boolean]>([
    ['2026-11-26T12:00:00Z', true],
    ['2026-11-24T12:00:00Z', true],
    ['2026-11-24T11:59:59.999Z', false],
    ['2026-11-26T12:05:00Z', true],
    ['2026-11-26T12:05:00.001Z', false],
    ['yesterday', false],
    [undefined, false],
  ])('%s is within two days before now', (at, expected) => {
    expect(isYounger(at, { days: 2, now })).toBe(expected);
    expect(isYounger(at, { days: 2, now: 'now' })).toBe(false);
  });

  it.each<[string | undefined, boolean]>([
    [undefined, false],
    ['2026-11-26T12:00:01Z', false],
    ['2026-11-26T12:00:00Z', true],
    ['2026-11-26T11:59:59Z', true],
    ['soon', true],
    ['', true],
  ])('%s is over', (at, expected) => {
    expect(hasExpired(at, now)).toBe(expected);
    expect(hasExpired(at, 'now')).toBe(at !== undefined);
  });
});
