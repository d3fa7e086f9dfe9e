import type { FileHandle } from 'node:fs/promises';

/** Size of one read, and of one piece that comes out of a stream: pieces of the default size cost twice the time. Unit: byte. */
export const PIECE_BYTES = 256 * 1024;

/** The first sizeBytes of an open file, or fewer if it ends before. The file stays open: a stream of Node.js would close it, or wait for that. */
export async function* piecesOf(file: FileHandle, sizeBytes = Infinity): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < sizeBytes;) {
    const piece = new Uint8Array(Math.min(PIECE_BYTES, sizeBytes - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}
