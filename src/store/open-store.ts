import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TrainlockError } from '#base';
import { planTemporaryFolder } from '#files';
import { overlayStore } from './overlay-store.ts';
import type { Store } from './store.ts';
import { storeAt } from './store-at.ts';
import { findStorePlace, isThereAndWritable, writablePlace } from './store-folder.ts';

export type StoreLocation = {
  /** Absolute. */
  readonly projectRoot: string;
  /** Absolute; .trainlock in the project if nothing is said. */
  readonly storeFolder?: string;
  /** record: new runs are going to be written, a store that can only be read is of no use. */
  readonly purpose?: 'record';
};

/**
 * Opens the store of a project. Several processes may have it open at once. If the folder cannot be written, records go to a
 * temporary one, and `findings` says so; what is in the folder is found nevertheless.
 */
export const openStore = async (location: StoreLocation): Promise<Store> => {
  const wanted = location.storeFolder ?? join(location.projectRoot, '.trainlock');
  const found = await findStorePlace(wanted);
  const { root, findings } = location.purpose === 'record' ? await writablePlace(wanted, found) : found;
  const store = storeAt(root, findings);
  return root !== wanted && existsSync(wanted) ? overlayStore(store, storeAt(wanted, [])) : store;
};

/**
 * Opens a store for a question. What the question needs to write down on its way (the list of a folder as it is now) goes into the
 * store where there is one that can be written, so that the next question finds it; else into a temporary folder, which is made when
 * something is written: a question about a store on a read-only disk can be answered, and one about no store leaves none behind.
 */
export const askStore = async <T>(location: StoreLocation, ask: (store: Store) => Promise<T>): Promise<T> => {
  const store = await openStore(location);
  if (await isThereAndWritable(store.root)) return ask(store);
  const scratch = makeScratch();
  try {
    return await ask({ ...overlayStore(scratch.store, store), root: store.root, findings: store.findings });
  } finally {
    await scratch.remove();
  }
};

/** A store in a temporary folder, which is made when the first object is put. */
const makeScratch = (): { readonly store: Store; readonly remove: () => Promise<void> } => {
  const { path, make, remove } = planTemporaryFolder(tmpdir(), 'trainlock-ask-');
  const store = storeAt(join(path, 'store'), []);
  const made = (): Promise<void> =>
    make().catch((error: unknown) => {
      throw new TrainlockError('TL0003', 'neither the store nor the folder for temporary files can be written', {
        where: tmpdir(),
        fix: 'set TMPDIR to a folder that can be written',
        cause: error,
      });
    });
  return {
    store: {
      ...store,
      putObject: async (bytes) => {
        await made();
        return store.putObject(bytes);
      },
      draftObject: async () => {
        await made();
        return store.draftObject();
      },
    },
    remove,
  };
};
