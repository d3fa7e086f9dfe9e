import { lstatSync } from 'node:fs';
import { mkdir, open, rename, symlink, unlink } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { temporaryName } from '#files';
import { isSafePath } from './safe-path.ts';

/**
 * Makes the folders above a file that comes from another repository, none of them through a link: a link that came with the data
 * must not lead the next file out of the target. False if something else stands in the way.
 */
export const makeFoldersFor = async (root: string, path: string): Promise<boolean> => {
  if (!isSafePath(path)) return false;
  await mkdir(root, { recursive: true });
  let folder = root;
  for (const part of path.split('/').slice(0, -1)) {
    folder = join(folder, part);
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    if (!lstatSync(folder).isDirectory()) return false;
  }
  return lstatSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() !== true;
};

/** Writes a stream to a file: whole, synced and under its name, or not at all. `accept` hears of every piece and judges at the end. */
export const writeStream = async (
  path: string,
  body: AsyncIterable<Uint8Array>,
  { mode, onPiece, accept }: { mode: number; onPiece: (piece: Uint8Array) => void; accept: () => boolean },
): Promise<boolean> => {
  const temporary = join(dirname(path), temporaryName());
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      for await (const piece of body) {
        onPiece(piece);
        await file.writeFile(piece);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    if (accept()) await rename(temporary, path);
    else await unlink(temporary);
    return accept();
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
};

/** Makes a link that stays inside the tree it came with; false if it would not. */
export const makeInnerLink = async (root: string, path: string, target: string): Promise<boolean> => {
  const leads = posix.normalize(posix.join(posix.dirname(path), target));
  if (target === '' || target.startsWith('/') || target.includes('\0') || leads === '..' || leads.startsWith('../')) return false;
  await unlink(join(root, path)).catch(() => undefined);
  await symlink(target, join(root, path));
  return true;
};
