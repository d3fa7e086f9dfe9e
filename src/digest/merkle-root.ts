import type { Crypto } from '#base';
import { leafHash, nodeHash } from './merkle-hash.ts';

/**
 * Root of the Merkle tree over the leaves in the order given: 32 bytes. Without leaves it is the hash of nothing.
 * Reads the leaves once and keeps one hash per level, so the leaves may come from a generator.
 * Source: RFC 9162 §2.1.1.
 */
export const merkleRoot = (leaves: Iterable<Uint8Array>, crypto: Crypto): Uint8Array => rootOfHashes(hashes(leaves, crypto), crypto);

function* hashes(leaves: Iterable<Uint8Array>, crypto: Crypto): Generator<Uint8Array> {
  for (const leaf of leaves) yield leafHash(leaf, crypto);
}

type Peak = { readonly hash: Uint8Array; readonly level: number };

/** Root over hashes of leaves: complete subtrees of equal height are joined as they come, the rest from right to left at the end. */
export const rootOfHashes = (leafHashes: Iterable<Uint8Array>, crypto: Crypto): Uint8Array => {
  const peaks: Peak[] = [];
  for (const hash of leafHashes) {
    let peak: Peak = { hash, level: 0 };
    while (peaks.at(-1)?.level === peak.level) peak = { hash: nodeHash(peaks.pop()!.hash, peak.hash, crypto), level: peak.level + 1 };
    peaks.push(peak);
  }
  let root = peaks.pop()?.hash;
  if (root === undefined) return crypto.sha256(new Uint8Array(0));
  while (peaks.length > 0) root = nodeHash(peaks.pop()!.hash, root, crypto);
  return root;
};
