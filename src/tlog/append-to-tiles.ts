import { concatBytes, type Crypto, TrainlockError } from '#base';
import { HASH_BYTES } from '#digest';
import { TILE_WIDTH, tileWidth, writeTilePath } from './tile-path.ts';
import type { ReadTile } from './tile-tree.ts';
import { completeHash, joinPeaks } from './tree-hash.ts';

/** All that a writer must know of a log to continue it: the partial tiles at its right edge. */
export type TreeEdge = {
  /** Number of leaves. */
  readonly size: number;
  /** Hashes of the partial tile of each level, from level 0; a level has 0 to 255. */
  readonly levels: readonly (readonly Uint8Array[])[];
};

/** A tile that is new or longer than before. */
export type WrittenTile = { readonly level: number; readonly index: number; /** 1 to 256. */ readonly width: number; readonly bytes: Uint8Array };

/** The edge of a log without leaves. */
export const EMPTY_EDGE: TreeEdge = { size: 0, levels: [] };

/**
 * Appends the hashes of leaves: the new edge and the tiles to write, each once, in the form it has at the end. Memory grows with the
 * batch and not with the log; any batching gives the same tiles.
 * Source: C2SP tlog-tiles v0.1, "Partial Tiles".
 */
export const appendToTiles = (edge: TreeEdge, leafHashes: readonly Uint8Array[], crypto: Crypto): { readonly edge: TreeEdge; readonly tiles: readonly WrittenTile[] } => {
  const levels = edge.levels.map((hashes) => [...hashes]);
  const full: WrittenTile[] = [];
  const changed = new Set<number>();
  let size = edge.size;
  for (const hash of leafHashes) {
    if (hash.length !== HASH_BYTES) throw new TypeError(`a hash of a leaf has ${HASH_BYTES} bytes, not ${hash.length}`);
    size += 1;
    let carried: Uint8Array | undefined = hash;
    for (let level = 0; carried !== undefined; level += 1) {
      const hashes = (levels[level] ??= []);
      hashes.push(carried);
      changed.add(level);
      carried = undefined;
      if (hashes.length === TILE_WIDTH) {
        full.push({ level, index: size / TILE_WIDTH ** (level + 1) - 1, width: TILE_WIDTH, bytes: concatBytes(...hashes) });
        carried = completeHash(hashes, crypto);
        levels[level] = [];
      }
    }
  }
  return { edge: { size, levels }, tiles: [...full, ...partialTiles({ size, levels }, changed)] };
};

const partialTiles = ({ size, levels }: TreeEdge, changed: ReadonlySet<number>): readonly WrittenTile[] =>
  levels.flatMap((hashes, level) =>
    hashes.length > 0 && changed.has(level) ? [{ level, index: Math.floor(size / TILE_WIDTH ** (level + 1)), width: hashes.length, bytes: concatBytes(...hashes) }] : [],
  );

/** Root of a log with this edge: 32 bytes. */
export const rootOfEdge = (edge: TreeEdge, crypto: Crypto): Uint8Array => {
  const peaks: Uint8Array[] = [];
  for (const hashes of edge.levels.toReversed()) {
    let at = 0;
    for (let count = TILE_WIDTH / 2; count >= 1; count /= 2) {
      if (at + count > hashes.length) continue;
      peaks.push(completeHash(hashes.slice(at, at + count), crypto));
      at += count;
    }
  }
  return joinPeaks(peaks, crypto);
};

/**
 * The edge of a log of this size, read from its partial tiles. The tiles are hostile: compare `rootOfEdge` with the signed checkpoint
 * before anything is appended. Throws TL1402 for a tile with the wrong number of bytes.
 */
export const readTreeEdge = async (readTile: ReadTile, size: number): Promise<TreeEdge> => {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`${size} is not a number of leaves`);
  const levels: Uint8Array[][] = [];
  for (let level = 0; size >= TILE_WIDTH ** level; level += 1) {
    const index = Math.floor(size / TILE_WIDTH ** (level + 1));
    const width = tileWidth(level, index, size);
    const bytes = width === 0 ? new Uint8Array(0) : await readTile(level, index, width);
    const path = width === 0 ? '' : writeTilePath({ kind: 'hashes', level, index, width });
    if (bytes.length !== width * HASH_BYTES) throw new TrainlockError('TL1402', `the tile ${path} has ${bytes.length} bytes, not ${width * HASH_BYTES}`, { where: path });
    levels.push(Array.from({ length: width }, (_, i) => bytes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES)));
  }
  return { size, levels };
};
