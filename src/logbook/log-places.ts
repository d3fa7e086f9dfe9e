import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { TrainlockError } from '#base';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the logs of one machine lie. A state folder that machines share holds the logs of each, and none disturbs another. */
export type LogPlaces = {
  readonly machine: string;
  /** Absolute folder of all logs. The logs of this machine are <machine>, and after it was continued <machine>-2, <machine>-3. */
  readonly logs: string;
  /** Held by the one process that writes. */
  readonly lock: string;
  /** What was last seen of each log. It lies elsewhere, so that a log that was restored from a backup does not bring it along. */
  readonly heads: string;
};

/**
 * The folder in which trainlock keeps state of this user: $XDG_STATE_HOME/trainlock, else ~/.local/state/trainlock. Throws TL1401 if
 * there is no home, as in some containers. Source: XDG Base Directory Specification 0.8.
 */
export const stateFolder = (env: Environment, systemHome: () => string = () => userInfo().homedir): string => {
  const state = absolute(env['XDG_STATE_HOME']);
  if (state !== undefined) return join(state, 'trainlock');
  const home = absolute(env['HOME']) ?? absolute(homeOf(systemHome));
  if (home !== undefined) return join(home, '.local', 'state', 'trainlock');
  throw new TrainlockError('TL1401', 'there is no place for the log of this machine', {
    notes: ['neither XDG_STATE_HOME nor HOME is an absolute path, and the system knows no home of this user'],
    fix: 'name a folder that is kept: export XDG_STATE_HOME=FOLDER',
  });
};

/** Throws TL1401 if there is no home. */
export const logPlaces = (env: Environment, machine: string, systemHome?: () => string): LogPlaces => {
  const state = stateFolder(env, systemHome);
  const logs = join(state, 'logs');
  return { machine, logs, lock: join(logs, `${machine}.lock`), heads: join(state, 'log-heads', `${machine}.json`) };
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
