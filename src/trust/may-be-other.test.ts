import { describe, expect, it } from 'vitest';
import { mayBeOther } from './may-be-other.ts';

const pin = { roots: [{ keyId: 'a' }, { keyId: 'b' }] };

describe('whether the pin may be that of another trust file', () => {
  it.each<[string, Parameters<typeof mayBeOther>[0]['refusal'], readonly string[], boolean]>([
    ['other roots', 'below-threshold', ['c'], true],
    ['too few of the same roots', 'below-threshold', ['b', 'c'], false],
    ['the same root, another file', 'same-version-other-content', ['a'], true],
    ['the same root, an older file', 'rollback', ['a'], true],
    ['it has expired', 'expired', ['a'], false],
    ['it cannot be read', 'malformed', ['c'], false],
    ['it is not there', 'missing', [], false],
  ])('%s', (_, refusal, roots, expected) => {
    const own = roots.map((keyId) => ({ keyId }));
    expect(mayBeOther({ refusal }, pin, own)).toBe(expected);
  });
});
