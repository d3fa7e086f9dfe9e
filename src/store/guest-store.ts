import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { notWritable } from '#files';
import { overlayStore } from './overlay-store.ts';
import type { Store } from './store.ts';
import { storeAt } from './store-at.ts';
import { keptFolder, RUN_FILES, runName } from './store-layout.ts';

/** A store of a project with guests in front of it: records and objects that were brought for one question and do not stay. */
export type GuestStore = {
  readonly store: Store;
  /** Where the files of a record are to be laid, as records that git keeps: a name behind this beginning. Its folder is made. Throws TL0003. */
  readonly placeForRecord: (run: { readonly id: string; readonly startedAt: string }) => Promise<string>;
};

/** `folder` is a new one that goes when the question is answered. */
export const guestStore = (folder: string, back: Store): GuestStore => ({
  store: overlayStore(storeAt(folder, back.findings), back),
  placeForRecord: async ({ id, startedAt }) => {
    const kept = keptFolder(folder);
    const beginning = join(kept, runName(id, startedAt));
    for (const below of [kept, `${beginning}.${RUN_FILES.seals}`, `${beginning}.${RUN_FILES.proofs}`])
      await mkdir(below, { recursive: true }).catch((error: unknown) => {
        throw notWritable(below, error);
      });
    return `${beginning}.`;
  },
});
