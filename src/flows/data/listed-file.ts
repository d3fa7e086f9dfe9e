import { toHex, utf8 } from '#base';
import { type FileEntry, inclusionProof, lineOfEntry } from '#digest';
import { nodeCrypto } from '#files';
import type { Snapshot } from '#snapshot';
import type { Store } from '#store';
import { entriesOf } from './entries-of.ts';

/** One file of a list, and the proof that it belongs to the tree. */
export type ListedFile = {
  readonly entry: FileEntry;
  /** The line of the list: the leaf of the tree. */
  readonly line: string;
  /** RFC 9162 inclusion proof, all hashes in hexadecimal. */
  readonly proof: { readonly leafIndex: number; readonly treeSize: number; readonly hashes: readonly string[]; readonly treeRoot: string };
};

/** Undefined if the list has no such file. Throws TL0306, TL0307 if the list is not in the store or damaged. */
export const listedFile = async (store: Store, list: Snapshot['list'], path: string): Promise<ListedFile | undefined> => {
  const entries = await entriesOf(store, list);
  const wanted = path.replace(/^(\.\/)+/, '');
  const leafIndex = entries.findIndex((entry) => entry.path === wanted);
  if (leafIndex === -1) return undefined;
  const entry = entries[leafIndex]!;
  const hashes = inclusionProof(
    entries.map((one) => utf8(lineOfEntry(one))),
    leafIndex,
    nodeCrypto,
  );
  return { entry, line: lineOfEntry(entry), proof: { leafIndex, treeSize: entries.length, hashes: hashes.map(toHex), treeRoot: list.treeRoot } };
};
