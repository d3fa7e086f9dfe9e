import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { compareEntries, entryInLine, type FileEntry } from '#digest';
import type { TreeLines } from './listed-file.ts';

/** In what a tree differs from a list: lines that only one of them has, each side in its order. */
export type ListDifference = {
  /** SHA-256 of the bytes of the list: whether it is the one that was meant is for the caller to say. */
  readonly listSha256: string;
  readonly before: readonly FileEntry[];
  readonly after: readonly FileEntry[];
  /** Whether more lines differ than are held. */
  readonly cut: boolean;
};

export type ListComparison = {
  /** Takes the lines of the tree, in their order. Throws TypeError for a list that is none. */
  readonly lines: (lines: TreeLines) => void;
  /** After the last line. Throws TypeError for a list that is none. */
  readonly finish: () => ListDifference;
  readonly close: () => void;
};

/** Bytes that are read at once. */
const WINDOW = 1024 * 1024;

/** No line of a list is longer: a path, a link and a digest. Unit: byte. */
const MAX_LINE = 64 * 1024;

/** Lines that differ and are held, on each side: a hostile list must not fill the memory. */
const MOST_DIFFERING = 1_000_000;

const LINE_FEED = 0x0a;

/**
 * Compares a tree, as it is being taken, with a list that lies in a file; of a list of any size one piece is in memory, and what
 * differs. The list is hostile. Throws what opening the file throws.
 */
export const compareWithList = (path: string): ListComparison => {
  const list = openList(path);
  const before: FileEntry[] = [];
  const after: FileEntry[] = [];
  let cut = false;
  const hold = (side: FileEntry[], entry: FileEntry): void => {
    if (side.length < MOST_DIFFERING) side.push(entry);
    else cut = true;
  };
  /** Passes everything of the list that stands before a line of the tree; true if the list has that line. */
  const isListed = (wanted: Uint8Array): boolean => {
    if (list.startsWith(wanted)) return true;
    const entry = entryOf(wanted);
    for (let line = list.line(); line !== undefined && !list.startsWith(wanted); line = list.line()) {
      const recorded = entryOf(line);
      const order = compareEntries(recorded, entry);
      if (order <= 0) {
        list.skip(line.length);
        hold(before, recorded);
      }
      if (order >= 0) break;
    }
    const found = list.startsWith(wanted);
    if (!found) hold(after, entry);
    return found;
  };
  return {
    lines: ({ lines, lengths }) => {
      if (list.startsWith(lines)) return list.skip(lines.length);
      let start = 0;
      for (const length of lengths) {
        const line = lines.subarray(start, start + length);
        start += length;
        if (isListed(line)) list.skip(length);
      }
    },
    finish: () => {
      for (let line = list.line(); line !== undefined; line = list.line()) {
        hold(before, entryOf(line));
        list.skip(line.length);
      }
      return { listSha256: list.digest(), before, after, cut };
    },
    close: list.close,
  };
};

const entryOf = (line: Uint8Array): FileEntry => {
  const entry = entryInLine(line.subarray(0, -1));
  if (typeof entry === 'string') throw new TypeError(`not a line of a file list: ${entry}`);
  return entry;
};

type ListReader = {
  /** Whether what follows begins with these bytes. */
  readonly startsWith: (bytes: Uint8Array) => boolean;
  /** The next line with its line feed; undefined at the end. Throws TypeError if there is no end to it. */
  readonly line: () => Uint8Array | undefined;
  readonly skip: (bytes: number) => void;
  /** Of everything that was read. */
  readonly digest: () => string;
  readonly close: () => void;
};

const openList = (path: string): ListReader => {
  const descriptor = openSync(path, 'r');
  const hash = createHash('sha256');
  let window = Buffer.alloc(0);
  let isAtEnd = false;
  /** Reads on until so many bytes are there, or the file ends. */
  const fill = (bytes: number): void => {
    while (window.length < bytes && !isAtEnd) {
      const piece = Buffer.allocUnsafeSlow(WINDOW);
      const read = readSync(descriptor, piece, 0, WINDOW, null);
      isAtEnd = read === 0;
      hash.update(piece.subarray(0, read));
      window = Buffer.concat([window, piece.subarray(0, read)]);
    }
  };
  return {
    startsWith: (bytes) => {
      fill(bytes.length);
      return window.length >= bytes.length && window.compare(bytes, 0, bytes.length, 0, bytes.length) === 0;
    },
    line: () => {
      fill(1);
      if (window.length === 0) return undefined;
      for (let looked = 0; ;) {
        const end = window.indexOf(LINE_FEED, looked);
        if (end !== -1) return window.subarray(0, end + 1);
        looked = window.length;
        if (looked > MAX_LINE || isAtEnd) throw new TypeError('not a line of a file list: it has no end');
        fill(looked + 1);
      }
    },
    skip: (bytes) => {
      window = window.subarray(bytes);
    },
    digest: () => hash.digest('hex'),
    close: () => closeSync(descriptor),
  };
};
