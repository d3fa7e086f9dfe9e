import { hash } from 'node:crypto';
import { type BigIntStats, closeSync, constants, fstatSync, openSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { FilePath } from '../file-facts.ts';
import { fill } from '../fill.ts';
import { systemPath } from '../look-at-file.ts';
import { workerFile } from '../worker-file.ts';

/** Size of the pieces of a large file that get digests of their own. Unit: byte. */
export const PIECE_BYTES = 8 * 1024 * 1024;

/** Hash the pieces of a file. */
export type PiecesTask = { readonly kind: 'pieces'; readonly path: FilePath; readonly isLink: boolean };

export type Pieces = {
  /** SHA-256 of each piece, the last one may be shorter. */
  readonly digests: readonly string[];
  /** What the file was before and after, as one text; undefined if it changed meanwhile. */
  readonly facts: string | undefined;
};

const OPEN = constants.O_RDONLY | constants.O_NONBLOCK;

/** What a file is, as one text: equal texts mean the same file, unchanged. */
export const factsText = ({ size, mtimeNs, ctimeNs, ino, dev }: BigIntStats): string => `${size} ${mtimeNs} ${ctimeNs} ${ino} ${dev}`;

/** Digests of the pieces of a file; the buffer must hold PIECE_BYTES. Throws what the system says. */
export const hashPieces = ({ path, isLink }: PiecesTask, buffer: Uint8Array): Pieces => {
  const descriptor = openSync(systemPath(path), isLink ? OPEN : OPEN | constants.O_NOFOLLOW);
  try {
    const before = fstatSync(descriptor, { bigint: true });
    const digests: string[] = [];
    for (let left = Number(before.size); left > 0;) {
      const piece = buffer.subarray(0, Math.min(PIECE_BYTES, left));
      if (fill(descriptor, piece) < piece.length) return { digests, facts: undefined };
      digests.push(hash('sha256', piece, 'hex'));
      left -= piece.length;
    }
    const facts = factsText(before);
    return { digests, facts: facts === factsText(fstatSync(descriptor, { bigint: true })) ? facts : undefined };
  } finally {
    closeSync(descriptor);
  }
};

/**
 * The same in a thread of its own, beside whoever hashes the whole file: both go through it at the same speed, so the disk is read
 * once and the second finds its bytes in memory. Undefined if there are no threads here, or it could not be read.
 */
export const hashPiecesBeside = (task: PiecesTask): Promise<Pieces | undefined> => {
  const file = workerFile();
  if (file === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const worker = new Worker(file, { execArgv: [] });
    const end = (pieces: Pieces | undefined): void => {
      resolve(pieces);
      void worker.terminate();
    };
    worker.on('message', (answer: Pieces) => end(answer));
    worker.on('error', () => end(undefined));
    worker.on('exit', () => resolve(undefined));
    worker.postMessage(task);
  });
};
