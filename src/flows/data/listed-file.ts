import { bytesOfNameText, escapeControl, fromUtf8, nameText, toBase64, toHex, TrainlockError, utf8 } from '#base';
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

/**
 * A file by its path, or by its path as it is printed where that is no text (\xff). Undefined if the list has no such file. Throws TL0306,
 * TL0307 if the list is not in the store or damaged, TL0001 if the name fits several.
 */
export const listedFile = async (store: Store, list: Snapshot['list'], path: string): Promise<ListedFile | undefined> => {
  const entries = await entriesOf(store, list);
  const leafIndex = indexOfName(entries, path.replace(/^(\.\/)+/, ''));
  if (leafIndex === -1) return undefined;
  const entry = entries[leafIndex]!;
  const hashes = inclusionProof(
    entries.map((one) => utf8(lineOfEntry(one))),
    leafIndex,
    nodeCrypto,
  );
  return { entry, line: lineOfEntry(entry), proof: { leafIndex, treeSize: entries.length, hashes: hashes.map(toHex), treeRoot: list.treeRoot } };
};

/** A text is itself first, then what its escapes mean, then the text in which what is no text is replaced. */
const indexOfName = (entries: readonly FileEntry[], name: string): number => {
  const asText = entries.findIndex((entry) => entry.raw === undefined && entry.path === name);
  if (asText !== -1) return asText;
  const bytes = bytesOfNameText(name);
  const meant = toBase64(bytes);
  const text = fromUtf8(bytes);
  const escaped = entries.findIndex((entry) => (entry.raw === undefined ? entry.path === text || escapeControl(entry.path) === name : entry.raw === meant));
  if (escaped !== -1) return escaped;
  const shown = entries.flatMap((entry, i) => (entry.raw !== undefined && entry.path === name ? [i] : []));
  if (shown.length > 1)
    throw new TrainlockError('TL0001', `${escapeControl(name)} fits ${shown.length} names that are no text`, {
      notes: shown.slice(0, 10).map((i) => escapeControl(nameText(entries[i]!))),
      fix: 'write one of them as it stands here, in single quotes',
    });
  return shown[0] ?? -1;
};
