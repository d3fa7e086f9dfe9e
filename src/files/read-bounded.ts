import { open } from 'node:fs/promises';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { escapeControl, formatBytes, TrainlockError } from '#base';

/**
 * The whole content of a regular file of at most maxBytes. Throws TL0002 if it is not there, not readable, not a regular file,
 * or larger: memory is never given to a file that nobody expected.
 */
export const readBounded = async (path: string, maxBytes: number): Promise<Uint8Array> => {
  const found = await readBoundedIfThere(path, maxBytes);
  if (found === undefined) throw refused(path, 'it does not exist');
  return found;
};

/** Like readBounded; undefined if nothing is there. */
export const readBoundedIfThere = async (path: string, maxBytes: number): Promise<Uint8Array | undefined> => {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw refused(path, 'it is not a regular file');
      return await readUpTo(file, path, { sizeBytes: stats.size, maxBytes });
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error instanceof TrainlockError ? error : refused(path, code === 'EACCES' ? 'no permission' : `the system said ${code ?? 'nothing'}`, error);
  }
};

/**
 * The whole content of a regular file of at most maxBytes, read at once: for small files that are looked at by the thousand. A link is
 * not followed where `isOurs` says that only a file of ours may lie there. Undefined if there is none, or it must not be read.
 */
export const readSmallNow = (path: string, maxBytes: number, isOurs = false): Uint8Array | undefined => {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | (isOurs ? constants.O_NOFOLLOW : 0));
    const stats = fstatSync(file);
    if (!stats.isFile() || stats.size > maxBytes) return undefined;
    const buffer = Buffer.alloc(stats.size);
    let filled = 0;
    while (filled < buffer.length) {
      const count = readSync(file, buffer, filled, buffer.length - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    return buffer.subarray(0, filled);
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
};

/** Reads to the end, with one byte more than expected: a file may grow, and files made up by the kernel say size 0. */
const readUpTo = async (
  file: Awaited<ReturnType<typeof open>>,
  path: string,
  { sizeBytes, maxBytes }: { readonly sizeBytes: number; readonly maxBytes: number },
): Promise<Uint8Array> => {
  if (sizeBytes > maxBytes) throw refused(path, `it has ${formatBytes(sizeBytes)}; at most ${formatBytes(maxBytes)} are read`);
  let buffer = Buffer.alloc(Math.min(maxBytes, Math.max(sizeBytes, 4096)) + 1);
  let filled = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, filled);
    filled += bytesRead;
    if (filled > maxBytes) throw refused(path, `it is larger than ${formatBytes(maxBytes)}`);
    if (bytesRead === 0) return buffer.subarray(0, filled);
    if (filled === buffer.length) buffer = Buffer.concat([buffer], Math.min(maxBytes + 1, buffer.length * 2));
  }
};

const refused = (path: string, reason: string, cause?: unknown): TrainlockError =>
  new TrainlockError('TL0002', `cannot read ${escapeControl(path)}: ${reason}`, { where: path, cause });
