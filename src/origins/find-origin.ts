import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Origin } from '#snapshot';
import { findDvcOrigin } from './find-dvc-origin.ts';
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
  for (const find of [findHubOrigin, findDvcOrigin, findGitOrigin]) {
    const origin = await find(whole).catch(() => undefined);
    if (origin !== undefined) return origin;
  }
  return { kind: 'local' };
};
