import { gitText, isCommit, runGit } from '#origins';
import type { Repository } from './repository.ts';
import { type Boundary, isBelow } from './whole-history.ts';

type Merge = { readonly id: string; readonly ours: string; readonly theirs: string; readonly boundary: Boundary };

/**
 * Whether a merge is what git makes of its two parents by itself, so that it says nothing of its own. A conflict, a history of which
 * a part is not here, and a git that cannot say it (before 2.38, where neither parent holds the other), is no yes.
 */
export const isAutomaticMerge = async (repository: Repository, { id, ours, theirs, boundary }: Merge): Promise<boolean> => {
  const { top } = repository;
  const treeOf = async (commit: string): Promise<string | undefined> => (await gitText(top, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{tree}`]))?.trim();
  const isWithin = async (older: string, newer: string): Promise<boolean> => {
    const answer = await runGit(top, ['merge-base', '--is-ancestor', older, newer]);
    return answer.kind === 'ended' && answer.code === 0;
  };
  if (!(await isBelow(repository, { boundary, ours, theirs }))) return false;
  const tree = await treeOf(id);
  if (tree === undefined || !isCommit(tree)) return false;
  if (await isWithin(ours, theirs)) return tree === (await treeOf(theirs));
  if (await isWithin(theirs, ours)) return tree === (await treeOf(ours));
  const merged = await gitText(top, ['merge-tree', '--write-tree', '--no-messages', ours, theirs]);
  return merged?.split('\n')[0] === tree;
};
