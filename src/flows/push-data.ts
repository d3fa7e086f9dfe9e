/** Sends a snapshot to a folder or bucket: its files first, its document last, so that what can be found there is whole. */
import { statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countOf, escapeControl, shellWord, TrainlockError } from '#base';
import { makeTemporaryFolder, type OnProgress } from '#files';
import { openRemote, parseRemoteAddress, type Remote, type TransferObject, transferObjects, type TransferResult } from '#remote';
import type { Erasure } from '#snapshot';
import { openStore, type SnapshotRecord, type Store } from '#store';
import { erasuresAt } from './data/erasures-at.ts';
import { erasureNote } from './data/erasure-notes.ts';
import { type DataPlace, findData, type FoundData } from './data/find-data.ts';
import { entriesOf } from './data/entries-of.ts';
import { documentName, erasureDocument, objectName } from './data/remote-names.ts';
import { bytesOf, copyKept } from './data/view-files.ts';

export type PushDataRequest = DataPlace & {
  readonly storeFolder: string;
  readonly now: string;
  readonly reference: string;
  /** A folder, file:// or s3:// address. */
  readonly to: string;
  readonly jobs?: number;
  readonly signal?: AbortSignal;
};

/** An object that was not moved. */
export type NotMoved = {
  readonly name: string;
  readonly reason: string;
  /** Whether trying again cannot help. */
  readonly lasting: boolean;
};

/** What became of many objects, as values. */
export type Moved = {
  readonly title: string;
  /** Without credentials. */
  readonly address: string;
  readonly moved: number;
  readonly movedBytes: number;
  readonly present: number;
  readonly failures: readonly NotMoved[];
  /** What else should be known. */
  readonly notes: readonly string[];
  /** Whether everything that belongs to it is there now. */
  readonly complete: boolean;
};

/**
 * Throws TL0811 if there is no such data, TL0801 to TL0805 if the remote cannot be used. Single failures are in the result; the same call
 * continues. A data set of a run becomes a snapshot first. Of erased data the statement is sent, and never the bytes.
 */
export const pushData = async (request: PushDataRequest): Promise<Moved> => {
  const store = await openStore({ projectRoot: request.projectRoot, storeFolder: request.storeFolder });
  const data = await findData(store, request.reference, request);
  const record = await recordOf(store, data);
  await makeTarget(request.to);
  const remote = await openRemote(request.to);
  const { list } = record.snapshot;
  const { erasures, notes } = await statedErasures(store, remote, list.sha256);
  const missing: string[] = [];
  const objects = await withFolder((folder) =>
    transferObjects({ direction: 'push', remote, objects: objectsOf(store, data, { missing, folder, withFiles: erasures.length === 0 }), ...told(request, list) }),
  );
  const failures = [...missing.map((path) => ({ name: path, reason: 'its bytes are not at hand any more', lasting: true })), ...reasonsOf(objects)];
  const whole = failures.length === 0 && objects.end === 'done';
  const documents = whole ? await withFolder((folder) => sendDocuments(remote, { record, erasures, folder })) : undefined;
  return {
    title: data.title,
    address: remote.address,
    moved: objects.moved + (documents?.moved ?? 0),
    movedBytes: objects.movedBytes + (documents?.movedBytes ?? 0),
    present: objects.present + (documents?.present ?? 0),
    failures: [...failures, ...(documents === undefined ? [] : reasonsOf(documents))],
    notes: [...notes, ...erasures.slice(-1).map((erasure) => `${erasureNote(erasure)}; its bytes were not sent, the statement was`)],
    complete: whole && documents?.failures.length === 0,
  };
};

/** What was stated here or there: bytes that were erased are not sent back. Who may write to a remote may not always list it. */
const statedErasures = async (store: Store, remote: Remote, listSha256: string): Promise<{ readonly erasures: readonly Erasure[]; readonly notes: readonly string[] }> => {
  const own = await store.erasuresOf(listSha256);
  const there = await erasuresAt(remote, listSha256).catch((error: unknown) => {
    if (error instanceof TrainlockError && error.code === 'TL0802') return undefined;
    throw error;
  });
  if (there === undefined) return { erasures: own, notes: ['whether this data was stated as erased there could not be asked for: the remote cannot be listed'] };
  // A store that can only be read does not learn of it.
  for (const erasure of there) await store.putErasure(erasure).catch(() => undefined);
  return { erasures: [...new Map([...own, ...there].map((erasure) => [erasureDocument(erasure).sha256, erasure])).values()], notes: [] };
};

