import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { TrainlockError } from '#base';
import type { DownloadSource, OpenedSource } from './download-source.ts';
import { denied, notThere } from './remote-errors.ts';
import { Interrupted } from './retry.ts';

const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** A file as a source. Only regular files: a pipe or device in its place is never read. */
export const folderSource = (path: string): DownloadSource => ({ place: path, open: ({ offset }) => openAt(path, offset) });

const openAt = async (path: string, offset: number): Promise<OpenedSource> => {
  try {
    const file = await open(path, FLAGS);
    const facts = await file.stat();
    if (!facts.isFile()) {
      await file.close();
      throw new TrainlockError('TL0002', `${path} is not a regular file`, { where: path });
    }
    const start = offset <= facts.size ? offset : 0;
    const body = file.createReadStream({ start, highWaterMark: 1024 * 1024 });
    return { body, offset: start, sizeBytes: facts.size, validator: undefined, close: () => body.destroy() };
  } catch (error) {
    throw error instanceof TrainlockError ? error : folderFailure(path, error);
  }
};

/** A failed access to a folder that may be a network file system. */
export const folderFailure = (path: string, error: unknown): Error => {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  if (code === 'ENOENT' || code === 'ENOTDIR') return notThere(path, 'look whether the folder is mounted and whether it was ever sent there');
  if (code === 'EACCES' || code === 'EPERM') return denied(path, 'no permission', 'look at the permissions of the folder');
  return new Interrupted(code);
};
