import type { Crypto } from '#base';
import { nodeHash } from '#digest';

/** Root of a log without leaves. Source: RFC 9162 §2.1.1. */
export const emptyRoot = (crypto: Crypto): Uint8Array => crypto.sha256(new Uint8Array(0));

/** One hash over the peaks of a tree, largest subtree first, joined from right to left. Without peaks it is the root of an empty log. */
export const joinPeaks = (peaks: readonly Uint8Array[], crypto: Crypto): Uint8Array => {
  const last = peaks.at(-1);
  if (last === undefined) return emptyRoot(crypto);
  return peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right, crypto), last);
};

/** Hash of a complete subtree over hashes that stand side by side; their number is a power of two. */
export const completeHash = (hashes: readonly Uint8Array[], crypto: Crypto): Uint8Array => {
  let level = hashes;
  while (level.length > 1) level = Array.from({ length: level.length / 2 }, (_, i) => nodeHash(level[2 * i]!, level[2 * i + 1]!, crypto));
  return level[0]!;
};
