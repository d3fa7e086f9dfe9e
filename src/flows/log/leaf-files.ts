import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readBoundedIfThere } from '#files';
import { besideStatement, RUN_FILES } from '#store';
import { MOST_LEAF_BYTES } from '#tlog';

/** A file that should hold a leaf, and the one that should hold its proof. Their bytes are as they lie there. */
export type LeafFile = {
  /** Without an ending. */
  readonly name: string;
  /** None where the file cannot be read, or is too large. */
  readonly leaf: Uint8Array;
  /** Absent where there is no file; none where it cannot be read. */
  readonly proof?: Uint8Array;
};

export type LeafFiles = { readonly files: readonly LeafFile[]; /** The folder of proofs is a link: nothing in it is ours. */ readonly isLink: boolean };

/** Most leaves of one record that are looked at. */
const MOST_LEAVES = 256;
const MOST_PROOF_BYTES = 2 * 1024 * 1024;
export const LEAF = '.leaf';
export const PROOF = '.tlog-proof';

/** Where leaves and proofs of a record lie. */
export const proofsFolder = (statementPath: string): string => besideStatement(statementPath, RUN_FILES.proofs);

/** The leaves beside the statement of a run, in the order of their names; one after another, because each record may have many. Never throws. */
export const leafFiles = async (statementPath: string): Promise<LeafFiles> => {
  const folder = proofsFolder(statementPath);
  // A link leads to files of others, and proofs would be written there.
  if ((await lstat(folder).catch(() => undefined))?.isSymbolicLink() === true) return { files: [], isLink: true };
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(LEAF)).toSorted();
  const files: LeafFile[] = [];
  for (const file of names.slice(0, MOST_LEAVES)) {
    const name = file.slice(0, -LEAF.length);
    const leaf = (await bytesOf(join(folder, file), MOST_LEAF_BYTES)) ?? NOTHING;
    const proof = await bytesOf(join(folder, `${name}${PROOF}`), MOST_PROOF_BYTES);
    files.push({ name, leaf, ...(proof === undefined ? {} : { proof }) });
  }
  return { files, isLink: false };
};

const NOTHING = new Uint8Array(0);

/** A file that is too large, or none, must not keep other leaves from being looked at. */
const bytesOf = (path: string, maxBytes: number): Promise<Uint8Array | undefined> => readBoundedIfThere(path, maxBytes).catch(() => NOTHING);
