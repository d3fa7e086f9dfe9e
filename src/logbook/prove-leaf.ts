import { TrainlockError } from '#base';
import { verifyInclusion } from '#digest';
import { nodeCrypto } from '#files';
import { TILE_WIDTH, tileTree, writeTlogProof } from '#tlog';
import { type LogReader, tileReader } from './log-reader.ts';
import { damaged } from './log-trouble.ts';
import type { LogHead } from './read-head.ts';

/**
 * The proof that the leaf with this index is in the log, with the present checkpoint and its cosignatures. It is checked before it is
 * given out. Throws TL0001 if the log has no such leaf, TL1402 if the log is damaged.
 */
export const proveLeaf = async (reader: LogReader, head: LogHead, index: number): Promise<Uint8Array> => {
  const { size, root } = head.checkpoint;
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new TrainlockError('TL0001', `the log has ${size} leaves, so none with the index ${index}`, { fix: 'trainlock log show' });
  const readTile = tileReader(reader);
  const hashes = await tileTree(readTile, nodeCrypto).inclusionProofAt(index, size);
  const tile = await readTile(0, Math.floor(index / TILE_WIDTH), Math.min(TILE_WIDTH, size - Math.floor(index / TILE_WIDTH) * TILE_WIDTH));
  const at = (index % TILE_WIDTH) * 32;
  if (!verifyInclusion({ index, size, leafHash: tile.slice(at, at + 32), proof: hashes, root }, nodeCrypto))
    throw damaged(reader.place, `the tiles of the log do not lead from leaf ${index} to the root of its checkpoint`);
  return writeTlogProof({ index, hashes, checkpoint: head.note });
};
