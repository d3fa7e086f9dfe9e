import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and the missing ones above it, step by step. Throws what the system says.
 * mkdir with `recursive` asks for ever where making a folder fails with "no such file", as in /proc. Source: Node.js 20.20, libuv mkdirp.
 */
export const makeFolder = async (path: string, mode: number = 0o777): Promise<void> => {
  const missing: string[] = [];
  for (let at = path; !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.push(at);
  for (const folder of missing.reverse()) {
    await mkdir(folder, { mode }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
};
