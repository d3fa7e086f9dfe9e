import { toHex, TrainlockError, utf8 } from '#base';
import { type FileEntry, inclusionProof, lineOfEntry, readFileList } from '#digest';
import { nodeCrypto } from '#files';
import type { Snapshot } from '#snapshot';
import type { Store } from '#store';

/** One file of a list, and the proof that it belongs to the tree. */
export type ListedFile = {
  readonly entry: FileEntry;
  /** The line of the list: the leaf of the tree. */
  readonly line: string;
  /** RFC 9162 inclusion proof, all hashes in hexadecimal. */
  readonly proof: { readonly leafIndex: number; readonly treeSize: number; readonly hashes: readonly string[]; readonly treeRoot: string };
};

const MAX_LIST = 2 ** 31;

/** Undefined if the list has no such file. Throws TL0306, TL0307 if the list is not in the store or damaged. */
export const listedFile = async (store: Store, list: Snapshot['list'], path: string): Promise<ListedFile | undefined> => {
  const reading = readFileList(await store.readObject(list.sha256, MAX_LIST));
  if (reading.kind === 'rejected') throw new TrainlockError('TL0307', `the file list ${list.sha256} is damaged`, { notes: reading.problems.map(({ message }) => message) });
  const wanted = path.replace(/^(\.\/)+/, '');
  const leafIndex = reading.value.findIndex((entry) => entry.path === wanted);
  if (leafIndex === -1) return undefined;
  const entry = reading.value[leafIndex]!;
  const hashes = inclusionProof(
    reading.value.map((one) => utf8(lineOfEntry(one))),
    leafIndex,
    nodeCrypto,
  );
  return { entry, line: lineOfEntry(entry), proof: { leafIndex, treeSize: reading.value.length, hashes: hashes.map(toHex), treeRoot: list.treeRoot } };
};
