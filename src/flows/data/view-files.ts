import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FileEntry } from '#digest';
import { hashFiles } from '#files';
import type { Store } from '#store';
import { rootOf } from './entries-of.ts';

/** Files of recorded data under their names, wherever their bytes lie now. */
export type FilesView = {
  /** A temporary folder with a link for each file. */
  readonly root: string;
  /** Folders in which the bytes really lie. */
  readonly folders: readonly string[];
  /** Names of files whose bytes are nowhere at hand. */
  readonly missing: readonly string[];
  readonly remove: () => Promise<void>;
};

/** Makes files available as they were recorded: from the store, or from where they lay if they are still the same. The caller removes the view. */
export const viewFiles = async (store: Store, place: string | undefined, entries: readonly FileEntry[]): Promise<FilesView> => {
  const root = await mkdtemp(join(tmpdir(), 'trainlock-view-'));
  const missing: string[] = [];
  const folders = new Set<string>([root]);
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true });
  try {
    for (const entry of entries) {
      const path = await bytesOf(store, place, entry);
      if (path === undefined) {
        missing.push(entry.path);
        continue;
      }
      const link = join(root, entry.path);
      await mkdir(dirname(link), { recursive: true });
      await symlink(path, link);
      folders.add(dirname(await realpath(path)));
    }
    return { root, folders: [...folders], missing, remove };
  } catch (error) {
    await remove();
    throw error;
  }
};

/** A file that holds the bytes of an entry: where they lay, if they are still the same, or in the store; undefined if they are nowhere at hand. */
export const bytesOf = async (store: Store, place: string | undefined, entry: FileEntry): Promise<string | undefined> => {
  const live = place === undefined || entry.raw !== undefined ? undefined : join(rootOf(place), entry.path);
  for (const path of [store.objectPath(entry.sha256), ...(live === undefined ? [] : [live])]) {
    if (!existsSync(path)) continue;
    // Neither is believed: a copy can be damaged, and what lies there can have changed.
    const [facts] = await hashFiles([{ path }], { jobs: 1 });
    if (facts?.sha256 === entry.sha256 && facts.changed !== true) return path;
  }
  return undefined;
};
