import { dirname, isAbsolute, resolve } from 'node:path';
import { statSync } from 'node:fs';
import { withoutCredentials } from '#base';
import { gitText, runGit } from './run-git.ts';

/** A repository around a path. */
export type GitRepository = {
  /** Top of the working tree. */
  readonly root: string;
  /** The commit that is checked out. */
  readonly commit: string;
  /** Address of the remote that the branch follows, else of origin, else of the only one; credentials removed. */
  readonly remote: string | undefined;
};

/** The folder in which git is asked about a path: the path itself, or the one it lies in. */
export const folderOf = (path: string): string => (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : dirname(path));

/** The repository whose working tree holds a path; undefined without one, without a commit, or without git. */
export const findRepository = async (path: string): Promise<GitRepository | undefined> => {
  const folder = folderOf(path);
  const root = (await gitText(folder, ['rev-parse', '--show-toplevel']))?.replace(/\n$/, '');
  const commit = (await gitText(folder, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']))?.trim();
  if (root === undefined || commit === undefined || !isCommit(commit)) return undefined;
  return { root, commit, remote: await remoteOf(root) };
};

/** An object id: SHA-1, or SHA-256 in newer repositories. */
export const isCommit = (text: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);

const remoteOf = async (root: string): Promise<string | undefined> => {
  const answer = await runGit(root, ['config', '-z', '--get-regexp', '^(remote\\..*\\.url|branch\\..*\\.remote)$']);
  if (answer.kind !== 'ended' || answer.code !== 0) return undefined;
  const settings = new Map(
    answer.stdout
      .toString('utf8')
      .split('\0')
      .flatMap((piece) => {
        const end = piece.indexOf('\n');
        return end === -1 ? [] : [[piece.slice(0, end), piece.slice(end + 1)] as const];
      }),
  );
  const branch = (await gitText(root, ['symbolic-ref', '--short', '--quiet', 'HEAD']))?.trim();
  const remotes = [...settings.keys()].flatMap((name) => /^remote\.(.+)\.url$/s.exec(name)?.[1] ?? []);
  const name = [settings.get(`branch.${branch}.remote`), 'origin', remotes.length === 1 ? remotes[0] : undefined].find((one) => one !== undefined && remotes.includes(one));
  const url = name === undefined ? undefined : settings.get(`remote.${name}.url`);
  if (url === undefined) return undefined;
  // A path says nothing outside the repository that it was written in.
  const isPath = !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(url) && !/^[^/]+:/.test(url);
  return withoutCredentials(isPath && !isAbsolute(url) ? resolve(root, url) : url).slice(0, 4096);
};
