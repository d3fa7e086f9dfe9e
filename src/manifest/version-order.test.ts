import { describe, expect, it } from 'vitest';
import { compareVersions } from './version-order.ts';

describe('compareVersions', () => {
  it('orders versions as PEP 440 does', () => {
    const ordered = ['1.0.dev1', '1.0a1', '1.0a2.dev3', '1.0a2', '1.0b1', '1.0rc1', '1.0', '1.0.post1.dev2', '1.0.post1', '1.1', '1.10', '2', '1!0.1'];
    for (let i = 0; i + 1 < ordered.length; i += 1) {
      expect(compareVersions(ordered[i]!, ordered[i + 1]!), `${ordered[i]} < ${ordered[i + 1]}`).toBeLessThan(0);
      expect(compareVersions(ordered[i + 1]!, ordered[i]!)).toBeGreaterThan(0);
    }
  });

  it.each([
    ['1.0', '1.0.0', 0],
    ['1.0-1', '1.0.post1', 0],
    ['1.0ALPHA1', '1.0a1', 0],
    ['v1.2', '1.2', 0],
    ['2.1.0+cpu', '2.1.0+cu121', undefined],
    ['unknown', '1.0', undefined],
    ['1'.repeat(200), '1', undefined],
  ])('%s against %s', (a, b, order) => {
    expect(compareVersions(a, b)).toBe(order);
  });
});
