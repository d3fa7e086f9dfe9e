import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { crypto } from '../../test/fixtures/log-keys.ts';
import type { LeafKind, LoggedLeaf } from './leaf.ts';
import { populationOf, sampleOf } from './population.ts';

const DIGEST = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const at = (index: number, kind: LeafKind = 'gate'): LoggedLeaf => ({
  index,
  leaf: { version: 1, kind, time: '2026-11-24T08:00:00.000Z', object: { type: 'run', id: String(index) }, payloadSha256: DIGEST },
});

describe('a population', () => {
  it('is every event of the kinds, in the order of the log', () => {
    const leaves = [at(7, 'approval'), at(5), at(6, 'run-recorded'), at(8)];
    const population = populationOf({ from: 5, to: 9, leaves }, ['gate', 'approval']);
    expect(population.kind === 'complete' && population.events.map(({ index }) => index)).toEqual([5, 7, 8]);
  });

  it('of an empty range is empty and complete', () => {
    expect(populationOf({ from: 5, to: 5, leaves: [] }, ['gate'])).toEqual({ kind: 'complete', events: [] });
  });

  it.each<[string, { from: number; to: number; leaves: readonly LoggedLeaf[] }, RegExp]>([
    ['a leaf is missing inside', { from: 0, to: 3, leaves: [at(0), at(2)] }, /leaf 1 is missing/],
    ['a leaf is missing at the start', { from: 0, to: 3, leaves: [at(1), at(2)] }, /leaf 0 is missing/],
    ['a leaf is missing at the end', { from: 0, to: 3, leaves: [at(0), at(1)] }, /leaf 2 is missing/],
    ['a leaf is there twice', { from: 0, to: 2, leaves: [at(0), at(0), at(1)] }, /leaf 0 is there twice/],
    ['a leaf is before the range', { from: 1, to: 2, leaves: [at(0), at(1)] }, /leaf 0 is there twice or outside/],
    ['a leaf is after the range', { from: 0, to: 1, leaves: [at(0), at(1)] }, /leaf 1|2 leaves|missing/],
    ['the range is turned round', { from: 3, to: 1, leaves: [] }, /not a range/],
    ['the range has no size', { from: 0, to: 0.5, leaves: [] }, /not a range/],
  ])('is refused when %s', (_, range, message) => {
    const population = populationOf(range, ['gate']);
    expect(population).toMatchObject({ kind: 'refused', refusal: 'incomplete' });
    expect(population.kind === 'refused' && population.because).toMatch(message);
  });
});

describe('a sample', () => {
  const seed = utf8('root of a later checkpoint');
  const thousand = Array.from({ length: 1000 }, (_, i) => i);

  it('is the one that the written formula gives', () => {
    const rank = (index: number): string => {
      const message = Buffer.alloc(8);
      message.writeBigUInt64BE(BigInt(index));
      return createHmac('sha256', seed).update(message).digest('hex');
    };
    const expected = thousand.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, 25);
    expect(sampleOf(thousand, seed, 25, crypto)).toEqual(expected);
  });

  // Computed once with: printf '%016x' INDEX | xxd -r -p | openssl dgst -sha256 -mac HMAC -macopt key:seed
  it('of ten indices with the key `seed` is this one', () => {
    expect(sampleOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], utf8('seed'), 4, crypto)).toEqual([4, 0, 1, 5]);
  });

  it('does not depend on the order of the indices, draws none twice, and starts as a smaller one', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.maxSafeNat(), { maxLength: 50 }), fc.uint8Array({ minLength: 1 }), fc.nat(60), fc.nat(60), (indices, key, a, b) => {
        const [fewer, more] = [Math.min(a, b), Math.max(a, b)];
        const sample = sampleOf(indices, key, more, crypto);
        expect(sampleOf(indices.toReversed(), key, more, crypto)).toEqual(sample);
        expect(new Set(sample).size).toBe(Math.min(more, indices.length));
        expect(sample.slice(0, fewer)).toEqual(sampleOf(indices, key, fewer, crypto));
        expect(sample.every((index) => indices.includes(index))).toBe(true);
      }),
    );
  });

  it('draws every index about as often', () => {
    const drawn = new Map<number, number>();
    for (let i = 0; i < 400; i += 1) for (const index of sampleOf(thousand.slice(0, 20), utf8(`seed ${i}`), 5, crypto)) drawn.set(index, (drawn.get(index) ?? 0) + 1);
    // 400 draws of 5 in 20: each is drawn 100 times in the mean, with a deviation of 8.7.
    expect(Math.min(...drawn.values())).toBeGreaterThan(60);
    expect(Math.max(...drawn.values())).toBeLessThan(140);
  });

  it.each<[string, readonly number[], Uint8Array, number]>([
    ['an index twice', [1, 1], seed, 1],
    ['a negative index', [-1], seed, 1],
    ['an index beyond 2^53-1', [2 ** 53], seed, 1],
    ['a count that is none', [1], seed, -1],
    ['no seed', [1], new Uint8Array(0), 1],
  ])('with %s is not drawn', (_, indices, key, count) => {
    expect(() => sampleOf(indices, key, count, crypto)).toThrow(RangeError);
  });
});
