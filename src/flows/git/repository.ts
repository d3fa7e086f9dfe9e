import { readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
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
  const answer = await runGit(folder, ['rev-parse', '--show-toplevel', '--git-common-dir', '--absolute-git-dir']);
  if (answer.kind !== 'ended' || answer.code !== 0) {
    const reason = gitReason(answer);
    throw new TrainlockError('TL1701', `no working tree of git is here: ${escapeControl(reason)}`, { where: folder, fix: fixFor(reason) });
  }
  const [shown = '', common = '', own = ''] = answer.stdout.toString('utf8').split('\n');
  const top = await realpath(shown);
  if (!(await isNamedByTop(top, own)))
    throw new TrainlockError('TL1701', `the repository ${escapeControl(own)} is not the .git of its working tree, so anybody may have committed it`, {
      where: folder,
      fix: 'remove that folder, and begin in a clone that has a .git of its own',
    });
  return { top, commonFolder: resolve(folder, common) };
};

/**
 * Whether the top of a working tree has this folder of git in `.git`: itself, or named by a file, as in a linked working tree and a
 * submodule. Nobody can commit a `.git`; anything else that looks like a repository may have come with a change.
 */
const isNamedByTop = async (top: string, gitFolder: string): Promise<boolean> => {
  const place = join(top, '.git');
  const real = (path: string): Promise<string | undefined> => realpath(path).catch(() => undefined);
  const is = await stat(place).catch(() => undefined);
  const text = is?.isFile() === true && is.size < 65_536 ? await readFile(place, 'utf8') : undefined;
  const named = text === undefined ? place : resolve(top, /^gitdir: (.*?)[\r\n]*$/s.exec(text)?.[1] ?? '');
  const found = await real(named);
  return found !== undefined && found === (await real(gitFolder));
};

const fixFor = (reason: string): string =>
  reason.includes('cannot use bare repository')
    ? 'remove the folder that looks like a repository, or begin at the top of a clone'
    : reason.includes('dubious ownership')
      ? 'git config --global --add safe.directory "$PWD"'
      : reason.includes('must be run in a work tree')
        ? 'git worktree add FOLDER'
        : 'git init';

/** A path as git names it: relative to the top, with slashes; undefined for one that lies outside. */
export const pathInRepository = async ({ top }: Repository, path: string): Promise<string | undefined> => {
  const inside = relative(top, await realpath(path).catch(() => path));
  return inside === '..' || inside.startsWith(`..${sep}`) ? undefined : inside.split(sep).join('/');
};
