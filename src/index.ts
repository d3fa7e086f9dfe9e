/**
 * trainlock as a library: what the command line does, another program can do.
 *
 * - `record` runs a command and records it; `replay` runs a recorded command again in isolation and tells the outcome.
 * - `readManifest` and `validate` turn untrusted bytes into a manifest, or into every problem with pointer and line.
 * - `compare` tells what differs between manifests, with class and risk. `verify` judges a record: intact, whose, since when, against files.
 *   `sign` signs records that have no signature yet; `record` does it by itself.
 * - `snapshot` records exactly which bytes a data set has; `compareData` tells what differs between two data sets, from files to the
 *   values of columns; `verifyData` whether files are those that were recorded; `readSnapshot` turns untrusted bytes into the document of a snapshot.
 *
 * Contract: results are values with a `kind`; nothing is printed. `TrainlockError` (closed set of codes, `fix` is a command) is
 * thrown only when an operation could not be carried out. Paths are relative to `workingDirectory`, which is the current one if
 * nothing is said; the project and its settings are found from there as the command line does. Times are RFC 3339 in UTC, sizes
 * bytes, durations milliseconds. Within one minor version only optional members are added.
 */
import { resolve } from 'node:path';
import { withoutUndefined } from '#base';
import { type Comparison, compareManifests } from '#diff';
import { dataRequestOf } from '#flows/data-request';
import { declaredAt, snapshotProfile } from '#flows/declared-data';
import { diffData } from '#flows/diff-data';
import { loadProject } from '#flows/load-project';
import { record as recordRun, type Recorded } from '#flows/record';
import { type Replayed, replayRun } from '#flows/replay-run';
import { type SignedRuns, signRuns } from '#flows/sign-runs';
import { checkName, takeSnapshot, type TakenSnapshot } from '#flows/take-snapshot';
import { verifyData as dataVerdict } from '#flows/verify-data';
import { verifyRun } from '#flows/verify-run';
import { checkDocument, type DocumentCheck, type Manifest, readManifest } from '#manifest';
import type { DataVerdictView } from '#report';
import { readSnapshot, type SnapshotDifference } from '#snapshot';
import type { Question, Verdict } from '#verify';

export { ERROR_CODES, type ErrorCode, type Problem, type Reading, TrainlockError } from '#base';
export type { Comparison, Difference, Outcome, OutcomeKind } from '#diff';
export type { Recorded } from '#flows/record';
export type { Replayed } from '#flows/replay-run';
export type { SignedRuns } from '#flows/sign-runs';
export type { TakenSnapshot } from '#flows/take-snapshot';
export type { DocumentCheck, Manifest } from '#manifest';
export type { DataVerdictView as DataVerdict } from '#report';
export type { DocumentReading, Snapshot, SnapshotDifference } from '#snapshot';
export type { Check, Question, Verdict } from '#verify';
export { readManifest, readSnapshot };

/** Where a project is looked for. */
export type Place = {
  /** Absolute; the current working folder if nothing is said. */
  readonly workingDirectory?: string;
  /** The environment; that of this process if nothing is said. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Folder of the records, if not the project's. */
  readonly store?: string;
};

export type RecordRequest = Place & {
  /** Argument vector, for example ['python', 'train.py']. */
  readonly command: readonly string[];
  readonly name?: string;
  readonly purpose?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Data files or folders by name, recorded whole. */
  readonly data?: Readonly<Record<string, string>>;
  readonly entropy?: 'own' | 'observe';
  readonly hash?: 'now' | 'defer';
  /** Where the output of the command goes: to this process's streams, all to its stderr, or only into the record. */
  readonly output?: 'inherit' | 'stderr' | 'discard';
};

/** Runs a command and records it. The command runs whatever happens to the recording; a fault of ours is told in `problem`. */
export const record = async (request: RecordRequest): Promise<Recorded> => {
  const { place, project } = await found(request, {
    ...(request.entropy === undefined ? {} : { entropy: request.entropy }),
    ...(request.hash === undefined ? {} : { hash: request.hash }),
  });
  return recordRun({
    command: request.command,
    ...place,
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    config: project.config,
    settings: project.settings,
    ...(request.name === undefined ? {} : { name: request.name }),
    ...(request.purpose === undefined ? {} : { purpose: request.purpose }),
    ...(request.tags === undefined ? {} : { tags: request.tags }),
    ...(request.data === undefined ? {} : { data: request.data }),
    ...(request.output === undefined ? {} : { output: request.output }),
  });
};

