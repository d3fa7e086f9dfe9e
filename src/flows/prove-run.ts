/** The proofs that the leaves of a run are in a log. */
import { fromUtf8 } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import { type Logbook, openLogbook } from '#logbook';
import { openStore, type RunRecord } from '#store';
import { leafHash } from '#digest';
import { readCheckpoint, readTlogProof, verifyTlogProof, writeTlogProof } from '#tlog';
import { isSameLeaf, keepProof, leavesBeside, proofPath, type RunLeaf } from './log/waiting-leaves.ts';

export type ProveOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly reference: string;
  /** Put a proof with the present checkpoint in place of the one that lies beside the record. */
  readonly write: boolean;
};

export type ProvenLeaf = {
  readonly name: string;
  readonly event: string;
  /**
   * proven: the log of this machine has it, and this is the proof with the present checkpoint; elsewhere: another log took it in, and
   * this is the proof that lies beside the record; waiting: no log has taken it in; wrong: the proof that lies beside it does not hold.
   */
  readonly state: 'proven' | 'elsewhere' | 'waiting' | 'wrong';
  readonly origin?: string;
  readonly index?: number;
  readonly size?: number;
  /** The tlog-proof. */
  readonly proof?: string;
  /** Where it lies. */
  readonly path?: string;
  readonly because?: string;
};

export type ProvenRun = { readonly run: RunRecord; readonly leaves: readonly ProvenLeaf[]; readonly damaged: readonly string[] };

/** Throws TL0301, TL0302, TL1401 to TL1403, TL0003. */
export const proveRun = async (options: ProveOptions): Promise<ProvenRun> => {
  const store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder });
  const run = await store.find(options.reference, options.workingDirectory);
  const { leaves, damaged } = await leavesBeside(run.statementPath);
  const logbook = openLogbook({ env: options.env, verify: nodeVerifySignature });
  const proven: ProvenLeaf[] = [];
  for (const leaf of leaves) proven.push(await provenLeaf(leaf, logbook, options.write));
  return { run, leaves: proven, damaged };
};

const provenLeaf = async (leaf: RunLeaf, logbook: Logbook, write: boolean): Promise<ProvenLeaf> => {
  const about = { name: leaf.name, event: leaf.leaf.kind };
  const { proof } = leaf;
  if (proof === undefined) return { ...about, state: 'waiting' };
  const kept = readCheckpoint(proof.checkpoint.body);
  if (kept.kind === 'rejected') return { ...about, state: 'wrong', path: proofPath(leaf), because: kept.problems[0]!.message };
  const { origin, size } = kept.value;
  const head = await logbook.head();
  if (head === undefined || head.key.name !== origin)
    return { ...about, state: 'elsewhere', origin, index: proof.index, size, proof: textOf(writeTlogProof(proof)), path: proofPath(leaf) };
  const check = verifyTlogProof({ proof, leafHash: leafHash(leaf.bytes, nodeCrypto), keys: [head.key] }, { crypto: nodeCrypto, verify: nodeVerifySignature });
  if (check.kind === 'refused') return { ...about, state: 'wrong', origin, index: proof.index, size, path: proofPath(leaf), because: check.because };
  for await (const { bytes } of logbook.leavesOf({ from: proof.index, to: proof.index + 1 })) {
    if (!isSameLeaf(bytes, leaf.bytes)) return { ...about, state: 'wrong', origin, index: proof.index, path: proofPath(leaf), because: 'the log has another leaf at that index' };
  }
  const fresh = await logbook.proofOf(proof.index);
  if (write) await keepProof(leaf, fresh);
  const read = readTlogProof(fresh);
  const now = read.kind === 'accepted' ? readCheckpoint(read.value.checkpoint.body) : undefined;
  return { ...about, state: 'proven', origin, index: proof.index, size: now?.kind === 'accepted' ? now.value.size : size, proof: textOf(fresh), path: proofPath(leaf) };
};

const textOf = (bytes: Uint8Array): string => fromUtf8(bytes) ?? '';
