import { randomBytes } from 'node:crypto';
import { link, open, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TrainlockError } from '#base';
import { markTemporary } from './temporary.ts';

/** Names of files that are being written; what such a name is left by a crash and may be removed. */
export const TEMPORARY_NAME = /^\.trainlock-[0-9a-f]{16}\.tmp$/;

/** A name for a file that is being written, in the folder where it will stand. */
export const temporaryName = (): string => `.trainlock-${randomBytes(8).toString('hex')}.tmp`;

/**
 * Writes a whole file so that a reader, a crash or a power failure sees the old content or the new one, never a part: temporary
 * file in the same folder, synced, renamed, folder synced. Throws TL0003 if it cannot be written; then nothing is left behind.
 */
export const writeAtomic = async (path: string, bytes: Uint8Array, mode: number = 0o644): Promise<void> => {
  await throughTemporary({ path, bytes, mode }, (temporary) => rename(temporary, path));
};

/**
 * Like writeAtomic, but never replaces anything: false, without a change, if the path exists already. Of several processes that
 * write at once exactly one hears true.
 */
export const writeOnce = async (path: string, bytes: Uint8Array, mode: number = 0o644): Promise<boolean> => {
  let written = true;
  await throughTemporary({ path, bytes, mode }, async (temporary) => {
    written = await placeOnce(temporary, path);
  });
  return written;
};

/** Gives a finished temporary file its final name, unless that name is taken: then the file is removed, and the answer is false. */
export const placeOnce = async (temporary: string, path: string): Promise<boolean> => {
  try {
    await link(temporary, path);
    await unlink(temporary);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') {
      await unlink(temporary);
      return false;
    }
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    // A file system without hard links: claim the name by creating it, then put the content in its place.
    return await claimThenRename(temporary, path);
  }
};

const claimThenRename = async (temporary: string, path: string): Promise<boolean> => {
  try {
    await (await open(path, 'wx')).close();
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    // An empty file is a claim whose owner died before it put the content in place.
    if ((await stat(path)).size > 0) {
      await unlink(temporary);
      return false;
    }
  }
  await rename(temporary, path);
  return true;
};

export type NewFile = { readonly path: string; readonly bytes: Uint8Array; readonly mode: number };

/** Writes a synced temporary file beside a path, which `place` gives its name. Throws TL0003; then nothing is left behind. */
export const throughTemporary = async ({ path, bytes, mode }: NewFile, place: (temporary: string) => Promise<void>): Promise<void> => {
  const temporary = join(dirname(path), temporaryName());
  const forget = markTemporary(temporary);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary);
    await syncFolder(dirname(path));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw notWritable(path, error);
  } finally {
    forget();
  }
};

/** Makes the names in a folder durable. Some file systems (network, FUSE) refuse it for folders: they decide themselves. */
export const syncFolder = async (path: string): Promise<void> => {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'EISDIR', 'EBADF', 'ENOSYS'].includes(codeOf(error))) throw error;
  }
};

const WHY: Readonly<Record<string, readonly [note: string, fix: string]>> = {
  ENOSPC: ['no space is left on the file system', 'free some space: trainlock gc'],
  EDQUOT: ['the quota is used up', 'free some space: trainlock gc'],
  EROFS: ['the file system is read-only', 'choose another store: trainlock --store FOLDER'],
  EACCES: ['no permission', 'choose another store: trainlock --store FOLDER'],
  EPERM: ['no permission', 'choose another store: trainlock --store FOLDER'],
  ENOENT: ['the folder is not there', 'look whether somebody removed it'],
  ENOTDIR: ['a part of the path is not a folder', 'move the file that stands in the way'],
  EISDIR: ['a folder has that name', 'move the folder that stands in the way'],
};

/** The error of a write that failed, in words; errors of ours pass through. */
export const notWritable = (path: string, error: unknown): TrainlockError => {
  if (error instanceof TrainlockError) return error;
  const code = codeOf(error);
  const [note, fix] = WHY[code] ?? [`the system said ${code}`, 'look at the file system'];
  return new TrainlockError('TL0003', `cannot write ${basename(path)}`, { where: path, notes: [note], fix, cause: error });
};

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException | undefined)?.code ?? 'an unknown error';
