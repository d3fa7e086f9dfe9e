import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, escapeControl, nearest, toHex, TrainlockError } from '#base';
import { nodeCrypto, readBounded } from '#files';
import { readSnapshot, type Snapshot } from '#snapshot';
import { snapshotsFolder } from './store-layout.ts';
import { endOfName, writeDocument } from './write-document.ts';

/** A snapshot in a store. */
export type SnapshotRecord = {
  /** SHA-256 of its document, in hexadecimal. */
  readonly sha256: string;
  /** Absolute. */
  readonly path: string;
  readonly snapshot: Snapshot;
};

const NAME = /^\d{8}T\d{6}Z-[0-9a-f]{8}\.json$/;

/** A document is small: its lists are objects. Unit: byte. */
const MAX_DOCUMENT = 64 * 1024 * 1024;

/** Fewer letters of a digest are too easily met by chance. */
const MIN_PREFIX = 6;

/** Writes the document of a snapshot; on disk when the promise is kept. What it names must be in the store before. Throws TL0003. */
export const putSnapshot = async (root: string, snapshot: Snapshot): Promise<SnapshotRecord> => {
  const checked = readSnapshot(canonicalJson(snapshot));
  if (checked.kind !== 'accepted') {
    throw new TrainlockError('TL0901', 'the document does not fit its own schema and was not saved', {
      where: snapshotsFolder(root),
      notes: checked.kind === 'rejected' ? checked.problems.slice(0, 5).map(({ pointer, message }) => `${pointer}: ${message}`) : [],
    });
  }
  return { ...(await writeDocument(root, snapshot, { time: snapshot.takenAt, ending: '.json' })), snapshot };
};

/** Every snapshot, the oldest first; documents that cannot be read are left out and named. */
export const listSnapshots = async (root: string): Promise<{ readonly snapshots: readonly SnapshotRecord[]; readonly damaged: readonly string[] }> => {
  const names = await readdir(snapshotsFolder(root)).catch(() => []);
  const snapshots: SnapshotRecord[] = [];
  const damaged: string[] = [];
  for (const name of names.filter((one) => NAME.test(one)).sort()) {
    const record = await readRecord(join(snapshotsFolder(root), name)).catch(() => undefined);
    if (record === undefined) damaged.push(join(snapshotsFolder(root), name));
    else snapshots.push(record);
  }
  return { snapshots: snapshots.sort((a, b) => (a.snapshot.takenAt < b.snapshot.takenAt ? -1 : a.snapshot.takenAt > b.snapshot.takenAt ? 1 : 0)), damaged };
};

const readRecord = async (path: string): Promise<SnapshotRecord | undefined> => {
  const bytes = await readBounded(path, MAX_DOCUMENT);
  const sha256 = toHex(nodeCrypto.sha256(bytes));
  const reading = readSnapshot(bytes);
  return reading.kind === 'accepted' && path.endsWith(endOfName(bytes, '.json')) ? { sha256, path, snapshot: reading.value } : undefined;
};

/**
 * The snapshot that a person means: last, last~N, a name (the newest that has it), the first letters of its digest or of that of its
 * list; undefined if there is none. Throws TL0812 if several fit.
 */
export const findSnapshot = (snapshots: readonly SnapshotRecord[], reference: string): SnapshotRecord | undefined => {
  const last = /^last(?:~([0-9]{1,9}))?$/.exec(reference);
  if (last !== null) return snapshots.at(-1 - Number(last[1] ?? 0));
  // A whole digest can mean one thing only; a name that looks like one must not stand in its way.
  if (/^[0-9a-f]{64}$/.test(reference))
    return snapshots.find(({ sha256 }) => sha256 === reference) ?? snapshots.filter(({ snapshot }) => snapshot.list.sha256 === reference).at(-1);
  const named = snapshots.filter(({ snapshot }) => snapshot.name === reference).at(-1);
  if (named !== undefined) return named;
  const prefix = reference.replace(/^sha256:/, '').toLowerCase();
  if (prefix.length < MIN_PREFIX || !/^[0-9a-f]+$/.test(prefix)) return undefined;
  const own = snapshots.filter(({ sha256 }) => sha256.startsWith(prefix));
  const matches = own.length > 0 ? own : snapshots.filter(({ snapshot }) => snapshot.list.sha256.startsWith(prefix)).slice(-1);
  if (matches.length > 1) throw ambiguous(reference, matches);
  return matches[0];
};

const ambiguous = (reference: string, matches: readonly SnapshotRecord[]): TrainlockError =>
  new TrainlockError('TL0812', `${escapeControl(reference)} fits ${matches.length} snapshots`, {
    notes: matches.slice(-10).map(({ sha256, snapshot }) => `${sha256.slice(0, 12)}  ${snapshot.takenAt}  ${escapeControl(snapshot.path)}`),
    fix: 'use more letters of the digest',
  });

/** The error for a reference that nothing fits. */
export const noSnapshot = (snapshots: readonly SnapshotRecord[], reference: string): TrainlockError => {
  const near = nearest(reference, new Set(snapshots.flatMap(({ sha256, snapshot }) => [...(snapshot.name === undefined ? [] : [snapshot.name]), sha256.slice(0, 12)])));
  return new TrainlockError('TL0811', `no snapshot, data set or path is called ${escapeControl(reference)}`, {
    notes: [
      ...(near === undefined ? [] : [`did you mean ${escapeControl(near)}?`]),
      snapshots.length === 0 ? 'no snapshot was taken in this project' : `there are ${snapshots.length} snapshots; last is the newest`,
    ],
    fix: snapshots.length === 0 ? 'trainlock snapshot PATH' : 'trainlock data show',
  });
};
