import { verifyInclusion } from '#digest';
import type { Algorithms } from './algorithms.ts';
import { type Refused, refused } from './refused.ts';
import type { TlogProof } from './tlog-proof.ts';
import { type CheckpointCheck, type CheckpointRefusal, type CheckpointTrust, verifyCheckpoint } from './verify-checkpoint.ts';

export type TlogClaim = CheckpointTrust & {
  readonly proof: TlogProof;
  /** Hash of the leaf that is claimed to be in the log, computed by the verifier: 32 bytes. */
  readonly leafHash: Uint8Array;
};

export type TlogProofCheck =
  | (Extract<CheckpointCheck, { readonly kind: 'held' }> & { /** Index of the leaf in its log. */ readonly index: number })
  | Refused<CheckpointRefusal | 'not-included'>;

/**
 * Whether a proof shows a leaf to be in a log: the log has signed a checkpoint, the witnesses that are demanded have too, and the leaf is
 * in its tree at the index of the proof. The proof is hostile. Never throws.
 * Source: C2SP tlog-proof, "Verifying a tlog proof".
 */
export const verifyTlogProof = (claim: TlogClaim, { crypto, verify }: Algorithms): TlogProofCheck => {
  const { proof, leafHash } = claim;
  const held = verifyCheckpoint(proof.checkpoint, claim, verify);
  if (held.kind === 'refused') return held;
  const { size, root } = held.checkpoint;
  if (proof.index >= size) return refused('not-included', `the proof is for leaf ${proof.index} of a log that has ${size} leaves`);
  if (!verifyInclusion({ index: proof.index, size, leafHash, proof: proof.hashes, root }, crypto))
    return refused('not-included', `the proof does not lead from the leaf at index ${proof.index} to the root of the checkpoint`);
  return { ...held, index: proof.index };
};
