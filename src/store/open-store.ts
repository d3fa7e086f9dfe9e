import { dirname, join } from 'node:path';
import { toHex, TrainlockError, utf8 } from '#base';
import { type FilePath, nodeCrypto } from '#files';
import type { Manifest } from '#manifest';
import type { Erasure, Snapshot } from '#snapshot';
import { findGarbage, type Garbage, type GarbageOptions, removeGarbage } from './collect-garbage.ts';
import { createRun, writeStarted } from './create-run.ts';
import { erasuresOf, listErasures, putErasure } from './erasures.ts';
import { findRun } from './find-run.ts';
import { finishRun, writeEvidence } from './finish-run.ts';
import { type Kept, keepRun } from './keep-run.ts';
import { addMark, type MarkChange, type Marks } from './marks.ts';
import { type KeepOptions, type KeptFile, putObjectFile } from './keep-file.ts';
import { placeForObject, syncFolders } from './object-files.ts';
import { hashObjects, type ObjectEvidence, type ProvenBytes } from './prove-object.ts';
import { adoptDraft, draftObject, putObject } from './put-object.ts';
import { copyObject, hasObject, objectSize, plainPath, readObject, readObjectRange, removeObject } from './read-object.ts';
import { type RunRecord, shortId } from './run-record.ts';
import { scanRuns } from './scan-runs.ts';
import { listSnapshots, putSnapshot, type SnapshotListing, type SnapshotRecord } from './snapshots.ts';
import { findStorePlace, makeStore, type StoreFinding, writablePlace } from './store-folder.ts';
import { cacheFolder, rootsFolder, type RunFolder, runsFolder } from './store-layout.ts';

export type StoreLocation = {
  /** Absolute. */
  readonly projectRoot: string;
  /** Absolute; .trainlock in the project if nothing is said. */
  readonly storeFolder?: string;
  /** record: new runs are going to be written, a store that can only be read is of no use. */
  readonly purpose?: 'record';
};

/** The records of a project and the bytes they name. Nothing is made on disk before something is written. */
export type Store = {
  /** Absolute folder. */
  readonly root: string;
  readonly findings: readonly StoreFinding[];
  readonly createRun: (run: { readonly id: string; readonly startedAt: string }) => Promise<RunFolder>;
  readonly writeStarted: (folder: RunFolder, started: object) => Promise<void>;
  readonly writeEvidence: (folder: RunFolder, name: string, bytes: Uint8Array) => Promise<void>;
  readonly finishRun: (folder: RunFolder, record: { readonly statement: Uint8Array; readonly manifest: Manifest }) => Promise<void>;
  /** Where the entropy root of a run lies or would lie; its folder is for its owner alone. */
  readonly rootPath: (id: string) => string;
  /** Every run, the oldest first. */
  readonly runs: () => Promise<readonly RunRecord[]>;
  /** The run that a person means; see findRun. Relative paths count from the working directory, by default that of the process. */
  readonly find: (reference: string, workingDirectory?: string) => Promise<RunRecord>;
  readonly putObject: (bytes: Uint8Array) => Promise<string>;
  readonly putObjectFile: (file: FilePath, options?: KeepOptions) => Promise<KeptFile>;
  /** Makes the names of objects durable that were put with `unsynced`. */
  readonly syncFolders: (unsynced: ReadonlySet<string>) => Promise<void>;
  /** Verified bytes, at most maxBytes (default 256 MiB). */
  readonly readObject: (sha256: string, maxBytes?: number) => Promise<Uint8Array>;
  /** Bytes of an object from start up to but not including end, not verified. */
  readonly readObjectRange: (sha256: string, range: { readonly start: number; readonly end: number }) => Promise<Uint8Array>;
  readonly hasObject: (sha256: string) => Promise<boolean>;
  /** Size of the plain bytes of an object, 0 if it is not there. Unit: byte. */
  readonly objectSize: (sha256: string) => Promise<number>;
  /** Where an object lies, if its plain bytes lie there; undefined if it is compressed or not kept. Its content is not verified. */
  readonly plainPath: (sha256: string) => Promise<string | undefined>;
  /** Writes the proven bytes of an object to a new file, whatever form it has in the store. */
  readonly copyObject: (object: ProvenBytes, path: string) => Promise<void>;
  /** What lies in the store under digests, in their order. */
  readonly hashObjects: (digests: readonly string[]) => Promise<readonly ObjectEvidence[]>;
  /** A new file for something that becomes an object when it is finished; see adoptDraft. */
  readonly draftObject: () => Promise<string>;
  readonly adoptDraft: (draft: string, sha256: string) => Promise<void>;
  readonly putSnapshot: (snapshot: Snapshot) => Promise<SnapshotRecord>;
  /** Every snapshot, the oldest first, and the documents that cannot be read. */
  readonly snapshots: () => Promise<SnapshotListing>;
  readonly putErasure: (erasure: Erasure) => Promise<{ readonly sha256: string; readonly path: string }>;
  /** Every statement that data was erased, the oldest first. */
  readonly erasures: () => Promise<readonly Erasure[]>;
  /** What was stated about data with this file list, the oldest first. */
  readonly erasuresOf: (listSha256: string) => Promise<readonly Erasure[]>;
  /** Where the stat cache of a tree lies or would lie. */
  readonly statCachePath: (root: string) => string;
  /** Removes kept bytes; nothing happens if they are not there. */
  readonly removeObject: (sha256: string) => Promise<void>;
  /** Where an object will lie as plain bytes; its folder is made. */
  readonly placeForObject: (sha256: string) => Promise<string>;
  readonly mark: (run: RunRecord, change: MarkChange) => Promise<Marks>;
  readonly keep: (run: RunRecord) => Promise<Kept>;
  readonly findGarbage: (options: GarbageOptions) => Promise<readonly Garbage[]>;
  readonly removeGarbage: (garbage: readonly Garbage[]) => Promise<void>;
  /** Makes the index anew from the records; the runs that were found. */
  readonly rebuildIndex: () => Promise<readonly RunRecord[]>;
};

