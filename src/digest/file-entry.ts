import { compareBytes, fromBase64, type Problem } from '#base';
import { bytesOfName, type FileName, nameOfBytes } from './file-name.ts';

/** One file of a list: where it lies below the root of the list, and its content. */
export type FileEntry = FileName & {
  /** SHA-256 of the content in lower-case hexadecimal; for a link, of what it resolved to. */
  readonly sha256: string;
  readonly size: number;
  /** x if the file is executable by anybody. */
  readonly mode?: 'x';
  /** Target text of a symbolic link. */
  readonly link?: string;
};

/** Longest path of a list. Unit: byte. */
const MAX_PATH_BYTES = 4096;

/**
 * The line of an entry, without line feed. Written by hand in key order, which equals RFC 8785 for these members
 * (well-formed text and safe integers) and is several times faster.
 */
export const lineOfEntry = (entry: FileEntry): string => {
  const link = entry.link === undefined ? '' : `"link":${JSON.stringify(entry.link)},`;
  const mode = entry.mode === undefined ? '' : `"mode":"${entry.mode}",`;
  const raw = entry.raw === undefined ? '' : `"raw":"${entry.raw}",`;
  return `{${link}${mode}"path":${JSON.stringify(entry.path)},${raw}"sha256":"${entry.sha256}","size":${entry.size}}`;
};

/** What is wrong with an entry, in words without the place; undefined if nothing is. The entry is hostile. */
export const problemOfEntry = (entry: FileEntry): string | undefined => {
  if (!/^[0-9a-f]{64}$/.test(entry.sha256)) return 'sha256 is not 64 lower-case hexadecimal digits';
  if (!Number.isSafeInteger(entry.size) || entry.size < 0 || Object.is(entry.size, -0)) return 'size is not a number of bytes';
  if (entry.mode !== undefined && entry.mode !== 'x') return 'mode is not x';
  if (entry.link !== undefined && (entry.link === '' || !entry.link.isWellFormed() || entry.link.includes('\0'))) return 'link is not the target of a link';
  return problemOfName(entry);
};

export const problemOfName = (name: FileName): string | undefined => {
  if (!name.path.isWellFormed()) return 'path is not well-formed text';
  if (name.raw !== undefined && fromBase64(name.raw) === undefined) return 'raw is not base64';
  const bytes = bytesOfName(name);
  const canonical = nameOfBytes(bytes);
  if (canonical.path !== name.path || canonical.raw !== name.raw) return 'path and raw are not the form that these bytes have';
  if (bytes.length === 0) return 'path is empty';
  if (bytes.length > MAX_PATH_BYTES) return `path is longer than ${MAX_PATH_BYTES} bytes`;
  if (bytes.includes(0)) return 'path contains a zero byte';
  // Every part is checked: a list must never name a file outside the folder it is unpacked to.
  for (const part of name.path.split('/')) {
    if (part === '') return 'path is absolute or has an empty part';
    if (part === '.' || part === '..') return 'path has a part . or ..';
  }
  return undefined;
};

/** Order of entries in a list: that of the bytes of their paths. */
export const compareEntries = (a: FileName, b: FileName): number => compareBytes(bytesOfName(a), bytesOfName(b));

/** A problem of one line of a list. */
export const lineProblem = (line: number, message: string): Problem => ({ pointer: '', line, message });
