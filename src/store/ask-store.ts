import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemporaryFolder } from '#files';
import { openStore, type Store, type StoreLocation } from './open-store.ts';
import { hashObjects } from './prove-object.ts';
import { adoptDraft, draftObject, putObject } from './put-object.ts';
import { copyObject, hasObject, objectSize, plainPath, readObject, readObjectRange } from './read-object.ts';
import { isThereAndWritable } from './store-folder.ts';

/**
 * Opens a store for a question. What the question needs to write down on its way (the list of a folder as it is now) goes into the
 * store where there is one that can be written, so that the next question finds it; else into a temporary folder: a question about a
 * store on a read-only disk can be answered, and one about no store leaves none behind.
 */
export const askStore = async <T>(location: StoreLocation, ask: (store: Store) => Promise<T>): Promise<T> => {
  const store = await openStore(location);
  if (await isThereAndWritable(store.root)) return ask(store);
  const { path, remove } = await makeTemporaryFolder(tmpdir(), 'trainlock-ask-');
  try {
    return await ask(withScratch(store, join(path, 'store')));
  } finally {
    await remove();
  }
};

/** A store whose new objects lie in another folder. */
const withScratch = (store: Store, scratch: string): Store => {
  const placeOf = async (sha256: string): Promise<string> => ((await hasObject(scratch, sha256)) ? scratch : store.root);
  return {
    ...store,
    putObject: (bytes) => putObject(scratch, bytes),
    draftObject: () => draftObject(scratch),
    adoptDraft: (draft, sha256) => adoptDraft(scratch, draft, sha256),
    hasObject: async (sha256) => hasObject(await placeOf(sha256), sha256),
    objectSize: async (sha256) => objectSize(await placeOf(sha256), sha256),
    plainPath: async (sha256) => plainPath(await placeOf(sha256), sha256),
    readObject: async (sha256, maxBytes) =>
      (await hasObject(scratch, sha256)) ? readObject(scratch, sha256, maxBytes ?? Number.MAX_SAFE_INTEGER) : store.readObject(sha256, maxBytes),
    readObjectRange: async (sha256, range) => readObjectRange(await placeOf(sha256), sha256, range),
    copyObject: async (object, path) => copyObject(await placeOf(object.sha256), object, path),
    hashObjects: async (digests) => Promise.all(digests.map(async (sha256) => (await hashObjects(await placeOf(sha256), [sha256]))[0]!)),
    statCachePath: (root) => join(scratch, 'cache', 'stat', store.statCachePath(root).split('/').at(-1)!),
  };
};
