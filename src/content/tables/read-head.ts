import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { TrainlockError } from '#base';
import { type OpenBytes, withBytes } from '../open-bytes.ts';

/** The first bytes of a file, unpacked if its name ends with .gz or .zst: at most so many. Throws TL0002. */
export const readHead = (path: string, name: string, mostBytes: number): Promise<Buffer> =>
  withBytes(path, async (file) => {
    if (/\.gz$/i.test(name)) return gunzipHead(file, mostBytes);
    if (/\.zst$/i.test(name)) return zstdHead(file, mostBytes);
    return Buffer.from(await file.read(0, Math.min(file.sizeBytes, mostBytes)));
  });

const damaged = (cause: unknown): TrainlockError => new TrainlockError('TL0002', 'its compressed bytes are damaged', { cause });

const gunzipHead = async (file: OpenBytes, mostBytes: number): Promise<Buffer> => {
  const packed = file.handle.createReadStream({ start: 0, autoClose: false });
  const unpacked = packed.pipe(createGunzip());
  packed.on('error', (error) => unpacked.destroy(error));
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of unpacked as AsyncIterable<Buffer>) {
      pieces.push(piece);
      size += piece.length;
      if (size >= mostBytes) break;
    }
  } catch (error) {
    throw damaged(error);
  } finally {
    packed.destroy();
  }
  return Buffer.concat(pieces).subarray(0, mostBytes);
};

/** Unit: byte. */
const PIECE = 64 * 1024;

const zstdHead = async (file: OpenBytes, mostBytes: number): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const stream = new Decompress((piece) => {
    pieces.push(piece);
    size += piece.length;
  });
  for (let at = 0; at < file.sizeBytes && size < mostBytes; at += PIECE) {
    const piece = await file.read(at, Math.min(PIECE, file.sizeBytes - at));
    try {
      stream.push(new Uint8Array(piece), at + PIECE >= file.sizeBytes);
    } catch (error) {
      throw damaged(error);
    }
  }
  return Buffer.concat(pieces).subarray(0, mostBytes);
};
