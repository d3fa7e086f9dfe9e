import { countOf, TrainlockError } from '#base';
import { gitText, isCommit } from '#origins';
import { documentPart } from '../git-check/document-part.ts';
import { isAutomaticMerge } from './automatic-merge.ts';
import { wordsOf } from './git-files.ts';
import { type Author, type RawCommit, rawCommits } from './raw-commits.ts';
import type { Repository } from './repository.ts';
import { type Boundary, cutOff, wholeHistory } from './whole-history.ts';

/** Most commits of one change that are read. */
const MOST_COMMITS = 10_000;

/** Where what persons have signed lies. Without it: in the folder .trainlock of any project. */
type SignedPlace = {
  /** Folders of the projects that are judged, with a slash at the end; empty at the top. */
  readonly projects: readonly string[];
  /** Folders of records with another name than .trainlock, with a slash at the end. */
  readonly stores: readonly string[];
};

/** Names and addresses, each once. */
export const namesOf = (authors: readonly Author[]): readonly string[] => [...new Set(authors.flatMap(({ name, mail }) => [name, mail]).filter((one) => one !== ''))];

/**
 * Whose names stand in the commits of a change, as they claim: authors, committers, and whom the message names as co-authors. Commits that
 * only bring signed words are left out, else nobody could hand an approval in. So are merges that git makes so by itself; every other one
 * counts, also where it equals one of its parents: that takes back what the other has. Throws TL1701 if git does not answer, there are too
 * many to read, one of them names nobody, or commits may be hidden, as in a shallow clone: nobody who is not seen may count as somebody else.
 */
export const commitAuthors = async (repository: Repository, base: string, head: string, place?: SignedPlace): Promise<readonly Author[]> => {
  const boundary = await wholeHistory(repository, base, head);
  const commits = await commitsBetween(repository, base, head);
  const counted: RawCommit[] = [];
  for (const commit of commits) if (!(await isAutomatic(repository, commit, boundary))) counted.push(commit);
  const touching = await commitsThatTouchMore(repository, counted, place);
  const authors = counted.filter(({ id }) => touching.has(id)).flatMap((commit) => commit.authors);
  return [...new Map(authors.map((author) => [`${author.name}\0${author.mail}`, author])).values()];
};

const commitsBetween = async (repository: Repository, base: string, head: string): Promise<readonly RawCommit[]> => {
  const { top } = repository;
  const listed = await gitText(top, ['rev-list', '--parents', `--max-count=${MOST_COMMITS + 1}`, `${base}..${head}`, '--']);
  const lines = listed?.split('\n').map((line) => line.split(' '));
  if (lines?.pop()?.join('') !== '' || !lines.flat().every(isCommit)) throw new TrainlockError('TL1701', 'git does not list the commits in full', { where: top });
  const followed = new Map(lines.map(([id = '', ...parents]) => [id, new Set(parents)]));
  if (followed.size > MOST_COMMITS)
    throw new TrainlockError('TL1701', `the change has more than ${countOf(MOST_COMMITS, 'commit')}, and whoever made them is not read`, {
      where: top,
      fix: 'measure it against a later base',
    });
  const commits = await rawCommits(repository, [...followed.keys()]);
  for (const { id, parents } of commits) {
    const all = new Set(parents);
    const reached = followed.get(id)!;
    // A boundary, a graft, or a cache that says otherwise.
    if (all.size !== reached.size || parents.some((parent) => !reached.has(parent)))
      throw cutOff(top, `git does not follow the commit ${id.slice(0, 12)} to the parents that it names`);
  }
  return commits;
};

const isAutomatic = async (repository: Repository, { id, parents }: RawCommit, boundary: Boundary): Promise<boolean> => {
  const [ours, theirs, ...more] = parents;
  if (ours === undefined || theirs === undefined || more.length > 0) return false;
  return isAutomaticMerge(repository, { id, ours, theirs, boundary });
};

/** Which of the commits differ from any of their parents in something that is no signed word. */
const commitsThatTouchMore = async (repository: Repository, commits: readonly RawCommit[], place: SignedPlace | undefined): Promise<ReadonlySet<string>> => {
  const options = ['--stdin', '-r', '-m', '--root', '-z', '--raw', '--no-renames', '--no-textconv', '--no-ext-diff', '--ignore-submodules=none'];
  const words = commits.length === 0 ? [] : await wordsOf(repository, ['diff-tree', ...options], { input: commits.map(({ id }) => `${id}\n`).join('') });
  const touching = new Set<string>();
  let commit = '';
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    if (!word.startsWith(':')) commit = word.trim();
    else if (!isSignedWord(word, words[(at += 1)] ?? '', place)) touching.add(commit);
  }
  return touching;
};

const WORD_KINDS: ReadonlySet<string> = new Set(['approval', 'exception', 'history']);
const WORD_PARTS: ReadonlySet<string> = new Set(['statement', 'bundle', 'ssh-signature', 'signer']);
const PROOF = /\.proofs\/[A-Za-z0-9][A-Za-z0-9._-]{0,160}\.(?:leaf|tlog-proof|lost-proof)$/;

/** What persons have signed, in files with the names that it has: whoever only hands that in did not make the change. */
const isSignedWord = (raw: string, path: string, place: SignedPlace | undefined): boolean => {
  const [, before = '', after = ''] = /^:([0-7]{6}) ([0-7]{6}) /.exec(raw) ?? [];
  const part = documentPart(path, place?.stores);
  if (part === undefined || !WORD_KINDS.has(part.kind) || ![before, after].every((mode) => mode === '000000' || mode.startsWith('100'))) return false;
  const isOwn = place === undefined || place.projects.includes(part.project) || place.stores.some((store) => path.startsWith(store));
  return isOwn && (WORD_PARTS.has(part.part) || PROOF.test(path));
};