const MAX_OBJECT = 256 * 1024 * 1024;

/**
 * Opens the store of a project. Several processes may have it open at once. If the folder cannot be written, records go to a
 * temporary one, and `findings` says so.
 */
export const openStore = async (location: StoreLocation): Promise<Store> => {
  const wanted = location.storeFolder ?? join(location.projectRoot, '.trainlock');
  const place = await findStorePlace(wanted);
  const { root, findings } = location.purpose === 'record' ? await writablePlace(wanted, place) : place;
  const runs = (): Promise<readonly RunRecord[]> => scanRuns(root);
  return {
    root,
    findings,
    createRun: (run) => createRun(root, run),
    writeStarted,
    writeEvidence,
    finishRun,
    rootPath: (id) => join(rootsFolder(root), id),
    runs,
    find: async (reference, workingDirectory = process.cwd()) => findRun(await runs(), reference, workingDirectory),
    putObject: (bytes) => putObject(root, bytes),
    putObjectFile: (file, options) => putObjectFile(root, file, options),
    syncFolders,
    readObject: (sha256, maxBytes = MAX_OBJECT) => readObject(root, sha256, maxBytes),
    readObjectRange: (sha256, range) => readObjectRange(root, sha256, range),
    objectSize: (sha256) => objectSize(root, sha256),
    hasObject: (sha256) => hasObject(root, sha256),
    plainPath: (sha256) => plainPath(root, sha256),
    copyObject: (object, path) => copyObject(root, object, path),
    hashObjects: (digests) => hashObjects(root, digests),
    draftObject: () => draftObject(root),
    adoptDraft: (draft, sha256) => adoptDraft(root, draft, sha256),
    putSnapshot: (snapshot) => putSnapshot(root, snapshot),
    snapshots: () => listSnapshots(root),
    putErasure: (erasure) => putErasure(root, erasure),
    erasures: () => listErasures(root),
    erasuresOf: (listSha256) => erasuresOf(root, listSha256),
    statCachePath: (tree) => join(cacheFolder(root), 'stat', `${toHex(nodeCrypto.sha256(utf8(tree))).slice(0, 32)}.cache`),
    removeObject: (sha256) => removeObject(root, sha256),
    placeForObject: (sha256) => placeForObject(root, sha256),
    mark: async (run, change) => addMark(markedFolder(root, run), change),
    keep: (run) => keepRun(root, run),
    findGarbage: async (options) => findGarbage(root, await runs(), options),
    removeGarbage,
    rebuildIndex: async () => {
      await makeStore(root);
      return scanRuns(root, { ignoreIndex: true });
    },
  };
};

/** Marks lie in the folder of a run; a record that is only kept in git, or lies elsewhere, has none. */
const markedFolder = (root: string, run: RunRecord): string => {
  if (dirname(run.folder.path) === runsFolder(root)) return run.folder.path;
  throw new TrainlockError('TL0309', `the run ${shortId(run.id)} cannot be marked here: only its record is here, not its run folder`, {
    where: run.statementPath,
    fix: 'mark it in the store that recorded it',
  });
};
