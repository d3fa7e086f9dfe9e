import { isOwnStart } from '#capture';
import type { RunRecord } from '#store';
import { readStart } from './unfinished-facts.ts';

/**
 * Whether this user's own recorder started the run, in this very folder. A store comes with a repository, and with runs that others may have
 * written: what nobody names is neither completed nor signed. Never throws.
 */
export const isOwnRun = async ({ folder }: Pick<RunRecord, 'folder'>, env: Readonly<Record<string, string | undefined>>): Promise<boolean> => {
  const start = await readStart(folder.path);
  return start !== undefined && isOwnStart(start, folder.path, env);
};
