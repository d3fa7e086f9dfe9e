import { dirname, join } from 'node:path';
import { compareBytes, utf8 } from '#base';
import { makeFolder, readBoundedIfThere, writeAtomic } from '#files';
import { TILE_WIDTH, type TilePlace, tileWidth, writeEntryBundle, writeNote, writeTilePath, writeVerifierKey } from '#tlog';
import { type LogReader, readLeaves, tileReader, VERIFIER_KEY } from './log-reader.ts';
import { CHECKPOINT, type LogHead } from './read-head.ts';

export type CopyProgress = { readonly files: number; readonly totalFiles: number; readonly bytes: number };

/**
 * Copies a log as it was at one checkpoint into a folder that any web server can hand out. Files that are there with the right bytes are
 * not written again, so a copy that broke off goes on. The checkpoint comes last: what it names is there before it. The key of the log
 * is not copied. Throws TL1402 where the log is damaged, TL0003 if the folder cannot be written.
 */
export const copyLogbook = async (
  reader: LogReader,
  head: LogHead,
  target: string,
  onProgress?: (done: CopyProgress) => void,
): Promise<{ readonly written: number; readonly files: number }> => {
  const places = placesOf(head.checkpoint.size);
  let [written, bytes] = [0, 0];
  const put = async (path: string, content: Uint8Array): Promise<void> => {
    bytes += content.length;
    const there = await readBoundedIfThere(join(target, path), Math.max(content.length, 64 * 1024 * 1024));
    if (there !== undefined && compareBytes(there, content) === 0) return;
    await makeFolder(dirname(join(target, path)));
    await writeAtomic(join(target, path), content);
    written += 1;
  };
  for (const [files, place] of places.entries()) {
    await put(writeTilePath(place), await bytesAt(reader, place));
    onProgress?.({ files: files + 1, totalFiles: places.length + 2, bytes });
  }
  await put(VERIFIER_KEY, utf8(`${writeVerifierKey(head.key)}\n`));
  await put(CHECKPOINT, writeNote(head.note));
  return { written, files: places.length + 2 };
};

const bytesAt = async (reader: LogReader, place: TilePlace): Promise<Uint8Array> =>
  place.kind === 'hashes' ? tileReader(reader)(place.level, place.index, place.width) : writeEntryBundle(await readLeaves(reader, place.index, place.width));

/** Every tile that a log of this size has. Source: C2SP tlog-tiles v0.1. */
const placesOf = (size: number): readonly TilePlace[] => {
  const places: TilePlace[] = [];
  for (let index = 0; index * TILE_WIDTH < size; index += 1) places.push({ kind: 'entries', index, width: tileWidth(0, index, size) });
  for (let level = 0; size >= TILE_WIDTH ** level; level += 1) {
    for (let index = 0; ; index += 1) {
      const width = tileWidth(level, index, size);
      if (width === 0) break;
      places.push({ kind: 'hashes', level, index, width });
    }
  }
  return places;
};
