import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { TrainlockError } from '#base';
import { type FrameHeader, MOST_HEADER_BYTES, readFrameHeader } from './frame-header.ts';
import { type NativeZstd, nativeZstd } from './native-zstd.ts';
import { PIECE_BYTES, piecesOf } from './pieces-of.ts';

/** The error for a compressed object that is none, or not a whole one. */
const damaged = (path: string, cause?: unknown): TrainlockError =>
  new TrainlockError('TL0307', 'a compressed object of the store is damaged', { where: path, fix: 'restore it from a copy of the store', cause });

/** Size of the plain bytes of a compressed object, as it says itself. Unit: byte. Throws TL0307 if it does not, TL0002. */
export const unpackedSize = (path: string): Promise<number> => withFile(path, async (file) => (await headerOf(file, path)).contentBytes);

/**
 * The plain bytes of a compressed object, piece by piece, not verified: the caller computes their digest. Never more than the
 * object itself states, and nothing at all if that is more than mostBytes. Hostile bytes; memory is bounded. `native` is the
 * Zstandard of Node.js; null for the library. Throws TL0307, TL0002.
 */
export async function* unpackObject(path: string, mostBytes: number, native: NativeZstd | null = nativeZstd): AsyncGenerator<Uint8Array> {
  const file = await openFile(path);
  try {
    const header = await headerOf(file, path);
    if (header.contentBytes > mostBytes) throw damaged(path);
    let left = header.contentBytes;
    for await (const piece of native === null ? await inJavaScript(file, header) : natively(native, file)) {
      left -= piece.length;
      if (left < 0) throw damaged(path);
      yield piece;
    }
    if (left > 0) throw damaged(path);
  } catch (error) {
    throw asTrainlockError(error, path);
  } finally {
    await file.close();
  }
}

const natively = (zlib: NativeZstd, file: FileHandle): AsyncIterable<Uint8Array> =>
  pipeline(piecesOf(file), zlib.createZstdDecompress({ chunkSize: PIECE_BYTES }), () => undefined);

const inJavaScript = async (file: FileHandle, header: FrameHeader): Promise<AsyncIterable<Uint8Array>> =>
  (await import('./unpack-in-javascript.ts')).unpackInJavaScript(file, header);

const headerOf = async (file: FileHandle, path: string): Promise<FrameHeader> => {
  const bytes = new Uint8Array(MOST_HEADER_BYTES);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
  const header = readFrameHeader(bytes.subarray(0, bytesRead));
  if (header === undefined) throw damaged(path);
  return header;
};

const withFile = async <T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> => {
  const file = await openFile(path);
  try {
    return await work(file);
  } catch (error) {
    throw asTrainlockError(error, path);
  } finally {
    await file.close();
  }
};

/** O_NONBLOCK: if a pipe took the place of the object, opening must not wait. */
const openFile = (path: string): Promise<FileHandle> =>
  open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw asTrainlockError(error, path);
  });

/** What the system says of the file is not damage of its bytes. */
const asTrainlockError = (error: unknown, path: string): TrainlockError => {
  if (error instanceof TrainlockError) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined ? damaged(path, error) : new TrainlockError('TL0002', `cannot read an object of the store: ${code}`, { where: path, cause: error });
};
