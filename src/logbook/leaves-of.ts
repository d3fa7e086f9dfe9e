import { compareBytes } from '#base';
import { join } from 'node:path';
import { nodeCrypto } from '#files';
import { leafHash } from '#digest';
import { TILE_WIDTH, writeTilePath } from '#tlog';
import { type LogReader, readLeaves, tileReader } from './log-reader.ts';
import { damaged } from './log-trouble.ts';

export type StoredLeaf = { /** From 0. */ readonly index: number; readonly bytes: Uint8Array };

/**
 * The leaves from index `from` up to but not including `to`, bundle by bundle: memory for 256 of them. Each is the one that the hashes of
 * the log name. Throws TL1402 where one is missing or another.
 */
export async function* leavesOf(reader: LogReader, { from, to }: { readonly from: number; readonly to: number }): AsyncGenerator<StoredLeaf> {
  const readTile = tileReader(reader);
  for (let first = from - (from % TILE_WIDTH); first < to; first += TILE_WIDTH) {
    const [index, width] = [first / TILE_WIDTH, Math.min(TILE_WIDTH, to - first)];
    const leaves = await readLeaves(reader, index, width);
    const hashes = await readTile(0, index, width);
    for (const [at, bytes] of leaves.entries()) {
      if (compareBytes(leafHash(bytes, nodeCrypto), hashes.subarray(at * 32, at * 32 + 32)) !== 0) {
        throw damaged(join(reader.place, writeTilePath({ kind: 'entries', index, width })), `leaf ${first + at} is not the one whose hash the log has`);
      }
      if (first + at >= from) yield { index: first + at, bytes };
    }
  }
}