/** Checks a manifest or a statement in bytes: valid, invalid with every problem, or from a newer version. Never throws on bad input. */
export const validate = (bytes: Uint8Array): DocumentCheck => checkDocument(bytes);

/** What differs between two or more manifests, grouped by class and ranked by risk. */
export const compare = (manifests: readonly [Manifest, Manifest, ...Manifest[]]): Comparison => compareManifests(manifests);

export type VerifyRequest = Place & {
  /** A run (last, last~1, name, prefix of its id or digest, folder) or a file that holds a statement or manifest. */
  readonly reference: string;
  /** What is asked; if nothing is said: intact, signed with a key that counts here, and outputs as recorded. */
  readonly question?: Partial<Question>;
  /** Files of public keys (PEM) that count for this question. */
  readonly keys?: readonly string[];
  /** A file with pinned roots, in place of those of the configuration. */
  readonly pin?: string;
  /** Files with certificates of time authorities that count for this question. */
  readonly authorities?: readonly string[];
  /** Verifier keys of logs and witnesses that count for this question. */
  readonly logKeys?: readonly string[];
  /** The moment that is asked about, RFC 3339 in UTC; now if nothing is said. */
  readonly at?: string;
};

/** Judges a record: proven, refuted or undecided, with every check and its reason. Asks nothing over the network. */
export const verify = async (request: VerifyRequest): Promise<Verdict> => {
  const { place, project } = await found(request, {});
  const { reference, keys, pin, authorities, logKeys, at } = request;
  return verifyRun({
    ...place,
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    ...withoutUndefined({ reference, keys, pin, authorities, logKeys, at }),
    question: { model: false, data: false, environment: false, signature: true, time: false, log: false, ...request.question },
  });
};

export type SignRequest = Place & {
  /** Runs as for verify; if none is named every finished run without a signature that this user's own recorder started. */
  readonly references?: readonly string[];
  /** Name, path or reference of a key, in place of that of the settings. */
  readonly key?: string;
  readonly timeAuthorities?: readonly string[];
  readonly also?: readonly ('slsa-provenance' | 'test-result' | 'model-signing')[];
};

/** Signs records and enters them in the log of this machine, as finished records are by themselves. */
export const sign = async (request: SignRequest = {}): Promise<SignedRuns> => {
  const { place, project } = await found(request, {});
  const { references = [], key, timeAuthorities, also } = request;
  return signRuns({
    ...place,
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    settings: project.settings,
    references,
    dryRun: false,
    ...withoutUndefined({ key, timeAuthorities, also }),
  });
};

export type ReplayRequest = Place & {
  readonly reference: string;
  /** Path prefixes of the recorded run and where they lie now. */
  readonly map?: readonly { readonly from: string; readonly to: string }[];
  /** Hosts that may be reached; none if nothing is said. */
  readonly network?: readonly string[];
  /** Variables taken from the environment of now. */
  readonly envFromCurrent?: readonly string[];
  /** Keep the folder in which the replay ran; it is named in the answer. */
  readonly keep?: boolean;
};

/** Runs a recorded command again, without outside effects, and compares. The replay is recorded itself. */
export const replay = async (request: ReplayRequest): Promise<Replayed> => {
  const { place, project } = await found(request, {});
  const { reference, map, network, envFromCurrent, keep } = request;
  return replayRun({
    ...place,
    project,
    reference,
    ...(map === undefined ? {} : { map }),
    ...(network === undefined ? {} : { network }),
    ...(envFromCurrent === undefined ? {} : { envFromCurrent }),
    ...(keep === undefined ? {} : { keep }),
  });
};

export type SnapshotRequest = Place & {
  /** A file or folder. */
  readonly path: string;
  /** A name to find it by. */
  readonly name?: string;
  /** Look into tables, images, recordings and texts. What trainlock.yaml declares of this path (detail, columns, label) holds. */
  readonly profile?: boolean;
  /** The column that holds the label, for the profile. */
  readonly label?: string;
  /** What is told of single columns, by name. */
  readonly columns?: Readonly<Record<string, 'full' | 'counts' | 'off'>>;
  /** Keep the bytes of the files in the store. */
  readonly keep?: boolean;
  /** Read every file, even if its size and times say that it is as it was. */
  readonly full?: boolean;
  /** Globs of paths below the path that are left out. */
  readonly ignore?: readonly string[];
  /** Threads that read; the number of processors, at least 2, if nothing is said. */
  readonly jobs?: number;
};

