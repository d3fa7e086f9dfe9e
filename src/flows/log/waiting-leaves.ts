import { join } from 'node:path';
import { compareBytes, toHex } from '#base';
import { nodeCrypto, writeAtomic } from '#files';
import { leafHash } from '#digest';
import { type Leaf, readLeaf, readTlogProof, type TlogProof, writeTlogProof } from '#tlog';
import { LEAF, leafFiles, LOST_PROOF, PROOF, proofsFolder } from './leaf-files.ts';

/** A leaf beside a record, and the proof of it if a log has taken it in. */
export type RunLeaf = {
  readonly statementPath: string;
  /** Name of the leaf, without an ending. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly leaf: Leaf;
  /** Absent: it waits. */
  readonly proof?: TlogProof;
  /** Proofs that were laid aside, because their log has lost the leaf since. */
  readonly lost: readonly TlogProof[];
};

export type RunLeaves = { readonly leaves: readonly RunLeaf[]; /** Files that hold no leaf, or no proof of it. */ readonly damaged: readonly string[] };

const AT_ONCE = 32;

/** The leaves beside the statement of a run, and what cannot be read as one. Never throws. */
export const leavesBeside = async (statementPath: string): Promise<RunLeaves> => {
  const folder = proofsFolder(statementPath);
  const { files, isLink } = await leafFiles(statementPath);
  const leaves: RunLeaf[] = [];
  const damaged: string[] = isLink ? [folder] : [];
  for (const { name, leaf: readBytes, proof: readProof, lostProofs } of files) {
    const bytes = readBytes();
    const leaf = readLeaf(bytes);
    if (leaf.kind === 'rejected') {
      damaged.push(join(folder, `${name}${LEAF}`));
      continue;
    }
    const proofBytes = readProof();
    const proof = proofBytes === undefined ? undefined : readTlogProof(proofBytes);
    if (proof?.kind === 'rejected') damaged.push(join(folder, `${name}${PROOF}`));
    leaves.push({ statementPath, name, bytes, leaf: leaf.value, ...(proof?.kind === 'accepted' ? { proof: proof.value } : {}), lost: lostProofs().flatMap(readProofs) });
  }
  return { leaves, damaged };
};

const readProofs = (bytes: Uint8Array): readonly TlogProof[] => {
  const reading = readTlogProof(bytes);
  return reading.kind === 'accepted' ? [reading.value] : [];
};

/** The leaves beside many statements, in their order; a few at once, because each has files open. */
export const leavesBesideAll = async (statementPaths: readonly string[]): Promise<readonly RunLeaves[]> => {
  const found: RunLeaves[] = [];
  for (let at = 0; at < statementPaths.length; at += AT_ONCE) found.push(...(await Promise.all(statementPaths.slice(at, at + AT_ONCE).map(leavesBeside))));
  return found;
};

/** Where the proof of a leaf lies or would lie. */
export const proofPath = ({ statementPath, name }: Pick<RunLeaf, 'statementPath' | 'name'>): string => join(proofsFolder(statementPath), `${name}${PROOF}`);

/** Where a leaf lies. */
export const leafPath = ({ statementPath, name }: Pick<RunLeaf, 'statementPath' | 'name'>): string => join(proofsFolder(statementPath), `${name}${LEAF}`);

/** Keeps the proof of a leaf, in place of the one that is there. Throws TL0003. */
export const keepProof = (leaf: RunLeaf, proof: Uint8Array): Promise<void> => writeAtomic(proofPath(leaf), proof, 0o600);

/** Lays the proof of a leaf aside under a name of its own: it stays evidence of what a log signed that does not have the leaf any more. Throws TL0003. */
export const layProofAside = async ({ statementPath, name, proof }: RunLeaf): Promise<void> => {
  if (proof === undefined) return;
  const bytes = writeTlogProof(proof);
  await writeAtomic(join(proofsFolder(statementPath), `${name}.${toHex(nodeCrypto.sha256(bytes)).slice(0, 12)}${LOST_PROOF}`), bytes, 0o600);
};

/** Whether two leaves are one. */
export const isSameLeaf = (a: Uint8Array, b: Uint8Array): boolean => compareBytes(leafHash(a, nodeCrypto), leafHash(b, nodeCrypto)) === 0;
