import { type GitFacts, type Gap, type NamedFile, type Probe, seen, type TrackedFile, unavailable } from '#assembly';
import type { Redactor } from '#base';
import { attempt } from './attempt.ts';
import { failureOf, type Git, gitCommand, outputOf } from './git-command.ts';
import { type IndexEntry, namedFile, readIndex, trackedFile } from './git-files.ts';
import { takePatch } from './git-patch.ts';
import { readSettings, remoteOf } from './git-remote.ts';
import { type GitStatus, readGitStatus } from './git-status.ts';
import { type Host, nodeHost } from './host.ts';

export type GitLimits = {
  /** Largest patch whose bytes are kept. Unit: byte. */
  readonly maxPatchBytes: number;
  /** Most untracked files that are listed. */
  readonly maxUntracked: number;
  /** Longest wait for one git command. Unit: ms. */
  readonly timeoutMs: number;
};

const GIT_LIMITS: GitLimits = { maxPatchBytes: 16 * 1024 * 1024, maxUntracked: 10_000, timeoutMs: 30_000 };

export type GitQuestion = {
  /** A folder of the project, absolute. */
  readonly directory: string;
  readonly redactor: Redactor;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limits?: Partial<GitLimits>;
  readonly host?: Host;
};

const STATUS = ['status', '--porcelain=v2', '--branch', '-z', '--no-renames', '--ignore-submodules=none'];

/** Submodules deeper than this are told as a gap. */
const MOST_DEPTH = 5;

type Asking = { readonly git: Git; readonly host: Host; readonly question: GitQuestion; readonly limits: GitLimits; readonly gaps: Gap[] };

/**
 * The version control state of a project: commit, branch, remote, patch, untracked and tracked files, submodules.
 * Writes nothing (no index refresh, no locks), fetches nothing, starts no hook or monitor of the repository; clean filters that the
 * repository configures (git-lfs) do run, because without them git cannot tell whether a file differs.
 * Not a repository is a fact; git missing or refusing (safe.directory) is `unknown` with a gap.
 */
export const probeGit = (question: GitQuestion): Promise<Probe<GitFacts>> =>
  attempt('the repository', async () => {
    const host = question.host ?? nodeHost;
    const limits = { ...GIT_LIMITS, ...question.limits };
    const git = gitCommand({ host, environment: question.environment, directory: question.directory, timeoutMs: limits.timeoutMs });
    const top = await git(['rev-parse', '--show-toplevel']);
    const root = outputOf(top)?.toString('utf8').replace(/\n$/, '');
    if (root === undefined || root === '') return withoutRoot(top, question.directory);
    return seen(await readRepository({ git, host, question, limits, gaps: ignoredVariables(question.environment) }, root));
  });

/** There is no work tree, or git does not tell. */
const withoutRoot = (top: Awaited<ReturnType<Git>>, directory: string): Probe<GitFacts> => {
  const none = { tracked: [], untracked: [] };
  if (top.kind === 'failed') {
    return top.reason === 'not-found' ? unknown('git is not installed', 'install git, so that commit and patch can be recorded') : unavailable(failureOf(top));
  }
  if (/not a git repository/.test(top.stderr)) return seen({ repository: { kind: 'none' }, ...none, gaps: [] });
  if (/must be run in a work tree/.test(top.stderr))
    return seen({ repository: { kind: 'none' }, ...none, gaps: [{ about: '/code/repository', reason: 'the folder lies inside a bare repository or a .git folder' }] });
  if (/dubious ownership/.test(top.stderr))
    return unknown('git refuses to read the repository, because it belongs to another user', `git config --global --add safe.directory ${directory}`);
  return unknown(`git could not read the repository: ${failureOf(top)}`);
};

const unknown = (reason: string, remedy?: string): Probe<GitFacts> =>
  seen({ repository: { kind: 'unknown' }, tracked: [], untracked: [], gaps: [{ about: '/code/repository', reason, ...(remedy === undefined ? {} : { remedy }) }] });

const ignoredVariables = (environment: Readonly<Record<string, string | undefined>>): Gap[] =>
  ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE']
    .filter((name) => (environment[name] ?? '') !== '')
    .map((name) => ({ about: '/code/repository', reason: `${name} is set; the repository was found from the folder of the project instead` }));

const readRepository = async (asking: Asking, root: string): Promise<GitFacts> => {
  const { git, question, limits, gaps } = asking;
  const [status, index, settings] = await Promise.all([statusOf(asking, root), indexOf(asking, root), git(['config', '-z', '--get-regexp', '^(remote|branch)\\.'])]);
  const entries = index ?? [];
  const shared = { root, branch: status?.branch, remote: remoteOf(readSettings(outputOf(settings) ?? Buffer.alloc(0)), status ?? NO_STATUS) };
  const [pushed, patch, submodules] = await Promise.all([
    status?.commit === undefined ? undefined : pushedOf(asking, status.commit),
    status?.commit === undefined || status.changed.length === 0
      ? undefined
      : takePatch(git, { root, changed: status.changed, maxBytes: limits.maxPatchBytes, redactor: question.redactor, gaps }),
    readSubmodules(asking, { root, entries, status: status ?? NO_STATUS, depth: 0 }),
  ]);
  const hidden = entries.filter((entry) => entry.hidden).length;
  if (hidden > 0)
    gaps.push({
      about: '/code/repository/patch',
      reason: `git was told to assume that ${hidden} files do not change; a change in them is in no patch`,
      remedy: 'git update-index --no-assume-unchanged FILE',
    });
  if (status?.commit === undefined && status !== undefined) gaps.push({ about: '/code/repository/commit', reason: 'the repository has no commit yet' });
  return {
    repository: {
      kind: 'git',
      ...definedOnly({ ...shared, commit: status?.commit, pushed, submodules: submodules.list.length === 0 ? undefined : submodules.list }),
      dirty: dirtyOf(status, entries),
    },
    ...(patch === undefined ? {} : { patch }),
    tracked: [...trackedBelow(root, entries), ...submodules.tracked],
    untracked: [...untrackedBelow(asking, root, status), ...submodules.untracked].slice(0, limits.maxUntracked),
    gaps,
  };
};

