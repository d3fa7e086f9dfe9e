import { type FileHandle, open } from 'node:fs/promises';
import { constants } from 'node:fs';
import { TrainlockError } from '#base';

/** An open regular file that is read at places. */
export type OpenBytes = {
  readonly handle: FileHandle;
  readonly sizeBytes: number;
  /** Exactly so many bytes. Throws TL0002 if the file ends before. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
};

/** Opens a file for `work` and closes it again. Throws TL0002 if it is not a regular file or cannot be read. */
export const withBytes = async <T>(path: string, work: (file: OpenBytes) => Promise<T>): Promise<T> => {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw new TrainlockError('TL0002', `it cannot be opened: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`, { cause: error });
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new TrainlockError('TL0002', 'it is not a regular file');
    return await work({ handle, sizeBytes: stats.size, read: (offset, length) => readExactly(handle, offset, length) });
  } finally {
    await handle.close();
  }
};

const readExactly = async (handle: FileHandle, offset: number, length: number): Promise<Uint8Array> => {
  const buffer = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) throw new TrainlockError('TL0002', 'it is cut off');
    filled += bytesRead;
  }
  return buffer;
};
