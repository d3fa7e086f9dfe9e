import { basename, join } from 'node:path';
import { canonicalJson, countOf, escapeControl, nearest, toHex, TrainlockError } from '#base';
import { nodeCrypto, readBounded } from '#files';
import { readSnapshot, type Snapshot } from '#snapshot';
import { namesOfDocuments } from './document-names.ts';
import { compactTime, snapshotsFolder } from './store-layout.ts';
import { endOfName, writeDocument } from './write-document.ts';

/** A snapshot in a store. */
export type SnapshotRecord = {
  /** SHA-256 of its document, in hexadecimal. */
  readonly sha256: string;
  /** Absolute. */
  readonly path: string;
  readonly snapshot: Snapshot;
};

/** Length of the time in a name. Unit: character. */
const TIME_LENGTH = '20261126T080000Z'.length;

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

/** A document of the store that is there and cannot be used, and why. */
export type DamagedSnapshot = { readonly path: string; readonly reason: string };

/** What lies in a store. Snapshots stand in the order in which they were taken, the oldest first. */
export type SnapshotListing = { readonly snapshots: readonly SnapshotRecord[]; readonly damaged: readonly DamagedSnapshot[] };

/** Every snapshot; documents that cannot be read are named by themselves. */
export const listSnapshots = async (root: string): Promise<SnapshotListing> => {
  const names = await namesOfDocuments(root);
  const snapshots: SnapshotRecord[] = [];
  const damaged: DamagedSnapshot[] = [];
  for (const name of names.filter((one) => NAME.test(one)).sort()) {
    const path = join(snapshotsFolder(root), name);
    const record = await readRecord(path).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (typeof record === 'string') damaged.push({ path, reason: record });
    else snapshots.push(record);
  }
  return { snapshots: snapshots.sort((a, b) => (a.snapshot.takenAt < b.snapshot.takenAt ? -1 : a.snapshot.takenAt > b.snapshot.takenAt ? 1 : 0)), damaged };
};

/** The snapshot in a file of the store, or why it cannot be used. */
const readRecord = async (path: string): Promise<SnapshotRecord | string> => {
  const bytes = await readBounded(path, MAX_DOCUMENT);
  if (!path.endsWith(endOfName(bytes, '.json'))) return 'its bytes are not those that its name states';
  const reading = readSnapshot(bytes);
  if (reading.kind === 'newer') return `a newer trainlock wrote it (schema ${reading.schemaVersion})`;
  if (reading.kind === 'rejected')
    return `it is no snapshot: ${reading.problems
      .slice(0, 1)
      .map(({ pointer, message }) => `${pointer} ${message}`.trim())
      .join('')}`;
  return { sha256: toHex(nodeCrypto.sha256(bytes)), path, snapshot: reading.value };
};

/** The command with which a person goes on if a document cannot be used, for the reference of an older one. */
type GoOn = (reference: string) => string;

const verifyIt: GoOn = (reference) => `trainlock data verify ${reference}`;

/**
 * The snapshot that a person means: last, last~N, a name (the newest that has it), the first letters of its digest or of that of its
 * list; undefined if there is none. Throws TL0812 if several fit, TL0814 if it is a document that cannot be used: no other is taken
 * in its place.
 */
export const findSnapshot = ({ snapshots, damaged }: SnapshotListing, reference: string, goOn: GoOn = verifyIt): SnapshotRecord | undefined => {
  const last = /^last(?:~([0-9]{1,9}))?$/.exec(reference);
  if (last !== null) return nthLast({ snapshots, damaged }, Number(last[1] ?? 0), goOn);
  const found = findNamed(snapshots, reference);
  const prefix = digestPrefix(reference);
  const lost = found !== undefined || prefix === undefined ? undefined : damaged.find(({ path }) => beginsAlike(digestInName(path), prefix));
  if (lost !== undefined) throw damagedSnapshot(lost);
  return found;
};

