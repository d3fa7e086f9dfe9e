import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { TrainlockError } from '#base';
import { TEMPORARY_NAME, temporaryName } from '#files';
import { PARTIAL_NAME } from '#remote';
import { isUnread, type RunRecord } from './run-record.ts';
import { cacheFolder, compressedPath, isRunName, keptFolder, OBJECT_NAME, objectPath, objectsFolder, rootsFolder, runsFolder, snapshotsFolder } from './store-layout.ts';

export type GarbageOptions = {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Runs that started longer ago may go. Unit: ms. */
  readonly olderThanMs?: number;
  /** The newest so many runs stay, whatever their age. */
  readonly keepLast?: number;
  /** Ids of runs that stay, whatever their age. */
  readonly retained?: ReadonlySet<string>;
  /** Digests that something outside of the store names. */
  readonly named?: ReadonlySet<string>;
};

export type Garbage = {
  /** stillborn: a folder without a start; remains: what a killed process left behind. */
  readonly kind: 'object' | 'run' | 'stillborn' | 'root' | 'remains';
  /** Absolute. */
  readonly path: string;
  readonly sizeBytes: number;
  /** For an object: when it was last put. Milliseconds since 1970. */
  readonly putMs?: number;
  /** For a run. */
  readonly run?: RunRecord;
};

/** Anything younger may belong to a process that is at work. Unit: ms. */
const YOUNG_MS = 24 * 60 * 60_000;

/** A larger object is read piece by piece. Unit: byte. */
const MAX_LIST = 256 * 1024 * 1024;

/**
 * What may be removed from a store: objects that no record names, not even through a file list; remains of killed processes;
 * entropy roots of runs that are gone; and, only if asked for, old runs that nobody keeps (trainlock keep), pins (tag pinned) or
 * continues, compares or replays from a run that stays. What is younger than a day stays. Nothing is changed here.
 */
export const findGarbage = async (root: string, runs: readonly RunRecord[], options: GarbageOptions): Promise<readonly Garbage[]> => {
  const isYoung = (path: string): boolean => options.nowMs - lstatSync(path).mtimeMs < YOUNG_MS;
  const leaving = runsThatMayGo(runs, options);
  const going = new Set(leaving.map((run) => run.folder.path));
  const garbage: Garbage[] = leaving.map((run) => ({ kind: 'run', path: run.folder.path, sizeBytes: sizeOf(run.folder.path), run }));
  const stillborn = runs.filter((run) => run.state === 'damaged' && run.command.length === 0 && isEmptyRun(run.folder.path) && isYoung(run.folder.path) === false);
  garbage.push(...stillborn.map((run) => ({ kind: 'stillborn' as const, path: run.folder.path, sizeBytes: sizeOf(run.folder.path) })));
  for (const run of stillborn) going.add(run.folder.path);
  garbage.push(...remains(root, isYoung), ...oldCaches(root, options.nowMs), ...orphanedRoots(root, runs, going, isYoung));
  const named = await namedDigests(root, going, options.named);
  for (const { path, sha256 } of objects(root)) {
    if (named.has(sha256) || isYoung(path)) continue;
    const facts = lstatSync(path);
    garbage.push({ kind: 'object', path, sizeBytes: facts.size, putMs: facts.mtimeMs });
  }
  return garbage;
};

/** Removes what findGarbage found. A run disappears at once, whatever happens to us meanwhile. */
export const removeGarbage = async (garbage: readonly Garbage[]): Promise<void> => {
  // Runs last: as long as a record is there, what it names must be there too, and it was found to name none of this.
  const ordered = [...garbage].sort((a, b) => Number(a.kind === 'run') - Number(b.kind === 'run'));
  for (const item of ordered) {
    switch (item.kind) {
      case 'object':
        await removeObject(item);
        break;
      case 'run':
      case 'stillborn':
        await removeRun(item.path);
        break;
      case 'root':
      case 'remains':
        await rm(item.path, { recursive: true, force: true });
        break;
    }
  }
};

/**
 * Another process may put the same bytes at this moment. It then either touches the object before it is moved away, and it comes
 * back, or finds nothing to touch, and writes it again.
 */
const removeObject = async (item: Garbage): Promise<void> => {
  const doomed = join(dirname(item.path), temporaryName());
  await rename(item.path, doomed);
  if (lstatSync(doomed).mtimeMs === item.putMs) await rm(doomed, { force: true });
  else await rename(doomed, item.path);
};

