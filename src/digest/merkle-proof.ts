import type { Crypto } from '#base';
import { leafHash } from './merkle-hash.ts';
import { rootOfHashes } from './merkle-root.ts';

/**
 * Hashes that prove that leaf `index` (from 0) is in the tree over the leaves, from the bottom up.
 * Throws RangeError if there is no such leaf.
 * Source: RFC 9162 §2.1.3.1.
 */
export const inclusionProof = (leaves: readonly Uint8Array[], index: number, crypto: Crypto): readonly Uint8Array[] => {
  if (!Number.isSafeInteger(index) || index < 0 || index >= leaves.length) throw new RangeError(`leaf ${index} of a tree of ${leaves.length} leaves`);
  return path(
    leaves.map((leaf) => leafHash(leaf, crypto)),
    index,
    crypto,
  );
};

const path = (hashes: readonly Uint8Array[], index: number, crypto: Crypto): readonly Uint8Array[] => {
  if (hashes.length === 1) return [];
  const split = largestPowerBelow(hashes.length);
  const left = hashes.slice(0, split);
  const right = hashes.slice(split);
  return index < split ? [...path(left, index, crypto), rootOfHashes(right, crypto)] : [...path(right, index - split, crypto), rootOfHashes(left, crypto)];
};

/**
 * Hashes that prove that the tree over the first `size` leaves is a prefix of the tree over all of them.
 * Throws RangeError unless 1 <= size <= number of leaves.
 * Source: RFC 9162 §2.1.4.1.
 */
export const consistencyProof = (leaves: readonly Uint8Array[], size: number, crypto: Crypto): readonly Uint8Array[] => {
  if (!Number.isSafeInteger(size) || size < 1 || size > leaves.length) throw new RangeError(`size ${size} of a tree of ${leaves.length} leaves`);
  if (size === leaves.length) return [];
  return subProof(
    leaves.map((leaf) => leafHash(leaf, crypto)),
    size,
    true,
    crypto,
  );
};

const subProof = (hashes: readonly Uint8Array[], size: number, whole: boolean, crypto: Crypto): readonly Uint8Array[] => {
  if (size === hashes.length) return whole ? [] : [rootOfHashes(hashes, crypto)];
  const split = largestPowerBelow(hashes.length);
  const left = hashes.slice(0, split);
  const right = hashes.slice(split);
  return size <= split ? [...subProof(left, size, whole, crypto), rootOfHashes(right, crypto)] : [...subProof(right, size - split, false, crypto), rootOfHashes(left, crypto)];
};

/** The largest power of two smaller than a size of at least 2. Computed without 32-bit operators. */
const largestPowerBelow = (size: number): number => {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
};
