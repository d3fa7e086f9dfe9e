import { countOf, escapeControl, TrainlockError } from '#base';
import { documentPart } from '../git-check/document-part.ts';
import { isAutomaticMerge } from './automatic-merge.ts';
import { wordsOf } from './git-files.ts';
import type { Repository } from './repository.ts';

/** Most commits of one change that are read. */
const MOST_COMMITS = 10_000;

/** Somebody as a commit names them. Control characters are escaped: then it is still somebody, and nobody else. */
export type Author = { readonly name: string; readonly mail: string };

/** Where what persons have signed lies. Without it: in the folder .trainlock of any project. */
type SignedPlace = {
  /** Folders of the projects that are judged, with a slash at the end; empty at the top. */
  readonly projects: readonly string[];
  /** Folders of records with another name than .trainlock, with a slash at the end. */
  readonly stores: readonly string[];
};

type Commit = { readonly id: string; readonly parents: readonly string[]; readonly authors: readonly Author[] };

/** Names and addresses of `commitAuthors`, each once. */
export const authorsOf = async (repository: Repository, base: string, head: string, place?: SignedPlace): Promise<readonly string[]> =>
  namesOf(await commitAuthors(repository, base, head, place));

/** Names and addresses, each once. */
export const namesOf = (authors: readonly Author[]): readonly string[] => [...new Set(authors.flatMap(({ name, mail }) => [name, mail]).filter((one) => one !== ''))];

/**
 * Whose names stand in the commits of a change, as they claim: authors, committers, and whom the message names as co-authors. Commits that
 * only bring signed words are left out, else nobody could hand an approval in. So are merges that git makes so by itself; every other one
 * counts, also where it equals one of its parents: that takes back what the other has. Throws TL1701 if git does not answer, or there are
 * too many to read: nobody who is not seen may count as somebody else.
 */
export const commitAuthors = async (repository: Repository, base: string, head: string, place?: SignedPlace): Promise<readonly Author[]> => {
  const commits = await commitsBetween(repository, base, head);
  const counted: Commit[] = [];
  for (const commit of commits) if (!(await isAutomatic(repository, commit))) counted.push(commit);
  const touching = await commitsThatTouchMore(repository, counted, place);
  const authors = counted.filter(({ id }) => touching.has(id)).flatMap((commit) => commit.authors);
  return [...new Map(authors.map((author) => [`${author.name}\0${author.mail}`, author])).values()];
};

const FIELDS = ['%H', '%P', '%an', '%ae', '%cn', '%ce', '%B'];

const commitsBetween = async (repository: Repository, base: string, head: string): Promise<readonly Commit[]> => {
  // No field can hold a zero byte, so that so many of them are a commit, whatever stands in them.
  const options = ['-z', '--no-patch', '--no-show-signature', '--no-notes', '--encoding=UTF-8', `--max-count=${MOST_COMMITS + 1}`];
  const words = await wordsOf(repository, ['log', ...options, `--format=${FIELDS.join('%x00')}`, `${base}..${head}`, '--'], {});
  const commits: Commit[] = [];
  for (let at = 0; at < words.length; at += FIELDS.length) {
    const [id = '', parents = '', name = '', mail = '', committer = '', committerMail = '', message] = words.slice(at, at + FIELDS.length);
    if (message === undefined) throw new TrainlockError('TL1701', 'git does not list the commits in full', { where: repository.top });
    const authors = [{ name, mail }, { name: committer, mail: committerMail }, ...coAuthorsOf(message)].map(escaped);
    commits.push({ id, parents: parents.split(' ').filter((one) => one !== ''), authors });
  }
  if (commits.length <= MOST_COMMITS) return commits;
  throw new TrainlockError('TL1701', `the change has more than ${countOf(MOST_COMMITS, 'commit')}, and whoever made them is not read`, {
    where: repository.top,
    fix: 'measure it against a later base',
  });
};

const escaped = ({ name, mail }: Author): Author => ({ name: escapeControl(name), mail: escapeControl(mail) });

/** Wherever in the message they stand: more lines than git takes for trailers, never fewer. */
const coAuthorsOf = (message: string): readonly Author[] =>
  [...message.matchAll(/^[ \t]*co-authored-by[ \t]*:[ \t]*([^<\r\n]*?)[ \t]*(?:<([^>\r\n]*)>.*)?$/gim)].map(([, name = '', mail = '']) => ({ name, mail: mail.trim() }));

const isAutomatic = async (repository: Repository, { id, parents }: Commit): Promise<boolean> => {
  const [ours, theirs, ...more] = parents;
  if (ours === undefined || theirs === undefined || more.length > 0) return false;
  return isAutomaticMerge(repository, { id, ours, theirs });
};

/** Which of the commits differ from any of their parents in something that is no signed word. */
const commitsThatTouchMore = async (repository: Repository, commits: readonly Commit[], place: SignedPlace | undefined): Promise<ReadonlySet<string>> => {
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
