import { describe, expect, it } from 'vitest';
import { fitsRange, readVersionRange } from './version-range.ts';

describe('a range of versions', () => {
  it.each([
    ['<1.6.2', '1.6.1', 'yes'],
    ['<1.6.2', '1.6.2', 'no'],
    ['<1.6.2', '1.6.2rc1', 'yes'],
    ['>=1.0, <2', '1.10', 'yes'],
    ['>=1.0,<2', '2.0', 'no'],
    ['==1.6', '1.6.0', 'yes'],
    ['1.6.1', '1.6.1', 'yes'],
    ['!=1.6.1', '1.6.1', 'no'],
    ['> 1', '1!0.1', 'yes'],
    ['*', 'whatever', 'yes'],
    ['<2', 'main', 'unknown'],
    ['<2,>3', 'main', 'unknown'],
    ['==2.0', '2.0+cu121', 'unknown'],
  ] as const)('%s has %s: %s', (range, version, answer) => {
    expect(fitsRange(version, readVersionRange(range)!)).toBe(answer);
  });

  it.each(['', ',', '<', '<=', '~=1.0', '=1', '<1,', '<1;rm', '<main', '< 1 2', `${'<1,'.repeat(16)}<1`, `<${'1'.repeat(401)}`])('is not %j', (text) => {
    expect(readVersionRange(text)).toBeUndefined();
  });
});
