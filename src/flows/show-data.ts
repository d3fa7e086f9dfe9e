/** Shows the snapshots of a project, one of them, or one file of it with the proof that it belongs to it. */
import { TrainlockError, escapeControl } from '#base';
import type { Erasure, Snapshot } from '#snapshot';
import { askStore, type DamagedSnapshot, type Store } from '#store';
import { type DataPlace, findData } from './data/find-data.ts';
import { type ListedFile, listedFile } from './data/listed-file.ts';

export type ShowDataRequest = DataPlace & { readonly storeFolder: string; readonly now: string; readonly reference?: string; readonly file?: string };

/** A snapshot of the store with what was stated about the erasure of its data, the oldest first. */
export type ListedSnapshot = { readonly sha256: string; readonly path: string; readonly snapshot: Snapshot; readonly erased: readonly Erasure[] };

export type ShownData =
  | { readonly kind: 'all'; readonly snapshots: readonly ListedSnapshot[]; readonly damaged: readonly DamagedSnapshot[] }
  | { readonly kind: 'one'; readonly title: string; readonly sha256?: string; readonly snapshot: Snapshot; readonly erased: readonly Erasure[] }
  | { readonly kind: 'file'; readonly title: string; readonly file: ListedFile; readonly erased: readonly Erasure[] };

/** Throws TL0811 if there is no such snapshot or file, TL0814 if the document of the snapshot is damaged. */
export const showData = (request: ShowDataRequest): Promise<ShownData> => askStore(request, (store) => shownIn(store, request));

const shownIn = async (store: Store, request: ShowDataRequest): Promise<ShownData> => {
  if (request.reference === undefined) return { kind: 'all', ...(await listedSnapshots(store)) };
  const data = await findData(store, request.reference, request);
  const erased = await store.erasuresOf(data.snapshot.list.sha256);
  if (request.file === undefined) {
    return { kind: 'one', title: data.title, ...(data.record === undefined ? {} : { sha256: data.record.sha256 }), snapshot: data.snapshot, erased };
  }
  const file = await listedFile(store, data.snapshot.list, request.file);
  if (file === undefined)
    throw new TrainlockError('TL0811', `${escapeControl(data.title)} has no file ${escapeControl(request.file)}`, { fix: `trainlock data show ${data.title}` });
  return { kind: 'file', title: data.title, file, erased };
};

const listedSnapshots = async (store: Store): Promise<{ readonly snapshots: readonly ListedSnapshot[]; readonly damaged: readonly DamagedSnapshot[] }> => {
  const { snapshots, damaged } = await store.snapshots();
  const erasures = await store.erasures();
  return { snapshots: snapshots.map((record) => ({ ...record, erased: erasures.filter(({ listSha256 }) => listSha256 === record.snapshot.list.sha256) })), damaged };
};
