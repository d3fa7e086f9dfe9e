import { constants } from 'node:fs';
import { copyFile, open, unlink } from 'node:fs/promises';
import { formatBytes, toHex, TrainlockError } from '#base';
import { hashFiles, nodeCrypto, notWritable, readBoundedIfThere } from '#files';
import { asDigest, damagedObject, notKept, type ObjectFile, objectFile, objectFiles } from './object-files.ts';
import type { ProvenBytes } from './prove-object.ts';
import { compressedPath, objectPath } from './store-layout.ts';

/** The bytes of an object, at most maxBytes. Throws TL0306 if they are not kept, TL0307 if they are not what their name says, TL0002 if they are too many. */
export const readObject = (root: string, sha256: string, maxBytes: number): Promise<Uint8Array> =>
  fromAny(root, sha256, async (file) => {
    const bytes = file.form === 'plain' ? await readBoundedIfThere(file.path, maxBytes) : await readCompressed(file.path, sha256, maxBytes);
    if (bytes === undefined) throw notKept(sha256, file.path);
    if (toHex(nodeCrypto.sha256(bytes)) !== sha256) throw damagedObject(sha256, file.path);
    return bytes;
  });

/** Takes an object from the first of its files that is not damaged. Throws TL0306 if there is none, else what was wrong with the first. */
const fromAny = async <T>(root: string, sha256: string, take: (file: ObjectFile) => Promise<T>): Promise<T> => {
  let fault: unknown = notKept(sha256, objectPath(root, asDigest(sha256)));
  for (const [at, file] of objectFiles(root, sha256).entries()) {
    try {
      return await take(file);
    } catch (error) {
      if (at === 0) fault = error;
      if (!(error instanceof TrainlockError) || error.code !== 'TL0307') break;
    }
  }
  throw fault;
};

const readCompressed = async (path: string, sha256: string, maxBytes: number): Promise<Uint8Array> => {
  const { unpackedSize, unpackObject } = await import('./zstd/unpack-object.ts');
  const sizeBytes = await unpackedSize(path);
  if (sizeBytes > maxBytes) throw new TrainlockError('TL0002', `the object ${sha256} has ${formatBytes(sizeBytes)}; at most ${formatBytes(maxBytes)} are read`, { where: path });
  const pieces: Uint8Array[] = [];
  for await (const piece of unpackObject(path, maxBytes)) pieces.push(piece);
  return Buffer.concat(pieces);
};

type Range = { readonly start: number; readonly end: number };

/** Bytes of an object from start up to but not including end, not verified: the caller checks them by a digest over these bytes. Throws TL0306, TL0307. */
export const readObjectRange = async (root: string, sha256: string, range: Range): Promise<Uint8Array> => {
  const file = objectFile(root, sha256);
  if (file === undefined) throw notKept(sha256, objectPath(root, sha256));
  const bytes = file.form === 'plain' ? await plainRange(file.path, sha256, range) : await compressedRange(file.path, range);
  if (bytes.length < range.end - range.start) throw damagedObject(sha256, file.path, 'is shorter than it was');
  return bytes;
};

const plainRange = async (path: string, sha256: string, { start, end }: Range): Promise<Uint8Array> => {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? notKept(sha256, path)
      : new TrainlockError('TL0002', `cannot read the object ${sha256}`, { where: path, cause: error });
  });
  try {
    const bytes = new Uint8Array(end - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

/** What comes before is unpacked and dropped: lists, of which ranges are read, are kept plain. */
const compressedRange = async (path: string, { start, end }: Range): Promise<Uint8Array> => {
  const { unpackObject } = await import('./zstd/unpack-object.ts');
  const pieces: Uint8Array[] = [];
  let at = 0;
  for await (const piece of unpackObject(path, Infinity)) {
    pieces.push(piece.subarray(Math.max(0, start - at), Math.max(0, end - at)));
    at += piece.length;
    if (at >= end) break;
  }
  return Buffer.concat(pieces);
};

/**
 * Writes the bytes of an object to a new file: shared with the object where it is plain and the file system can, else copied or
 * unpacked. They are proven; what goes wrong leaves no file. An object that holds or states more than was recorded is damaged, and
 * never fills the disk. Throws TL0306, TL0307, TL0002, and TL0003 if the file is there or cannot be written.
 */
export const copyObject = async (root: string, { sha256, sizeBytes }: ProvenBytes, path: string): Promise<void> => {
  await fromAny(root, sha256, async (file) => {
    if (file.form === 'plain' && file.facts.size !== sizeBytes) throw damagedObject(sha256, file.path);
    if (file.form === 'plain')
      await copyFile(file.path, path, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL).catch((error: unknown) => {
        throw notWritable(path, error);
      });
    else await unpackTo(file.path, path, sizeBytes);
    const [copy] = await hashFiles([{ path }], { jobs: 1 });
    if (copy?.sha256 === sha256) return;
    await unlink(path).catch(() => undefined);
    throw damagedObject(sha256, file.path);
  });
};

const unpackTo = async (path: string, into: string, mostBytes: number): Promise<void> => {
  const { unpackObject } = await import('./zstd/unpack-object.ts');
  const target = await open(into, 'wx', 0o600).catch((error: unknown) => {
    throw notWritable(into, error);
  });
  try {
    for await (const piece of unpackObject(path, mostBytes)) await target.writeFile(piece);
  } catch (error) {
    await unlink(into).catch(() => undefined);
    throw notWritable(into, error);
  } finally {
    await target.close();
  }
};

/** Where an object lies, if its plain bytes lie there; undefined if it is not kept or compressed. The content is not verified. */
export const plainPath = async (root: string, sha256: string): Promise<string | undefined> => {
  const file = objectFile(root, sha256);
  return file?.form === 'plain' ? file.path : undefined;
};

/** Whether bytes with this digest are kept; their content is proven only by reading them. */
export const hasObject = async (root: string, sha256: string): Promise<boolean> => objectFile(root, sha256) !== undefined;

/** Size of the plain bytes; 0 if they are not kept. Unit: byte. Throws TL0307 if a compressed object does not say it. */
export const objectSize = async (root: string, sha256: string): Promise<number> => {
  const file = objectFile(root, sha256);
  if (file === undefined || file.form === 'plain') return file?.facts.size ?? 0;
  const { unpackedSize } = await import('./zstd/unpack-object.ts');
  return unpackedSize(file.path);
};

/** Removes an object in every form; nothing happens if it is not there. Throws TL0003. */
export const removeObject = async (root: string, sha256: string): Promise<void> => {
  for (const path of [objectPath(root, asDigest(sha256)), compressedPath(root, sha256)]) {
    await unlink(path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw notWritable(path, error);
    });
  }
};
