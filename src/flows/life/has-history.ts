import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

/** Whether anybody has said anything about the records of a project. What judges it is loaded only then: commands start faster. Never throws. */
export const hasHistory = (projectRoot: string): Promise<boolean> =>
  lstat(join(projectRoot, '.trainlock', 'history')).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
