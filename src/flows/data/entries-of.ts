import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { TrainlockError } from '#base';
import { entriesOfLines, type FileEntry } from '#digest';
import type { Snapshot } from '#snapshot';
import type { Store } from '#store';

/** A list of this size is read whole. Unit: byte. */
const MAX_LIST = 2 ** 31;

/** The entries of a list of the store. Throws TL0306, TL0307. */
export const entriesOf = async (store: Store, list: Snapshot['list']): Promise<readonly FileEntry[]> => {
  const bytes = await store.readObject(list.sha256, MAX_LIST);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  try {
    return text === '' ? [] : [...entriesOfLines(text.slice(0, -1).split('\n'))];
  } catch (error) {
    throw new TrainlockError('TL0307', `the file list ${list.sha256} is damaged`, {
      notes: [(error as Error).message],
      fix: 'take the snapshot again, or bring it from a copy of the store',
      cause: error,
    });
  }
};

/** The folder that the names of a list count from: that of the file, if a single file was taken. */
export const rootOf = (place: string): string => (statSync(place, { throwIfNoEntry: false })?.isFile() === true ? dirname(place) : place);