const removeRun = async (path: string): Promise<void> => {
  const doomed = join(dirname(path), temporaryName());
  await rename(path, doomed);
  await rm(doomed, { recursive: true, force: true });
};

const runsThatMayGo = (runs: readonly RunRecord[], options: GarbageOptions): readonly RunRecord[] => {
  if (options.olderThanMs === undefined && options.keepLast === undefined) return [];
  const last = new Set(runs.slice(runs.length - Math.min(runs.length, options.keepLast ?? 0)));
  const mayGo = (run: RunRecord): boolean => {
    if (options.retained?.has(run.id) === true) return false;
    const isOld = options.olderThanMs === undefined || options.nowMs - Date.parse(run.startedAt) > options.olderThanMs;
    return isOld && !last.has(run) && !run.kept && run.tags['pinned'] === undefined && run.state !== 'running' && !isUnread(run.state) && run.recorder !== 'elsewhere';
  };
  // A run that stays keeps those it names, and these keep theirs.
  const staying = runs.filter((run) => !mayGo(run));
  const needed = new Set(staying.flatMap((run) => run.parents));
  for (let grown = true; grown;) {
    grown = false;
    for (const run of runs) {
      if (!isNamed(run, needed)) continue;
      const size = needed.size;
      for (const parent of run.parents) needed.add(parent);
      grown ||= needed.size > size;
    }
  }
  return runs.filter((run) => mayGo(run) && !isNamed(run, needed));
};

const isNamed = (run: RunRecord, names: ReadonlySet<string>): boolean => names.has(run.id) || (run.manifestSha256 !== undefined && names.has(run.manifestSha256));

/** A run folder in which nothing was ever written. */
const isEmptyRun = (path: string): boolean => filesBelow(path).length === 0;

/** Every object, in each form that it has. */
function* objects(root: string): Generator<{ readonly path: string; readonly sha256: string }> {
  for (const folder of namesIn(objectsFolder(root)).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    for (const name of namesIn(join(objectsFolder(root), folder))) {
      const rest = OBJECT_NAME.exec(name)?.[1];
      if (rest !== undefined) yield { path: join(objectsFolder(root), folder, name), sha256: folder + rest };
    }
  }
}

/**
 * Every digest that something which stays may name. Deliberately blunt: any 64 hexadecimal digits in any file of a run or a kept
 * record count, and those in any text object that is named count too, because file lists name objects.
 */
const namedDigests = async (root: string, going: ReadonlySet<string>, further: ReadonlySet<string> = new Set()): Promise<ReadonlySet<string>> => {
  const named = new Set<string>(further);
  const files = [
    ...namesIn(runsFolder(root))
      .map((name) => join(runsFolder(root), name))
      .filter((path) => !going.has(path))
      .flatMap(filesBelow),
    ...filesBelow(snapshotsFolder(root)),
    ...filesBelow(keptFolder(root)),
  ];
  for (const path of files.filter((file) => /\.jsonl?$/.test(file))) {
    addDigests(path, named);
    await setImmediate();
  }
  const queue = [...named];
  for (let sha256 = queue.pop(); sha256 !== undefined; sha256 = queue.pop()) {
    const inside = new Set<string>();
    await addListed(root, sha256, inside);
    for (const other of inside) {
      if (named.has(other)) continue;
      named.add(other);
      queue.push(other);
    }
  }
  return named;
};

const DIGEST = /[0-9a-f]{64}/g;

const addDigests = (path: string, named: Set<string>): void => {
  // Latin-1: one letter per byte, whatever the file holds.
  for (const match of readFileSync(path, 'latin1').matchAll(DIGEST)) named.add(match[0]);
};

const addListed = async (root: string, sha256: string, named: Set<string>): Promise<void> => {
  // Not through objectFile: a list of a million files names a million digests.
  const [plain, compressed] = [objectPath(root, sha256), compressedPath(root, sha256)];
  const facts = statSync(plain, { throwIfNoEntry: false });
  if (facts === undefined) {
    if (statSync(compressed, { throwIfNoEntry: false }) !== undefined) await addDigestsOfCompressed(compressed, named);
  } else if (facts.size > MAX_LIST) addDigestsOfLarge(plain, named);
  else if (facts.size > 0) addDigests(plain, named);
};

