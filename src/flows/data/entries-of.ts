import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { TrainlockError } from '#base';
import { type FileEntry, readFileList } from '#digest';
import type { Snapshot } from '#snapshot';
import type { Store } from '#store';

/** A list of this size is read whole. Unit: byte. */
export const MAX_LIST = 2 ** 31;

/** The error for a list whose bytes are no list. */
export const damagedList = (sha256: string, notes: readonly string[]): TrainlockError =>
  new TrainlockError('TL0307', `the file list ${sha256} is damaged`, { notes, fix: 'take the snapshot again, or bring it from a copy of the store' });

/** The entries of a list of the store. Throws TL0306, TL0307. */
export const entriesOf = async (store: Store, { sha256 }: Pick<Snapshot['list'], 'sha256'>): Promise<readonly FileEntry[]> => {
  const reading = readFileList(await store.readObject(sha256, MAX_LIST));
  if (reading.kind === 'rejected')
    throw damagedList(
      sha256,
      reading.problems.map(({ message }) => message),
    );
  return reading.value;
};

/** The folder that the names of a list count from: that of the file, if a single file was taken. */
export const rootOf = (place: string): string => (statSync(place, { throwIfNoEntry: false })?.isFile() === true ? dirname(place) : place);
