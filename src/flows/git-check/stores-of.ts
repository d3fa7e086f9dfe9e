import { posix } from 'node:path';
import { pathInRepository, type Repository } from '../git/repository.ts';
import { declaredIn } from './project-of-base.ts';
import type { Side } from './side-of.ts';

/**
 * Folders of records with another name than .trainlock, as git names them, with a slash at the end: that of now, and that which the
 * configuration of the base says, so that a change which moves the store does not hide what lay there.
 */
export const storesOf = async (
  repository: Repository,
  before: Side,
  { project, storeFolder }: { readonly project: string; readonly storeFolder: string },
): Promise<readonly string[]> => {
  const now = await pathInRepository(repository, storeFolder);
  const declared = (await declaredIn(before, project))?.config.store;
  const then = declared === undefined || posix.isAbsolute(declared) ? undefined : posix.normalize(`${project}${declared}`);
  return [...new Set([now, then])].flatMap((path) =>
    path === undefined || path === '' || path === '.' || path.startsWith('../') || /(?:^|\/)\.trainlock$/.test(path) ? [] : [`${path.replace(/\/$/, '')}/`],
  );
};
