import { existsSync } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TrainlockError } from '#base';

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

/**
 * Makes a folder that must be one of ours: a link in its place leads elsewhere, and a repository may bring one. Throws TL0003 for a link,
 * else what the system says.
 */
export const makeOwnFolder = async (path: string, mode: number): Promise<void> => {
  await makeFolder(path, mode);
  if (!(await lstat(path)).isSymbolicLink()) return;
  throw new TrainlockError('TL0003', 'a link lies in place of a folder of the record: nothing is written through it', { where: path, fix: 'look where it leads, and remove it' });
};