/** The snapshot that is sent. Throws TL0811 for files as they are now. */
const recordOf = async (store: Store, { kind, title, snapshot, record }: FoundData): Promise<SnapshotRecord> => {
  if (record !== undefined) return record;
  if (kind === 'path') throw new TrainlockError('TL0811', `${escapeControl(title)} is no snapshot of the store`, { fix: `trainlock snapshot ${shellWord(title)}` });
  return store.putSnapshot(snapshot);
};

/** A new folder beside others is made; a whole path that is not there is rather a disk that is not mounted. */
const makeTarget = async (address: string): Promise<void> => {
  const target = parseRemoteAddress(address);
  if (target.kind === 'folder') await mkdir(target.path).catch(() => undefined);
};

/** The options of a transfer that both directions share. */
export const told = (
  { jobs, signal, onProgress }: Pick<PushDataRequest, 'jobs' | 'signal'> & { readonly onProgress?: OnProgress },
  total: { readonly fileCount: number; readonly totalBytes: number },
) => ({
  ...(jobs === undefined ? {} : { jobs }),
  ...(signal === undefined ? {} : { signal }),
  ...(onProgress === undefined
    ? {}
    : {
        onProgress: ({ objects, bytes }: { readonly objects: number; readonly bytes: number }) =>
          onProgress({ files: objects, totalFiles: total.fileCount, bytes, totalBytes: total.totalBytes }),
      }),
});

/** Not there, or other bytes than they should be: that does not change by itself. */
const LASTING: ReadonlySet<string> = new Set(['TL0803', 'TL0804', 'TL0306', 'TL0307']);

export const reasonsOf = ({ failures, end }: TransferResult): readonly NotMoved[] => [
  ...failures.map(({ name, error }) => ({ name, reason: error.message, lasting: LASTING.has(error.code) })),
  ...(end === 'given-up' ? [{ name: 'the rest', reason: `given up after ${countOf(failures.length, 'failure')}`, lasting: false }] : []),
];

/** A folder for what must be unpacked before it can be sent. */
const withFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const { path, remove } = await makeTemporaryFolder(tmpdir(), 'trainlock-push-');
  try {
    return await work(path);
  } finally {
    await remove();
  }
};

/** Where objects are unpacked, and paths of files whose bytes are nowhere. */
type Aside = { readonly folder: string; readonly missing: string[]; readonly withFiles: boolean };

/** Lists and files of a snapshot; each digest once. At a remote they are plain, so that anybody can check them by their names. */
async function* objectsOf(store: Store, data: FoundData, { missing, folder, withFiles }: Aside): AsyncGenerator<TransferObject> {
  const { list } = data.snapshot;
  for (const sha256 of [list.sha256, list.indexSha256, list.chunksSha256]) if (sha256 !== undefined) yield listObject(store, sha256, folder);
  const seen = new Set<string>();
  for (const entry of withFiles ? await entriesOf(store, list) : []) {
    if (seen.has(entry.sha256)) continue;
    seen.add(entry.sha256);
    const path = await bytesOf(store, data.place, entry);
    const facts = { sha256: entry.sha256, sizeBytes: entry.size };
    if (path !== undefined) yield { ...facts, name: objectName(entry.sha256), path };
    else {
      const unpacked = unpackedObject(facts, folder);
      if (await copyKept(store, entry, unpacked.path)) yield unpacked;
      else missing.push(entry.path);
    }
  }
}

/** A list of the store. Throws TL0306 if it is not kept. */
const listObject = async (store: Store, sha256: string, folder: string): Promise<TransferObject> => {
  const facts = { sha256, sizeBytes: await store.objectSize(sha256) };
  const path = await store.plainPath(sha256);
  if (path !== undefined) return { ...facts, name: objectName(sha256), path };
  const unpacked = unpackedObject(facts, folder);
  await store.copyObject(facts, unpacked.path);
  return unpacked;
};

const unpackedObject = (facts: Pick<TransferObject, 'sha256' | 'sizeBytes'>, folder: string): TransferObject => {
  const path = join(folder, facts.sha256);
  return { ...facts, name: objectName(facts.sha256), path, release: () => rm(path, { force: true }) };
};

type Documents = { readonly record: SnapshotRecord; readonly erasures: readonly Erasure[]; readonly folder: string };

/** The statements of erasures come before the document that they speak of. */
const sendDocuments = async (remote: Remote, { record, erasures, folder }: Documents): Promise<TransferResult> => {
  const objects: TransferObject[] = [];
  for (const erasure of erasures) {
    const { name, sha256, bytes } = erasureDocument(erasure);
    const path = join(folder, sha256);
    await writeFile(path, bytes);
    objects.push({ name, path, sha256, sizeBytes: bytes.length });
  }
  objects.push({ name: documentName(record), path: record.path, sha256: record.sha256, sizeBytes: statSync(record.path).size });
  return transferObjects({ direction: 'push', remote, objects, jobs: 1 });
};
