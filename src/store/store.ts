import type { FilePath } from '#files';
import type { Erasure, Snapshot } from '#snapshot';
import type { Garbage, GarbageOptions } from './collect-garbage.ts';
import type { FinishedRecord } from './finish-run.ts';
import type { Kept } from './keep-run.ts';
import type { KeepOptions, KeptFile } from './keep-file.ts';
import type { MarkChange, Marks } from './marks.ts';
import type { ObjectEvidence, ProvenBytes } from './prove-object.ts';
import type { RunRecord } from './run-record.ts';
import type { SnapshotListing, SnapshotRecord } from './snapshots.ts';
import type { StoreFinding } from './store-folder.ts';
import type { RunFolder } from './store-layout.ts';

/** The records of a project and the bytes they name. Nothing is made on disk before something is written. */
export type Store = {
  /** Absolute folder in which new things are written. */
  readonly root: string;
  /** All folders in which things are looked for. */
  readonly roots: readonly string[];
  readonly findings: readonly StoreFinding[];
  readonly createRun: (run: { readonly id: string; readonly startedAt: string }) => Promise<RunFolder>;
  readonly writeStarted: (folder: RunFolder, started: object) => Promise<void>;
  readonly writeEvidence: (folder: RunFolder, name: string, bytes: Uint8Array) => Promise<void>;
  readonly finishRun: (folder: RunFolder, record: FinishedRecord) => Promise<void>;
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