const NO_STATUS: GitStatus = { changed: [], untracked: [], submodules: [] };

const definedOnly = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };

/** Before the first commit a staged file is in no commit: that is a difference. */
const dirtyOf = (status: GitStatus | undefined, entries: readonly IndexEntry[]): 'yes' | 'no' | 'unknown' => {
  if (status === undefined) return 'unknown';
  return status.changed.length > 0 || (status.commit === undefined && entries.length > 0) ? 'yes' : 'no';
};

const trackedBelow = (root: string, entries: readonly IndexEntry[]): readonly TrackedFile[] =>
  entries.filter((entry) => entry.mode !== '160000').map((entry) => trackedFile(root, entry));

const untrackedBelow = (asking: Asking, root: string, status: GitStatus | undefined): readonly NamedFile[] => {
  const files = status?.untracked ?? [];
  if (files.length > asking.limits.maxUntracked)
    asking.gaps.push({
      about: '/code/repository/untracked',
      reason: `${files.length} files are not tracked; only ${asking.limits.maxUntracked} are listed`,
      remedy: 'add data and results to .gitignore',
    });
  return files.slice(0, asking.limits.maxUntracked).map((path) => namedFile(root, path));
};

/** Status with every untracked file; if that takes too long, without them and with a gap. */
const statusOf = async (asking: Asking, root: string): Promise<GitStatus | undefined> => {
  const { git, gaps } = asking;
  const whole = await git([...STATUS, '--untracked-files=all'], { directory: root, maxBytes: 64 * 1024 * 1024 });
  const bytes = outputOf(whole);
  if (bytes !== undefined) return readGitStatus(bytes);
  const tracked = await git([...STATUS, '--untracked-files=no'], { directory: root, maxBytes: 64 * 1024 * 1024 });
  const rest = outputOf(tracked);
  gaps.push(
    rest === undefined
      ? { about: '/code/repository', reason: `git status gave no answer: ${failureOf(tracked)}` }
      : { about: '/code/repository/untracked', reason: `untracked files could not be listed: ${failureOf(whole)}`, remedy: 'add data and results to .gitignore' },
  );
  return rest === undefined ? undefined : readGitStatus(rest);
};

const indexOf = async (asking: Asking, root: string): Promise<readonly IndexEntry[] | undefined> => {
  const listed = await asking.git(['ls-files', '-v', '--stage', '-z'], { directory: root, maxBytes: 256 * 1024 * 1024 });
  const bytes = outputOf(listed);
  if (bytes === undefined) asking.gaps.push({ about: '/code/snapshot', reason: `tracked files could not be listed: ${failureOf(listed)}` });
  return bytes === undefined ? undefined : readIndex(bytes);
};

/** Whether a remote branch that is known here holds the commit. No network: a push from elsewhere is not seen. */
const pushedOf = async (asking: Asking, commit: string): Promise<'yes' | 'no' | 'unknown'> => {
  const holders = await asking.git(['for-each-ref', '--count=1', '--format=%(refname)', '--contains', commit, 'refs/remotes']);
  const bytes = outputOf(holders);
  return bytes === undefined ? 'unknown' : bytes.length > 0 ? 'yes' : 'no';
};

type Submodules = { readonly list: NonNullable<GitFacts['repository']['submodules']>; readonly tracked: readonly TrackedFile[]; readonly untracked: readonly NamedFile[] };
type Level = { readonly root: string; readonly entries: readonly IndexEntry[]; readonly status: GitStatus; readonly depth: number };

/** Submodules and theirs: the commit on disk, whether anything differs, and their files, so that the snapshot holds them too. */
const readSubmodules = async (asking: Asking, level: Level): Promise<Submodules> => {
  const links = level.entries.filter((entry) => entry.mode === '160000').slice(0, 1000);
  const parts = await Promise.all(links.map((link) => readSubmodule(asking, level, link)));
  return { list: parts.flatMap((part) => part.list), tracked: parts.flatMap((part) => part.tracked), untracked: parts.flatMap((part) => part.untracked) };
};

const readSubmodule = async (asking: Asking, level: Level, link: IndexEntry): Promise<Submodules> => {
  const { path } = namedFile(level.root, link.path);
  if (level.depth >= MOST_DEPTH || !(await asking.host.exists(`${path}/.git`))) {
    asking.gaps.push({ about: '/code/repository/submodules', reason: `the submodule ${path} is not checked out`, remedy: 'git submodule update --init --recursive' });
    return { list: [{ path, commit: link.object, dirty: 'unknown' }], tracked: [], untracked: [] };
  }
  const [status, index] = await Promise.all([statusOf(asking, path), indexOf(asking, path)]);
  const dirty = status === undefined ? 'unknown' : status.changed.length > 0 || status.untracked.length > 0 || status.commit !== link.object ? 'yes' : 'no';
  const below = await readSubmodules(asking, { root: path, entries: index ?? [], status: status ?? NO_STATUS, depth: level.depth + 1 });
  return {
    list: [{ path, commit: status?.commit ?? link.object, dirty }, ...below.list],
    tracked: [...trackedBelow(path, index ?? []), ...below.tracked],
    untracked: [...untrackedBelow(asking, path, status), ...below.untracked],
  };
};
