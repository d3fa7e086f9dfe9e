import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = process.env['TRAINLOCK_VECTORS'] ?? resolve(import.meta.dirname, '../../shared/vectors');

/** The folder of a foreign test suite; undefined, said in one line, where it is not at hand. Set TRAINLOCK_VECTORS to point at another copy. */
export const vectorsOf = (suite: string): string | undefined => {
  const folder = join(ROOT, suite);
  if (existsSync(folder)) return folder;
  console.warn(`foreign vectors '${suite}' are not at hand (looked in ${ROOT}); their tests are skipped`);
  return undefined;
};
