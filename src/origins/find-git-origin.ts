import { relative } from 'node:path';
import { basename, join } from 'node:path';
import { realpathSync, statSync } from 'node:fs';
import { withoutUndefined } from '#base';
import { hashFiles, readBoundedIfThere } from '#files';
import type { ImportedDigest, Origin } from '#snapshot';
import { GitBlobs } from './git-blobs.ts';
import { findRepository, folderOf } from './git-repository.ts';
import { MOST_IMPORTED } from './limits.ts';
import { LONGEST_POINTER, type LfsPointer, readLfsPointer } from './lfs-pointer.ts';
import { runGit } from './run-git.ts';

type Tracked = { readonly mode: string; readonly oid: string; readonly path: string };

/**
 * The commit and path of files that git tracks and that are as they were committed; for files in Git LFS also the digests in
 * their pointers. undefined for everything else: untracked, changed, with links or submodules inside, or git is not there.
 */
export const findGitOrigin = async (path: string): Promise<Origin | undefined> => {
  const repository = await findRepository(path);
  if (repository === undefined) return undefined;
  const folder = folderOf(path);
  const name = folder === path ? '.' : basename(path);
  const tracked = await trackedFiles(folder, name);
  if (tracked === undefined || tracked.length === 0 || tracked.some(({ mode }) => !mode.startsWith('100'))) return undefined;
  const pointers = await pointersOf(folder, tracked);
  if (pointers === undefined || !(await isClean({ folder, name, pointers }))) return undefined;
  const below = (inner: string): string => relative(repository.root, join(realpathSync(folder), inner)) || '.';
  const common = withoutUndefined({ uri: repository.remote, revision: repository.commit, path: below(name) });
  if (pointers.size === 0) return { kind: 'git', ...common };
  const imported: ImportedDigest[] = [...pointers].map(([file, { oid }]) => ({ algorithm: 'sha256', digest: oid, path: below(file) }));
  return { kind: 'git-lfs', ...common, ...(imported.length > MOST_IMPORTED ? {} : { imported }) };
};

/** What the index says; undefined if git does not answer. Paths are relative to the folder; those that are no text end it. */
const trackedFiles = async (folder: string, name: string): Promise<readonly Tracked[] | undefined> => {
  const answer = await runGit(folder, ['ls-files', '--stage', '-z', '--', name]);
  if (answer.kind !== 'ended' || answer.code !== 0) return undefined;
  const text = answer.stdout.toString('utf8');
  if (text.includes('\ufffd')) return undefined;
  return text
    .split('\0')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const match = /^([0-7]{6}) ([0-9a-f]+) ([0-3])\t(.+)$/s.exec(line);
      // Another stage than 0 is a merge that is not finished.
      return match === null || match[3] !== '0' ? [{ mode: 'unmerged', oid: '', path: '' }] : [{ mode: match[1]!, oid: match[2]!, path: match[4]! }];
    });
};

/** The pointers of files that the attributes give to LFS, by path. git-lfs itself need not be installed. */
const pointersOf = async (folder: string, tracked: readonly Tracked[]): Promise<ReadonlyMap<string, LfsPointer> | undefined> => {
  const answer = await runGit(folder, ['check-attr', '-z', '--stdin', 'filter'], { input: tracked.map(({ path }) => `${path}\0`).join('') });
  if (answer.kind !== 'ended' || answer.code !== 0) return undefined;
  const fields = answer.stdout.toString('utf8').split('\0');
  const filtered = new Set<string>();
  for (let at = 0; at + 2 < fields.length; at += 3) if (fields[at + 2] === 'lfs') filtered.add(fields[at]!);
  const pointers = new Map<string, LfsPointer>();
  if (filtered.size === 0) return pointers;
  const blobs = new GitBlobs(folder);
  try {
    for (const { path, oid } of tracked) {
      const bytes = filtered.has(path) ? await blobs.bytes(oid, LONGEST_POINTER) : undefined;
      const pointer = bytes === undefined ? undefined : readLfsPointer(bytes);
      if (pointer !== undefined) pointers.set(path, pointer);
    }
  } finally {
    blobs.end();
  }
  return pointers;
};

type Looked = { readonly folder: string; readonly name: string; readonly pointers: ReadonlyMap<string, LfsPointer> };

/** Whether everything is as it was committed, and nothing else lies between it. */
const isClean = async ({ folder, name, pointers }: Looked): Promise<boolean> => {
  const answer = await runGit(folder, ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--ignored=matching', '--', name]);
  const prefix = await runGit(folder, ['rev-parse', '--show-prefix']);
  if (answer.kind !== 'ended' || answer.code !== 0 || prefix.kind !== 'ended' || prefix.code !== 0) return false;
  const start = prefix.stdout.toString('utf8').replace(/\n$/, '');
  const changed = new Set<string>();
  for (const line of answer.stdout.toString('utf8').split('\0')) {
    if (line === '') continue;
    const path = line.slice(3 + start.length);
    // Without git-lfs, a file that was touched looks changed to git: its content is compared below.
    if (line.slice(0, 2) !== ' M' || !pointers.has(path)) return false;
    changed.add(path);
  }
  for (const [path, pointer] of pointers) if (!(await isThatFile(join(folder, path), pointer, changed.has(path)))) return false;
  return true;
};

/** Whether the file is the one that the pointer means, by its size, and by its digest if in doubt; or still the pointer itself. */
const isThatFile = async (path: string, pointer: LfsPointer, isDoubtful: boolean): Promise<boolean> => {
  const sizeBytes = statSync(path, { throwIfNoEntry: false })?.size;
  if (sizeBytes === pointer.sizeBytes) {
    if (!isDoubtful) return true;
    const [facts] = await hashFiles([{ path }], { jobs: 1 });
    return facts?.sha256 === pointer.oid;
  }
  if (sizeBytes === undefined || sizeBytes > LONGEST_POINTER) return false;
  const bytes = await readBoundedIfThere(path, LONGEST_POINTER).catch(() => undefined);
  return bytes !== undefined && readLfsPointer(bytes)?.oid === pointer.oid;
};
