import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readBounded } from '#files';

/** Files that name exact versions of packages, by tool. */
const LOCK_FILES = ['uv.lock', 'poetry.lock', 'pdm.lock', 'Pipfile.lock', 'pixi.lock', 'pylock.toml', 'conda-lock.yml', 'conda-lock.yaml'] as const;

export type Locking =
  | { readonly kind: 'locked'; readonly file: string }
  /** A list of requirements of which some are not pinned. */
  | { readonly kind: 'loose'; readonly file: string; readonly unpinned: readonly string[] }
  | { readonly kind: 'none' };

/** How the packages of a project are fixed. A requirements.txt counts as a lock if every line of it pins a version. */
export const lockingOf = async (root: string): Promise<Locking> => {
  for (const file of LOCK_FILES) if (await fileExists(join(root, file))) return { kind: 'locked', file };
  for (const file of ['requirements.lock', 'requirements.txt']) {
    const bytes = await readBounded(join(root, file), 1024 * 1024).catch(() => undefined);
    if (bytes === undefined) continue;
    const unpinned = unpinnedIn(Buffer.from(bytes).toString('utf8'));
    return unpinned.length === 0 ? { kind: 'locked', file } : { kind: 'loose', file, unpinned };
  }
  return { kind: 'none' };
};

/** Requirements without == or === or a direct reference. Source: packaging.python.org, requirements file format. */
const unpinnedIn = (text: string): readonly string[] =>
  text
    .replace(/\\\r?\n/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('-') && !/={2,3}\s*[^*\s]+(\s|;|$)/.test(line) && !/ @ /.test(line))
    .map((line) => line.split(/[\s;<>=!~[]/)[0]!);

const fileExists = (path: string): Promise<boolean> =>
  stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
