import { existsSync } from 'node:fs';
import { mkdir, realpath, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TrainlockError } from '#base';
import type { FileEntry } from '#digest';
import { hashFiles, makeTemporaryFolder } from '#files';
import type { Store } from '#store';
import { rootOf } from './entries-of.ts';

/** Files of recorded data under their names, wherever their bytes lie now. */
export type FilesView = {
  /** A temporary folder with a link for each file, or a copy where the bytes are compressed in the store. */
  readonly root: string;
  /** Folders in which the bytes really lie. */
  readonly folders: readonly string[];
  /** Names of files whose bytes are nowhere at hand. */
  readonly missing: readonly string[];
  readonly remove: () => Promise<void>;
};

/**
 * Makes files available as they were recorded: from the store, or from where they lay, or where else they may lie (`alsoAt`), if they are
 * the same there. The caller removes the view.
 */
export const viewFiles = async (
  store: Store,
  entries: readonly FileEntry[],
  place: string | undefined,
  alsoAt: (entry: FileEntry) => string | undefined = () => undefined,
): Promise<FilesView> => {
  const { path: root, remove } = await makeTemporaryFolder(tmpdir(), 'trainlock-view-');
  const missing: string[] = [];
  const folders = new Set<string>([root]);
  try {
    for (const entry of entries) {
      const own = join(root, entry.path);
      await mkdir(dirname(own), { recursive: true });
      const kept = await keptBytes(store, entry);
      // A copy before what lies outside: nobody changes it while it is read.
      if (kept === undefined && (await copyKept(store, entry, own))) continue;
      const path = kept ?? (await liveBytes(place, entry)) ?? (await proven(alsoAt(entry), entry));
      if (path === undefined) {
        missing.push(entry.path);
        continue;
      }
      await symlink(path, own);
      folders.add(dirname(await realpath(path)));
    }
    return { root, folders: [...folders], missing, remove };
  } catch (error) {
    await remove();
    throw error;
  }
};

/** Where the plain bytes of an entry lie in the store; undefined if they are not kept, compressed or damaged. */
const keptBytes = async (store: Store, entry: FileEntry): Promise<string | undefined> => proven(await store.plainPath(entry.sha256), entry);

/** Where they lie outside the store, if they are still the same. */
const liveBytes = (place: string | undefined, entry: FileEntry): Promise<string | undefined> =>
  proven(place === undefined || entry.raw !== undefined ? undefined : join(rootOf(place), entry.path), entry);

/** Neither is believed: a copy can be damaged, and what lies there can have changed. */
const proven = async (path: string | undefined, { sha256 }: FileEntry): Promise<string | undefined> => {
  if (path === undefined || !existsSync(path)) return undefined;
  const [facts] = await hashFiles([{ path }], { jobs: 1 });
  return facts?.sha256 === sha256 && facts.changed !== true ? path : undefined;
};

/**
 * A file that holds the bytes of an entry as they are: in the store, or where they lay, if they are still the same. Undefined if there
 * is none; they may still be in the store compressed, see copyKept.
 */
export const bytesOf = async (store: Store, place: string | undefined, entry: FileEntry): Promise<string | undefined> =>
  (await keptBytes(store, entry)) ?? (await liveBytes(place, entry));

/** Writes the bytes of an entry from the store to a new file, whatever form they have there; false if they are not kept, or damaged. Throws TL0003. */
export const copyKept = async (store: Store, { sha256, size }: FileEntry, path: string): Promise<boolean> => {
  try {
    await store.copyObject({ sha256, sizeBytes: size }, path);
    return true;
  } catch (error) {
    if (error instanceof TrainlockError && NOT_AT_HAND.has(error.code)) return false;
    throw error;
  }
};

const NOT_AT_HAND: ReadonlySet<string> = new Set(['TL0002', 'TL0306', 'TL0307']);
