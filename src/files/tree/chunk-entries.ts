import { crc32 } from 'node:zlib';
import type { FolderEntry } from './tree-task.ts';

/** A folder with more entries than this is cut into pieces. */
const WHOLE = 2048;

/** Fewest and most entries of a piece. */
const LEAST = 256;
const MOST = 4096;

/** A piece ends behind a name whose checksum has these bits zero: on average every 1024 names. */
const BORDER = 1023;

/**
 * The entries of a large folder in pieces for several threads. Where a piece ends depends on the name there and not on its
 * position, so that a new file changes one piece and the others are found in the cache.
 */
export const chunkEntries = (entries: readonly FolderEntry[]): readonly (readonly FolderEntry[])[] => {
  if (entries.length <= WHOLE) return [entries];
  const chunks: FolderEntry[][] = [];
  let chunk: FolderEntry[] = [];
  for (const entry of entries) {
    chunk.push(entry);
    if (chunk.length < LEAST || (chunk.length < MOST && (crc32(entry.name.path) & BORDER) !== 0)) continue;
    chunks.push(chunk);
    chunk = [];
  }
  return chunk.length === 0 ? chunks : [...chunks, chunk];
};
