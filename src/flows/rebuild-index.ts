/** Makes the index of runs anew from their records. */
import { openStore, type RunState } from '#store';

export type RebuiltIndex = {
  readonly finished: number;
  readonly unfinished: number;
  /** Of a later schema: not judged here. */ readonly newer: readonly UnreadRun[];
  readonly damaged: readonly UnreadRun[];
};

type UnreadRun = { readonly folder: string; readonly reason: string };

/** Throws TL0003 if the store cannot be written. */
export const rebuildIndex = async (options: { readonly projectRoot: string; readonly storeFolder: string }): Promise<RebuiltIndex> => {
  const store = await openStore(options);
  const runs = await store.rebuildIndex();
  const unread = (state: RunState): readonly UnreadRun[] => runs.filter((run) => run.state === state).map((run) => ({ folder: run.folder.path, reason: run.reason ?? '' }));
  const [newer, damaged] = [unread('newer'), unread('damaged')];
  const finished = runs.filter((run) => run.state === 'finished').length;
  return { finished, unfinished: runs.length - finished - newer.length - damaged.length, newer, damaged };
};
