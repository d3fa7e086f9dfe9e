import { accepted, fromUtf8, type Problem, type Reading, rejected, utf8 } from '#base';
import { lineProblem, problemOfName } from './file-entry.ts';
import type { FileName } from './file-name.ts';
import { isWhole, linesOfList } from './list-lines.ts';

/**
 * One folder of a file list: where its lines lie in the list, and a digest over them. Two lists whose folders have equal digests
 * have equal lines there, so only what differs needs to be read.
 */
export type FolderDigest = FileName & {
  /** SHA-256 over the lines of the files in it and, in their places, the folderLine of the folders in it. The path of the root is empty. */
  readonly sha256: string;
  /** Bytes of the list, from start up to but not including end. */
  readonly start: number;
  readonly end: number;
  /** Files in it, at any depth, and the sum of their sizes. */
  readonly files: number;
  readonly size: number;
};

/** How a folder stands in the digest of the folder around it: with a line feed, and a slash so that it is no file. */
export const folderLine = (folder: FileName & { readonly sha256: string }): string =>
  `{"path":${JSON.stringify(`${folder.path}/`)}${folder.raw === undefined ? '' : `,"raw":"${folder.raw}"`},"sha256":"${folder.sha256}"}\n`;

/** Order of an index: that of the lines in the list, a folder before what is in it. No folder in a list is empty. */
export const compareFolders = (a: FolderDigest, b: FolderDigest): number => a.start - b.start || b.end - a.end || a.path.length - b.path.length;

/** The bytes of an index of folders: one line of canonical JSON each, in the order given, which must be that of compareFolders. */
export const folderIndexOf = (folders: readonly FolderDigest[]): Uint8Array => utf8(folders.map((folder) => `${lineOf(folder)}\n`).join(''));

const lineOf = ({ end, files, path, raw, sha256, size, start }: FolderDigest): string =>
  `{"end":${end},"files":${files},"path":${JSON.stringify(path)},${raw === undefined ? '' : `"raw":"${raw}",`}"sha256":"${sha256}","size":${size},"start":${start}}`;

/** Most folders of one index. */
const MAX_FOLDERS = 10_000_000;

/** Reads an index from untrusted bytes: canonical form only, every range inside the list. Never throws. */
export const readFolderIndex = (bytes: Uint8Array, listBytes: number): Reading<readonly FolderDigest[]> => {
  const folders: FolderDigest[] = [];
  const problems: Problem[] = [];
  let number = 0;
  for (const line of linesOfList(bytes)) {
    number += 1;
    const folder = number > MAX_FOLDERS ? undefined : folderOf(line);
    if (folder === undefined || folder.end > listBytes || folder.start > folder.end || (folders.length > 0 && compareFolders(folders.at(-1)!, folder) >= 0))
      problems.push(lineProblem(number, 'the line is not a folder of this list'));
    else folders.push(folder);
    if (problems.length > 0) break;
  }
  if (problems.length === 0 && !isWhole(bytes)) problems.push(lineProblem(number + 1, 'the last line does not end with a line feed'));
  return problems.length === 0 ? accepted(folders) : rejected(...problems);
};

const folderOf = (bytes: Uint8Array): FolderDigest | undefined => {
  const text = fromUtf8(bytes);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as FolderDigest;
    const numbers = [value.start, value.end, value.files, value.size];
    if (typeof value.path !== 'string' || !/^[0-9a-f]{64}$/.test(value.sha256) || !numbers.every((one) => Number.isSafeInteger(one) && one >= 0)) return undefined;
    if (value.raw !== undefined && typeof value.raw !== 'string') return undefined;
    if (value.path !== '' && problemOfName(value) !== undefined) return undefined;
    return lineOf(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
};