/**
 * Records exactly which bytes a data set has: reads every file and writes the list of their digests into the store. What cannot be read
 * is a finding, and the snapshot then says that it is not complete. Throws TL0001 for a name, glob or column that cannot be meant,
 * TL0002 if nothing is there, TL0003 if the store cannot be written.
 */
export const snapshot = async (request: SnapshotRequest): Promise<TakenSnapshot> => {
  checkName(request.name);
  const { place, project } = await found(request, {});
  const { name, keep, full, ignore, jobs } = request;
  const path = resolve(place.workingDirectory, request.path);
  return takeSnapshot({
    ...dataRequestOf(project, place),
    path,
    ...(name === undefined ? {} : { name }),
    ...(keep === undefined ? {} : { keep }),
    ...(full === undefined ? {} : { full }),
    ...(ignore === undefined ? {} : { ignore }),
    ...(jobs === undefined ? {} : { jobs }),
    ...snapshotProfile(declaredAt(project, path), request),
  });
};

export type CompareDataRequest = Place & {
  /** A snapshot (last, last~1, its name, first letters of its digest), a path (with a slash or a dot), or RUN:NAME. */
  readonly before: string;
  readonly after: string;
  /** Columns that name a row; those that trainlock.yaml declares if nothing is said. */
  readonly key?: readonly string[];
  /** Without a key: pair rows by their place, or by all their values; what says more if nothing is said. */
  readonly by?: 'position' | 'content';
  /** Tell the values of changed cells. */
  readonly values?: boolean;
  /** Most examples of each kind; 20 if nothing is said. */
  readonly examples?: number;
  /** The column that holds the label. */
  readonly label?: string;
  /** Compare files alone. */
  readonly filesOnly?: boolean;
};

/**
 * What differs between two data sets: files, tables, rows, and how far the values of columns moved. A difference is an answer. Throws
 * TL0811 and TL0812 if a name fits nothing or several, TL0814 if a snapshot is damaged, TL0306 and TL0307 if lists are missing or
 * damaged, TL0001 if a column of the key is not there.
 */
export const compareData = async (request: CompareDataRequest): Promise<SnapshotDifference> => {
  const { place, project } = await found(request, {});
  const { before, after, key, by, values, examples, label, filesOnly } = request;
  return diffData({
    ...dataRequestOf(project, place),
    before,
    after,
    ...(filesOnly === undefined ? {} : { filesOnly }),
    config: project.config,
    asked: {
      ...(key === undefined ? {} : { key }),
      ...(by === undefined ? {} : { by }),
      ...(values === undefined ? {} : { values }),
      ...(examples === undefined ? {} : { examples }),
      ...(label === undefined ? {} : { label }),
    },
  });
};

export type VerifyDataRequest = Place & {
  /** A snapshot (last, last~1, its name, first letters of its digest), or RUN:NAME. */
  readonly data: string;
  /** Where the files lie, if not where they were recorded. */
  readonly at?: string;
  /** Only these files, by their paths below the root. */
  readonly only?: readonly string[];
};

/**
 * Whether files are those that were recorded: every one is read, and nothing is written. Throws TL0811 and TL0812 if the name fits
 * nothing or several, TL0814 if a snapshot is damaged, TL0307 if its list is.
 */
export const verifyData = async (request: VerifyDataRequest): Promise<DataVerdictView> => {
  const { place, project } = await found(request, {});
  const { data, at, only } = request;
  return dataVerdict({
    ...dataRequestOf(project, place),
    reference: data,
    ...(at === undefined ? {} : { at }),
    ...(only === undefined ? {} : { only }),
  });
};

const found = async (request: Place, flags: Readonly<Record<string, string>>) => {
  const place = { workingDirectory: request.workingDirectory ?? process.cwd(), env: request.env ?? process.env };
  return { place, project: await loadProject({ ...place, flags: { ...flags, ...(request.store === undefined ? {} : { store: request.store }) } }) };
};
