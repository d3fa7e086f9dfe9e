import { constants, copyFileSync, existsSync, statSync } from 'node:fs';
import { copyFile, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainlockError } from '#base';
import { type FilePath, hashFiles, lookAtFile, markTemporary, notWritable, systemPath, temporaryName } from '#files';
import { adopt, type ObjectFile, placeForObject } from './object-files.ts';
import { hashCompressed, intactObject, type ProvenBytes, wholeObject } from './prove-object.ts';
import { makeStore } from './store-folder.ts';
import { compressedPath, objectsFolder } from './store-layout.ts';

/** What became of a file that was to be kept. */
export type KeptFile =
  /** storedBytes: size of the file in the store, whether it shares its bytes with the original or not. */
  | { readonly kind: 'kept'; readonly sha256: string; readonly sizeBytes: number; readonly storedBytes: number }
  /** It is not (any more) the file that was asked for. */
  | { readonly kind: 'changed'; readonly sha256: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

export type KeepOptions = { readonly expected?: string | undefined; readonly unsynced?: Set<string> | undefined };

/**
 * Keeps the content of a file, without reading it into memory; where the file system can, the bytes are shared with the file, else
 * they are compressed if that is worth it, else copied. What is kept is hashed, not what was meant to be kept: a file that differs
 * from `expected` is not kept. It is on disk when the promise is kept, but for its name if `unsynced` folders are collected (see adopt).
 * Throws TL0003.
 */
export const putObjectFile = async (root: string, file: FilePath, { expected, unsynced }: KeepOptions = {}): Promise<KeptFile> => {
  const facts = lookAtFile(file);
  if (facts.kind !== 'file') return { kind: 'unreadable', reason: facts.reason ?? (facts.kind === 'absent' ? 'it is not there' : 'it is not a file') };
  const whole = expected === undefined ? undefined : await wholeObject(root, { sha256: expected, sizeBytes: facts.sizeBytes! });
  if (whole !== undefined) {
    const [now] = await hashFiles([file], { jobs: 1 });
    return now?.sha256 === expected ? kept({ sha256: expected!, sizeBytes: facts.sizeBytes! }, whole) : { kind: 'changed', sha256: now?.sha256 ?? '' };
  }
  await makeStore(root);
  const temporary = join(objectsFolder(root), temporaryName());
  const forget = markTemporary(temporary);
  try {
    const form = await copyInto(systemPath(file), temporary, facts.sizeBytes!);
    return await keepCopy(root, { form, path: temporary }, { expected, unsynced });
  } catch (error) {
    const reason = await whyNotReadable(file);
    if (reason !== undefined) return { kind: 'unreadable', reason };
    throw notWritable(temporary, error);
  } finally {
    if (existsSync(temporary)) await unlink(temporary).catch(() => undefined);
    forget();
  }
};

/** Why a file cannot be opened; undefined if it can: then it is the store that cannot be written. */
const whyNotReadable = (file: FilePath): Promise<string | undefined> =>
  open(systemPath(file), 'r').then(
    async (opened) => {
      await opened.close();
      return undefined;
    },
    (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? 'it is not there' : error.code === 'EACCES' ? 'no permission' : `it cannot be opened (${error.code ?? 'unknown error'})`,
  );

const kept = ({ sha256, sizeBytes }: ProvenBytes, { facts }: Pick<ObjectFile, 'facts'>): KeptFile => ({ kind: 'kept', sha256, sizeBytes, storedBytes: facts.size });

/**
 * Smaller files are copied. Measured: packing and proving a small file takes 1 ms more than a copy that takes 1 ms; of a CSV file of
 * this size 43 KiB are saved for it, of smaller ones a few blocks of the disk. Unit: byte.
 */
const SMALLEST_COMPRESSED = 64 * 1024;

/** Copies a file to a new one: shared, compressed or plain. */
const copyInto = async (source: string | Buffer, target: string, sizeBytes: number): Promise<ObjectFile['form']> => {
  if (sizeBytes >= SMALLEST_COMPRESSED) {
    if (await isShared(source, target)) return 'plain';
    const { packFile } = await import('./zstd/pack-file.ts');
    if (await packFile(source, target)) return 'compressed';
  }
  const mode = constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL;
  // A small file is copied sooner than a thread is asked to.
  if (sizeBytes < SMALLEST_COMPRESSED) copyFileSync(source, target, mode);
  else await copyFile(source, target, mode);
  return 'plain';
};

/** Whether the file system made the new file of the same blocks. If something else is wrong, the next way to copy says so. */
const isShared = (source: string | Buffer, target: string): Promise<boolean> =>
  copyFile(source, target, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL).then(
    () => true,
    () => false,
  );

/** The copy is proven, whatever was read to make it: of a compressed one the digest is that of what comes out of it again. */
const keepCopy = async (root: string, { form, path }: Pick<ObjectFile, 'form' | 'path'>, { expected, unsynced }: KeepOptions): Promise<KeptFile> => {
  const proven = await (form === 'compressed' ? hashPacked(path) : hashCopy(path));
  if (proven === undefined || (expected !== undefined && proven.sha256 !== expected)) return { kind: 'changed', sha256: proven?.sha256 ?? '' };
  const facts = statSync(path);
  const found = await intactObject(root, proven);
  if (found !== undefined) return kept(proven, found);
  const plain = await placeForObject(root, proven.sha256);
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await adopt(path, form === 'compressed' ? compressedPath(root, proven.sha256) : plain, unsynced);
  // A plain one that is there is damaged, and would be read first. Whoever puts plain bytes removes nothing, so that of two at once one stays.
  if (form === 'compressed') await unlink(plain).catch(() => undefined);
  return kept(proven, { facts });
};

const hashCopy = async (path: string): Promise<ProvenBytes | undefined> => {
  const [copy] = await hashFiles([{ path }], { jobs: 1 });
  return copy?.sha256 === undefined ? undefined : { sha256: copy.sha256, sizeBytes: copy.sizeBytes! };
};

/** Undefined if it does not come out again: then it is not what was read, whoever is to blame. */
const hashPacked = (path: string): Promise<ProvenBytes | undefined> =>
  hashCompressed(path).catch((error: unknown) => {
    if (error instanceof TrainlockError && error.code === 'TL0307') return undefined;
    throw error;
  });
