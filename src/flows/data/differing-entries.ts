import { TrainlockError } from '#base';
import { type ChangedFolder, changedFolders, digestOfFolder, differingLines, type FileEntry, type FolderDigest, readFolderIndex } from '#digest';
import { nodeCrypto } from '#files';
import type { Store } from '#store';
import type { Snapshot } from '#snapshot';
import { damagedList, MAX_LIST } from './entries-of.ts';

/** Lines that only one of two lists has, each side in its order. */
export type DifferingEntries = { readonly before: readonly FileEntry[]; readonly after: readonly FileEntry[] };

const MAX_INDEX = 2 ** 30;

/**
 * The entries in which two lists of the store differ. Where both have an index, only folders with different digests are read, and
 * what is read is checked against these digests. Throws TL0306 if bytes are missing, TL0307 if they are damaged.
 */
export const differingEntries = async (store: Store, before: Snapshot['list'], after: Snapshot['list']): Promise<DifferingEntries> => {
  if (before.sha256 === after.sha256) return { before: [], after: [] };
  const pruned = await changedLines(store, before, after);
  // Lists that differ have lines that differ: an index that finds none is not that of its list.
  const [own, other] =
    pruned !== undefined && pruned[0].length + pruned[1].length > 0
      ? pruned
      : [[await store.readObject(before.sha256, MAX_LIST)], [await store.readObject(after.sha256, MAX_LIST)]];
  const found = differingLines(own, other);
  if (found.kind === 'damaged') throw damagedList(found.side === 'before' ? before.sha256 : after.sha256, [found.reason]);
  return { before: found.before, after: found.after };
};

/** Lines of the folders that differ, as they stand in the lists; undefined if one of them has no index here. */
const changedLines = async (store: Store, before: Snapshot['list'], after: Snapshot['list']): Promise<readonly [readonly Uint8Array[], readonly Uint8Array[]] | undefined> => {
  const indexes = [await indexOf(store, before), await indexOf(store, after)] as const;
  if (indexes[0] === undefined || indexes[1] === undefined) return undefined;
  const changed = changedFolders(indexes[0], indexes[1]);
  return [await linesOfFolders(store, before, changed.before), await linesOfFolders(store, after, changed.after)];
};

const indexOf = async (store: Store, list: Snapshot['list']): Promise<readonly FolderDigest[] | undefined> => {
  if (list.indexSha256 === undefined || !(await store.hasObject(list.indexSha256))) return undefined;
  const reading = readFolderIndex(await store.readObject(list.indexSha256, MAX_INDEX), await store.objectSize(list.sha256));
  return reading.kind === 'accepted' ? reading.value : undefined;
};

const linesOfFolders = async (store: Store, list: Snapshot['list'], folders: readonly ChangedFolder[]): Promise<readonly Uint8Array[]> => {
  const pieces: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  for (const folder of folders) {
    const own: Uint8Array[] = [];
    for (const item of folder.items) {
      if ('sha256' in item) continue;
      const bytes = await store.readObjectRange(list.sha256, item);
      own.push(bytes);
      pieces.push({ start: item.start, bytes });
    }
    if (digestOfFolder(folder, own, nodeCrypto) !== folder.folder.sha256) {
      throw new TrainlockError('TL0307', `the file list ${list.sha256} does not fit its index`, { where: folder.folder.path, fix: 'restore it from a copy of the store' });
    }
  }
  return pieces.sort((a, b) => a.start - b.start).map(({ bytes }) => bytes);
};
