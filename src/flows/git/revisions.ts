import { escapeControl, TrainlockError } from '#base';
import { gitReason, gitText, isCommit, runGit } from '#origins';
import type { Repository } from './repository.ts';

/** The commit that a person or a CI system names. Whatever the name is, it never becomes an option. Throws TL1703. */
export const commitOf = async ({ top }: Repository, revision: string): Promise<string> => {
  const answer = await runGit(top, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  const commit = answer.kind === 'ended' ? answer.stdout.toString('utf8').trim() : '';
  if (answer.kind === 'ended' && answer.code === 0 && isCommit(commit)) return commit;
  const isShallow = (await gitText(top, ['rev-parse', '--is-shallow-repository']))?.trim() === 'true';
  throw new TrainlockError('TL1703', `the repository has no revision ${escapeControl(revision)}`, {
    where: top,
    notes: [...(answer.kind === 'ended' ? [] : [gitReason(answer)]), ...(isShallow ? ['only the newest commits were fetched here'] : [])],
    fix: isShallow ? 'git fetch --unshallow' : 'git fetch origin',
  });
};

/** Most merge bases that are looked at. */
const MOST_BASES = 16;

/**
 * The commits from which two lines of history have parted. What differs from any of them is a change: of several, a merge may take either.
 * Where there are none, or too many, the first commit itself: then more counts as changed, and nothing less.
 */
export const partedFrom = async ({ top }: Repository, base: string, head: string): Promise<readonly string[]> => {
  const answer = await gitText(top, ['merge-base', '--all', base, head]);
  const commits = (answer ?? '').split('\n').filter(isCommit);
  return commits.length === 0 || commits.length > MOST_BASES ? [base] : commits;
};

/** The tree of a repository without a commit. */
export const emptyTree = async ({ top }: Repository): Promise<string> => (await gitText(top, ['hash-object', '-t', 'tree', '--stdin']))?.trim() ?? '';
