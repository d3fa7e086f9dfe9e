import { escapeControl, nearest, shellWord, TrainlockError } from '#base';
import { gitReason, gitText, isCommit, runGit } from '#origins';
import type { Repository } from './repository.ts';

/** The commit that a person or a CI system names. Whatever the name is, it never becomes an option. Throws TL1703. */
export const commitOf = async ({ top }: Repository, revision: string): Promise<string> => {
  const answer = await runGit(top, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  const commit = answer.kind === 'ended' ? answer.stdout.toString('utf8').trim() : '';
  if (answer.kind === 'ended' && answer.code === 0 && isCommit(commit)) {
    const others = await othersMeantBy(top, revision, commit);
    if (others.length === 0) return commit;
    throw new TrainlockError('TL1703', `${escapeControl(revision)} may mean different commits: ${commit.slice(0, 12)}, ${others.map((one) => escapeControl(one)).join(', ')}`, {
      where: top,
      fix: 'name it in full, for example refs/remotes/origin/main or the whole id of a commit',
    });
  }
  throw await noRevision(top, revision, answer.kind === 'ended' ? [] : [gitReason(answer)]);
};

/** Why there is no such revision, and what brings it: the rest of the history, the remote, a first commit, or another name. */
const noRevision = async (top: string, revision: string, reasons: readonly string[]): Promise<TrainlockError> => {
  const lines = async (args: readonly string[]): Promise<readonly string[]> => ((await gitText(top, [...args])) ?? '').split('\n').filter((line) => line !== '');
  const remotes = await lines(['remote']);
  const refused = (notes: readonly string[], fix: string): TrainlockError =>
    new TrainlockError('TL1703', `the repository has no revision ${escapeControl(revision)}`, { where: top, notes: [...reasons, ...notes], fix });
  if ((await gitText(top, ['rev-parse', '--is-shallow-repository']))?.trim() === 'true') return refused(['only the newest commits were fetched here'], 'git fetch --unshallow');
  const hasCommit = (await lines(['rev-list', '--all', '--max-count=1'])).length > 0;
  const remote = remotes.find((one) => revision.startsWith(`${one}/`)) ?? remotes[0];
  if (remote !== undefined && (hasCommit || revision !== 'HEAD')) return refused([], `git fetch ${escapeControl(shellWord(remote))}`);
  if (!hasCommit) return refused(['it has no commit yet'], 'git commit --allow-empty -m "first commit"');
  const branches = await lines(['for-each-ref', '--format=%(refname:short)', '--count=50', 'refs/heads']);
  const near = nearest(revision.split('/').at(-1) ?? '', branches);
  const named = branches.slice(0, 10).map((branch) => escapeControl(branch));
  return refused(
    ['it has no remote', ...(near === undefined ? [`its branches are ${named.join(', ')}`] : [`did you mean ${escapeControl(near)}?`])],
    'git branch --all   # shows the branches that can be named',
  );
};

/** Where git looks for a short name, the first one wins: a tag called origin/main stands before the branch. Source: gitrevisions(7). */
const placesOf = (name: string): readonly string[] => [`refs/${name}`, `refs/tags/${name}`, `refs/heads/${name}`, `refs/remotes/${name}`, `refs/remotes/${name}/HEAD`];

/** What else than this commit a name may mean. What follows the name (~1, ^, @{…}) stays what it is. */
const othersMeantBy = async (top: string, revision: string, commit: string): Promise<readonly string[]> => {
  const [, name = '', rest = ''] = /^(.*?)([~^:].*|@\{.*)?$/s.exec(revision)!;
  // These are what they say, whatever has their name.
  if (name === '' || name === '@' || name === 'HEAD' || name.startsWith('refs/') || isCommit(name)) return [];
  const listed = await gitText(top, ['for-each-ref', '--format=%(refname)', '--', ...placesOf(name)]);
  const full = (listed ?? '').split('\n').filter((one) => placesOf(name).includes(one));
  const ids = /^[0-9a-f]{4,63}$/.test(name) ? ((await gitText(top, ['rev-parse', `--disambiguate=${name}`])) ?? '').split('\n').filter(isCommit) : [];
  const others: string[] = [];
  for (const one of [...full, ...ids]) {
    const other = (await gitText(top, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${one}${rest}^{commit}`]))?.trim() ?? '';
    if (isCommit(other) && other !== commit) others.push(`${one}${rest} (${other.slice(0, 12)})`);
  }
  return others;
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
