import { constants, type Stats } from 'node:fs';
import { chmod, copyFile, mkdir, open, rename, stat, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { escapeControl, toHex, TrainlockError } from '#base';
import { type FilePath, hashFiles, lookAtFile, nodeCrypto, notWritable, readBoundedIfThere, syncFolder, temporaryName } from '#files';
import { makeStore } from './store-folder.ts';
import { objectPath, objectsFolder } from './store-layout.ts';

/** Objects are never changed: not even their owner may write them by mistake. */
const OBJECT_MODE = 0o444;

/** Up to this size an object that is there already is read again before it is trusted. Unit: byte. */
const RECHECKED_BYTES = 1024 * 1024;

/** What became of a file that was to be kept. */
export type KeptFile =
  | { readonly kind: 'kept'; readonly sha256: string; readonly sizeBytes: number }
  /** It is not (any more) the file that was asked for. */
  | { readonly kind: 'changed'; readonly sha256: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Keeps bytes; their SHA-256 in hexadecimal is their name. On disk when the promise is kept. Throws TL0003. */
export const putObject = async (root: string, bytes: Uint8Array): Promise<string> => {
  const sha256 = toHex(nodeCrypto.sha256(bytes));
  if (await isIntact(root, sha256, bytes.length)) return sha256;
  const path = await placeFor(root, sha256);
  await through(path, async (temporary) => {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  });
  return sha256;
};

/**
 * Keeps the content of a file, without reading it into memory; where the file system can, the bytes are shared with the file.
 * What is kept is hashed, not what was meant to be kept: a file that differs from `expected` is not kept. Throws TL0003.
 */
export const putObjectFile = async (root: string, file: FilePath, expected?: string): Promise<KeptFile> => {
  const facts = lookAtFile(file);
  if (facts.kind !== 'file') return { kind: 'unreadable', reason: facts.reason ?? (facts.kind === 'absent' ? 'it is not there' : 'it is not a file') };
  if (expected !== undefined && (await isWhole(root, expected, facts.sizeBytes!))) {
    const [now] = await hashFiles([file], { jobs: 1 });
    return now?.sha256 === expected ? { kind: 'kept', sha256: expected, sizeBytes: facts.sizeBytes! } : { kind: 'changed', sha256: now?.sha256 ?? '' };
  }
  await makeStore(root);
  const temporary = join(objectsFolder(root), temporaryName());
  try {
    const source = file.raw === undefined ? file.path : Buffer.from(file.raw, 'base64');
    await copyFile(source, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    await chmod(temporary, 0o600);
    return await keepCopy(root, temporary, expected);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'EACCES') return { kind: 'unreadable', reason: code === 'ENOENT' ? 'it is not there' : 'no permission' };
    throw notWritable(temporary, error);
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
};

const keepCopy = async (root: string, temporary: string, expected: string | undefined): Promise<KeptFile> => {
  const [copy] = await hashFiles([{ path: temporary }], { jobs: 1 });
  const sha256 = copy?.sha256 ?? '';
  if (sha256 === '' || (expected !== undefined && sha256 !== expected)) return { kind: 'changed', sha256 };
  const sizeBytes = copy!.sizeBytes!;
  if (await isIntact(root, sha256, sizeBytes)) return { kind: 'kept', sha256, sizeBytes };
  const path = await placeFor(root, sha256);
  await through(path, async (own) => {
    const file = await open(temporary, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, own);
  });
  return { kind: 'kept', sha256, sizeBytes };
};

/** A new file beside the objects, for something that becomes one when it is finished. */
export const draftObject = async (root: string): Promise<string> => {
  await makeStore(root);
  return join(objectsFolder(root), temporaryName());
};

/** Makes a finished draft an object. Its digest was computed by whoever wrote it, as it was written. Throws TL0003; the draft is gone then. */
export const adoptDraft = async (root: string, draft: string, sha256: string): Promise<void> => {
  const path = await placeFor(root, asDigest(sha256));
  await through(path, (temporary) => rename(draft, temporary)).catch(async (error: unknown) => {
    await unlink(draft).catch(() => undefined);
    throw error;
  });
};

/** The bytes of an object, at most maxBytes. Throws TL0306 if they are not kept, TL0307 if they are not what their name says. */
export const readObject = async (root: string, sha256: string, maxBytes: number): Promise<Uint8Array> => {
  const path = objectPath(root, asDigest(sha256));
  const bytes = await readBoundedIfThere(path, maxBytes);
  if (bytes === undefined) throw notKept(sha256, path);
  if (toHex(nodeCrypto.sha256(bytes)) !== sha256)
    throw new TrainlockError('TL0307', `the object ${sha256} has other bytes than its name says`, { where: path, fix: 'restore it from a copy of the store' });
  return bytes;
};

/** Bytes of an object from start up to but not including end, not verified: the caller checks them by a digest over these bytes. Throws TL0306, TL0307. */
export const readObjectRange = async (root: string, sha256: string, { start, end }: { readonly start: number; readonly end: number }): Promise<Uint8Array> => {
  const path = objectPath(root, asDigest(sha256));
  const file = await open(path, 'r').catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? notKept(sha256, path)
      : new TrainlockError('TL0002', `cannot read the object ${sha256}`, { where: path, cause: error });
  });
  try {
    const bytes = new Uint8Array(end - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    if (bytesRead < bytes.length) throw new TrainlockError('TL0307', `the object ${sha256} is shorter than it was`, { where: path, fix: 'restore it from a copy of the store' });
    return bytes;
  } finally {
    await file.close();
  }
};

/** Removes an object; nothing happens if it is not there. Throws TL0003. */
export const removeObject = async (root: string, sha256: string): Promise<void> => {
  const path = objectPath(root, asDigest(sha256));
  await unlink(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw notWritable(path, error);
  });
};

const notKept = (sha256: string, path: string): TrainlockError =>
  new TrainlockError('TL0306', `the bytes with digest ${sha256} are not in the store`, { where: path, fix: 'copy the store from the machine that recorded the run' });

/** Whether bytes with this digest are kept; their content is proven only by reading them. */
export const hasObject = async (root: string, sha256: string): Promise<boolean> => (await factsOf(objectPath(root, asDigest(sha256))))?.isFile() === true;

export const objectSize = async (root: string, sha256: string): Promise<number> => (await factsOf(objectPath(root, asDigest(sha256))))?.size ?? 0;

/** A digest from outside becomes part of a path: nothing else may. */
const asDigest = (sha256: string): string => {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TrainlockError('TL0306', `${escapeControl(sha256)} is not a digest`, { fix: 'a digest has 64 lower-case hexadecimal digits' });
  return sha256;
};

/**
 * An object that is there with the right size, and, if it is small, the right content; a damaged one is written again. It is
 * touched, so that a cleaning up at the same moment takes it for new (see removeObject).
 */
const isIntact = async (root: string, sha256: string, sizeBytes: number): Promise<boolean> => {
  const path = objectPath(root, sha256);
  const facts = await factsOf(path);
  if (facts?.isFile() !== true || facts.size !== sizeBytes) return false;
  const bytes = sizeBytes > RECHECKED_BYTES ? undefined : await readBoundedIfThere(path, RECHECKED_BYTES).catch(() => undefined);
  const intact = sizeBytes > RECHECKED_BYTES || (bytes !== undefined && toHex(nodeCrypto.sha256(bytes)) === sha256);
  return intact && touched(path);
};

/** isIntact for objects of any size: what is kept for a person is read again before it is said to be kept. */
const isWhole = async (root: string, sha256: string, sizeBytes: number): Promise<boolean> => {
  if (!(await isIntact(root, sha256, sizeBytes))) return false;
  if (sizeBytes <= RECHECKED_BYTES) return true;
  const [facts] = await hashFiles([{ path: objectPath(root, sha256) }], { jobs: 1 });
  return facts?.sha256 === sha256;
};

const touched = async (path: string): Promise<boolean> => {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
};

const factsOf = (path: string): Promise<Stats | undefined> => stat(path).catch(() => undefined);

/** Where an object with this digest will lie. Throws TL0003, TL0306 if it is no digest. */
export const placeForObject = (root: string, sha256: string): Promise<string> => placeFor(root, asDigest(sha256));

const placeFor = async (root: string, sha256: string): Promise<string> => {
  await makeStore(root);
  const path = objectPath(root, sha256);
  try {
    if ((await mkdir(dirname(path), { recursive: true })) !== undefined) await syncFolder(dirname(dirname(path)));
  } catch (error) {
    throw notWritable(path, error);
  }
  return path;
};

/** Several processes may put the same bytes at once: whoever renames last replaces equal bytes. */
const through = async (path: string, write: (temporary: string) => Promise<void>): Promise<void> => {
  const temporary = join(dirname(path), temporaryName());
  try {
    await write(temporary);
    await chmod(temporary, OBJECT_MODE);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw notWritable(path, error);
  }
};
