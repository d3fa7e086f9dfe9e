import { GitBlobs } from '#origins';
import { filesBelow, type GitFile, type GitState, isNoFile } from '../git/git-files.ts';
import type { Repository } from '../git/repository.ts';

/** One state of the repository, as far as it is asked for: bytes come from git and never from the working folder. */
export type Side = {
  readonly state: GitState;
  /** The files below folders. */
  readonly below: (folders: readonly string[]) => Promise<ReadonlyMap<string, GitFile>>;
  /** The bytes of a file; undefined for what is no file, is larger, or is not at hand. */
  readonly bytes: (file: GitFile | undefined, maxBytes: number) => Promise<Uint8Array | undefined>;
  /** The same by its path. */
  readonly read: (path: string, maxBytes: number) => Promise<Uint8Array | undefined>;
};

/** Two states of one repository; `end` ends the process that reads them. */
export const sidesOf = (repository: Repository): { readonly side: (state: GitState) => Side; readonly end: () => void } => {
  const blobs = new GitBlobs(repository.top);
  // One after the other: the answers come in the order of the questions.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    const answer = last.then(ask);
    last = answer.catch(() => undefined);
    return answer;
  };
  const bytes: Side['bytes'] = async (file, maxBytes) => (file === undefined || isNoFile(file) ? undefined : inTurn(() => blobs.bytes(file.oid, maxBytes)));
  const side = (state: GitState): Side => {
    // Each thing asks for the files of its folder: git is asked once.
    const asked = new Map<string, ReturnType<Side['below']>>();
    const below: Side['below'] = (folders) => {
      const key = folders.join('\0');
      const known = asked.get(key) ?? filesBelow(repository, state, folders);
      asked.set(key, known);
      return known;
    };
    return { state, below, bytes, read: async (path, maxBytes) => bytes((await below([path])).get(path), maxBytes) };
  };
  return { side, end: () => blobs.end() };
};
