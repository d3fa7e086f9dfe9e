import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainlockError } from '#base';
import type { Origin } from '#snapshot';
import { type FetchOriginOptions, notFetched, type OriginNotFetched } from './fetch-result.ts';
import { isCommit } from './git-repository.ts';
import { gitReason, gitText, runGit } from './run-git.ts';

/** A repository that has the commit of an origin. */
export type GitHolder = { readonly kind: 'found'; readonly folder: string; readonly commit: string; readonly path: string };

/** Protocols of git that fetch data and start no program that an address names. */
export const GIT_PROTOCOLS = 'file:git:http:https:ssh';

/** Fetching may take long. Unit: ms. */
const FETCH_TIMEOUT_MS = 6 * 60 * 60 * 1000;

/**
 * The repository on this machine, if it has the commit; else an empty one in `scratch`, into which that one commit is fetched from
 * the recorded remote. The origin is hostile: its address never becomes an option or a program.
 */
export const holderOf = async (origin: Origin, scratch: string, options: FetchOriginOptions): Promise<GitHolder | OriginNotFetched> => {
  const { revision, path = '.' } = origin;
  if (revision === undefined || !isCommit(revision)) return notFetched('not-recorded', 'no commit is recorded');
  if (options.repository !== undefined && (await hasCommit(options.repository, revision))) return { kind: 'found', folder: options.repository, commit: revision, path };
  if (origin.uri === undefined) return notFetched('not-recorded', 'no remote of the repository is recorded', 'name a clone of it that has the commit');
  if (!isAddress(origin.uri)) return notFetched('not-recorded', 'the recorded address is none that git may fetch from');
  const folder = join(scratch, 'repository');
  await mkdir(scratch, { recursive: true });
  const format = revision.length === 64 ? ['--object-format=sha256'] : [];
  const made = await runGit(scratch, ['init', '--quiet', ...format, folder]);
  if (made.kind === 'missing') return notFetched('tool-missing', 'git is not installed', 'install git');
  if (made.kind === 'failed' || made.code !== 0) throw new TrainlockError('TL0003', 'cannot make a repository', { where: folder, notes: [gitReason(made)] });
  return (await hasCommit(folder, revision)) ? { kind: 'found', folder, commit: revision, path } : fetchCommit(folder, { uri: origin.uri, revision, path }, options);
};

/** Not everything that git takes for an address: no option, and no helper program (ext::, and every other word with two colons). */
const isAddress = (uri: string): boolean => !uri.startsWith('-') && !/[\u0000-\u001f\u007f]/.test(uri) && !/^[A-Za-z0-9+.-]+::/.test(uri);

const hasCommit = async (folder: string, revision: string): Promise<boolean> =>
  (await gitText(folder, ['cat-file', '-t', revision]))?.trim() === 'commit' &&
  (await gitText(folder, ['rev-list', '--objects', '--missing=error', '--max-count=1', revision])) !== undefined;

const fetchCommit = async (
  folder: string,
  { uri, revision, path }: { readonly uri: string; readonly revision: string; readonly path: string },
  { signal }: FetchOriginOptions,
): Promise<GitHolder | OriginNotFetched> => {
  const settings = { protocols: GIT_PROTOCOLS, timeoutMs: FETCH_TIMEOUT_MS, signal };
  const one = await runGit(folder, ['fetch', '--quiet', '--no-tags', '--depth=1', '--no-recurse-submodules', '--', uri, revision], settings);
  if (await hasCommit(folder, revision)) return { kind: 'found', folder, commit: revision, path };
  // Some servers give only what a branch or tag points to: then everything is fetched, and the commit looked for.
  const all = await runGit(folder, ['fetch', '--quiet', '--no-recurse-submodules', '--', uri, '+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'], settings);
  if (await hasCommit(folder, revision)) return { kind: 'found', folder, commit: revision, path };
  if (all.kind === 'ended' && all.code === 0) return notFetched('gone', `the remote has no commit ${revision}`, 'push it from the clone that has it, or name that clone');
  const reason = gitReason(all.kind === 'ended' ? all : one);
  return notFetched(
    /denied|authentication|could not read username/i.test(reason) ? 'denied' : 'unavailable',
    `git cannot fetch the commit: ${reason}`,
    'look whether git fetch works for this remote',
  );
};
