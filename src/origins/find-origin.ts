import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Origin } from '#snapshot';
import { findDvcProject } from './dvc-project.ts';
import { findGitOrigin } from './find-git-origin.ts';
import { findHubOrigin } from './find-hub-origin.ts';

/**
 * Where local data comes from, by looking: into the cache of huggingface_hub, at the files of DVC, at git and Git LFS. No network
 * and no content: digests of other tools are taken as they are recorded. Data that none of them knows is `local`. Never throws
 * for what it finds.
 */
export const findOrigin = async (path: string): Promise<Origin> => {
  const whole = resolve(path);
  if (!existsSync(whole)) return { kind: 'local' };
  for (const find of [findHubOrigin, inDvcProject, findGitOrigin]) {
    const origin = await find(whole).catch(() => undefined);
    if (origin !== undefined) return origin;
  }
  return { kind: 'local' };
};

/** The reader of the files of DVC is loaded only where there is a project of DVC. */
const inDvcProject = async (path: string): Promise<Origin | undefined> =>
  (await findDvcProject(dirname(path))) === undefined ? undefined : (await import('./find-dvc-origin.ts')).findDvcOrigin(path);
