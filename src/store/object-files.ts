import { chmodSync, existsSync, renameSync, type Stats, statSync, utimesSync } from 'node:fs';
import { mkdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { escapeControl, TrainlockError } from '#base';
import { notWritable, syncFolder } from '#files';
import { makeStore } from './store-folder.ts';
import { compressedPath, objectPath } from './store-layout.ts';

/** Objects are never changed: not even their owner may write them by mistake. */
const OBJECT_MODE = 0o444;

/** How an object lies in the store. Its plain bytes count first: the compressed ones are those of an object only where there are no others. */
export type ObjectFile = { readonly form: 'plain' | 'compressed'; readonly path: string; readonly facts: Stats };

/** The file of an object; undefined if it is not kept. Its content is not looked at. Throws TL0306 if it is no digest. */
export const objectFile = (root: string, sha256: string): ObjectFile | undefined => plainFile(root, sha256) ?? compressedFile(root, sha256);

/** Every file of an object, the plain one first: where one is damaged, the other may not be. Throws TL0306 if it is no digest. */
export const objectFiles = (root: string, sha256: string): readonly ObjectFile[] => [plainFile(root, sha256), compressedFile(root, sha256)].filter((file) => file !== undefined);

const plainFile = (root: string, sha256: string): ObjectFile | undefined => fileAt('plain', objectPath(root, asDigest(sha256)));

const compressedFile = (root: string, sha256: string): ObjectFile | undefined => fileAt('compressed', compressedPath(root, asDigest(sha256)));

const fileAt = (form: ObjectFile['form'], path: string): ObjectFile | undefined => {
  const facts = factsOf(path);
  return facts?.isFile() === true ? { form, path, facts } : undefined;
};

const factsOf = (path: string): Stats | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
};

/** A digest from outside becomes part of a path: nothing else may. */
export const asDigest = (sha256: string): string => {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TrainlockError('TL0306', `${escapeControl(sha256)} is not a digest`, { fix: 'a digest has 64 lower-case hexadecimal digits' });
  return sha256;
};

/** The error for bytes that the store does not have. */
export const notKept = (sha256: string, path: string): TrainlockError =>
  new TrainlockError('TL0306', `the bytes with digest ${sha256} are not in the store`, { where: path, fix: 'copy the store from the machine that recorded the run' });

/** The error for an object with other bytes than its name says. */
export const damagedObject = (sha256: string, path: string, what = 'has other bytes than its name says'): TrainlockError =>
  new TrainlockError('TL0307', `the object ${sha256} ${what}`, { where: path, fix: 'restore it from a copy of the store' });

/** Marks an object as put now, so that a cleaning up at the same moment takes it for new (see collect-garbage); whether it is still there. */
export const touched = (path: string): boolean => {
  const now = new Date();
  try {
    utimesSync(path, now, now);
    return true;
  } catch {
    return false;
  }
};

/** Where an object with this digest will lie as plain bytes; its folder is made. Throws TL0003, TL0306 if it is no digest. */
export const placeForObject = async (root: string, sha256: string): Promise<string> => {
  const path = objectPath(root, asDigest(sha256));
  await makeStore(root);
  if (existsSync(dirname(path))) return path;
  try {
    if ((await mkdir(dirname(path), { recursive: true })) !== undefined) await syncFolder(dirname(dirname(path)));
  } catch (error) {
    throw notWritable(path, error);
  }
  return path;
};

/**
 * Gives a file that is written and on disk the name of an object; if that fails, the file is gone. Several processes may put the same
 * bytes at once: whoever renames last replaces equal bytes. Throws TL0003. Calls that take microseconds do not wait for a thread.
 * Its name is on disk when the promise is kept, or, with `unsynced`, when the folders that are put there are synced.
 */
export const adopt = async (temporary: string, path: string, unsynced?: Set<string>): Promise<void> => {
  try {
    chmodSync(temporary, OBJECT_MODE);
    renameSync(temporary, path);
    if (unsynced === undefined) await syncFolder(dirname(path));
    else unsynced.add(dirname(path));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw notWritable(path, error);
  }
};

/** Makes the names in folders durable. Throws TL0003. */
export const syncFolders = async (folders: Iterable<string>): Promise<void> => {
  for (const folder of folders)
    await syncFolder(folder).catch((error: unknown) => {
      throw notWritable(folder, error);
    });
};
