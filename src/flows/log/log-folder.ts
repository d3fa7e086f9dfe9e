import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { escapeControl, TrainlockError } from '#base';

/** The folder of a log that a person names. Throws TL0002 if there is none: that says nothing about a log. */
export const logFolder = async (workingDirectory: string, name: string): Promise<string> => {
  const folder = resolve(workingDirectory, name);
  const facts = await stat(folder).catch((error: NodeJS.ErrnoException) => error.code);
  if (typeof facts === 'object' && facts.isDirectory()) return folder;
  const why = typeof facts === 'object' ? 'is no folder' : facts === 'ENOENT' || facts === 'ENOTDIR' ? 'is not there' : `cannot be read: ${facts}`;
  throw new TrainlockError('TL0002', `the folder of the log ${escapeControl(name)} ${why}`, {
    where: folder,
    fix: 'name a folder that `trainlock log export FOLDER` wrote; without one it is the log of this machine',
  });
};
