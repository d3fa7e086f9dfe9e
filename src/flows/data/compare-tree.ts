import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countOf, formatBytes } from '#base';
import { compareWithList, type ListComparison, makeTemporaryFolder, type TakenTree, takeTree, type TakeTreeOptions, type TreeLines, TreeTooLarge } from '#files';
import type { Store } from '#store';
import type { DifferingEntries } from './differing-entries.ts';
import { damagedList } from './entries-of.ts';

/** What a list says of itself. */
export type WantedList = { readonly sha256: string; readonly fileCount: number; readonly totalBytes: number };

export type ComparedTree = {
  readonly kind: 'compared';
  readonly tree: TakenTree;
  /** Lines that only the list or only the tree has; undefined if the list is not in the store, so that they cannot be told. `cut`: there are more. */
  readonly differing: (DifferingEntries & { readonly cut: boolean }) | undefined;
};

/** What lies there is so much more than the list names that nobody read it to the end. */
export type TooMuch = { readonly kind: 'too-much'; readonly because: string };

const NOTHING: ComparedTree['differing'] = { before: [], after: [], cut: false };

/** What may lie there beyond what a list names before the reading ends: a record is hostile, and may name the root of the disk. */
const MORE_FILES = 200_000;
const MORE_BYTES = 64 * 1024 ** 3;

/**
 * Reads every file at a place, whatever a cache says, and compares what is there with a list of the store. Nothing is written. Throws
 * TL0307 if they differ and the list is damaged.
 */
export const compareTree = async (
  store: Store,
  place: string,
  { list: wanted, ...options }: Pick<TakeTreeOptions, 'ignore' | 'onProgress' | 'signal'> & { readonly list: WantedList },
): Promise<ComparedTree | TooMuch> => {
  const { sha256 } = wanted;
  const list = await plainList(store, sha256);
  const comparison = list === undefined ? undefined : compareWithList(list.path);
  const damage = new Set<string>();
  try {
    const tree = await takeTree(place, {
      ...options,
      most: { files: wanted.fileCount + MORE_FILES, bytes: wanted.totalBytes + MORE_BYTES },
      ...(comparison === undefined ? {} : { onLines: tolerantly(comparison, damage) }),
    });
    if (tree.identity.listSha256 === sha256) return { kind: 'compared', tree, differing: NOTHING };
    if (comparison === undefined) return { kind: 'compared', tree, differing: undefined };
    const { listSha256, ...differing } = finished(comparison, damage, sha256);
    if (listSha256 !== sha256) throw damagedList(sha256, ['its bytes are not those of its digest']);
    return { kind: 'compared', tree, differing };
  } catch (error) {
    if (error instanceof TreeTooLarge) return { kind: 'too-much', because: tooMuch(wanted) };
    throw error;
  } finally {
    comparison?.close();
    await list?.remove();
  }
};

/** A list that lies compressed in the store is unpacked for the comparison. */
const plainList = async (store: Store, sha256: string): Promise<{ readonly path: string; readonly remove: () => Promise<void> } | undefined> => {
  const plain = await store.plainPath(sha256);
  if (plain !== undefined) return { path: plain, remove: async () => undefined };
  if (!(await store.hasObject(sha256))) return undefined;
  const folder = await makeTemporaryFolder(tmpdir(), 'trainlock-list-');
  try {
    const path = join(folder.path, sha256);
    await store.copyObject({ sha256, sizeBytes: await store.objectSize(sha256) }, path);
    return { path, remove: folder.remove };
  } catch (error) {
    await folder.remove();
    throw error;
  }
};

const tooMuch = ({ fileCount, totalBytes }: WantedList): string =>
  `more than ${MORE_FILES} files or ${formatBytes(MORE_BYTES)} lie there beside the ${countOf(fileCount, 'file')} (${formatBytes(totalBytes)}) that were recorded`;

/** A damaged list is no reason to stop: the digests alone tell whether the files are the same. */
const tolerantly =
  (comparison: ListComparison, damage: Set<string>) =>
  (lines: TreeLines): void => {
    if (damage.size > 0) return;
    try {
      comparison.lines(lines);
    } catch (error) {
      damage.add((error as Error).message);
    }
  };

const finished = (comparison: ListComparison, damage: ReadonlySet<string>, sha256: string): ReturnType<ListComparison['finish']> => {
  if (damage.size > 0) throw damagedList(sha256, [...damage]);
  try {
    return comparison.finish();
  } catch (error) {
    throw damagedList(sha256, [(error as Error).message]);
  }
};