/** Documents that cannot be used have their place too: by the time in their names, behind those of the same second. */
const nthLast = ({ snapshots, damaged }: SnapshotListing, back: number, goOn: GoOn): SnapshotRecord | undefined => {
  const placed = [
    ...snapshots.map((record) => ({ time: compactTime(record.snapshot.takenAt), one: record as SnapshotRecord | DamagedSnapshot })),
    ...damaged.map((one) => ({ time: basename(one.path).slice(0, TIME_LENGTH), one })),
  ].toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  const found = placed.at(-1 - back)?.one;
  if (found === undefined || !('reason' in found)) return found;
  const next = placed.toReversed().findIndex(({ one }, i) => i > back && !('reason' in one));
  const readable = next === -1 ? undefined : placed.at(-1 - next)!.one;
  throw damagedSnapshot(
    found,
    readable === undefined || 'reason' in readable ? undefined : { reference: `last~${next}`, title: readable.snapshot.name ?? readable.sha256.slice(0, 12), goOn },
  );
};

const damagedSnapshot = ({ path, reason }: DamagedSnapshot, next?: { readonly reference: string; readonly title: string; readonly goOn: GoOn }): TrainlockError =>
  new TrainlockError('TL0814', `the document of the snapshot cannot be used: ${escapeControl(reason)}`, {
    where: path,
    notes: [
      ...(next === undefined ? [] : [`${next.reference} is the newest before it that can be read: ${escapeControl(next.title)}`]),
      'bring the file back from a copy of the store, or remove it; the data and the other snapshots are not affected',
    ],
    fix: next === undefined ? 'trainlock data show' : next.goOn(next.reference),
  });

/** The digest of a document, or its first letters, from its name. */
const digestInName = (path: string): string => /-([0-9a-f]+)\.json$/.exec(path)?.[1] ?? '';

const beginsAlike = (one: string, other: string): boolean => one !== '' && (one.startsWith(other) || other.startsWith(one));

/** A reference as the first letters of a digest; undefined if it cannot be one. */
const digestPrefix = (reference: string): string | undefined => {
  const prefix = reference.replace(/^sha256:/, '').toLowerCase();
  return prefix.length < MIN_PREFIX || !/^[0-9a-f]+$/.test(prefix) ? undefined : prefix;
};

const findNamed = (snapshots: readonly SnapshotRecord[], reference: string): SnapshotRecord | undefined => {
  // A whole digest can mean one thing only; a name that looks like one must not stand in its way.
  if (/^[0-9a-f]{64}$/.test(reference))
    return snapshots.find(({ sha256 }) => sha256 === reference) ?? snapshots.filter(({ snapshot }) => snapshot.list.sha256 === reference).at(-1);
  const named = snapshots.filter(({ snapshot }) => snapshot.name === reference).at(-1);
  if (named !== undefined) return named;
  const prefix = digestPrefix(reference);
  if (prefix === undefined) return undefined;
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
export const noSnapshot = ({ snapshots, damaged }: SnapshotListing, reference: string): TrainlockError => {
  const near = nearest(reference, new Set(snapshots.flatMap(({ sha256, snapshot }) => [...(snapshot.name === undefined ? [] : [snapshot.name]), sha256.slice(0, 12)])));
  return new TrainlockError('TL0811', `no snapshot, data set or path is called ${escapeControl(reference)}`, {
    notes: [
      ...(near === undefined ? [] : [`did you mean ${escapeControl(near)}?`]),
      snapshots.length === 0 && damaged.length === 0 ? 'no snapshot was taken in this project' : `there are ${snapshots.length} snapshots; last is the newest`,
      ...(damaged.length === 0
        ? []
        : [
            `${countOf(damaged.length, 'document')} cannot be used, whatever ${damaged.length === 1 ? 'its name is' : 'their names are'}: ${escapeControl(basename(damaged[0]!.path))}${damaged.length === 1 ? '' : ', …'}`,
          ]),
    ],
    fix: snapshots.length === 0 && damaged.length === 0 ? 'trainlock snapshot PATH' : 'trainlock data show',
  });
};
