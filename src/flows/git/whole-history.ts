import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TrainlockError } from '#base';
import { gitText, isCommit } from '#origins';
import type { Repository } from './repository.ts';

/** Commits whose parents were not fetched, although they have some. */
export type Boundary = ReadonlySet<string>;

const UNSHALLOW = 'git fetch --unshallow';

/**
 * Whether everything that parts two commits is here; gives the boundary of a shallow clone, which then lies below. Behind a boundary
 * between them commits would be hidden, and whoever made them. Throws TL1701.
 */
export const wholeHistory = async (repository: Repository, base: string, head: string): Promise<Boundary> => {
  const { top } = repository;
  const grafts = await gitPath(repository, 'info/grafts');
  if ((await sizeOf(grafts)) !== 0)
    throw new TrainlockError('TL1701', 'grafts change the history of the repository here, so that whoever made the change is not known', {
      where: grafts,
      fix: `remove the file, or begin in a new clone; where the clone is shallow: ${UNSHALLOW}`,
    });
  const boundary = await boundaryOf(repository);
  if (!(await isBelow(repository, { boundary, ours: base, theirs: head }))) throw cutOff(top, 'the history between base and change was not fetched in full');
  const common = (await gitText(top, ['merge-base', base, head]))?.trim() ?? '';
  if (isCommit(common)) return boundary;
  if (boundary.size > 0) throw cutOff(top, 'no commit that base and change have in common was fetched');
  throw new TrainlockError('TL1701', 'base and change have no commit in common, so that whoever made the change is not known', {
    where: top,
    fix: `git rebase onto the base; where not everything was fetched: ${UNSHALLOW}`,
  });
};

/** Commits of the change must follow the parents that they name: whatever else git follows was put in their place here. */
export const cutOff = (top: string, message: string): TrainlockError =>
  new TrainlockError('TL1701', `${message}, so that whoever made the change is not known`, { where: top, fix: UNSHALLOW });

/**
 * Whether the whole boundary lies in what two commits have in common, or outside both. Only then is what one has and the other has not
 * the same as in the whole history: what is hidden belongs to both.
 */
export const isBelow = async (
  { top }: Repository,
  { boundary, ours, theirs }: { readonly boundary: Boundary; readonly ours: string; readonly theirs: string },
): Promise<boolean> => {
  if (boundary.size === 0) return true;
  const listed = await gitText(top, ['rev-list', `${ours}...${theirs}`, '--']);
  return listed !== undefined && !listed.split('\n').some((id) => boundary.has(id));
};

const boundaryOf = async (repository: Repository): Promise<Boundary> => {
  const isShallow = (await gitText(repository.top, ['rev-parse', '--is-shallow-repository']))?.trim();
  if (isShallow === 'false') return new Set();
  const lines = (await readFile(await gitPath(repository, 'shallow'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  if (isShallow === 'true' && lines.length > 0 && lines.every(isCommit)) return new Set(lines);
  throw cutOff(repository.top, 'git does not say how much of the history was fetched');
};

const gitPath = async ({ top }: Repository, name: string): Promise<string> => {
  const path = (await gitText(top, ['rev-parse', '--git-path', name]))?.replace(/\n$/, '') ?? '';
  if (path === '') throw new TrainlockError('TL1701', `git does not say where its ${name} lies`, { where: top });
  return resolve(top, path);
};

/** Of a file that is not there: 0. What cannot be looked at has more than that. */
const sizeOf = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '') ? 0 : Infinity;
  }
};
