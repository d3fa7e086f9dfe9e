import { readSync } from 'node:fs';

/** Reads on from where the file stands until the memory is full or the file is at its end; the number of bytes that were read. */
export const fill = (descriptor: number, into: Uint8Array): number => {
  let filled = 0;
  while (filled < into.length) {
    const read = readSync(descriptor, into, filled, into.length - filled, null);
    if (read === 0) break;
    filled += read;
  }
  return filled;
};
