import { escapeControl, TrainlockError } from '#base';
import { gitReason, type GitOptions, runGit } from '#origins';
import type { Repository } from './repository.ts';

/** A file as a commit or the index has it. */
export type GitFile = { /** As git writes it: 100644 a file, 120000 a link, 160000 another repository. */ readonly mode: string; readonly oid: string };

/** A state of the repository: a commit or tree, or what is staged. */
export type GitState = { readonly kind: 'tree'; readonly id: string } | { readonly kind: 'index'; /** Another one than that of the repository. */ readonly file?: string };

/** A path that two states have differently. Absent: it is not there. */
export type ChangedFile = { readonly path: string; readonly before?: GitFile; readonly after?: GitFile };

const isFile = ({ mode }: GitFile): boolean => mode.startsWith('100');

/** Whether something lies under a name that is no plain file. */
export const isNoFile = (file: GitFile | undefined): boolean => file !== undefined && !isFile(file);

/** The files that differ between two states, by path. A rename is one that goes and one that comes. Throws TL1701 if git does not answer. */
export const changedFiles = async (repository: Repository, before: string, after: GitState): Promise<readonly ChangedFile[]> => {
  const what = after.kind === 'index' ? ['diff-index', '--cached', ...SHOWN, before] : ['diff-tree', ...SHOWN, before, after.id];
  const words = await wordsOf(repository, [...what, '--'], indexOf(after));
  return words.flatMap((head, i): readonly ChangedFile[] => {
    const match = /^:([0-7]{6}) ([0-7]{6}) ([0-9a-f]+) ([0-9a-f]+) [A-Z]/.exec(head);
    const path = words[i + 1];
    if (i % 2 !== 0 || match === null || path === undefined) return [];
    const file = (mode: string, oid: string): GitFile | undefined => (mode === '000000' ? undefined : { mode, oid });
    const [was, is] = [file(match[1]!, match[3]!), file(match[2]!, match[4]!)];
    return [{ path, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
};

const SHOWN = ['-r', '-z', '--raw', '--no-renames', '--full-index', '--ignore-submodules=none', '--no-textconv', '--no-ext-diff'];

/** The files of a state below folders, by path. Throws TL1701 if git does not answer. */
export const filesBelow = async (repository: Repository, state: GitState, folders: readonly string[]): Promise<ReadonlyMap<string, GitFile>> => {
  if (folders.length === 0) return new Map();
  const what = state.kind === 'index' ? ['ls-files', '--stage', '-z', '--full-name'] : ['ls-tree', '-r', '-z', '--full-tree', state.id];
  const words = await wordsOf(repository, [...what, '--', ...folders], indexOf(state));
  return new Map(
    words.flatMap((word) => {
      const match = /^([0-7]{6}) (?:[a-z]+ )?([0-9a-f]+)(?: [0-3])?\t(.+)$/s.exec(word);
      return match === null ? [] : [[match[3]!, { mode: match[1]!, oid: match[2]! }] as const];
    }),
  );
};

const indexOf = (state: GitState): GitOptions => (state.kind === 'index' && state.file !== undefined ? { indexFile: state.file } : {});

/** What git prints between zero bytes. Throws TL1701 if it does not answer. */
export const wordsOf = async ({ top }: Repository, args: readonly string[], options: GitOptions): Promise<readonly string[]> => {
  const answer = await runGit(top, args, options);
  if (answer.kind !== 'ended' || answer.code !== 0) throw new TrainlockError('TL1701', `git does not list the files: ${escapeControl(gitReason(answer))}`, { where: top });
  return answer.stdout.toString('utf8').split('\0').slice(0, -1);
};
