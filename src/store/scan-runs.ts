import { type BigIntStats, readdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type JsonValue, readJson, TrainlockError } from '#base';
import { readSmallNow, type Recorder, recorderState, type RecorderState } from '#files';
import { readMarks } from './marks.ts';
import { appendToIndex, type IndexEntry, readIndex, writeIndex } from './run-index.ts';
import { loadStatement, type RunRecord, type RunState, statementPath, withReaders } from './run-record.ts';
import { type RunSummary, summaryOf, summaryOfStart } from './run-summary.ts';
import { isRunName, keptFolder, RUN_FILES, type RunFolder, runFolder, runsFolder } from './store-layout.ts';

/** After this many wasted lines beyond the useful ones the index is written anew. */
const WASTE = 1_000;

/** A run elsewhere whose files changed within this time may still be running. Unit: ms. */
const QUIET_MS = 10 * 60_000;

/** How long the main thread works before others get their turn. Unit: ms. */
const SLICE_MS = 20;

export type ScanOptions = {
  /** Read every record again, whatever the index says. */
  readonly ignoreIndex?: boolean;
};

/**
 * Every run of a store, the oldest first: by start, then id. Files decide; the index only saves reading records that have not
 * changed. A damaged run is listed as such and harms no other.
 */
export const scanRuns = async (root: string, options: ScanOptions = {}): Promise<readonly RunRecord[]> => {
  const index = options.ignoreIndex === true ? { entries: new Map<string, IndexEntry>(), wasted: 0 } : readIndex(root);
  const fresh: IndexEntry[] = [];
  const used: IndexEntry[] = [];
  const remember = (entry: IndexEntry, isFresh: boolean): void => {
    (isFresh ? fresh : used).push(entry);
  };
  const kept = keptNames(root);
  const runs: RunRecord[] = [];
  let sliceStart = performance.now();
  for (const place of places(root, kept)) {
    const run = await runAt(place, index.entries.get(place.key), remember);
    if (run !== undefined) runs.push(run);
    if (performance.now() - sliceStart < SLICE_MS) continue;
    await setImmediate();
    sliceStart = performance.now();
  }
  if (options.ignoreIndex === true) await writeIndex(root, fresh);
  else if (index.wasted + index.entries.size - used.length > used.length + WASTE) await writeIndex(root, [...used, ...fresh]).catch(() => undefined);
  else appendToIndex(root, fresh);
  return runs.sort(inOrder);
};

const inOrder = (a: RunSummary, b: RunSummary): number => compareText(a.startedAt, b.startedAt) || compareText(a.id, b.id);

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Where a record may be: in a run folder, or only among the kept ones. */
type Place = { readonly key: string; readonly folder: RunFolder; readonly statementPath: string; readonly kept: boolean; readonly inGitOnly: boolean };

function* places(root: string, kept: ReadonlySet<string>): Generator<Place> {
  const names = namesIn(runsFolder(root)).filter(isRunName).sort();
  for (const name of names) {
    const folder = runFolder(root, name);
    yield { key: name, folder, statementPath: statementPath(folder), kept: kept.has(name), inGitOnly: false };
  }
  const present = new Set(names);
  for (const name of [...kept].filter((one) => !present.has(one)).sort()) {
    yield { key: `kept/${name}`, folder: { path: keptFolder(root), name }, statementPath: join(keptFolder(root), `${name}.${RUN_FILES.statement}`), kept: true, inGitOnly: true };
  }
}

const keptNames = (root: string): ReadonlySet<string> => {
  const end = `.${RUN_FILES.statement}`;
  return new Set(
    namesIn(keptFolder(root))
      .filter((name) => name.endsWith(end))
      .map((name) => name.slice(0, -end.length))
      .filter(isRunName),
  );
};

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw new TrainlockError('TL0308', 'the store cannot be read', { where: folder, fix: 'look at its permissions', cause: error });
  }
};

/** The run at a place; undefined if there is nothing yet: its folder was just made. */
const runAt = async (place: Place, known: IndexEntry | undefined, remember: (entry: IndexEntry, isFresh: boolean) => void): Promise<RunRecord | undefined> => {
  const stats = look(place.statementPath);
  if (stats === 'no folder') return undefined;
  if (stats === 'no permission') return runWithout(place, 'damaged', { reason: 'no permission to read it' });
  if (stats === undefined) return place.inGitOnly ? undefined : unfinishedRun(place);
  if (known !== undefined && known.sizeBytes === Number(stats.size) && known.mtimeNs === String(stats.mtimeNs)) {
    remember(known, false);
    return finishedRun(place, known);
  }
  const loaded = await loadStatement(place.statementPath);
  if (loaded.kind !== 'readable')
    return runWithout(place, loaded.kind, { reason: `${loaded.problem.message}${loaded.problem.notes.length === 0 ? '' : ` (${loaded.problem.notes[0]})`}` });
  const entry = { folder: place.key, sizeBytes: loaded.sizeBytes, mtimeNs: String(stats.mtimeNs), sha256: loaded.sha256, summary: summaryOf(loaded.manifest) };
  remember(entry, true);
  return finishedRun(place, entry);
};

