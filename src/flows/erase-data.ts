/** States that data was erased on purpose, and removes the stored copies of its files. */
import { TrainlockError } from '#base';
import { readFileList } from '#digest';
import { type Erasure, SNAPSHOT_SCHEMA_VERSION } from '#snapshot';
import { openStore, type Store } from '#store';
import { type DataPlace, findData } from './data/find-data.ts';

export type EraseRequest = DataPlace & {
  readonly storeFolder: string;
  readonly reference: string;
  readonly reason: string;
  /** Who states it. */
  readonly by: string;
  /** RFC 3339. */
  readonly now: string;
  readonly rowCount?: number;
  /** Snapshot of what is left; nothing is left if it is not given. */
  readonly replacement?: string;
  /** Say what would be done and do nothing. */
  readonly dryRun: boolean;
};

export type Erased = { readonly erasure: Erasure; readonly title: string; /** Absent for a dry run. */ readonly sha256?: string; readonly removable: number };

const MAX_LIST = 2 ** 31;

/** Files of the data itself are not touched: that is for its owner. Throws TL0811 if there is no such snapshot, TL0003. */
export const eraseData = async (request: EraseRequest): Promise<Erased> => {
  const store = await openStore({ projectRoot: request.projectRoot, storeFolder: request.storeFolder, purpose: 'record' });
  const data = await findData(store, request.reference, request);
  if (data.kind === 'path') throw new TrainlockError('TL0811', 'an erasure speaks of recorded data, not of files as they are now', { fix: 'trainlock data show' });
  const replacement = request.replacement === undefined ? undefined : (await findData(store, request.replacement, request)).snapshot.list;
  const removable = await storedOnlyFor(store, data.snapshot.list.sha256, replacement?.sha256);
  const erasure: Erasure = {
    schemaVersion: SNAPSHOT_SCHEMA_VERSION,
    erasedAt: request.now,
    by: request.by,
    reason: request.reason,
    listSha256: data.snapshot.list.sha256,
    treeRoot: data.snapshot.list.treeRoot,
    fileCount: data.snapshot.list.fileCount,
    ...(request.rowCount === undefined ? {} : { rowCount: request.rowCount }),
    ...(data.record === undefined ? {} : { snapshotSha256: data.record.sha256 }),
    ...(replacement === undefined ? {} : { replacementListSha256: replacement.sha256, replacementTreeRoot: replacement.treeRoot }),
    objectsRemoved: removable.length,
  };
  if (request.dryRun) return { erasure, title: data.title, removable: removable.length };
  // The statement comes first: copies that are gone without it would look like damage.
  const { sha256 } = await store.putErasure(erasure);
  for (const object of removable) await store.removeObject(object);
  return { erasure, title: data.title, sha256, removable: removable.length };
};

/** Stored copies of files that the erased list names and what is left does not. */
const storedOnlyFor = async (store: Store, list: string, replacement: string | undefined): Promise<readonly string[]> => {
  const left = new Set(replacement === undefined ? [] : await digestsIn(store, replacement));
  const erased = [...new Set(await digestsIn(store, list))].filter((sha256) => !left.has(sha256));
  const stored: string[] = [];
  for (const sha256 of erased) if (await store.hasObject(sha256)) stored.push(sha256);
  return stored;
};

const digestsIn = async (store: Store, list: string): Promise<readonly string[]> => {
  const reading = readFileList(await store.readObject(list, MAX_LIST));
  if (reading.kind === 'rejected') throw new TrainlockError('TL0307', `the file list ${list} is damaged`, { notes: reading.problems.map(({ message }) => message) });
  return reading.value.map(({ sha256 }) => sha256);
};
