/** Compares two or more runs: their manifests, and the bytes of code that differs as far as the store has them. */
import { TrainlockError } from '#base';
import { type Comparison, compareManifests, wantedBytes, withPatches } from '#diff';
import type { Manifest } from '#manifest';
import { openStore, type Store } from '#store';

export type DiffOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  /** At least two; the first is the reference. */
  readonly references: readonly string[];
};

/** Longest code file that is shown line by line. Unit: byte. */
const MAX_CODE = 1024 * 1024;

/** Throws TL0001 for fewer than two runs, and as the store does for each of them. */
export const diffRuns = async (options: DiffOptions): Promise<Comparison> => {
  const store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder });
  const manifests: Manifest[] = [];
  for (const reference of options.references) manifests.push(await (await store.find(reference, options.workingDirectory)).manifest());
  const [first, second, ...others] = manifests;
  if (first === undefined || second === undefined) throw new TrainlockError('TL0001', 'a comparison needs two runs', { fix: 'trainlock diff last~1 last' });
  const comparison = compareManifests([first, second, ...others]);
  return withPatches(comparison, await bytesOf(store, wantedBytes(comparison)));
};

/** What the store does not have is simply not shown: the digests already say that it differs. */
const bytesOf = async (store: Store, digests: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> => {
  const found = new Map<string, Uint8Array>();
  for (const sha256 of digests) {
    const bytes = await store.readObject(sha256, MAX_CODE).catch(() => undefined);
    if (bytes !== undefined) found.set(sha256, bytes);
  }
  return found;
};
