/** Brings a snapshot from a folder or bucket into the store: its files first, its document last. */
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellWord, toHex, TrainlockError } from '#base';
import { type FileEntry, folderIndexOf, indexOfList, treeRootOf } from '#digest';
import { makeTemporaryFolder, nodeCrypto, type OnProgress } from '#files';
import { openRemote, type Remote, type TransferObject, transferObjects } from '#remote';
import { readSnapshot, type Snapshot } from '#snapshot';
import { type DamagedSnapshot, findSnapshot, noSnapshot, openStore, type SnapshotListing, type SnapshotRecord, type Store } from '#store';
import { entriesOf, MAX_LIST } from './data/entries-of.ts';
import { erasuresAt } from './data/erasures-at.ts';
import { erasureNote } from './data/erasure-notes.ts';
import { isOfOne } from './data/remote-fault.ts';
import { digestInName, DOCUMENTS, objectName } from './data/remote-names.ts';
import { type Moved, reasonsOf, told } from './push-data.ts';

/** Larger documents are not read. Unit: byte. */
const MAX_DOCUMENT = 64 * 1024 * 1024;

export type PullDataRequest = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly reference: string;
  readonly from: string;
  readonly jobs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
};

/**
 * Throws TL0811 if the remote has no such snapshot, TL0801 to TL0805 if it cannot be used. Single failures are in the result; the same call
 * continues. Of data that was stated as erased, here or there, the statement is brought, and never the bytes.
 */
export const pullData = async (request: PullDataRequest): Promise<Moved> => {
  const store = await openStore({ projectRoot: request.projectRoot, storeFolder: request.storeFolder, purpose: 'record' });
  const remote = await openRemote(request.from);
  const listing = await documentsOf(store, remote);
  const record = findSnapshot(listing, request.reference, (older) => `trainlock data pull ${older} ${shellWord(remote.address)}`);
  if (record === undefined) throw noSnapshot(listing, request.reference);
  const { list } = record.snapshot;
  const lists = await transferObjects({ direction: 'pull', remote, objects: await listsOf(store, remote, list) });
  const failed = reasonsOf(lists);
  const base = { title: record.snapshot.name ?? record.sha256.slice(0, 12), address: remote.address };
  if (failed.length > 0) return { ...base, moved: lists.moved, movedBytes: lists.movedBytes, present: lists.present, failures: failed, notes: [], complete: false };
  const entries = await fittingEntries(store, list);
  for (const erasure of await erasuresAt(remote, list.sha256)) await store.putErasure(erasure);
  const erasures = await store.erasuresOf(list.sha256);
  const files = await transferObjects({ direction: 'pull', remote, objects: erasures.length > 0 ? [] : await filesOf(store, entries), ...told(request, list) });
  const failures = reasonsOf(files);
  const complete = failures.length === 0 && files.end === 'done';
  if (complete) await store.putSnapshot(record.snapshot);
  return {
    ...base,
    moved: lists.moved + files.moved,
    movedBytes: lists.movedBytes + files.movedBytes,
    present: lists.present + files.present,
    failures,
    notes: [...store.findings.map(({ message }) => message), ...erasures.slice(-1).map((erasure) => `${erasureNote(erasure)}; its bytes were not brought`)],
    complete,
  };
};

/** The documents of a remote: bytes of somebody else until they are read and fit their names. */
const documentsOf = async (store: Store, remote: Remote): Promise<SnapshotListing> => {
  const known = new Map((await store.snapshots()).snapshots.map((record) => [record.sha256, record]));
  const { path: folder, remove } = await makeTemporaryFolder(tmpdir(), 'trainlock-pull-');
  const snapshots: SnapshotRecord[] = [];
  const damaged: DamagedSnapshot[] = [];
  try {
    for await (const { name, sizeBytes } of remote.list(DOCUMENTS)) {
      const sha256 = digestInName(name);
      if (sha256 === undefined || sizeBytes > MAX_DOCUMENT) continue;
      const path = join(folder, `${sha256}.json`);
      const local = known.get(sha256);
      // One that is damaged there is no reason not to bring another.
      const isHere = local !== undefined || (await remote.getFile(name, path, { sha256, sizeBytes }).then(() => true, isOfOne));
      if (!isHere) {
        damaged.push({ path: name, reason: 'its bytes are not those that its name states' });
        continue;
      }
      const reading = local === undefined ? readSnapshot(await readFile(path)) : { kind: 'accepted' as const, value: local.snapshot };
      if (reading.kind === 'accepted') snapshots.push({ sha256, path, snapshot: reading.value });
      else damaged.push({ path: name, reason: reading.kind === 'newer' ? `a newer trainlock wrote it (schema ${reading.schemaVersion})` : 'it is no snapshot' });
    }
    return { snapshots: snapshots.sort((a, b) => (a.snapshot.takenAt < b.snapshot.takenAt ? -1 : 1)), damaged };
  } finally {
    await remove();
  }
};

const listsOf = async (store: Store, remote: Remote, list: Snapshot['list']): Promise<readonly TransferObject[]> => {
  const objects: TransferObject[] = [];
  for (const sha256 of [list.sha256, list.indexSha256, list.chunksSha256]) {
    if (sha256 === undefined) continue;
    // The size of a list is in no document; the digest decides.
    const sizeBytes = (await sizeHere(store, sha256)) || ((await remote.size(objectName(sha256))) ?? 0);
    objects.push(await objectOf(store, sha256, sizeBytes));
  }
  return objects;
};

/** The entries of a list. The figures and the index of a document are claims of somebody else: they must be those of its list. Throws TL0307. */
const fittingEntries = async (store: Store, list: Snapshot['list']): Promise<readonly FileEntry[]> => {
  const entries = await entriesOf(store, list);
  const bytes = await store.readObject(list.sha256, MAX_LIST);
  const root = treeRootOf(bytes, nodeCrypto);
  const index = folderIndexOf(indexOfList(bytes, nodeCrypto));
  const fits =
    root.root === list.treeRoot &&
    entries.length === list.fileCount &&
    entries.reduce((sum, { size }) => sum + size, 0) === list.totalBytes &&
    (list.indexSha256 === undefined || toHex(nodeCrypto.sha256(index)) === list.indexSha256);
  if (!fits)
    throw new TrainlockError('TL0307', 'the document does not fit its list: root, figures or index are of something else', {
      where: list.sha256,
      fix: 'ask whoever sent it for another copy',
    });
  return entries;
};

const filesOf = async (store: Store, entries: readonly FileEntry[]): Promise<readonly TransferObject[]> => {
  const once = new Map(entries.map(({ sha256, size }) => [sha256, size]));
  const objects: TransferObject[] = [];
  for (const [sha256, sizeBytes] of once) objects.push(await objectOf(store, sha256, sizeBytes));
  return objects;
};

/** What is brought lies plain in the store, whatever is there compressed stays so. */
const objectOf = async (store: Store, sha256: string, sizeBytes: number): Promise<TransferObject> => ({
  name: objectName(sha256),
  path: await store.placeForObject(sha256),
  sha256,
  sizeBytes,
  isHere: sizeBytes > 0 && (await sizeHere(store, sha256)) === sizeBytes,
});

/** 0 also if it is not kept, or so damaged that it does not say its size. */
const sizeHere = (store: Store, sha256: string): Promise<number> => store.objectSize(sha256).catch(() => 0);
