import { compareBytes } from '#base';
import { compareEntries, type FileEntry, lineOfEntry } from './file-entry.ts';
import { linesOfList } from './list-lines.ts';
import { entryInLine } from './read-file-list.ts';

/** The entries that only one of two lists has, each side in its order; or what is wrong with a line of one of them. */
export type DifferingLines =
  | { readonly kind: 'read'; readonly before: readonly FileEntry[]; readonly after: readonly FileEntry[] }
  | { readonly kind: 'damaged'; readonly side: 'before' | 'after'; readonly reason: string };

type Side = { readonly lines: Iterator<Uint8Array>; readonly found: FileEntry[]; line: Uint8Array | undefined; entry?: FileEntry };

/**
 * Goes through two lists side by side, as they are sorted. `before` and `after` are their bytes, or whole lines of them, in pieces.
 * Only lines that differ become values, so that memory follows what differs. The bytes are hostile: lines that are equal on both
 * sides are not looked at, all others are checked.
 */
export const differingLines = (before: readonly Uint8Array[], after: readonly Uint8Array[]): DifferingLines => {
  const [old, young] = [sideOf(before), sideOf(after)];
  while (old.line !== undefined || young.line !== undefined) {
    if (old.line !== undefined && young.line !== undefined && compareBytes(old.line, young.line) === 0) {
      advance(old);
      advance(young);
      continue;
    }
    for (const side of [old, young]) {
      const reason = read(side);
      if (reason !== undefined) return { kind: 'damaged', side: side === old ? 'before' : 'after', reason };
    }
    const order = old.entry === undefined ? 1 : young.entry === undefined ? -1 : compareEntries(old.entry, young.entry);
    if (order <= 0) take(old);
    if (order >= 0) take(young);
  }
  return { kind: 'read', ...withoutEqual(old.found, young.found) };
};

const sideOf = (pieces: readonly Uint8Array[]): Side => {
  const lines = linesOf(pieces);
  return { lines, found: [], line: nextOf(lines) };
};

function* linesOf(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const piece of pieces) yield* linesOfList(piece);
}

const nextOf = (lines: Iterator<Uint8Array>): Uint8Array | undefined => {
  const next = lines.next();
  return next.done === true ? undefined : next.value;
};

const advance = (side: Side): void => {
  side.line = nextOf(side.lines);
  delete side.entry;
};

/** Reads the line that a side is at, once; why it is none. */
const read = (side: Side): string | undefined => {
  if (side.line === undefined || side.entry !== undefined) return undefined;
  const entry = entryInLine(side.line);
  if (typeof entry === 'string') return `not a line of a file list: ${entry}`;
  side.entry = entry;
  return undefined;
};

const take = (side: Side): void => {
  side.found.push(side.entry!);
  advance(side);
};

/** In lists that are not sorted equal lines may pass each other; they differ in nothing. */
const withoutEqual = (before: readonly FileEntry[], after: readonly FileEntry[]): { readonly before: readonly FileEntry[]; readonly after: readonly FileEntry[] } => {
  const [known, wanted] = [new Set(before.map(lineOfEntry)), new Set(after.map(lineOfEntry))];
  return { before: before.filter((entry) => !wanted.has(lineOfEntry(entry))), after: after.filter((entry) => !known.has(lineOfEntry(entry))) };
};
