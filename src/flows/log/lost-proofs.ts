import { nodeVerifySignature } from '#keys';
import { localLogs } from '#logbook';
import { type TlogProof, verifyCheckpoint } from '#tlog';
import type { RunLeaf, RunLeaves } from './waiting-leaves.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The leaves that no log has: those without a proof, and those whose proof was signed by a log of this machine that is gone, was set back
 * behind it, or does not go on from what is remembered of it. A proof that no log of this machine signed is not lost. Never throws.
 */
export const leavesToEnter = async (found: readonly RunLeaves[], env: Environment): Promise<readonly RunLeaf[]> => {
  const leaves = found.flatMap((one) => one.leaves);
  if (leaves.every(({ proof }) => proof === undefined)) return leaves;
  const isLost = await lostProofs(env);
  return leaves.filter(({ proof }) => proof === undefined || isLost(proof));
};

const lostProofs = async (env: Environment): Promise<(proof: TlogProof) => boolean> => {
  const { keys, logs, lost } = await localLogs(env, nodeVerifySignature);
  return ({ checkpoint }) => {
    const check = verifyCheckpoint(checkpoint, { keys }, nodeVerifySignature);
    if (check.kind !== 'held') return false;
    const { origin, size } = check.checkpoint;
    const log = logs.find(({ key }) => key.name === origin);
    return log === undefined || log.checkpoint.size < size || lost.includes(origin);
  };
};
