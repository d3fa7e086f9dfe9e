/**
 * trainlock as a library: what the command line does, another program can do.
 *
 * - `record` runs a command and records it; `replay` runs a recorded command again in isolation and tells the outcome.
 * - `readManifest` and `validate` turn untrusted bytes into a manifest, or into every problem with pointer and line.
 * - `compare` tells what differs between manifests, with class and risk. `verify` judges a record against files.
 *
 * Contract: results are values with a `kind`; nothing is printed. `TrainlockError` (closed set of codes, `fix` is a command) is
 * thrown only when an operation could not be carried out. Paths are relative to `workingDirectory`, which is the current one if
 * nothing is said; the project and its settings are found from there as the command line does. Times are RFC 3339 in UTC, sizes
 * bytes, durations milliseconds. Within one minor version only optional members are added.
 */
import { type Comparison, compareManifests } from '#diff';
import { loadProject } from '#flows/load-project';
import { record as recordRun, type Recorded } from '#flows/record';
import { type Replayed, replayRun } from '#flows/replay-run';
import { verifyRun } from '#flows/verify-run';
import { checkDocument, type DocumentCheck, type Manifest, readManifest } from '#manifest';
import type { Question, Verdict } from '#verify';

export { ERROR_CODES, type ErrorCode, type Problem, type Reading, TrainlockError } from '#base';
export type { Comparison, Difference, Outcome, OutcomeKind } from '#diff';
export type { Recorded } from '#flows/record';
export type { Replayed } from '#flows/replay-run';
export type { DocumentCheck, Manifest } from '#manifest';
export type { Check, Question, Verdict } from '#verify';
export { readManifest };

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
  /** What is asked beyond "intact, and outputs as recorded". */
  readonly question?: Partial<Question>;
};

/** Judges a record: proven, refuted or undecided, with every check and its reason. */
export const verify = async (request: VerifyRequest): Promise<Verdict> => {
  const { place, project } = await found(request, {});
  return verifyRun({
    ...place,
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    reference: request.reference,
    question: { model: false, data: false, environment: false, ...request.question },
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

const found = async (request: Place, flags: Readonly<Record<string, string>>) => {
  const place = { workingDirectory: request.workingDirectory ?? process.cwd(), env: request.env ?? process.env };
  return { place, project: await loadProject({ ...place, flags: { ...flags, ...(request.store === undefined ? {} : { store: request.store }) } }) };
};
