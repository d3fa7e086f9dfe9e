import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { problemOf, valueOf } from '../../test/fixtures/log-keys.ts';
import { readEntryBundle, writeEntryBundle } from './entry-bundle.ts';

describe('a bundle of leaves', () => {
  it('has each leaf after its length', () => {
    expect(writeEntryBundle([utf8('one'), utf8('two')])).toEqual(Uint8Array.of(0, 3, ...utf8('one'), 0, 3, ...utf8('two')));
  });

  it.each([
    ['without a leaf', Uint8Array.of(), /no leaf/],
    ['with half a length', Uint8Array.of(0), /length of leaf 0 is cut off/],
    ['with a leaf that is cut off', Uint8Array.of(0, 3, 1, 2), /leaf 0 is cut off: it has 2 of 3 bytes/],
    ['with a byte too many', Uint8Array.of(0, 1, 1, 9), /length of leaf 1 is cut off/],
    ['with an empty leaf', Uint8Array.of(0, 1, 1, 0, 0), /leaf 1 is empty/],
    ['with 257 leaves', Uint8Array.from({ length: 257 * 3 }, (_, i) => (i % 3 === 0 ? 0 : 1)), /more than 256/],
  ])('%s is rejected', (_, bytes, message) => {
    expect(problemOf(readEntryBundle(bytes))).toMatch(message);
  });

  it('with 256 leaves, or one of 65535 bytes, is read', () => {
    expect(valueOf(readEntryBundle(Uint8Array.from({ length: 256 * 3 }, (_, i) => (i % 3 === 0 ? 0 : 1))))).toHaveLength(256);
    const long = new Uint8Array(65_535).fill(7);
    expect(valueOf(readEntryBundle(writeEntryBundle([long])))).toEqual([long]);
  });

  it('is read back as it was written, and no prefix of it is', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 256 }), fc.nat(), (leaves, cut) => {
        const bytes = writeEntryBundle(leaves);
        expect(valueOf(readEntryBundle(bytes))).toEqual(leaves);
        const prefix = readEntryBundle(bytes.subarray(0, cut % bytes.length));
        if (prefix.kind === 'accepted') expect(prefix.value.length).toBeLessThan(leaves.length);
      }),
    );
  });

  it('is not written without leaves, with too many, or with one that is too long or empty', () => {
    for (const leaves of [[], Array.from({ length: 257 }, () => Uint8Array.of(1)), [new Uint8Array(65_536)], [new Uint8Array(0)]])
      expect(() => writeEntryBundle(leaves)).toThrow(RangeError);
  });
});
