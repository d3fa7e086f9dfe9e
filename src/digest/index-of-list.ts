import { type Crypto, concatBytes, fromUtf8, toHex, utf8 } from '#base';
import { compareFolders, type FolderDigest, folderLine } from './folder-index.ts';
import { bytesOfName, nameOfBytes } from './file-name.ts';
import { isWhole, linesOfList } from './list-lines.ts';

type Open = { readonly path: Uint8Array; readonly start: number; readonly parts: Uint8Array[]; files: number; size: number };

const SLASH = 0x2f;

/**
 * The folders of a file list, as they are found when the list is written: for checking an index that somebody else made. Throws
 * TypeError if the bytes are no list; readFileList tells why.
 */
export const indexOfList = (bytes: Uint8Array, crypto: Crypto): readonly FolderDigest[] => {
  if (!isWhole(bytes)) throw new TypeError('the last line of the file list does not end with a line feed');
  const folders: FolderDigest[] = [];
  const open: Open[] = [{ path: new Uint8Array(0), start: 0, parts: [], files: 0, size: 0 }];
  let at = 0;
  const close = (): void => {
    const folder = open.pop()!;
    const digest: FolderDigest = {
      ...nameOfBytes(folder.path),
      sha256: toHex(crypto.sha256(concatBytes(...folder.parts))),
      start: folder.start,
      end: at,
      files: folder.files,
      size: folder.size,
    };
    folders.push(digest);
    const around = open.at(-1);
    if (around === undefined) return;
    around.parts.push(utf8(folderLine(digest)));
    around.files += folder.files;
    around.size += folder.size;
  };
  for (const line of linesOfList(bytes)) {
    const { path, raw, size } = JSON.parse(fromUtf8(line) ?? '{}') as { readonly path: string; readonly raw?: string; readonly size: number };
    const name = bytesOfName(raw === undefined ? { path } : { path, raw });
    while (!holds(open.at(-1)!.path, name)) close();
    for (let slash = name.indexOf(SLASH, open.at(-1)!.path.length + 1); slash !== -1; slash = name.indexOf(SLASH, slash + 1)) {
      open.push({ path: name.subarray(0, slash), start: at, parts: [], files: 0, size: 0 });
    }
    const folder = open.at(-1)!;
    folder.parts.push(line, Uint8Array.of(0x0a));
    folder.files += 1;
    folder.size += size;
    at += line.length + 1;
  }
  while (open.length > 0) close();
  return folders.sort(compareFolders);
};

/** Whether a path lies below a folder; everything lies below the root. */
const holds = (folder: Uint8Array, path: Uint8Array): boolean =>
  folder.length === 0 || (path.length > folder.length && path[folder.length] === SLASH && folder.every((byte, i) => path[i] === byte));
