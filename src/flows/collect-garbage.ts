/** Cleans a store up: finds what may go, and removes it if that is wanted. */
import { type Garbage, openStore, type Store } from '#store';
import { namedDigests } from './life/named-digests.ts';
import { retainedRuns } from './life/retained-runs.ts';

export type CollectOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Unit: ms. */
  readonly olderThanMs?: number;
  readonly keepLast?: number;
  /** How long records must be kept. Unit: day; 0: no rule. */
  readonly recordDays: number;
  /** Asked with what was found, before anything is removed. */
  readonly confirm: (found: CollectedGarbage) => Promise<boolean>;
};

export type CollectedGarbage = { readonly found: readonly Garbage[]; readonly sizeBytes: number; readonly removed: boolean; readonly storeRoot: string };

/** Nothing that a record or a statement of a person names is ever removed, nor a run that something retains. Throws TL0003. */
export const collectGarbage = async (options: CollectOptions): Promise<CollectedGarbage> => {
  const store: Store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder });
  const found = await store.findGarbage({
    nowMs: options.nowMs,
    retained: await retainedIds(store, options),
    named: await namedDigests(options.projectRoot),
    ...(options.olderThanMs === undefined ? {} : { olderThanMs: options.olderThanMs }),
    ...(options.keepLast === undefined ? {} : { keepLast: options.keepLast }),
  });
  const result = { found, sizeBytes: found.reduce((sum, item) => sum + item.sizeBytes, 0), removed: false, storeRoot: store.root };
  if (found.length === 0 || !(await options.confirm(result))) return result;
  await store.removeGarbage(found);
  return { ...result, removed: true };
};

/** Asked only where runs may go at all. */
const retainedIds = async (store: Store, { projectRoot, nowMs, recordDays, olderThanMs, keepLast }: CollectOptions): Promise<ReadonlySet<string>> => {
  if (olderThanMs === undefined && keepLast === undefined) return new Set();
  return new Set((await retainedRuns(await store.runs(), { projectRoot, nowMs, recordDays })).map(({ run }) => run.id));
};
