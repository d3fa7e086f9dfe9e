import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { escapeControl, TrainlockError } from '#base';
import { gitReason, runGit } from '#origins';

/** A repository as its working folder sees it. */
export type Repository = {
  /** Top of the working tree, with links resolved. */
  readonly top: string;
  /** Where hooks and settings lie, shared by all working trees. */
  readonly commonFolder: string;
};

/** The repository whose working tree holds a folder. Throws TL1701. */
export const repositoryOf = async (folder: string): Promise<Repository> => {
  const answer = await runGit(folder, ['rev-parse', '--show-toplevel', '--git-common-dir']);
  if (answer.kind !== 'ended' || answer.code !== 0) {
    const reason = gitReason(answer);
    throw new TrainlockError('TL1701', `no working tree of git is here: ${escapeControl(reason)}`, { where: folder, fix: fixFor(reason) });
  }
  const [top = '', common = ''] = answer.stdout.toString('utf8').split('\n');
  return { top: await realpath(top), commonFolder: resolve(folder, common) };
};

const fixFor = (reason: string): string =>
  reason.includes('dubious ownership') ? 'git config --global --add safe.directory "$PWD"' : reason.includes('must be run in a work tree') ? 'git worktree add FOLDER' : 'git init';

/** A path as git names it: relative to the top, with slashes; undefined for one that lies outside. */
export const pathInRepository = async ({ top }: Repository, path: string): Promise<string | undefined> => {
  const inside = relative(top, await realpath(path).catch(() => path));
  return inside === '..' || inside.startsWith(`..${sep}`) ? undefined : inside.split(sep).join('/');
};
