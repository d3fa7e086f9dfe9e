import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the hashing thread's program may lie, seen from this file: compiled beside it, bundled beside it, or compiled from source. */
const PLACES = ['hash-worker.js', 'hash-worker.mjs', '../hash-worker.mjs', '../files/hash-worker.js', '../../dist/files/hash-worker.js'];

/** The program of the hashing thread; undefined if it was not shipped: then hashing happens in the main thread. */
export const workerFile = (): string | undefined => {
  const here = dirname(fileURLToPath(import.meta.url));
  return PLACES.map((place) => join(here, place)).find((path) => existsSync(path));
};
