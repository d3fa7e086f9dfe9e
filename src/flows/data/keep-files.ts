import { nameInside, type FileEntry } from '#digest';
import type { OnProgress } from '#files';
import type { Store } from '#store';
import { rootOf } from './entries-of.ts';

export type KeptFiles = {
  readonly kept: number;
  /** Bytes of the files that are kept, and of the objects that hold them: fewer where these are compressed. Bytes that the file system shares count too. */
  readonly keptBytes: number;
  readonly storedBytes: number;
  /** Files whose bytes are not (any more) those of the list, or that cannot be read. */
  readonly failed: readonly { readonly path: string; readonly reason: string }[];
};

/** Small files that are copied at the same time: each copy is on disk before it has its name, and waiting for many of them costs hardly more than for one. */
const SMALL_AT_ONCE = 32;

/** Large files: compressing takes memory and a processor for each. */
const LARGE_AT_ONCE = 4;

/** From here on a file is large. Unit: byte. */
const LARGE_BYTES = 1024 * 1024;

/** Puts the bytes of listed files into the store; bytes that are there already are not copied. What is kept has the digest of the list. Throws TL0003. */
export const keepFiles = async (
  store: Store,
  place: string,
  { entries, onProgress }: { readonly entries: readonly FileEntry[]; readonly onProgress?: OnProgress },
): Promise<KeptFiles> => {
  const root = { path: rootOf(place) };
  const totalBytes = entries.reduce((sum, { size }) => sum + size, 0);
  const failed: { path: string; reason: string }[] = [];
  const unsynced = new Set<string>();
  let [files, bytes, kept, keptBytes, storedBytes] = [0, 0, 0, 0, 0];
  const keepOne = async (entry: FileEntry): Promise<void> => {
    const file = nameInside(root, entry.raw === undefined ? { path: entry.path } : { path: entry.path, raw: entry.raw });
    const outcome = await store.putObjectFile(file, { expected: entry.sha256, unsynced });
    if (outcome.kind === 'kept') {
      kept += 1;
      keptBytes += outcome.sizeBytes;
      storedBytes += outcome.storedBytes;
    } else failed.push({ path: entry.path, reason: outcome.kind === 'changed' ? 'it changed after its bytes were recorded' : outcome.reason });
    files += 1;
    bytes += entry.size;
    onProgress?.({ files, totalFiles: entries.length, bytes, totalBytes });
  };
  const keepAll = async (some: readonly FileEntry[], atOnce: number): Promise<void> => {
    let next = 0;
    const keepMany = async (): Promise<void> => {
      for (let entry = some[next++]; entry !== undefined; entry = some[next++]) await keepOne(entry);
    };
    await Promise.all(Array.from({ length: atOnce }, keepMany));
  };
  await keepAll(
    entries.filter(({ size }) => size >= LARGE_BYTES),
    LARGE_AT_ONCE,
  );
  await keepAll(
    entries.filter(({ size }) => size < LARGE_BYTES),
    SMALL_AT_ONCE,
  );
  await store.syncFolders(unsynced);
  return { kept, keptBytes, storedBytes, failed };
};
