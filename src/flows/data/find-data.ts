import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathNames, pathOfName } from '#assembly';
import { escapeControl, TrainlockError } from '#base';
import { treeRootOf } from '#digest';
import { nodeCrypto, type OnProgress } from '#files';
import type { DataSet, Manifest } from '#manifest';
import { type Snapshot, SNAPSHOT_SCHEMA_VERSION } from '#snapshot';
import { findSnapshot, noSnapshot, shortId, type SnapshotRecord, type Store } from '#store';
import { listOfFiles, rootsNow } from './data-set.ts';
import { snapshotOf, treeInStore } from '../take-snapshot.ts';

/** Where data is looked for. */
export type DataPlace = {
  readonly projectRoot: string;
  readonly home: string | undefined;
  readonly workingDirectory: string;
  readonly onProgress?: OnProgress;
};

/** Data that a person named: a snapshot, a data set of a run, or files as they are now. */
export type FoundData = {
  readonly kind: 'snapshot' | 'run' | 'path';
  /** How to speak of it. */
  readonly title: string;
  /** Its document; made up here for what is not a snapshot of the store. */
  readonly snapshot: Snapshot;
  /** Where the files lie or lay on this machine; absent if that cannot be told. */
  readonly place?: string;
  /** If it is a snapshot of the store. */
  readonly record?: SnapshotRecord;
};

type Looked = DataPlace & { readonly now: string };

/**
 * What a reference means: a path that is there (written with a slash or a dot, or else if nothing else fits), a snapshot (last,
 * last~N, name, first letters of its digest), or RUN:NAME, a data set of a run. Throws TL0811 if nothing fits, TL0812 if several do,
 * TL0814 if it is a snapshot whose document is damaged.
 */
export const findData = async (store: Store, reference: string, place: Looked): Promise<FoundData> => {
  const located = await locate(store, reference, place);
  return located.kind === 'place' ? takenNow(store, located, place) : located;
};

export type FoundBoth = { readonly before: FoundData; readonly after: FoundData; /** What should be known of how they were taken. */ readonly notes: readonly string[] };

/** Two data sets that are to be compared: files as they are now are taken as the snapshot on the other side was. */
export const findBoth = async (store: Store, request: Looked & { readonly before: string; readonly after: string }): Promise<FoundBoth> => {
  const before = await locate(store, request.before, request);
  const after = await locate(store, request.after, request);
  const ignored = [before, after].flatMap((one) => (one.kind === 'snapshot' ? (one.snapshot.ignored ?? []) : []));
  const isMixed = before.kind === 'place' || after.kind === 'place';
  const taken = async (located: Located): Promise<FoundData> => (located.kind === 'place' ? takenNow(store, { ...located, ignored }, request) : located);
  return {
    before: await taken(before),
    after: await taken(after),
    notes: ignored.length > 0 && isMixed ? [`left out on both sides, as in the snapshot: ${ignored.map((glob) => escapeControl(glob)).join(', ')}`] : [],
  };
};

/** A path that is there, with the globs that are left out of it. */
type Place = { readonly kind: 'place'; readonly path: string; readonly reference: string; readonly ignored: readonly string[] };

type Located = FoundData | Place;

const locate = async (store: Store, reference: string, place: DataPlace): Promise<Located> => {
  const path = resolve(place.workingDirectory, reference);
  const here: Place | undefined = exists(path) ? { kind: 'place', path, reference, ignored: [] } : undefined;
  if (here !== undefined && /^[./~]|\//.test(reference)) return here;
  const listing = await store.snapshots();
  const record = findSnapshot(listing, reference);
  if (record !== undefined) return ofSnapshot(record, place);
  const colon = reference.lastIndexOf(':');
  if (colon > 0) return ofRun(store, { run: reference.slice(0, colon), name: reference.slice(colon + 1) }, place);
  if (here !== undefined) return here;
  throw noSnapshot(listing, reference);
};

/** Whether something is there; a path that no system call takes leads to nothing. */
const exists = (path: string): boolean => {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
};

const rootsOf = (place: DataPlace): Readonly<Record<string, string>> => ({ project: place.projectRoot, ...(place.home === undefined ? {} : { home: place.home }) });

/** A snapshot of the store as data. */
const ofSnapshot = (record: SnapshotRecord, place: DataPlace): FoundData => {
  const { snapshot } = record;
  const where = pathOfName(snapshot.path, rootsOf(place));
  return { kind: 'snapshot', title: snapshot.name ?? record.sha256.slice(0, 12), snapshot, ...(where === undefined ? {} : { place: where }), record };
};

const takenNow = async (store: Store, { path, reference, ignored }: Place, place: Looked): Promise<FoundData> => {
  const tree = await treeInStore(store, path, { ignore: ignored, ...(place.onProgress === undefined ? {} : { onProgress: place.onProgress }) });
  return { kind: 'path', title: reference, snapshot: snapshotOf(tree, { path, names: pathNames(rootsOf(place)), now: place.now, ignore: ignored }), place: path };
};

const ofRun = async (store: Store, reference: { readonly run: string; readonly name: string }, place: DataPlace): Promise<FoundData> => {
  const run = await store.find(reference.run, place.workingDirectory);
  const manifest = await run.manifest();
  const set = manifest.data.find(({ name }) => name === reference.name);
  if (set === undefined) {
    throw new TrainlockError('TL0811', `the run ${shortId(run.id)} has no data set ${escapeControl(reference.name)}`, {
      notes: [`it has: ${manifest.data.map(({ name }) => escapeControl(name)).join(', ') || 'none'}`],
      fix: `trainlock show ${shortId(run.id)} /data`,
    });
  }
  const where = set.path === undefined ? undefined : pathOfName(set.path, await rootsNow(run, manifest, { projectRoot: place.projectRoot, orHere: true }));
  return {
    kind: 'run',
    title: `${set.name} of run ${shortId(run.id)}`,
    snapshot: {
      schemaVersion: SNAPSHOT_SCHEMA_VERSION,
      name: set.name,
      takenAt: manifest.run.startedAt,
      tool: `trainlock ${manifest.capture.trainlockVersion}`,
      path: set.path ?? set.name,
      origin: { kind: 'local' },
      list: await listOfSet(store, set, manifest),
      complete: set.complete ?? (set.list !== undefined || ((set.files ?? []).length > 0 && set.files!.every((file) => file.sha256 !== undefined))),
      ...(set.findings === undefined ? {} : { findings: set.findings, findingCount: set.findingCount ?? set.findings.length }),
    },
    ...(where === undefined ? {} : { place: where }),
  };
};

/** The list of a data set; one that a manifest names file by file is written out first. */
const listOfSet = async (store: Store, set: DataSet, manifest: Manifest): Promise<Snapshot['list']> => {
  const { list } = set;
  if (list?.treeRoot !== undefined) return { ...list, treeRoot: list.treeRoot };
  const bytes = list === undefined ? listOfFiles(set, manifest) : await store.readObject(list.sha256);
  const sha256 = list?.sha256 ?? (await store.putObject(bytes));
  const files = set.files ?? [];
  const counted = list ?? { fileCount: files.length, totalBytes: files.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0) };
  return { sha256, treeRoot: treeRootOf(bytes, nodeCrypto).root, fileCount: counted.fileCount, totalBytes: counted.totalBytes };
};
