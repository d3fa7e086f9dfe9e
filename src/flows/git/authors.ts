import { gitText } from '#origins';
import type { Repository } from './repository.ts';

const MOST_COMMITS = 10_000;

/**
 * Whose names stand in the commits of a change, as they claim: authors and committers. Commits that only bring approvals are left out, else
 * nobody could hand an approval in. Merges count where they say something that none of their parents says.
 */
export const authorsOf = async ({ top }: Repository, base: string, head: string): Promise<readonly string[]> => {
  const format = '--format=%x01%an%x02%ae%x02%cn%x02%ce';
  const text = await gitText(top, [
    'log',
    '-z',
    '-c',
    '--name-only',
    '--no-renames',
    '--no-textconv',
    '--no-ext-diff',
    `--max-count=${MOST_COMMITS}`,
    format,
    `${base}..${head}`,
    '--',
  ]);
  const people = (text ?? '').split('\u0001').flatMap((commit) => {
    const [names = '', ...paths] = commit.split(/[\0\n]+/);
    return paths.some((path) => path !== '' && !/(?:^|\/)\.trainlock\/approvals\//.test(path)) ? names.split('\u0002') : [];
  });
  return [...new Set(people.filter((one) => one !== ''))];
};
