import { readdir, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compareBytes, TrainlockError, type VerifySignature } from '#base';
import { makeFolder, nodeCrypto, TEMPORARY_NAME, writeAtomic } from '#files';
import { leafHash } from '#digest';
import { appendToTiles, rootOfEdge, TILE_WIDTH, type TilePlace, type TreeEdge, verifyCheckpoint, writeCheckpoint, writeEntryBundle, writeNote, writeTilePath } from '#tlog';
import type { NoteSigner } from './log-key.ts';
import { damaged } from './log-trouble.ts';
import { CHECKPOINT, type LogHead } from './read-head.ts';

export type WrittenLeaves = { readonly edge: TreeEdge; /** The tiles that were written. */ readonly places: readonly TilePlace[] };

/**
 * Writes new leaves and the hashes over them, durably. Nothing names them before `commit`: tiles that a killed process left beyond the
 * checkpoint are written over. `partial` are the leaves of the last bundle, if it is not full.
 */
export const writeLeaves = async (folder: string, edge: TreeEdge, partial: readonly Uint8Array[], leaves: readonly Uint8Array[]): Promise<WrittenLeaves> => {
  if (leaves.length === 0) return { edge, places: [] };
  const { edge: grown, tiles } = appendToTiles(
    edge,
    leaves.map((leaf) => leafHash(leaf, nodeCrypto)),
    nodeCrypto,
  );
  const all = [...partial, ...leaves];
  const first = Math.floor(edge.size / TILE_WIDTH);
  const places: TilePlace[] = [];
  for (let at = 0; at < all.length; at += TILE_WIDTH) {
    const bundle = all.slice(at, at + TILE_WIDTH);
    places.push({ kind: 'entries', index: first + at / TILE_WIDTH, width: bundle.length });
    await writeTile(folder, places.at(-1)!, writeEntryBundle(bundle));
  }
  for (const { level, index, width, bytes } of tiles) {
    places.push({ kind: 'hashes', level, index, width });
    await writeTile(folder, places.at(-1)!, bytes);
  }
  return { edge: grown, places };
};

const writeTile = async (folder: string, place: TilePlace, bytes: Uint8Array): Promise<void> => {
  const path = join(folder, writeTilePath(place));
  await makeFolder(dirname(path));
  await writeAtomic(path, bytes);
};

/**
 * Signs the tree and makes it the present state with one rename: before it the old checkpoint is there, after it the new one. The
 * signature is checked before it is given out.
 */
export const commit = async (folder: string, signer: NoteSigner, edge: TreeEdge, verify: VerifySignature): Promise<LogHead> => {
  const { key } = signer;
  const body = writeCheckpoint({ origin: key.name, size: edge.size, root: rootOfEdge(edge, nodeCrypto), extensions: [] });
  const note = { body, signatures: [{ name: key.name, keyId: key.keyId, signature: signer.sign(Buffer.from(body)) }] };
  const check = verifyCheckpoint(note, { keys: [key] }, verify);
  if (check.kind === 'refused') throw new TrainlockError('TL0901', `a checkpoint that was just signed does not hold: ${check.because}`);
  await writeAtomic(join(folder, CHECKPOINT), writeNote(note));
  return { key, checkpoint: check.checkpoint, note };
};

/** The leaves of the last bundle must be those of the last tile, or new leaves would be put beside others. Throws TL1402. */
export const checkPartial = (folder: string, edge: TreeEdge, partial: readonly Uint8Array[]): void => {
  const hashes = edge.levels[0] ?? [];
  if (hashes.length !== partial.length || partial.some((leaf, at) => compareBytes(leafHash(leaf, nodeCrypto), hashes[at]!) !== 0)) {
    const path = writeTilePath({ kind: 'entries', index: Math.floor(edge.size / TILE_WIDTH), width: Math.max(1, hashes.length) });
    throw damaged(join(folder, path), `${path} has other leaves than the tree`);
  }
};

/**
 * Removes partial tiles that nobody needs: the newest two widths stay, for readers that hold the checkpoint before, and none where the
 * tile is full. What cannot be removed is left.
 */
export const tidyPartials = async (folder: string, before: number, places: readonly TilePlace[]): Promise<void> => {
  for (const place of places) {
    const below = join(folder, `${writeTilePath({ ...place, width: TILE_WIDTH })}.p`);
    if (place.width === TILE_WIDTH) {
      await rm(below, { recursive: true, force: true }).catch(() => undefined);
      await removeLeft(dirname(below));
      continue;
    }
    const names = await readdir(below).catch(() => []);
    const widths = names.filter((name) => /^[1-9][0-9]{0,2}$/.test(name)).map(Number);
    const older = Math.max(0, ...widths.filter((width) => width < place.width && width <= widthAt(place, before)));
    const superfluous = names.filter((name) => TEMPORARY_NAME.test(name) || (widths.includes(Number(name)) && Number(name) !== place.width && Number(name) !== older));
    for (const name of superfluous) await unlink(join(below, name)).catch(() => undefined);
  }
};

/** Removes what killed writers left half-written in a folder of the log: only the holder of the lock writes there. */
export const removeLeft = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder).catch(() => [])) if (TEMPORARY_NAME.test(name)) await unlink(join(folder, name)).catch(() => undefined);
};

const widthAt = (place: TilePlace, size: number): number => {
  const level = place.kind === 'hashes' ? place.level : 0;
  return Math.floor(size / TILE_WIDTH ** level) - place.index * TILE_WIDTH;
};
