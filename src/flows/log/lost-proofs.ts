import { verifyConsistency } from '#digest';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import { localLogs } from '#logbook';
import { type TlogProof, verifyCheckpoint } from '#tlog';
import type { RunLeaf, RunLeaves } from './waiting-leaves.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type LeavesToEnter = {
  /** Without a proof. */ readonly waiting: readonly RunLeaf[];
  /** With one of a log that does not have them any more. */ readonly lost: readonly RunLeaf[];
};

/**
 * The leaves that no log has: those without a proof, and those whose proof was signed by a log of this machine that does not go on from
 * it: it is gone, was set back, or has another past. A proof that no log of this machine signed is not lost, and neither is one whose log
 * cannot be read just now. Never throws.
 */
export const leavesToEnter = async (found: readonly RunLeaves[], env: Environment): Promise<LeavesToEnter> => {
  const leaves = found.flatMap((one) => one.leaves);
  const waiting = leaves.filter(({ proof }) => proof === undefined);
  if (waiting.length === leaves.length) return { waiting, lost: [] };
  const isLost = await lostProofs(env);
  const lost: RunLeaf[] = [];
  for (const leaf of leaves) if (leaf.proof !== undefined && (await isLost(leaf.proof))) lost.push(leaf);
  return { waiting, lost };
};

const lostProofs = async (env: Environment): Promise<(proof: TlogProof) => Promise<boolean>> => {
  const { keys, logs, gone } = await localLogs(env, nodeVerifySignature);
  // Most proofs of a log share few checkpoints.
  const known = new Map<string, Promise<boolean>>();
  const isLost = async ({ checkpoint }: TlogProof): Promise<boolean> => {
    const check = verifyCheckpoint(checkpoint, { keys }, nodeVerifySignature);
    if (check.kind !== 'held') return false;
    const { origin, size, root } = check.checkpoint;
    const log = logs.find(({ key }) => key.name === origin);
    if (log === undefined) return gone.includes(origin);
    if (log.checkpoint.size < size) return true;
    const proof = await log.consistencyFrom(size).catch(() => undefined);
    if (proof === undefined || size === 0) return false;
    return !verifyConsistency({ size1: size, root1: root, size2: log.checkpoint.size, root2: log.checkpoint.root, proof }, nodeCrypto);
  };
  return (proof) => {
    const answer = known.get(proof.checkpoint.body) ?? isLost(proof);
    known.set(proof.checkpoint.body, answer);
    return answer;
  };
};
