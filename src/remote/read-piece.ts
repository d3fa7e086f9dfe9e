import type { FileHandle } from 'node:fs/promises';
import { escapeControl, TrainlockError } from '#base';

/** Bytes of a file from an offset on: as many as asked for, or fewer if it ends. Throws TL0002. */
export const readPiece = async (file: FileHandle, path: string, { offset, length }: { readonly offset: number; readonly length: number }): Promise<Buffer> => {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  try {
    while (filled < length) {
      const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
  } catch (error) {
    throw notReadable(path, error);
  }
  return buffer.subarray(0, filled);
};

export const notReadable = (path: string, error: unknown): TrainlockError =>
  new TrainlockError('TL0002', `cannot read ${escapeControl(path)}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`, { where: path, cause: error });
