/** Copies records to the folder that git tracks. */
import { type Kept, openStore, type RunRecord } from '#store';

export type KeepOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly references: readonly string[];
};

export type KeptRun = Kept & { readonly run: RunRecord };

/** Every reference is looked up before anything is copied. Throws TL0301, TL0302, TL0303, TL0003. */
export const keepRuns = async (options: KeepOptions): Promise<readonly KeptRun[]> => {
  const store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder });
  const runs: RunRecord[] = [];
  for (const reference of options.references) runs.push(await store.find(reference, options.workingDirectory));
  for (const run of runs) await run.manifest();
  const kept: KeptRun[] = [];
  for (const run of runs) kept.push({ run, ...(await store.keep(run)) });
  return kept;
};
