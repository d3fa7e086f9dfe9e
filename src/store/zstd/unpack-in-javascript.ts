import type { FileHandle } from 'node:fs/promises';
import { Decompress } from 'fzstd';
import type { FrameHeader } from './frame-header.ts';

/** Size of a block and of what it holds. Source: RFC 8878, 3.1.1.2.3. Unit: byte. */
const MOST_BLOCK = 128 * 1024;

const BLOCK_HEADER = 3;

/** A block of one byte that is repeated. Source: RFC 8878, 3.1.1.2.2. */
const REPEATED = 1;

/**
 * What the first frame of a file holds, for a Node.js without Zstandard. One block at a time: a few bytes can hold gigabytes, and
 * never more than one block of them is in memory. Throws what the reader throws, and an Error, if the bytes are damaged.
 */
export async function* unpackInJavaScript(file: FileHandle, header: FrameHeader): AsyncGenerator<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const stream = new Decompress((piece) => pieces.push(piece));
  let bytes = await readExactly(file, 0, header.headerBytes + BLOCK_HEADER);
  let at = bytes.length;
  stream.push(bytes, false);
  for (let isLast = false; !isLast;) {
    const block = blockHeader(bytes);
    isLast = (block & 1) === 1;
    const size = block >> 3;
    if (size > MOST_BLOCK) throw new Error('a block is too large');
    const packedBytes = ((block >> 1) & 3) === REPEATED ? 1 : size;
    // With the header of the next block: each block is one read, and the library would keep a chunk of which it has used everything.
    bytes = await readExactly(file, at, packedBytes + (isLast ? (header.hasChecksum ? 4 : 0) : BLOCK_HEADER));
    at += bytes.length;
    stream.push(bytes, isLast);
    yield* pieces.splice(0);
  }
}

/** The last three bytes, the lowest first. */
const blockHeader = (bytes: Uint8Array): number => bytes.at(-3)! | (bytes.at(-2)! << 8) | (bytes.at(-1)! << 16);

const readExactly = async (file: FileHandle, offset: number, length: number): Promise<Uint8Array> => {
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) throw new Error('it is cut off');
    filled += bytesRead;
  }
  return bytes;
};
