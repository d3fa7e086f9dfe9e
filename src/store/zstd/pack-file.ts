import { constants } from 'node:fs';
import { type FileHandle, open, stat, unlink } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type NativeZstd, nativeZstd } from './native-zstd.ts';
import { PIECE_BYTES, piecesOf } from './pieces-of.ts';

/**
 * Packed files must be at most so large a part of the plain ones. Measured: CSV, JSON lines, labels, masks come to 0.04 to 0.5; weights
 * and other random floats to 0.92 to 0.96, images and archives to 1, and those are not worth the time.
 */
const WORTH = 0.8;

/** The fastest level. Measured on tables, texts and arrays: level 3 takes 1.5 times as long, level 6 four times, for at most 2 % less. */
const LEVEL = 1;

/** Three samples tell what a file is made of: its first bytes may be a header that is not like the rest. Unit: byte. */
const SAMPLE_BYTES = 256 * 1024;

/**
 * Writes a file compressed to a new file, if that is worth it and Node.js can. One frame of Zstandard that states the size of its
 * content and has a checksum. False, with nothing left behind, if it is not worth it, or the source changes its size meanwhile: who
 * asked copies it then. What was written is not proven here. Throws what the system says.
 */
export const packFile = async (source: string | Buffer, target: string): Promise<boolean> => {
  if (nativeZstd === null) return false;
  const file = await open(source, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const facts = await file.stat();
    if (!facts.isFile() || facts.size === 0 || !(await isWorthIt(nativeZstd, file, facts.size))) return false;
    if ((await pack({ zlib: nativeZstd, file, sizeBytes: facts.size }, target)) && (await stat(target)).size <= facts.size * WORTH) return true;
    await unlink(target);
    return false;
  } finally {
    await file.close();
  }
};

const isWorthIt = async (zlib: NativeZstd, file: FileHandle, sizeBytes: number): Promise<boolean> => {
  const zstdCompress = promisify(zlib.zstdCompress);
  const buffer = Buffer.allocUnsafe(Math.min(SAMPLE_BYTES, sizeBytes));
  const last = sizeBytes - buffer.length;
  let [plain, packed] = [0, 0];
  for (const offset of new Set([0, Math.floor(last / 2), last])) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
    plain += bytesRead;
    packed += (await zstdCompress(buffer.subarray(0, bytesRead), { params: { [zlib.constants.ZSTD_c_compressionLevel]: LEVEL } })).length;
  }
  return packed <= plain * WORTH;
};

type Source = { readonly zlib: NativeZstd; readonly file: FileHandle; readonly sizeBytes: number };

/** False if the source became shorter: then the frame cannot be ended. What it grew by meanwhile is not read. */
const pack = async ({ zlib, file, sizeBytes }: Source, target: string): Promise<boolean> => {
  const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag, ZSTD_c_contentSizeFlag } = zlib.constants;
  const params = { [ZSTD_c_compressionLevel]: LEVEL, [ZSTD_c_checksumFlag]: 1, [ZSTD_c_contentSizeFlag]: 1 };
  const into = await open(target, 'wx', 0o600);
  try {
    await pipeline(piecesOf(file, sizeBytes), zlib.createZstdCompress({ chunkSize: PIECE_BYTES, pledgedSrcSize: sizeBytes, params }), async (packed: AsyncIterable<Uint8Array>) => {
      for await (const piece of packed) await into.writeFile(piece);
    });
    return true;
  } catch (error) {
    // Zstandard refuses an end before the size that was promised; what the system says is another matter.
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    return false;
  } finally {
    await into.close();
  }
};
