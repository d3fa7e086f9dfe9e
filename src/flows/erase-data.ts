/** States that data was erased on purpose, and removes the stored copies of its files. */
import { escapeControl, TrainlockError } from '#base';
import { type Erasure, SNAPSHOT_SCHEMA_VERSION } from '#snapshot';
import { openStore, shortId, type Store } from '#store';
import { listsOf, objectsOf } from '#verify';
import { entriesOf } from './data/entries-of.ts';
import { listDigestOf } from './data/data-set.ts';
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

export type Erased = {
  readonly erasure: Erasure;
  readonly title: string;
  /** Absent for a dry run. */
  readonly sha256?: string;
  readonly removable: number;
  /** What else names copies of these files; those copies stay. */
  readonly sharedWith: readonly string[];
};

/** Files of the data itself are not touched: that is for its owner. Throws TL0811 if there is no such snapshot, TL0003. */
export const eraseData = async (request: EraseRequest): Promise<Erased> => {
  const store = await openStore({ projectRoot: request.projectRoot, storeFolder: request.storeFolder, purpose: 'record' });
  // A copy that stays would make the statement untrue.
  if (store.roots.length > 1)
    throw new TrainlockError('TL0003', 'the store can be read only, so that nothing can be removed from it', {
      where: store.roots.at(-1)!,
      fix: 'erase where the store can be written',
    });
  const data = await findData(store, request.reference, request);
  if (data.kind === 'path') throw new TrainlockError('TL0811', 'an erasure speaks of recorded data, not of files as they are now', { fix: 'trainlock data show' });
  const replacement = request.replacement === undefined ? undefined : (await findData(store, request.replacement, request)).snapshot.list;
  if (replacement?.sha256 === data.snapshot.list.sha256)
    throw new TrainlockError('TL0001', `${escapeControl(request.replacement!)} holds the same files as ${escapeControl(data.title)}: nothing would be erased`, {
      fix: 'take a snapshot of what is left after the erasure, and name that',
    });
  const stored = await storedOnlyFor(store, data.snapshot.list.sha256, replacement?.sha256);
  const elsewhere = await namedElsewhere(store, data.snapshot.list.sha256);
  const removable = stored.filter((sha256) => !elsewhere.has(sha256));
  // Also what the replacement holds stays, and whatever else names it.
  const sharedWith = [...new Set((await digestsIn(store, data.snapshot.list.sha256)).flatMap((sha256) => elsewhere.get(sha256) ?? []))];
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
  if (request.dryRun) return { erasure, title: data.title, removable: removable.length, sharedWith };
  // The statement comes first: copies that are gone without it would look like damage.
  const { sha256 } = await store.putErasure(erasure);
  for (const object of removable) await store.removeObject(object);
  return { erasure, title: data.title, sha256, removable: removable.length, sharedWith };
};

/** Stored copies of files that the erased list names and what is left does not. */
const storedOnlyFor = async (store: Store, list: string, replacement: string | undefined): Promise<readonly string[]> => {
  const left = new Set(replacement === undefined ? [] : await digestsIn(store, replacement));
  const erased = [...new Set(await digestsIn(store, list))].filter((sha256) => !left.has(sha256));
  const stored: string[] = [];
  for (const sha256 of erased) if (await store.hasObject(sha256)) stored.push(sha256);
  return stored;
};

/** Digests that something else names: a snapshot with another list, code, outputs or other data of a run. With the names of what does. */
const namedElsewhere = async (store: Store, list: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  const named = new Map<string, string[]>();
  const note = (sha256: string, by: string): void => {
    const names = named.get(sha256);
    if (names === undefined) named.set(sha256, [by]);
    else if (!names.includes(by)) names.push(by);
  };
  for (const { sha256, snapshot } of (await store.snapshots()).snapshots) {
    if (snapshot.list.sha256 === list || !(await store.hasObject(snapshot.list.sha256))) continue;
    for (const one of await digestsIn(store, snapshot.list.sha256)) note(one, `snapshot ${snapshot.name ?? sha256.slice(0, 12)}`);
  }
  for (const run of (await store.runs()).filter(({ state }) => state === 'finished')) {
    const manifest = await run.manifest();
    const others = { ...manifest, data: manifest.data.filter((set) => listDigestOf(set, manifest) !== list) };
    const lists = new Map<string, Uint8Array>();
    for (const one of listsOf(others)) lists.set(one.sha256, await store.readObject(one.sha256).catch(() => new Uint8Array()));
    for (const { sha256 } of objectsOf(others, lists)) note(sha256, `run ${shortId(run.id)}`);
  }
  return named;
};

const digestsIn = async (store: Store, list: string): Promise<readonly string[]> => (await entriesOf(store, { sha256: list })).map(({ sha256 }) => sha256);
