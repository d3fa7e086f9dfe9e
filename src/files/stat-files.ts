import { setImmediate } from 'node:timers/promises';
import type { FileFacts, FilePath } from './file-facts.ts';
import { lookAtFile } from './look-at-file.ts';

const SLICE_FILES = 500;

/** The facts of hashFiles without digests; nothing is opened. */
export const statFiles = async (paths: readonly FilePath[]): Promise<readonly FileFacts[]> => {
  const facts: FileFacts[] = [];
  for (const path of paths) {
    facts.push(lookAtFile(path));
    if (facts.length % SLICE_FILES === 0) await setImmediate();
  }
  return facts;
};
