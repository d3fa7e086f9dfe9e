/** Sends a snapshot to a folder or bucket: its files first, its document last, so that what can be found there is whole. */
import { statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countOf, escapeControl, TrainlockError } from '#base';
import { makeTemporaryFolder, type OnProgress } from '#files';
import { openRemote, parseRemoteAddress, type Remote, type TransferObject, transferObjects, type TransferResult } from '#remote';
import { openStore, type Store } from '#store';
import { type DataPlace, findData, type FoundData } from './data/find-data.ts';
import { entriesOf } from './data/entries-of.ts';
import { documentName, objectName } from './data/remote-names.ts';
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

/** What became of many objects, as values. */
export type Moved = {
  readonly title: string;
  /** Without credentials. */
  readonly address: string;
  readonly moved: number;
  readonly movedBytes: number;
  readonly present: number;
  readonly failures: readonly { readonly name: string; readonly reason: string }[];
  /** Whether everything is there now. */
  readonly complete: boolean;
};

/** Throws TL0811 if there is no such snapshot, TL0801 to TL0805 if the remote cannot be used. Single failures are in the result; the same call continues. */
export const pushData = async (request: PushDataRequest): Promise<Moved> => {
  const store = await openStore({ projectRoot: request.projectRoot, storeFolder: request.storeFolder });
  const data = await findData(store, request.reference, request);
  if (data.record === undefined)
    throw new TrainlockError('TL0811', `${escapeControl(data.title)} is no snapshot of the store`, { fix: `trainlock snapshot ${data.kind === 'path' ? data.title : 'PATH'}` });
  await makeTarget(request.to);
  const remote = await openRemote(request.to);
  const missing: string[] = [];
  const objects = await withFolder((folder) =>
    transferObjects({ direction: 'push', remote, objects: objectsOf(store, data, { missing, folder }), ...told(request, data.snapshot.list) }),
  );
  const failures = [...missing.map((path) => ({ name: path, reason: 'its bytes are not at hand any more' })), ...reasonsOf(objects)];
  const whole = failures.length === 0 && objects.end === 'done';
  const document = whole ? await sendDocument(remote, data) : undefined;
  return {
    title: data.title,
    address: remote.address,
    moved: objects.moved + (document?.moved ?? 0),
    movedBytes: objects.movedBytes + (document?.movedBytes ?? 0),
    present: objects.present + (document?.present ?? 0),
    failures: [...failures, ...(document === undefined ? [] : reasonsOf(document))],
    complete: whole && document?.failures.length === 0,
  };
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

export const reasonsOf = ({ failures, end }: TransferResult): Moved['failures'] => [
  ...failures.map(({ name, error }) => ({ name, reason: error.message })),
  ...(end === 'given-up' ? [{ name: 'the rest', reason: `given up after ${countOf(failures.length, 'failure')}` }] : []),
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
type Aside = { readonly folder: string; readonly missing: string[] };

/** Lists and files of a snapshot; each digest once. At a remote they are plain, so that anybody can check them by their names. */
async function* objectsOf(store: Store, data: FoundData, { missing, folder }: Aside): AsyncGenerator<TransferObject> {
  const { list } = data.snapshot;
  for (const sha256 of [list.sha256, list.indexSha256, list.chunksSha256]) if (sha256 !== undefined) yield listObject(store, sha256, folder);
  const seen = new Set<string>();
  for (const entry of await entriesOf(store, list)) {
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

const sendDocument = (remote: Remote, { record }: FoundData): Promise<TransferResult> =>
  transferObjects({ direction: 'push', remote, objects: [{ name: documentName(record!), path: record!.path, sha256: record!.sha256, sizeBytes: statSync(record!.path).size }] });
