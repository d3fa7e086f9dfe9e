/** Takes a snapshot of a file or folder: reads every file, writes the list and the document into the store. */
import { basename, resolve } from 'node:path';
import { type PathNames, pathNames } from '#assembly';
import { escapeControl, TrainlockError, VERSION, withoutUndefined } from '#base';
import { lookAtFile, type OnProgress, type TakenTree, takeTree } from '#files';
import { findOrigin } from '#origins';
import { type Origin, type Snapshot, SNAPSHOT_SCHEMA_VERSION } from '#snapshot';
import { openStore, type SnapshotRecord, type Store } from '#store';
import { keepFiles, type KeptFiles } from './data/keep-files.ts';
import { entriesOf } from './data/entries-of.ts';
import type { ProfileRequest } from './data/profile-data.ts';
import { checkGlobs } from './take-snapshot/check-globs.ts';
import { findingsOf } from './take-snapshot/findings-of.ts';

export { checkName } from './take-snapshot/check-name.ts';

export type SnapshotRequest = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly home: string | undefined;
  /** Absolute. */
  readonly path: string;
  readonly name?: string;
  /** Read every file, whatever the stat cache says. */
  readonly full?: boolean;
  /** Globs that are left out. */
  readonly ignore?: readonly string[];
  readonly jobs?: number;
  /** Look into tables and media; what is told of columns. */
  readonly profile?: ProfileRequest;
  /** Put the bytes of the files into the store. */
  readonly keep?: boolean;
  /** Where the data came from, if that is known already; else it is looked for. */
  readonly origin?: Origin;
  /** RFC 3339. */
  readonly now: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
};

export type TakenSnapshot = SnapshotRecord & {
  /** Whether the stat cache said that nothing changed since it was written. */
  readonly unchanged: boolean;
  /** Bytes that were read from files. */
  readonly readBytes: number;
  readonly storeFindings: Store['findings'];
  /** If it was asked to keep bytes. */
  readonly kept?: KeptFiles;
  /** What could not be looked into. */
  readonly notes: readonly string[];
};

/**
 * The snapshot and where its document lies. What cannot be read is a finding, and the snapshot is then not complete. Throws TL0002
 * if the path is not there, TL0001 if a glob is broken, TL0003 if the store cannot be written.
 */
export const takeSnapshot = async (request: SnapshotRequest): Promise<TakenSnapshot> => {
  mustBeData(request.path);
  checkGlobs(request.ignore ?? []);
  const store = await openStore({ projectRoot: request.projectRoot, storeFolder: request.storeFolder, purpose: 'record' });
  const [tree, origin] = await Promise.all([treeInStore(store, request.path, request), request.origin ?? findOrigin(request.path)]);
  const names = pathNames({ project: request.projectRoot, ...(request.home === undefined ? {} : { home: request.home }) });
  const listed = request.profile === undefined && request.keep !== true ? [] : await entriesOf(store, listOf(tree));
  const kept =
    request.keep === true ? await keepFiles(store, request.path, { entries: listed, ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }) }) : undefined;
  const profile = request.profile === undefined ? undefined : await (await import('./data/profile-data.ts')).profileData(request.path, listed, request.profile);
  const bare = snapshotOf(tree, { path: request.path, names, now: request.now, name: request.name, ignore: request.ignore, origin });
  const snapshot: Snapshot = {
    ...bare,
    ...(profile === undefined || profile.tables.length === 0 ? {} : { tables: profile.tables }),
    ...(profile === undefined || profile.media.length === 0 ? {} : { media: profile.media }),
  };
  const record = await store.putSnapshot(snapshot);
  return {
    ...record,
    ...(kept === undefined ? {} : { kept }),
    notes: profile?.notes ?? [],
    unchanged: tree.list.kind === 'unchanged',
    readBytes: tree.readBytes,
    storeFindings: store.findings,
  };
};

export type SnapshotFacts = {
  /** Absolute; and how the document names places. */
  readonly path: string;
  readonly names: PathNames;
  readonly now: string;
  readonly name?: string | undefined;
  readonly ignore?: readonly string[] | undefined;
  readonly origin?: Origin;
};

/** The document of a tree that was taken. */
export const snapshotOf = (tree: TakenTree, { path, names, now, name, ignore = [], origin = { kind: 'local' } }: SnapshotFacts): Snapshot => {
  const { findings, findingCount, complete } = findingsOf(tree.findings, names.nameOf);
  return withoutUndefined({
    schemaVersion: SNAPSHOT_SCHEMA_VERSION,
    name,
    takenAt: now,
    tool: `trainlock ${VERSION}`,
    path: names.nameOf(path),
    origin,
    list: listOf(tree),
    complete,
    ignored: ignore.length === 0 ? undefined : ignore,
    findings: findings.length === 0 ? undefined : findings,
    findingCount: findings.length === 0 ? undefined : findingCount,
  });
};

/** Throws TL0002 unless a file or folder is there. */
export const mustBeData = (path: string, declared?: string): void => {
  const { kind, link, reason } = lookAtFile({ path });
  if (kind === 'folder' || kind === 'file') return;
  const why =
    kind === 'special'
      ? 'it is a device, pipe or socket'
      : kind === 'unreadable'
        ? (reason ?? 'it cannot be read')
        : link === undefined
          ? 'it does not exist'
          : 'it is a link to nothing';
  throw new TrainlockError('TL0002', `cannot take a snapshot of ${escapeControl(basename(path))}: ${why}`, {
    where: path,
    fix: declared === undefined ? 'name a file or folder' : `mend data.${declared}.path in trainlock.yaml, or name what is to be taken: trainlock snapshot PATH`,
  });
};

const listOf = ({ identity }: TakenTree): Snapshot['list'] => {
  const { listSha256, ...rest } = identity;
  return { sha256: listSha256, ...rest };
};

export type TreeRequest = Pick<SnapshotRequest, 'full' | 'ignore' | 'jobs' | 'onProgress' | 'signal'>;

/** Reads a tree and puts its list, index and digests of pieces into the store. */
export const treeInStore = async (store: Store, path: string, request: TreeRequest): Promise<TakenTree> => {
  const absolute = resolve(path);
  const take = async (listAnyway: boolean): Promise<TakenTree> => {
    const draft = await store.draftObject();
    const tree = await takeTree(absolute, { ...request, listPath: draft, cachePath: store.statCachePath(absolute), listAnyway });
    if (tree.list.kind === 'unchanged') return tree;
    await store.putObject(tree.list.index);
    if (tree.list.chunks !== undefined) await store.putObject(tree.list.chunks);
    await store.adoptDraft(draft, tree.identity.listSha256);
    return tree;
  };
  const tree = await take(false);
  // The list of the last time may have been cleaned up, or the cache belong to another store.
  if (tree.list.kind === 'unchanged' && !(await holds(store, tree))) return take(true);
  return tree;
};

const holds = async (store: Store, { identity }: TakenTree): Promise<boolean> => {
  for (const sha256 of [identity.listSha256, identity.indexSha256, identity.chunksSha256]) if (sha256 !== undefined && !(await store.hasObject(sha256))) return false;
  return true;
};
