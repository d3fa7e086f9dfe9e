import { readdir } from 'node:fs/promises';
import { TrainlockError } from '#base';
import { snapshotsFolder } from './store-layout.ts';

/** Names in the folder of the documents about data; none if there is no such folder. Throws TL0002 if it cannot be read: what is in it is not known then. */
export const namesOfDocuments = async (root: string): Promise<readonly string[]> => {
  const folder = snapshotsFolder(root);
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw new TrainlockError('TL0002', `the snapshots of the store cannot be read (${error.code ?? 'unknown error'})`, { where: folder, fix: `ls -la ${folder}`, cause: error });
  });
};
