import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Crypto } from '#base';
import { changeOf } from './change-pattern.ts';
import { bindingOf, differenceDigest } from './change-binding.ts';

const crypto: Crypto = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  hmacSha256: (key, bytes) => createHmac('sha256', key).update(bytes).digest(),
};

/** Canonical JSON written by hand: keys in order, no space. */
const sha256 = (json: string): string => createHash('sha256').update(json).digest('hex');

const change = (path: string, label: string) => changeOf({ path, label, classes: ['data'], isWhole: true });
const digest = (...changes: readonly (readonly [string, string])[]): string =>
  differenceDigest(
    changes.map(([path, label]) => change(path, label)),
    crypto,
  );

describe('the digest of a difference', () => {
  it('is over paths and labels alone, by path and then by label, in whatever order they came', () => {
    const expected = sha256('[{"label":"a","path":"/x"},{"label":"b","path":"/x"},{"label":"c","path":"/x"},{"label":"a","path":"/y"},{"label":"a","path":"/z"}]');
    expect(digest(['/x', 'a'], ['/x', 'b'], ['/x', 'c'], ['/y', 'a'], ['/z', 'a'])).toBe(expected);
    expect(digest(['/z', 'a'], ['/y', 'a'], ['/x', 'c'], ['/x', 'b'], ['/x', 'a'])).toBe(expected);
    expect(digest(['/x', 'b'], ['/z', 'a'], ['/x', 'c'], ['/y', 'a'], ['/x', 'a'])).toBe(expected);
  });

  it('keeps what is there twice, and has one for nothing', () => {
    expect(digest(['/x', 'a'], ['/x', 'a'])).toBe(sha256('[{"label":"a","path":"/x"},{"label":"a","path":"/x"}]'));
    expect(digest()).toBe(sha256('[]'));
  });
});

describe('what an approval is bound to', () => {
  const IDENTITY = { candidateSha256: 'c', differenceSha256: 'd', policySha256: 'p' };

  it('is baseline, candidate, difference and policy', () => {
    expect(bindingOf({ ...IDENTITY, baselineSha256: 'b' }, crypto)).toBe(sha256('{"baselineSha256":"b","candidateSha256":"c","differenceSha256":"d","policySha256":"p"}'));
  });

  it('names no baseline where there is none', () => {
    const expected = sha256('{"candidateSha256":"c","differenceSha256":"d","policySha256":"p"}');
    expect(bindingOf(IDENTITY, crypto)).toBe(expected);
    expect(bindingOf({ ...IDENTITY, baselineSha256: undefined }, crypto)).toBe(expected);
  });
});
