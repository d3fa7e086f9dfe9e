import { concatBytes, type Crypto, toHex, utf8 } from '#base';
import { type FolderDigest, folderLine } from './folder-index.ts';

/** Bytes of a list from start up to but not including end. */
export type ListRange = { readonly start: number; readonly end: number };

/** A folder whose lines must be read to see what differs. */
export type ChangedFolder = {
  readonly folder: FolderDigest;
  /** Its own lines and, between them, the folders in it: in the order in which both enter its digest. */
  readonly items: readonly (ListRange | FolderDigest)[];
};

/** Folders to be read on either side, in the order of the lists. Those that are equal on both sides are in neither. */
export type ChangedFolders = { readonly before: readonly ChangedFolder[]; readonly after: readonly ChangedFolder[] };

/** Which folders differ between two lists, told by their indexes alone: the work follows what differs, not what is there. */
export const changedFolders = (before: readonly FolderDigest[], after: readonly FolderDigest[]): ChangedFolders => {
  const known = new Map(after.map((folder) => [keyOf(folder), folder]));
  const equal = new Set(before.filter((folder) => known.get(keyOf(folder))?.sha256 === folder.sha256).map(keyOf));
  return { before: differing(before, equal), after: differing(after, equal) };
};

const keyOf = (folder: FolderDigest): string => (folder.raw === undefined ? `/${folder.path}` : folder.raw);

const differing = (folders: readonly FolderDigest[], equal: ReadonlySet<string>): readonly ChangedFolder[] => {
  const changed: ChangedFolder[] = [];
  for (let i = 0; i < folders.length;) {
    const folder = folders[i]!;
    const { children, next } = childrenOf(folders, i);
    if (equal.has(keyOf(folder))) {
      i = next;
      continue;
    }
    changed.push({ folder, items: itemsOf(folder, children) });
    i += 1;
  }
  return changed;
};

/** Folders directly inside the one at a position, and the position behind all that are inside it at any depth. */
const childrenOf = (folders: readonly FolderDigest[], at: number): { readonly children: readonly FolderDigest[]; readonly next: number } => {
  const { end } = folders[at]!;
  const children: FolderDigest[] = [];
  let behind = folders[at]!.start;
  let i = at + 1;
  for (; i < folders.length && folders[i]!.end <= end && folders[i]!.start < end; i += 1) {
    if (folders[i]!.start < behind) continue;
    children.push(folders[i]!);
    behind = folders[i]!.end;
  }
  return { children, next: i };
};

const itemsOf = (folder: FolderDigest, children: readonly FolderDigest[]): ChangedFolder['items'] => {
  const items: (ListRange | FolderDigest)[] = [];
  let at = folder.start;
  for (const child of children) {
    if (child.start > at) items.push({ start: at, end: child.start });
    items.push(child);
    at = child.end;
  }
  if (at < folder.end) items.push({ start: at, end: folder.end });
  return items;
};

/** The digest that a folder has by its own lines, given in the order of its items; to be compared with that of the index. */
export const digestOfFolder = (folder: ChangedFolder, own: readonly Uint8Array[], crypto: Crypto): string => {
  const parts: Uint8Array[] = [];
  let next = 0;
  for (const item of folder.items) parts.push('sha256' in item ? utf8(folderLine(item)) : own[next++]!);
  return toHex(crypto.sha256(concatBytes(...parts)));
};
