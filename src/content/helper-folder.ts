import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of the Python programs that look into files and confine programs, beside the package wherever this module was bundled to.
 * undefined if it is not installed.
 */
export const helperFolder = (): string | undefined => {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const found = [join(folder, 'python', 'content'), join(folder, 'content')].find((candidate) => existsSync(join(candidate, 'content_digest.py')));
    if (found !== undefined) return found;
  }
  return undefined;
};
