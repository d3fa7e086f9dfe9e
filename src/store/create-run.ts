import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainlockError, utf8 } from '#base';
import { notWritable, syncFolder, writeAtomic } from '#files';
import { makeStore } from './store-folder.ts';
import { RUN_FILES, type RunFolder, runFolder, runName, runsFolder } from './store-layout.ts';

/** Folders that every run has. */
const INSIDE = ['events', 'logs', 'evidence'];

/**
 * Makes the folder of a new run, for its owner alone. Two runs that start at once never get the same one: making the folder is
 * the claim. Throws TL0003 if it cannot be made.
 */
export const createRun = async (root: string, run: { readonly id: string; readonly startedAt: string }): Promise<RunFolder> => {
  await makeStore(root);
  for (const letters of [8, 12, 32]) {
    const folder = runFolder(root, runName(run.id, run.startedAt, letters));
    try {
      await mkdir(folder.path, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw notWritable(folder.path, error);
    }
    return fill(root, folder);
  }
  throw new TrainlockError('TL0305', `the run ${run.id} exists already`, { where: runsFolder(root), fix: 'trainlock list' });
};

const fill = async (root: string, folder: RunFolder): Promise<RunFolder> => {
  try {
    // The umask can only take rights away; a folder that its owner may not enter is of no use.
    await chmod(folder.path, 0o700);
    for (const name of INSIDE) await mkdir(join(folder.path, name), { mode: 0o700 });
    await syncFolder(folder.path);
    await syncFolder(runsFolder(root));
  } catch (error) {
    throw notWritable(folder.path, error);
  }
  return folder;
};

/** Saves what is known before the command starts; on disk when the promise is kept. It must be plain JSON, secrets masked. */
export const writeStarted = async (folder: RunFolder, started: object): Promise<void> => {
  await writeAtomic(join(folder.path, RUN_FILES.started), utf8(`${JSON.stringify(started, null, 2)}\n`), 0o600);
};
