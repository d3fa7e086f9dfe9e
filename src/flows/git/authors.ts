import { countOf, TrainlockError } from '#base';
import { wordsOf } from './git-files.ts';
import type { Repository } from './repository.ts';

/** Most commits of one change that are read. */
const MOST_COMMITS = 10_000;

/** What persons have signed: whoever only hands that in did not make the change. */
const SIGNED_WORDS = /(?:^|\/)\.trainlock\/(?:approvals|exceptions|history)\//;

/**
 * Whose names stand in the commits of a change, as they claim: authors and committers. Commits that only bring signed words are left out,
 * else nobody could hand an approval in. Merges count where they say something that none of their parents says. Throws TL1701 if git does
 * not answer, or there are too many to read: nobody who is not seen may count as somebody else.
 */
export const authorsOf = async (repository: Repository, base: string, head: string): Promise<readonly string[]> => {
  const format = '--format=%x01%an%x02%ae%x02%cn%x02%ce';
  const options = ['-z', '-c', '--name-only', '--no-renames', '--no-textconv', '--no-ext-diff', `--max-count=${MOST_COMMITS + 1}`, format];
  const words = await wordsOf(repository, ['log', ...options, `${base}..${head}`, '--'], {});
  const commits = words.join('\0').split('\u0001').slice(1);
  if (commits.length > MOST_COMMITS)
    throw new TrainlockError('TL1701', `the change has more than ${countOf(MOST_COMMITS, 'commit')}, and whoever made them is not read`, {
      where: repository.top,
      fix: 'measure it against a later base',
    });
  const people = commits.flatMap((commit) => {
    const [names = '', ...paths] = commit.split(/[\0\n]+/);
    return paths.some((path) => path !== '' && !SIGNED_WORDS.test(path)) ? names.split('\u0002') : [];
  });
  return [...new Set(people.filter((one) => one !== ''))];
};
