/** Makes the index of runs anew from their records. */
import { openStore } from '#store';

export type RebuiltIndex = { readonly finished: number; readonly unfinished: number; readonly damaged: readonly { readonly folder: string; readonly reason: string }[] };

/** Throws TL0003 if the store cannot be written. */
export const rebuildIndex = async (options: { readonly projectRoot: string; readonly storeFolder: string }): Promise<RebuiltIndex> => {
  const store = await openStore(options);
  const runs = await store.rebuildIndex();
  const damaged = runs.filter((run) => run.state === 'damaged').map((run) => ({ folder: run.folder.path, reason: run.reason ?? '' }));
  const finished = runs.filter((run) => run.state === 'finished').length;
  return { finished, unfinished: runs.length - finished - damaged.length, damaged };
};
