import { nameInside, type FileEntry } from '#digest';
import type { OnProgress } from '#files';
import type { Store } from '#store';
import { rootOf } from './entries-of.ts';

export type KeptFiles = {
  readonly kept: number;
  /** Files whose bytes are not (any more) those of the list, or that cannot be read. */
  readonly failed: readonly { readonly path: string; readonly reason: string }[];
};

/** Files that are copied at the same time. */
const AT_ONCE = 32;

/** Puts the bytes of listed files into the store; bytes that are there already are not copied. What is kept has the digest of the list. Throws TL0003. */
export const keepFiles = async (
  store: Store,
  place: string,
  { entries, onProgress }: { readonly entries: readonly FileEntry[]; readonly onProgress?: OnProgress },
): Promise<KeptFiles> => {
  const root = { path: rootOf(place) };
  const totalBytes = entries.reduce((sum, { size }) => sum + size, 0);
  const failed: { path: string; reason: string }[] = [];
  let [files, bytes, kept] = [0, 0, 0];
  let next = 0;
  const keepOne = async (entry: FileEntry): Promise<void> => {
    const file = nameInside(root, entry.raw === undefined ? { path: entry.path } : { path: entry.path, raw: entry.raw });
    const outcome = await store.putObjectFile(file, entry.sha256);
    if (outcome.kind === 'kept') kept += 1;
    else failed.push({ path: entry.path, reason: outcome.kind === 'changed' ? 'it changed after its bytes were recorded' : outcome.reason });
    files += 1;
    bytes += entry.size;
    onProgress?.({ files, totalFiles: entries.length, bytes, totalBytes });
  };
  const keepMany = async (): Promise<void> => {
    for (let entry = entries[next++]; entry !== undefined; entry = entries[next++]) await keepOne(entry);
  };
  // Each copy is on disk before it counts. Waiting for many of them at once costs hardly more than waiting for one.
  await Promise.all(Array.from({ length: AT_ONCE }, keepMany));
  return { kept, failed };
};
