import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { shellWord, TrainlockError } from '#base';
import { makeFolder, notWritable } from '#files';

export type Environment = Readonly<Record<string, string | undefined>>;

export type KeysFolder = { readonly kind: 'folder'; /** Absolute. */ readonly path: string } | { readonly kind: 'none'; readonly because: string };

/**
 * Where the keys of this user are: $XDG_CONFIG_HOME/trainlock/keys, else ~/.config/trainlock/keys; the home is HOME, else what the
 * system knows of the user. None, with the reason, if there is no home, as in some containers. Relative paths do not count: keys would
 * then depend on the working folder. Source: XDG Base Directory Specification 0.8.
 */
export const keysFolder = (env: Environment, systemHome: () => string = () => userInfo().homedir): KeysFolder => {
  const config = absolute(env['XDG_CONFIG_HOME']);
  if (config !== undefined) return { kind: 'folder', path: join(config, 'trainlock', 'keys') };
  const home = absolute(env['HOME']) ?? absolute(homeOf(systemHome));
  if (home === undefined) return { kind: 'none', because: 'neither XDG_CONFIG_HOME nor HOME is an absolute path, and the system knows no home of this user' };
  return { kind: 'folder', path: join(home, '.config', 'trainlock', 'keys') };
};

const absolute = (path: string | undefined): string | undefined => (path !== undefined && isAbsolute(path) ? path : undefined);

/** A user id without an entry in the password file has no home: the system throws. */
const homeOf = (systemHome: () => string): string | undefined => {
  try {
    return systemHome();
  } catch {
    return undefined;
  }
};

/** The folder of the keys, which need not be there yet. Throws TL1102 if there is no place for it, or others can write it. */
export const openKeysFolder = async (env: Environment): Promise<string> => {
  const folder = keysFolder(env);
  if (folder.kind === 'none') {
    throw new TrainlockError('TL1102', 'there is no place for the keys of this user', {
      notes: [folder.because],
      fix: 'name a folder that is kept: export XDG_CONFIG_HOME=FOLDER',
    });
  }
  const facts = await stat(folder.path).catch(() => undefined);
  if (facts === undefined) return folder.path;
  if (!facts.isDirectory()) {
    throw new TrainlockError('TL1102', 'a file stands where the folder of keys should be', {
      where: folder.path,
      fix: `mv ${shellWord(folder.path)} ${shellWord(`${folder.path}.old`)}`,
    });
  }
  if (process.platform !== 'win32' && (facts.mode & 0o022) !== 0) {
    throw new TrainlockError('TL1102', 'other users can write into the folder of keys, so they could put theirs in place of yours', {
      where: folder.path,
      fix: `look at what is in it, then: chmod 700 ${shellWord(folder.path)}`,
    });
  }
  return folder.path;
};

/** Like openKeysFolder, and makes the folder (0700) if it is not there. Throws TL0003 if it cannot be made. */
export const makeKeysFolder = async (env: Environment): Promise<string> => {
  const folder = await openKeysFolder(env);
  try {
    await makeFolder(folder, 0o700);
  } catch (error) {
    throw keysNotWritable(folder, error);
  }
  return folder;
};

/** The error of a write that failed, with a way out that fits keys. */
export const keysNotWritable = (path: string, error: unknown): TrainlockError => {
  const failure = notWritable(path, error);
  if (failure.code !== 'TL0003') return failure;
  const { message, notes, cause } = failure;
  return new TrainlockError('TL0003', message, { where: path, notes, fix: 'keep keys in a folder that can be written: export XDG_CONFIG_HOME=FOLDER', cause });
};
