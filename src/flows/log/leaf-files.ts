import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readSmallNow } from '#files';
import { besideStatement, RUN_FILES } from '#store';
import { MOST_LEAF_BYTES } from '#tlog';

/** A file that should hold a leaf, and those that should hold its proofs. Nothing is read before it is asked for, and links are not followed. */
export type LeafFile = {
  /** Without an ending. */
  readonly name: string;
  /** The bytes as they lie there; none where the file cannot be read, or is too large. */
  readonly leaf: () => Uint8Array;
  /** Undefined where there is no file; none where it cannot be read. */
  readonly proof: () => Uint8Array | undefined;
  /** Proofs of logs that have lost the leaf since, which were laid aside. */
  readonly lostProofs: () => readonly Uint8Array[];
};

export type LeafFiles = { readonly files: readonly LeafFile[]; /** The folder of proofs is a link: nothing in it is ours. */ readonly isLink: boolean };

/** Most leaves of one record that are looked at. */
const MOST_LEAVES = 256;
/** A proof has at most 63 hashes, and a checkpoint with cosignatures. Unit: byte. */
const MOST_PROOF_BYTES = 64 * 1024;
/** Most bytes of proofs beside one record that are read. */
const MOST_BYTES = 2 * 1024 * 1024;
const MOST_LOST = 8;
export const LEAF = '.leaf';
export const PROOF = '.tlog-proof';
export const LOST_PROOF = '.lost-proof';

/** Where leaves and proofs of a record lie. */
export const proofsFolder = (statementPath: string): string => besideStatement(statementPath, RUN_FILES.proofs);

/** The leaves beside the statement of a run, in the order of their names. Never throws. */
export const leafFiles = async (statementPath: string): Promise<LeafFiles> => {
  const folder = proofsFolder(statementPath);
  // A link leads to files of others, and proofs would be written there.
  if ((await lstat(folder).catch(() => undefined))?.isSymbolicLink() === true) return { files: [], isLink: true };
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const there = new Set(names);
  let left = MOST_BYTES;
  const read = (name: string, maxBytes: number): Uint8Array => {
    const bytes = left === 0 ? undefined : readSmallNow(join(folder, name), Math.min(maxBytes, left), true);
    left -= bytes?.length ?? 0;
    return bytes ?? NOTHING;
  };
  const leaves = names
    .filter((name) => name.endsWith(LEAF))
    .toSorted()
    .slice(0, MOST_LEAVES);
  const files = leaves.map((file): LeafFile => {
    const name = file.slice(0, -LEAF.length);
    return {
      name,
      leaf: () => readSmallNow(join(folder, file), MOST_LEAF_BYTES, true) ?? NOTHING,
      proof: () => (there.has(`${name}${PROOF}`) ? read(`${name}${PROOF}`, MOST_PROOF_BYTES) : undefined),
      lostProofs: () =>
        names
          .filter((one) => one.startsWith(`${name}.`) && one.endsWith(LOST_PROOF))
          .slice(0, MOST_LOST)
          .map((one) => read(one, MOST_PROOF_BYTES)),
    };
  });
  return { files, isLink: false };
};

const NOTHING = new Uint8Array(0);
