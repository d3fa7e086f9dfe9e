import { TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import { type LocalLog, localLogs } from '#logbook';
import { RUN_FILES } from '#store';
import { readCheckpoint, readTlogProof, readVerifierKey, type VerifierKey } from '#tlog';
import type { TrustStanding } from '#trust';
import type { LogEvidence } from '#verify';
import { LEAF, leafFiles } from '../log/leaf-files.ts';

export type LogQuestion = {
  readonly statementPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Verifier keys that count for this question, as text. */
  readonly logKeys: readonly string[];
  readonly trust: TrustStanding;
  /** RFC 3339. */
  readonly now: string;
};

/** Fetches what says that a log has a record. Throws TL0001 for a key that is none. */
export const logEvidence = async ({ statementPath, env, logKeys, trust, now }: LogQuestion): Promise<LogEvidence> => {
  const leaves = await leavesOf(statementPath);
  const listed = trust.kind === 'accepted' ? [...trust.trust.logs, ...trust.trust.witnesses].map(({ key }) => key) : [];
  const local = await localLogs(env, nodeVerifySignature);
  const keys = [...logKeys.map(keyOf), ...listed, ...local.keys];
  const proofs = leaves.flatMap(({ proof }) => (proof === undefined ? [] : [proof]));
  return {
    leaves,
    logs: keys.filter(({ use }) => use === 'signature'),
    remembered: await Promise.all(local.logs.map((log) => rememberedOf(log, proofs))),
    lost: local.lost,
    witnesses: keys.filter(({ use }) => use === 'cosignature'),
    nowSeconds: Math.floor(Date.parse(now) / 1000),
  };
};

const leavesOf = async (statementPath: string): Promise<LogEvidence['leaves']> => {
  const { files, isLink } = await leafFiles(statementPath);
  // What lies behind a link is none of the record: it is told as what cannot be read.
  if (isLink) return [{ name: RUN_FILES.proofs, leaf: new Uint8Array(0) }];
  return files.flatMap(({ name, leaf: readBytes, proof: readProof, lostProofs }) => {
    const [leaf, proof] = [readBytes(), readProof()];
    const about = { name: `${name}${LEAF}`, leaf };
    return [{ ...about, ...(proof === undefined ? {} : { proof }) }, ...lostProofs().map((lost) => ({ ...about, proof: lost, isLost: true }))];
  });
};

/** What the log itself proves about the checkpoints in proofs. What it cannot prove is missing, and then the check fails. */
const rememberedOf = async ({ key, checkpoint, consistencyFrom }: LocalLog, proofs: readonly Uint8Array[]): Promise<LogEvidence['remembered'][number]> => {
  const from = new Map<number, readonly Uint8Array[]>();
  for (const bytes of proofs) {
    const proof = readTlogProof(bytes);
    const claimed = proof.kind === 'accepted' ? readCheckpoint(proof.value.checkpoint.body) : undefined;
    if (claimed?.kind !== 'accepted' || claimed.value.origin !== key.name || from.has(claimed.value.size)) continue;
    from.set(claimed.value.size, await consistencyFrom(claimed.value.size).catch(() => []));
  }
  return { origin: key.name, size: checkpoint.size, root: checkpoint.root, from };
};

const keyOf = (text: string): VerifierKey => {
  const key = readVerifierKey(text, nodeCrypto);
  if (key.kind === 'accepted') return key.value;
  throw new TrainlockError('TL0001', `this is not the verifier key of a log: ${key.problems[0]?.message ?? ''}`, {
    where: text,
    fix: 'trainlock log show   # prints the key to pin',
  });
};
