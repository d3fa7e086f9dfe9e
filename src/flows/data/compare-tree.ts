import { compareWithList, type ListComparison, type TakenTree, takeTree, type TakeTreeOptions, type TreeLines } from '#files';
import type { Store } from '#store';
import type { DifferingEntries } from './differing-entries.ts';
import { damagedList } from './entries-of.ts';

export type ComparedTree = {
  readonly tree: TakenTree;
  /** Lines that only the list or only the tree has; undefined if the list is not in the store, so that they cannot be told. */
  readonly differing: DifferingEntries | undefined;
};

const NOTHING: DifferingEntries = { before: [], after: [] };

/**
 * Reads every file at a place, whatever a cache says, and compares what is there with a list of the store. Nothing is written. Throws
 * TL0307 if they differ and the list is damaged.
 */
export const compareTree = async (
  store: Store,
  place: string,
  { sha256, ...options }: Pick<TakeTreeOptions, 'ignore' | 'onProgress' | 'signal'> & { readonly sha256: string },
): Promise<ComparedTree> => {
  const list = await store.plainPath(sha256);
  const comparison = list === undefined ? undefined : compareWithList(list);
  try {
    const damage = new Set<string>();
    const tree = await takeTree(place, { ...options, ...(comparison === undefined ? {} : { onLines: tolerantly(comparison, damage) }) });
    if (tree.identity.listSha256 === sha256) return { tree, differing: NOTHING };
    if (comparison === undefined) return { tree, differing: undefined };
    const { listSha256, ...differing } = finished(comparison, damage, sha256);
    if (listSha256 !== sha256) throw damagedList(sha256, ['its bytes are not those of its digest']);
    return { tree, differing };
  } finally {
    comparison?.close();
  }
};

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
