import { compareBytes, type Crypto } from '#base';
import { HASH_BYTES, nodeHash } from './merkle-hash.ts';

/** Sizes and indexes may be larger than 2^53; a number must be a safe integer. */
export type TreeNumber = bigint | number;

export type Inclusion = { readonly index: TreeNumber; readonly size: TreeNumber; readonly leafHash: Uint8Array; readonly proof: readonly Uint8Array[]; readonly root: Uint8Array };

export type Consistency = { readonly size1: TreeNumber; readonly size2: TreeNumber; readonly root1: Uint8Array; readonly root2: Uint8Array; readonly proof: readonly Uint8Array[] };

/**
 * Whether the proof shows that the leaf is at `index` of the tree with this size and root. Every argument is hostile:
 * what is too long, too short, out of range or not a hash proves nothing. Never throws.
 * Source: RFC 9162 §2.1.3.2.
 */
export const verifyInclusion = (claim: Inclusion, crypto: Crypto): boolean => {
  const index = natural(claim.index);
  const size = natural(claim.size);
  if (index === undefined || size === undefined || index >= size) return false;
  if (![claim.leafHash, claim.root, ...claim.proof].every(isHash) || claim.proof.length > maxProof(size)) return false;
  let fn = index;
  let sn = size - 1n;
  let hash = claim.leafHash;
  for (const sibling of claim.proof) {
    if (sn === 0n) return false;
    if (isOdd(fn) || fn === sn) {
      hash = nodeHash(sibling, hash, crypto);
      [fn, sn] = skipZeros(fn, sn);
    } else hash = nodeHash(hash, sibling, crypto);
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && equal(hash, claim.root);
};

/**
 * Whether the proof shows that the tree with size1 and root1 is a prefix of the tree with size2 and root2. An empty first tree
 * proves nothing. Every argument is hostile. Never throws.
 * Source: RFC 9162 §2.1.4.2.
 */
export const verifyConsistency = (claim: Consistency, crypto: Crypto): boolean => {
  const size1 = natural(claim.size1);
  const size2 = natural(claim.size2);
  if (size1 === undefined || size2 === undefined || size1 === 0n || size1 > size2) return false;
  if (![claim.root1, claim.root2, ...claim.proof].every(isHash) || claim.proof.length > maxProof(size2) + 1) return false;
  if (size1 === size2) return claim.proof.length === 0 && equal(claim.root1, claim.root2);
  const hashes = isPowerOfTwo(size1) ? [claim.root1, ...claim.proof] : claim.proof;
  return climbs(hashes, [size1, size2], claim, crypto);
};

/** Computes both roots along the proof. A complete first tree is its own first hash, else the proof brings it. */
const climbs = (hashes: readonly Uint8Array[], [size1, size2]: readonly [bigint, bigint], claim: Consistency, crypto: Crypto): boolean => {
  const [first, ...rest] = hashes;
  if (first === undefined || claim.proof.length === 0) return false;
  let fn = size1 - 1n;
  let sn = size2 - 1n;
  while (isOdd(fn)) {
    fn >>= 1n;
    sn >>= 1n;
  }
  let old = first;
  let whole = first;
  for (const sibling of rest) {
    if (sn === 0n) return false;
    if (isOdd(fn) || fn === sn) {
      old = nodeHash(sibling, old, crypto);
      whole = nodeHash(sibling, whole, crypto);
      [fn, sn] = skipZeros(fn, sn);
    } else whole = nodeHash(whole, sibling, crypto);
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && equal(old, claim.root1) && equal(whole, claim.root2);
};

/** Goes up while the node is the last one and has no sibling on its level. */
const skipZeros = (fn: bigint, sn: bigint): [bigint, bigint] => {
  let [a, b] = [fn, sn];
  while (!isOdd(a) && a !== 0n) {
    a >>= 1n;
    b >>= 1n;
  }
  return [a, b];
};

const natural = (value: TreeNumber): bigint | undefined => {
  if (typeof value === 'bigint') return value >= 0n && value < 1n << 64n ? value : undefined;
  return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
};

/** Levels of a tree: the number of bits of size - 1. */
const maxProof = (size: bigint): number => (size - 1n).toString(2).length;

const isOdd = (value: bigint): boolean => (value & 1n) === 1n;

const isPowerOfTwo = (value: bigint): boolean => (value & (value - 1n)) === 0n;

const isHash = (bytes: Uint8Array): boolean => bytes.length === HASH_BYTES;

const equal = (a: Uint8Array, b: Uint8Array): boolean => compareBytes(a, b) === 0;