/** Digests in the next piece of a list, and the end of it, in which another one may have begun. */
const addDigestsOfPiece = (text: string, named: Set<string>): string => {
  for (const match of text.matchAll(DIGEST)) named.add(match[0]);
  return text.slice(-63);
};

/** Lists are kept plain; should one be compressed, it is read like a large one. What cannot be unpacked names nothing more. */
const addDigestsOfCompressed = async (path: string, named: Set<string>): Promise<void> => {
  const { unpackObject } = await import('./zstd/unpack-object.ts');
  let rest = '';
  try {
    for await (const piece of unpackObject(path, Infinity)) {
      const text = rest + Buffer.from(piece).toString('latin1');
      if (rest === '' && !text.startsWith('{')) return;
      rest = addDigestsOfPiece(text, named);
    }
  } catch (error) {
    if (!(error instanceof TrainlockError)) throw error;
  }
};

/** Large lists in pieces that overlap by less than a digest; a large object that does not begin like a list names nothing. */
const addDigestsOfLarge = (path: string, named: Set<string>): void => {
  const descriptor = openSync(path, 'r');
  try {
    const piece = Buffer.alloc(16 * 1024 * 1024);
    let rest = '';
    for (let read = readSync(descriptor, piece); read > 0; read = readSync(descriptor, piece)) {
      const text = rest + piece.toString('latin1', 0, read);
      if (rest === '' && !text.startsWith('{')) return;
      rest = addDigestsOfPiece(text, named);
    }
  } finally {
    closeSync(descriptor);
  }
};

/** Temporary files and folders that a killed process left. */
const remains = (root: string, isYoung: (path: string) => boolean): readonly Garbage[] => {
  const inRuns = namesIn(runsFolder(root))
    .filter(isRunName)
    .flatMap((name) => ['', 'marks', 'evidence'].map((inner) => join(runsFolder(root), name, inner)));
  const inObjects = namesIn(objectsFolder(root)).map((name) => join(objectsFolder(root), name));
  const folders = [root, runsFolder(root), rootsFolder(root), keptFolder(root), snapshotsFolder(root), objectsFolder(root), ...inObjects, ...inRuns];
  return folders.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => TEMPORARY_NAME.test(name) || PARTIAL_NAME.test(name))
      .map((name) => join(folder, name))
      .filter((path) => !isYoung(path))
      .map((path) => ({ kind: 'remains' as const, path, sizeBytes: sizeOf(path) })),
  );
};

/** A stat cache that no snapshot has used for so long is of a tree that is gone. Unit: ms. */
const OLD_CACHE_MS = 90 * 24 * 60 * 60_000;

const oldCaches = (root: string, nowMs: number): readonly Garbage[] => {
  const folder = join(cacheFolder(root), 'stat');
  return namesIn(folder)
    .map((name) => join(folder, name))
    .filter((path) => nowMs - lstatSync(path).mtimeMs > (path.includes('.partial') ? YOUNG_MS : OLD_CACHE_MS))
    .map((path) => ({ kind: 'remains' as const, path, sizeBytes: sizeOf(path) }));
};

const orphanedRoots = (root: string, runs: readonly RunRecord[], going: ReadonlySet<string>, isYoung: (path: string) => boolean): readonly Garbage[] => {
  const staying = new Set(runs.filter((run) => !going.has(run.folder.path)).map((run) => run.id));
  const leaving = new Set(runs.filter((run) => going.has(run.folder.path)).map((run) => run.id));
  // A run that cannot be read does not tell its whole id: its root must stay, and so must all while there is one.
  const unsure = runs.some((run) => isUnread(run.state) && !going.has(run.folder.path));
  return namesIn(rootsFolder(root))
    .filter((id) => /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id) && !staying.has(id) && (leaving.has(id) || (!unsure && !isYoung(join(rootsFolder(root), id)))))
    .map((id) => ({ kind: 'root' as const, path: join(rootsFolder(root), id), sizeBytes: lstatSync(join(rootsFolder(root), id)).size }));
};

const sizeOf = (path: string): number => filesBelow(path).reduce((sum, file) => sum + lstatSync(file).size, 0);

/** Files below a path, or the path itself if it is one. Links are not followed. */
const filesBelow = (path: string): readonly string[] => {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return [];
  if (!facts.isDirectory()) return facts.isFile() ? [path] : [];
  return readdirSync(path).flatMap((name) => filesBelow(join(path, name)));
};

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};
