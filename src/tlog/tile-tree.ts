import { type Crypto, TrainlockError } from '#base';
import { HASH_BYTES } from '#digest';
import { TILE_WIDTH, tileWidth, writeTilePath } from './tile-path.ts';
import { completeHash, joinPeaks } from './tree-hash.ts';

/** Brings the bytes of a tile: `width` hashes. It may throw where it cannot. */
export type ReadTile = (level: number, index: number, width: number) => Promise<Uint8Array>;

/** Roots and proofs of a log, computed from its tiles. */
export type TileTree = {
  /** Root of the first `size` leaves. */
  readonly rootOf: (size: number) => Promise<Uint8Array>;
  /** Hashes, from the bottom up, that prove leaf `index` in the first `size` leaves. Throws RangeError if there is no such leaf. */
  readonly inclusionProofAt: (index: number, size: number) => Promise<readonly Uint8Array[]>;
  /** Hashes that prove the first size1 leaves to be a prefix of the first size2; none if size1 is 0. Throws RangeError unless 0 <= size1 <= size2. */
  readonly consistencyProofOf: (size1: number, size2: number) => Promise<readonly Uint8Array[]>;
};

/**
 * Roots and proofs from tiles, with at most two tiles read for each level of tiles. The tiles are hostile: what comes out proves
 * nothing until it is checked against a signed checkpoint with `verifyInclusion` or `verifyConsistency`. Throws TL1402 for a tile with
 * the wrong number of bytes.
 * Source: C2SP tlog-tiles v0.1; RFC 9162 §2.1.
 */
export const tileTree = (readTile: ReadTile, crypto: Crypto): TileTree => ({
  rootOf: (size) => rangeHash(viewOf(readTile, natural(size), crypto), 0, size),
  inclusionProofAt: (index, size) => {
    if (natural(index) >= natural(size)) throw new RangeError(`leaf ${index} of a log of ${size} leaves`);
    return inclusion(viewOf(readTile, size, crypto), index);
  },
  consistencyProofOf: async (size1, size2) => {
    if (natural(size1) > natural(size2)) throw new RangeError(`size ${size1} of a log of ${size2} leaves`);
    return size1 === 0 || size1 === size2 ? [] : consistency(viewOf(readTile, size2, crypto), size1);
  },
});

const natural = (value: number): number => {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not a number of leaves`);
  return value;
};

/** A log at one size, with the tiles that were read already. */
type View = { readonly size: number; readonly crypto: Crypto; readonly tile: (level: number, index: number) => Promise<Uint8Array> };

const viewOf = (readTile: ReadTile, size: number, crypto: Crypto): View => {
  const read = new Map<string, Promise<Uint8Array>>();
  const tile = (level: number, index: number): Promise<Uint8Array> => {
    const key = `${level}/${index}`;
    const known = read.get(key) ?? checkedTile(readTile, { level, index, width: tileWidth(level, index, size) });
    read.set(key, known);
    return known;
  };
  return { size, crypto, tile };
};

const checkedTile = async (readTile: ReadTile, place: { readonly level: number; readonly index: number; readonly width: number }): Promise<Uint8Array> => {
  const bytes = await readTile(place.level, place.index, place.width);
  if (bytes.length === place.width * HASH_BYTES) return bytes;
  const path = writeTilePath({ kind: 'hashes', ...place });
  throw new TrainlockError('TL1402', `the tile ${path} has ${bytes.length} bytes, not ${place.width * HASH_BYTES}`, { where: path });
};

/** Root of the leaves from `start` to before `end`. The range must start where a subtree of its size would. */
const rangeHash = async (view: View, start: number, end: number): Promise<Uint8Array> => {
  const peaks: Uint8Array[] = [];
  for (let at = start; at < end;) {
    const leaves = largestPower(end - at);
    peaks.push(await subtreeHash(view, at, leaves));
    at += leaves;
  }
  return joinPeaks(peaks, view.crypto);
};

/** Hash of a complete subtree of `leaves` leaves, a power of two: from the hashes of one tile. */
const subtreeHash = async (view: View, start: number, leaves: number): Promise<Uint8Array> => {
  let level = 0;
  while (TILE_WIDTH ** (level + 1) <= leaves) level += 1;
  const first = start / TILE_WIDTH ** level;
  const count = leaves / TILE_WIDTH ** level;
  const index = Math.floor(first / TILE_WIDTH);
  return completeHash(hashesIn(await view.tile(level, index), first - index * TILE_WIDTH, count), view.crypto);
};

const hashesIn = (tile: Uint8Array, first: number, count: number): readonly Uint8Array[] =>
  Array.from({ length: count }, (_, i) => tile.slice((first + i) * HASH_BYTES, (first + i + 1) * HASH_BYTES));

/** Source: RFC 9162 §2.1.3.1. */
const inclusion = async (view: View, index: number): Promise<readonly Uint8Array[]> => {
  const siblings: Promise<Uint8Array>[] = [];
  let [start, end] = [0, view.size];
  while (end - start > 1) {
    const split = start + powerBelow(end - start);
    siblings.push(index < split ? rangeHash(view, split, end) : rangeHash(view, start, split));
    if (index < split) end = split;
    else start = split;
  }
  return (await Promise.all(siblings)).reverse();
};

/** Source: RFC 9162 §2.1.4.1. */
const consistency = async (view: View, size1: number): Promise<readonly Uint8Array[]> => {
  const hashes: Uint8Array[] = [];
  let [start, end] = [0, view.size];
  while (size1 !== end) {
    const split = start + powerBelow(end - start);
    hashes.push(await (size1 <= split ? rangeHash(view, split, end) : rangeHash(view, start, split)));
    if (size1 <= split) end = split;
    else start = split;
  }
  // Where the smaller tree is itself a complete subtree of the larger, the verifier has its root already.
  if (start !== 0) hashes.push(await rangeHash(view, start, end));
  return hashes.reverse();
};

/** The largest power of two that is not larger than a number of at least 1. Computed without 32-bit operators. */
const largestPower = (value: number): number => {
  let power = 1;
  while (power * 2 <= value) power *= 2;
  return power;
};

/** The largest power of two smaller than a number of at least 2. */
const powerBelow = (value: number): number => {
  const power = largestPower(value);
  return power === value ? power / 2 : power;
};
