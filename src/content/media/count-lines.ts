import { TrainlockError } from '#base';
import type { OpenBytes } from '../open-bytes.ts';

/** A longer text is not read through. Unit: byte. */
const MOST_BYTES = 1024 ** 3;
/** Unit: byte. */
const PIECE = 1024 ** 2;

/** Lines of a text, the last one also without a line feed; undefined if it is too long to be read through. Throws TL0002 if it is no text. */
export const countLines = async (file: OpenBytes): Promise<number | undefined> => {
  if (file.sizeBytes > MOST_BYTES) return undefined;
  let lines = 0;
  let last = 10;
  for (let at = 0; at < file.sizeBytes; at += PIECE) {
    const piece = Buffer.from(await file.read(at, Math.min(PIECE, file.sizeBytes - at)));
    if (at === 0 && piece.subarray(0, 8192).includes(0)) throw new TrainlockError('TL0002', 'it is not a text');
    for (let found = piece.indexOf(10); found >= 0; found = piece.indexOf(10, found + 1)) lines += 1;
    last = piece.at(-1)!;
  }
  return last === 10 ? lines : lines + 1;
};
