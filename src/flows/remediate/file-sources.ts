import { constants } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { toHex } from '#base';
import { hashFiles, nodeCrypto } from '#files';
import { runGit } from '#origins';
import type { Store } from '#store';
import { pathInRepository, repositoryOf } from '../git/repository.ts';

/** The recorded bytes of a file, somewhere on this machine. */
export type FileSource = {
  /** In words: the store, a commit, a copy. */
  readonly from: string;
  /** Writes them to a new file; what is there afterwards must be hashed. Throws what the system says. */
  readonly writeTo: (path: string) => Promise<void>;
};

export type SourcePlaces = {
  readonly store: Store;
  readonly projectRoot: string;
  /** Files that a person named as copies. */
  readonly copies: readonly string[];
  /** The commit of the run. */
  readonly commit?: string;
};

/** Largest file that is taken from git. Unit: byte. */
const MOST_GIT_BYTES = 256 * 1024 * 1024;

/** Looks for bytes by their digest: in the store, in the repository at the commit of the run or now, in copies that were named. What is found was hashed. */
export const sourceOf = async (sha256: string, path: string, places: SourcePlaces): Promise<FileSource | undefined> =>
  (await objectSource(sha256, places)) ?? (await gitSource(sha256, path, places)) ?? copySource(sha256, places);

const objectSource = async (sha256: string, { store }: SourcePlaces): Promise<FileSource | undefined> => {
  const [kept] = await store.hashObjects([sha256]);
  return kept?.kind === 'hashed' && kept.sha256 === sha256 ? { from: 'the store', writeTo: (path) => store.copyObject(kept, path) } : undefined;
};

const gitSource = async (sha256: string, path: string, { projectRoot, commit }: SourcePlaces): Promise<FileSource | undefined> => {
  const repository = await repositoryOf(projectRoot).catch(() => undefined);
  const folder = repository === undefined ? undefined : await pathInRepository(repository, projectRoot);
  const inside = relative(projectRoot, path);
  if (repository === undefined || folder === undefined || inside.startsWith(`..${sep}`)) return undefined;
  const name = join(folder, inside).split(sep).join('/');
  // A commit of a record becomes an argument of git: nothing but a digest may.
  for (const revision of [...(commit !== undefined && /^[0-9a-f]{40,64}$/.test(commit) ? [commit] : []), 'HEAD']) {
    const answer = await runGit(repository.top, ['cat-file', 'blob', `${revision}:${name}`], { maxBytes: MOST_GIT_BYTES });
    if (answer.kind !== 'ended' || answer.code !== 0 || toHex(nodeCrypto.sha256(answer.stdout)) !== sha256) continue;
    return { from: revision === 'HEAD' ? 'git' : `commit ${revision.slice(0, 12)}`, writeTo: (target) => writeFile(target, answer.stdout, { flag: 'wx' }) };
  }
  return undefined;
};

const copySource = async (sha256: string, { copies }: SourcePlaces): Promise<FileSource | undefined> => {
  const facts = await hashFiles(copies.map((path) => ({ path })));
  const found = facts.find((one) => one.sha256 === sha256 && one.changed !== true);
  return found === undefined ? undefined : { from: found.path, writeTo: (target) => copyFile(found.path, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE) };
};
