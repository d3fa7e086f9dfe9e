import { compareBytes, concatBytes, TrainlockError, type VerifySignature } from '#base';
import { join } from 'node:path';
import { nodeCrypto } from '#files';
import { leafHash } from '#digest';
import { appendToTiles, type Checkpoint, EMPTY_EDGE, type Note, rootOfEdge, TILE_WIDTH, type TreeEdge, type VerifierKey, writeTilePath, type WrittenTile } from '#tlog';
import { seenOf } from './append-leaves.ts';
import { folderReader, type LogReader, readLeaves, readLogKey, tileReader } from './log-reader.ts';
import { type LogHead, readHead } from './read-head.ts';
import type { StoredLeaf } from './leaves-of.ts';

export type LogCheck =
  | {
      readonly kind: 'intact';
      readonly head: LogHead;
      /** How many of the checkpoints that were seen before are of this log; it goes on from each of them. */
      readonly remembered: number;
      /** How many are of other logs and say nothing of this one. */
      readonly ofOtherLogs: number;
      /** Whether the key was given by somebody who trusts it, or read from beside the log. */
      readonly isPinned: boolean;
    }
  /** damaged: files are not what the checkpoint says; set-back: the log is older than it was seen; forked: it has another history than it showed before. */
  | { readonly kind: 'damaged' | 'set-back' | 'forked'; readonly because: string; /** The first file or folder that is wrong. */ readonly where: string; readonly head?: LogHead };

export type CheckOptions = {
  readonly verify: VerifySignature;
  /** The key of the log as somebody pinned it; else the one beside the log. */
  readonly key?: VerifierKey;
  /** Checkpoints that were seen of the log before. They are hostile: those that the key has not signed are passed over. */
  readonly remembered?: readonly Note[];
  /** Is told each leaf, in order. What it is told holds only if the answer is `intact`. */
  readonly onLeaf?: (leaf: StoredLeaf) => void;
  readonly onProgress?: (done: { readonly leaves: number; readonly size: number }) => void;
};

/**
 * Checks a whole log: every leaf against its hash, every hash up to the root, the root against the signed checkpoint, and that the log
 * goes on from every checkpoint that was seen of it before. Memory is for one bundle, however long the log is. The files are hostile.
 * Throws TL0002 if they cannot be read.
 */
export const verifyLogbook = async (log: string | LogReader, options: CheckOptions): Promise<LogCheck> => {
  const reader = typeof log === 'string' ? folderReader(log) : log;
  let head: LogHead | undefined;
  try {
    const key = options.key ?? (await readLogKey(reader));
    head = await readHead(reader, key, options.verify);
    const { size } = head.checkpoint;
    const remembered = options.remembered ?? [];
    const seen = seenOf(key, remembered, options.verify).toSorted((a, b) => a.size - b.size);
    const ahead = seen.find((one) => one.size > size);
    if (ahead !== undefined) return { kind: 'set-back', because: `it has ${size} leaves, but ${ahead.size} were seen of it before`, where: reader.place, head };
    const fault = await firstFault(reader, head.checkpoint, seen, options);
    if (fault !== undefined) return { ...fault, head };
    return { kind: 'intact', head, remembered: seen.length, ofOtherLogs: remembered.length - seen.length, isPinned: options.key !== undefined };
  } catch (error) {
    if (!(error instanceof TrainlockError) || error.code !== 'TL1402') throw error;
    return { kind: 'damaged', because: error.message, where: error.where ?? reader.place, ...(head === undefined ? {} : { head }) };
  }
};

type Fault = { readonly kind: 'damaged' | 'forked'; readonly because: string; readonly where: string };

/** Builds the tree anew from the leaves and compares it with what is on disk, up to the root. */
const firstFault = async (reader: LogReader, { size, root }: Checkpoint, seen: readonly Checkpoint[], options: CheckOptions): Promise<Fault | undefined> => {
  let edge: TreeEdge = EMPTY_EDGE;
  const left = [...seen];
  const forked = (): Fault | undefined => {
    while (left[0]?.size === edge.size) {
      const one = left.shift()!;
      if (compareBytes(rootOfEdge(edge, nodeCrypto), one.root) !== 0)
        return { kind: 'forked', because: `its first ${one.size} leaves are not those that were seen before`, where: reader.place };
    }
    return undefined;
  };
  const atStart = forked();
  if (atStart !== undefined) return atStart;
  while (edge.size < size) {
    const index = Math.floor(edge.size / TILE_WIDTH);
    const leaves = await readLeaves(reader, index, Math.min(TILE_WIDTH, size - index * TILE_WIDTH));
    const wrong = await wrongLeaf(reader, index, leaves);
    if (wrong !== undefined) return { kind: 'damaged', ...wrong };
    // The tree stops at every size that was seen before.
    for (let at = 0; at < leaves.length;) {
      const until = Math.min(leaves.length, (left[0]?.size ?? size) - index * TILE_WIDTH);
      const hashes = leaves.slice(at, until).map((leaf) => leafHash(leaf, nodeCrypto));
      const grown = appendToTiles(edge, hashes, nodeCrypto);
      edge = grown.edge;
      at = until;
      const tile = await wrongTile(
        reader,
        grown.tiles.filter(({ width }) => width === TILE_WIDTH),
      );
      if (tile !== undefined) return { kind: 'damaged', ...tile };
      const fork = forked();
      if (fork !== undefined) return fork;
    }
    leaves.forEach((bytes, at) => options.onLeaf?.({ index: index * TILE_WIDTH + at, bytes }));
    options.onProgress?.({ leaves: edge.size, size });
  }
  const partial = await wrongTile(reader, partialsOf(edge));
  if (partial !== undefined) return { kind: 'damaged', ...partial };
  if (compareBytes(rootOfEdge(edge, nodeCrypto), root) === 0) return undefined;
  return { kind: 'damaged', because: `its ${size} leaves do not lead to the root of its checkpoint`, where: join(reader.place, 'checkpoint') };
};

type Wrong = { readonly because: string; readonly where: string };

const wrongLeaf = async (reader: LogReader, index: number, leaves: readonly Uint8Array[]): Promise<Wrong | undefined> => {
  const tile = await tileReader(reader)(0, index, leaves.length);
  const at = leaves.findIndex((leaf, i) => compareBytes(leafHash(leaf, nodeCrypto), tile.subarray(i * 32, i * 32 + 32)) !== 0);
  const where = join(reader.place, writeTilePath({ kind: 'entries', index, width: leaves.length }));
  return at === -1 ? undefined : { because: `leaf ${index * TILE_WIDTH + at} is not the one whose hash the log has`, where };
};

/** The tiles at the end of the log that are not full. */
const partialsOf = ({ size, levels }: TreeEdge): readonly WrittenTile[] =>
  levels.flatMap((hashes, level) =>
    hashes.length === 0 ? [] : [{ level, index: Math.floor(size / TILE_WIDTH ** (level + 1)), width: hashes.length, bytes: concatBytes(...hashes) }],
  );

/** The first tile on disk that is not the one that the leaves give. */
const wrongTile = async (reader: LogReader, tiles: readonly WrittenTile[]): Promise<Wrong | undefined> => {
  const readTile = tileReader(reader);
  for (const { level, index, width, bytes } of tiles) {
    const path = writeTilePath({ kind: 'hashes', level, index, width });
    if (compareBytes(await readTile(level, index, width), bytes) !== 0) return { because: `the tile ${path} is not the one that the leaves give`, where: join(reader.place, path) };
  }
  return undefined;
};
