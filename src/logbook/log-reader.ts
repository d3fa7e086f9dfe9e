import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeCrypto, readBoundedIfThere } from '#files';
import { MOST_LEAF_BYTES, readEntryBundle, type ReadTile, readVerifierKey, TILE_WIDTH, type TilePlace, type VerifierKey, writeTilePath } from '#tlog';
import { damaged } from './log-trouble.ts';

/** Reads the files of a log as tlog-tiles names them. */
export type LogReader = {
  /** Folder, for messages. */
  readonly place: string;
  /** A file of the log; undefined if it is not there. */
  readonly read: (path: string, maxBytes: number) => Promise<Uint8Array | undefined>;
  /** Widths of the partial tiles of a place, largest first. */
  readonly widths: (path: string) => Promise<readonly number[]>;
};

export const VERIFIER_KEY = 'vkey';

export const folderReader = (folder: string): LogReader => ({
  place: folder,
  read: (path, maxBytes) => readBoundedIfThere(join(folder, path), maxBytes),
  widths: async (path) =>
    (await readdir(join(folder, path)).catch(() => []))
      .filter((name) => /^[1-9][0-9]{0,2}$/.test(name))
      .map(Number)
      .sort((a, b) => b - a),
});

/** The key that a log says it signs with, from the file beside it. Whoever could change the log could change it too: pin it. Throws TL1402. */
export const readLogKey = async (reader: LogReader): Promise<VerifierKey> => {
  const bytes = await reader.read(VERIFIER_KEY, 4096);
  const key = bytes === undefined ? undefined : readVerifierKey(Buffer.from(bytes).toString('utf8').trim(), nodeCrypto);
  if (key === undefined) throw damaged(join(reader.place, VERIFIER_KEY), `${VERIFIER_KEY} is missing: it has the public key of the log`);
  if (key.kind === 'rejected') throw damaged(join(reader.place, VERIFIER_KEY), `${VERIFIER_KEY} is damaged: ${key.problems[0]!.message}`);
  return key.value;
};

const HASH_BYTES = 32;
const MOST_BUNDLE_BYTES = TILE_WIDTH * (MOST_LEAF_BYTES + 2);

/** The first `width` hashes of a tile: of the tile itself, of a longer one, or of the full one. Throws TL1402 if there is none, or it is too short. */
export const tileReader =
  (reader: LogReader): ReadTile =>
  async (level, index, width) => {
    const bytes = await bytesOf(reader, { kind: 'hashes', level, index, width }, TILE_WIDTH * HASH_BYTES);
    if (bytes.length % HASH_BYTES !== 0 || bytes.length < width * HASH_BYTES) {
      const path = writeTilePath({ kind: 'hashes', level, index, width });
      throw damaged(join(reader.place, path), `the tile ${path} has ${bytes.length} bytes, not ${width * HASH_BYTES}`);
    }
    return bytes.subarray(0, width * HASH_BYTES);
  };

/** The first `width` leaves of a bundle. They are hostile until they are hashed. Throws TL1402. */
export const readLeaves = async (reader: LogReader, index: number, width: number): Promise<readonly Uint8Array[]> => {
  const path = writeTilePath({ kind: 'entries', index, width });
  const bundle = readEntryBundle(await bytesOf(reader, { kind: 'entries', index, width }, MOST_BUNDLE_BYTES));
  if (bundle.kind === 'rejected') throw damaged(join(reader.place, path), `${path} is damaged: ${bundle.problems[0]!.message}`);
  if (bundle.value.length < width) throw damaged(join(reader.place, path), `${path} has ${bundle.value.length} leaves, not ${width}`);
  return bundle.value.slice(0, width);
};

/** A tile of at least this width: partial tiles go when a longer one is there. */
const bytesOf = async (reader: LogReader, place: TilePlace, maxBytes: number): Promise<Uint8Array> => {
  const exact = writeTilePath(place);
  const found = (await reader.read(exact, maxBytes)) ?? (place.width === TILE_WIDTH ? undefined : await longer(reader, place, maxBytes));
  if (found === undefined) throw damaged(join(reader.place, exact), `${exact} is missing`);
  return found;
};

const longer = async (reader: LogReader, place: TilePlace, maxBytes: number): Promise<Uint8Array | undefined> => {
  const full = writeTilePath({ ...place, width: TILE_WIDTH });
  const inFull = await reader.read(full, maxBytes);
  if (inFull !== undefined) return inFull;
  for (const width of await reader.widths(`${full}.p`)) {
    const bytes = width > place.width && width < TILE_WIDTH ? await reader.read(writeTilePath({ ...place, width }), maxBytes) : undefined;
    if (bytes !== undefined) return bytes;
  }
  // It may have become full while we looked.
  return reader.read(full, maxBytes);
};
