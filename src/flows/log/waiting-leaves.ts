import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareBytes } from '#base';
import { nodeCrypto, readBoundedIfThere, writeAtomic, writeOnce } from '#files';
import { besideStatement, RUN_FILES } from '#store';
import { leafHash } from '#digest';
import { type Leaf, MOST_LEAF_BYTES, readLeaf, readTlogProof, type TlogProof } from '#tlog';

/** A leaf beside a record, and the proof of it if a log has taken it in. */
export type RunLeaf = {
  readonly statementPath: string;
  /** Name of the leaf, without an ending. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly leaf: Leaf;
  /** Absent: it waits. */
  readonly proof?: TlogProof;
};

export type RunLeaves = { readonly leaves: readonly RunLeaf[]; /** Files that hold no leaf, or no proof of it. */ readonly damaged: readonly string[] };

/** Most leaves of one record that are looked at. */
const MOST_LEAVES = 256;
const MOST_PROOF_BYTES = 2 * 1024 * 1024;
const AT_ONCE = 32;
const LEAF = '.leaf';
const PROOF = '.tlog-proof';

/** The leaves beside the statement of a run. The files are hostile; what cannot be read is told. Never throws. */
export const leavesBeside = async (statementPath: string): Promise<RunLeaves> => {
  const folder = proofsFolder(statementPath);
  // A link leads to files of others, and proofs would be written there.
  if ((await lstat(folder).catch(() => undefined))?.isSymbolicLink() === true) return { leaves: [], damaged: [folder] };
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(LEAF)).toSorted();
  const leaves: RunLeaf[] = [];
  const damaged: string[] = [];
  for (const file of names.slice(0, MOST_LEAVES)) {
    const name = file.slice(0, -LEAF.length);
    // A file that is too large, or none, must not keep the leaves of others waiting.
    const bytes = await readBoundedIfThere(join(folder, file), MOST_LEAF_BYTES).catch(() => undefined);
    const leaf = bytes === undefined ? undefined : readLeaf(bytes);
    if (bytes === undefined || leaf?.kind !== 'accepted') {
      damaged.push(join(folder, file));
      continue;
    }
    const proofBytes = await readBoundedIfThere(join(folder, `${name}${PROOF}`), MOST_PROOF_BYTES).catch(() => new Uint8Array());
    const proof = proofBytes === undefined ? undefined : readTlogProof(proofBytes);
    if (proof?.kind === 'rejected') damaged.push(join(folder, `${name}${PROOF}`));
    leaves.push({ statementPath, name, bytes, leaf: leaf.value, ...(proof?.kind === 'accepted' ? { proof: proof.value } : {}) });
  }
  return { leaves, damaged };
};

/** The leaves beside many statements, in their order; a few at once, because each has files open. */
export const leavesBesideAll = async (statementPaths: readonly string[]): Promise<readonly RunLeaves[]> => {
  const found: RunLeaves[] = [];
  for (let at = 0; at < statementPaths.length; at += AT_ONCE) found.push(...(await Promise.all(statementPaths.slice(at, at + AT_ONCE).map(leavesBeside))));
  return found;
};

const proofsFolder = (statementPath: string): string => besideStatement(statementPath, RUN_FILES.proofs);

/** Where the proof of a leaf lies or would lie. */
export const proofPath = ({ statementPath, name }: Pick<RunLeaf, 'statementPath' | 'name'>): string => join(proofsFolder(statementPath), `${name}${PROOF}`);

/** Where a leaf lies. */
export const leafPath = ({ statementPath, name }: Pick<RunLeaf, 'statementPath' | 'name'>): string => join(proofsFolder(statementPath), `${name}${LEAF}`);

/** Keeps the proof of a leaf. One that is there and can be read stays, unless it is to be replaced. Throws TL0003. */
export const keepProof = async (leaf: RunLeaf, proof: Uint8Array, replace: boolean): Promise<void> => {
  if (replace) await writeAtomic(proofPath(leaf), proof, 0o600);
  else await writeOnce(proofPath(leaf), proof, 0o600);
};

/** Whether two leaves are one. */
export const isSameLeaf = (a: Uint8Array, b: Uint8Array): boolean => compareBytes(leafHash(a, nodeCrypto), leafHash(b, nodeCrypto)) === 0;
