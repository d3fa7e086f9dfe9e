import { compareBytes, type Crypto } from '#base';
import type { LeafKind, LoggedLeaf } from './leaf.ts';
import { type Refused, refused } from './refused.ts';

/** All leaves of a log between two checkpoints, proven to be in it before they come here. */
export type LeafRange = {
  /** Size of the earlier checkpoint: the first index of the range. */
  readonly from: number;
  /** Size of the later checkpoint: the index after the last. */
  readonly to: number;
  readonly leaves: readonly LoggedLeaf[];
};

export type Population = { readonly kind: 'complete'; readonly events: readonly LoggedLeaf[] } | Refused<'incomplete'>;

/**
 * Every event of these kinds between two checkpoints, in the order of the log. Refused unless each index of the range is there exactly
 * once: from a list with holes nobody can say that nothing was left out.
 */
export const populationOf = ({ from, to, leaves }: LeafRange, kinds: readonly LeafKind[]): Population => {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to) return refused('incomplete', `${from} to ${to} is not a range of leaves`);
  const ordered = leaves.toSorted((a, b) => a.index - b.index);
  const at = ordered.findIndex(({ index }, place) => index !== from + place);
  if (at !== -1) return refused('incomplete', hole(ordered[at]!.index, from + at, to));
  if (ordered.length !== to - from) return refused('incomplete', `leaf ${from + ordered.length} is missing`);
  return { kind: 'complete', events: ordered.filter(({ leaf }) => kinds.includes(leaf.kind)) };
};

const hole = (found: number, expected: number, to: number): string =>
  expected < to && found > expected ? `leaf ${expected} is missing` : `leaf ${found} is there twice or outside the range`;

/**
 * Draws `count` of the indices without replacement, so that anybody can draw them again: rank(i) = HMAC-SHA-256(key = seed,
 * message = i as 8 bytes, big-endian); the indices with the smallest ranks, compared as bytes, are drawn, smallest first. So the order
 * of the input changes nothing, and a larger sample starts with the smaller one. Of fewer indices all are drawn. The seed must be a
 * value that nobody could know before the population was fixed, such as the root of a later checkpoint. Throws RangeError for an
 * index that is not a whole number from 0 to 2^53-1 or is there twice, for a count that is none, and for an empty seed.
 * Source: RFC 2104; ranking by a keyed hash.
 */
export const sampleOf = (indices: readonly number[], seed: Uint8Array, count: number, crypto: Crypto): readonly number[] => {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${count} is not a number of indices to draw`);
  if (seed.length === 0) throw new RangeError('the seed is empty');
  if (new Set(indices).size !== indices.length) throw new RangeError('an index is there twice');
  return indices
    .map((index) => ({ index, rank: crypto.hmacSha256(seed, eightBytes(index)) }))
    .sort((a, b) => compareBytes(a.rank, b.rank))
    .slice(0, count)
    .map(({ index }) => index);
};

const eightBytes = (index: number): Uint8Array => {
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError(`${index} is not the index of a leaf`);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(index));
  return bytes;
};