/** A statement file as it looks; people may have put anything beside the runs, and in a shared store a run may be somebody else's. */
const look = (path: string): BigIntStats | undefined | 'no folder' | 'no permission' => {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    // Where a file stands instead of a folder, newer Node.js finds nothing and older Node.js throws.
    return stats === undefined && statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory() === false ? 'no folder' : stats;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? 'no folder' : 'no permission';
  }
};

const finishedRun = (place: Place, entry: IndexEntry): RunRecord => {
  const { folder, kept, statementPath: path } = place;
  return withReaders({ ...entry.summary, folder, kept, statementPath: path, state: 'finished', manifestSha256: entry.sha256, ...marksOn(place, entry.summary) });
};

type Unfinished = { readonly reason?: string; readonly recorder?: RecorderState };

const unfinishedRun = (place: Place): RunRecord | undefined => {
  const started = readStarted(place.folder);
  const recorder = recorderOf(started);
  if (started === undefined) return isYoung(place.folder.path) ? undefined : runWithout(place, 'damaged', { reason: 'it was killed before its start was written down' });
  if (recorder === undefined || summaryOfStart(started) === undefined) return runWithout(place, 'damaged', { reason: `${RUN_FILES.started} cannot be read` });
  const state = recorderState(recorder);
  if (state === 'alive') return runWithout(place, 'running', { recorder: state });
  const ended = factsIn(place.folder, RUN_FILES.exit) !== undefined;
  const deferred = factsIn(place.folder, 'deferred.json') !== undefined;
  if (deferred) return runWithout(place, 'deferred', { recorder: state, reason: 'hashing was put off' });
  if (state === 'gone') return runWithout(place, 'interrupted', { recorder: state, reason: 'its recorder was killed' });
  const reason = 'it was recorded on another machine, in another container or before a restart';
  return runWithout(place, !ended && isYoung(place.folder.path) ? 'running' : 'interrupted', { recorder: state, reason });
};

const runWithout = (place: Place, state: RunState, more: Unfinished): RunRecord => {
  const started = readStarted(place.folder);
  const summary = (started === undefined ? undefined : summaryOfStart(started)) ?? unknownRun(place.folder.name);
  const { folder, kept, statementPath: path } = place;
  return withReaders({ ...summary, folder, kept, statementPath: path, state, ...more, ...marksOn(place, summary) });
};

/** All that is known of a run whose files cannot be read is the name of its folder. */
const unknownRun = (name: string): RunSummary => ({
  id: name.slice(name.indexOf('-') + 1),
  startedAt: name.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, '$1-$2-$3T$4:$5:$6.000Z'),
  kind: 'run',
  tags: {},
  command: [],
  metrics: {},
  parameters: {},
  outputs: [],
  outputCount: 0,
  parents: [],
});

/** Name and tags as they hold now, if marks changed them. Marks that cannot be read leave the recorded ones; whoever changes marks hears of it. */
const marksOn = (place: Place, summary: RunSummary): Pick<RunRecord, 'tags' | 'marks'> & { readonly name?: string } => {
  const recorded = { tags: summary.tags, marks: [] };
  if (place.inGitOnly) return recorded;
  try {
    const marks = readMarks(place.folder.path);
    if (marks.history.length === 0) return recorded;
    const left = Object.entries(summary.tags).filter(([key]) => !marks.removed.includes(key));
    return { ...(marks.name === undefined ? {} : { name: marks.name }), tags: { ...Object.fromEntries(left), ...marks.tags }, marks: marks.history };
  } catch {
    return recorded;
  }
};

const MAX_STARTED = 16 * 1024 * 1024;

const readStarted = (folder: RunFolder): JsonValue | undefined => {
  const bytes = readSmallNow(join(folder.path, RUN_FILES.started), MAX_STARTED);
  const reading = bytes === undefined ? undefined : readJson(bytes);
  return reading?.kind === 'accepted' ? reading.value : undefined;
};

const recorderOf = (started: JsonValue | undefined): Recorder | undefined => {
  const recorder = (started as { readonly recorder?: Partial<Record<keyof Recorder, JsonValue>> } | undefined)?.recorder;
  if (typeof recorder !== 'object' || recorder === null || !Number.isSafeInteger(recorder.pid) || (recorder.pid as number) <= 0) return undefined;
  if ([recorder.startTicks, recorder.bootId, recorder.pidNamespace].some((text) => text !== undefined && typeof text !== 'string')) return undefined;
  const text = (key: 'startTicks' | 'bootId' | 'pidNamespace') => (typeof recorder[key] === 'string' ? { [key]: recorder[key] } : {});
  return { pid: recorder.pid as number, ...text('startTicks'), ...text('bootId'), ...text('pidNamespace') };
};

const factsIn = (folder: RunFolder, name: string): Stats | undefined => statSync(join(folder.path, name), { throwIfNoEntry: false });

/** Whether something in a run folder changed lately. */
const isYoung = (path: string): boolean => {
  const folders = [path, join(path, 'events'), join(path, 'logs')];
  const files = folders.flatMap((folder) => {
    try {
      return [folder, ...readdirSync(folder).map((name) => join(folder, name))];
    } catch {
      return [];
    }
  });
  return files.some((file) => Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < QUIET_MS);
};
