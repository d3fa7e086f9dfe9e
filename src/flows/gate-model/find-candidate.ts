import { lstat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { pathOfName } from '#assembly';
import { escapeControl, TrainlockError } from '#base';
import { hashFiles, type OnProgress, readBounded } from '#files';
import type { FileFact } from '#gate';
import { checkDocument, type Manifest } from '#manifest';
import { findWriter, MAX_STATEMENT, openStore, type RunRecord, shortId, type Store } from '#store';
import { rootsNow } from '../data/data-set.ts';
import { exactRecord, type ExactRecord } from '../policy/exact-record.ts';

export type CandidatePlace = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A run, or the file of a model. */
  readonly reference: string;
  /** The record of that model, where the bytes alone do not lead to it. */
  readonly record?: string;
  /** In place of the store of the project. */
  readonly store?: Store;
  readonly onProgress?: OnProgress;
};

/** The run that is asked about, and the model files that are to be served, hashed now. Without a record it cannot be read, and `because` says why. */
export type Candidate = { readonly store: Store; readonly run: RunRecord; readonly models: readonly PlacedModel[] } & (
  | { readonly record: ExactRecord; readonly because?: undefined }
  | { readonly record?: undefined; readonly because: string }
);

/** `place` is where it lies on this machine, if anybody knows. */
export type PlacedModel = FileFact & { readonly place?: string; /** Of its bytes now, in hexadecimal. */ readonly sha256?: string };

/** Throws TL0001, TL0002, TL0301 to TL0303. */
export const findCandidate = async (place: CandidatePlace): Promise<Candidate> => {
  const store = place.store ?? (await openStore({ projectRoot: place.projectRoot, storeFolder: place.storeFolder }));
  const file = resolve(place.workingDirectory, place.reference);
  const isModel = place.record !== undefined || (await isModelFile(file));
  return isModel ? candidateOfFile(store, file, place) : candidateOfRun(store, place);
};

/** Whether a file is there that is no record: everything else that is named is a run. */
const isModelFile = async (file: string): Promise<boolean> => {
  const facts = await lstat(file).catch(() => undefined);
  if (facts === undefined || facts.isDirectory()) return false;
  if (!file.endsWith('.json') || facts.size > MAX_STATEMENT) return true;
  const { kind, form } = checkDocument(await readBounded(file, MAX_STATEMENT).catch(() => new Uint8Array()));
  // A bare manifest says of itself what it likes: only what can be signed leads to a record.
  return kind === 'invalid' || form === 'manifest';
};

const readExactly = async (run: RunRecord): Promise<{ readonly record: ExactRecord } | { readonly because: string }> => {
  try {
    return { record: await exactRecord(run) };
  } catch (error) {
    if (!(error instanceof TrainlockError)) throw error;
    return { because: error.message };
  }
};

const candidateOfRun = async (store: Store, place: CandidatePlace): Promise<Candidate> => {
  const run = await store.find(place.reference, place.workingDirectory);
  const read = await readExactly(run);
  return { store, run, ...read, models: 'record' in read ? await recordedModels(place, run, read.record.manifest) : [] };
};

const candidateOfFile = async (store: Store, file: string, place: CandidatePlace): Promise<Candidate> => {
  const facts = await lstat(file).catch(() => undefined);
  if (facts?.isFile() !== true)
    throw new TrainlockError(
      'TL0002',
      `${escapeControl(place.reference)} is no file of a model: ${facts === undefined ? 'it does not exist' : 'it is a link, a folder or a device'}`,
      {
        where: file,
        fix: 'name the file that is to be served',
      },
    );
  const [hashed] = await hashFiles([{ path: file }], place.onProgress === undefined ? {} : { onProgress: place.onProgress });
  const sha256 = hashed?.changed === true ? undefined : hashed?.sha256;
  const run = place.record === undefined ? await writerOf(store, { file, sha256, place }) : await store.find(place.record, place.workingDirectory);
  const read = await readExactly(run);
  const model = { path: place.reference, place: file, remedies: restoring(run), ...(sha256 === undefined ? {} : { sha256 }) };
  return { store, run, ...read, models: [{ ...model, ...stateOf(sha256, 'record' in read ? read.record.manifest : undefined) }] };
};

/** Only what the record calls a model is one: other outputs of the run are not what was looked at. */
const stateOf = (sha256: string | undefined, manifest: Manifest | undefined): Pick<FileFact, 'state' | 'because'> => {
  if (sha256 === undefined || manifest === undefined) return { state: 'unreadable' };
  const roles = manifest.outputs.filter((output) => output.sha256 === sha256).map(({ role }) => role);
  if (roles.some((role) => role === 'model' || role === 'checkpoint')) return { state: 'same' };
  return roles.length === 0 ? { state: 'differs' } : { state: 'differs', because: `it is an output of the run, and no model: ${roles[0]}` };
};

const restoring = (run: RunRecord): readonly string[] => [`trainlock replay ${shortId(run.id)} --keep   # writes it anew; or bring it back from a copy`];

/** The run that wrote these bytes; where none did, the newest that wrote to this place: its model is then another one. */
const writerOf = async (
  store: Store,
  { file, sha256, place }: { readonly file: string; readonly sha256: string | undefined; readonly place: CandidatePlace },
): Promise<RunRecord> => {
  const runs = await store.runs();
  const writer = sha256 === undefined ? undefined : await findWriter(runs, file, sha256);
  if (writer !== undefined) return writer;
  const name = `\${project}/${relative(place.projectRoot, file)}`;
  const earlier = runs.findLast(({ state, kind, outputs }) => state === 'finished' && kind === 'run' && outputs.some(([path]) => path === name));
  if (earlier !== undefined) return earlier;
  throw new TrainlockError('TL0301', `no run wrote ${escapeControl(place.reference)}`, { where: file, fix: 'trainlock gate --record RUN …   # names its record' });
};

/** The models that the record names, where they lie now. */
const recordedModels = async (place: CandidatePlace, run: RunRecord, manifest: Manifest): Promise<readonly PlacedModel[]> => {
  const roots = await rootsNow(run, manifest, place);
  const models = manifest.outputs.filter(({ role }) => role === 'model');
  const places = models.map(({ path, rawName }) => (rawName === undefined ? pathOfName(path, roots) : undefined));
  const facts = await hashFiles(
    places.flatMap((path) => (path === undefined ? [] : [{ path }])),
    place.onProgress === undefined ? {} : { onProgress: place.onProgress },
  );
  const found = new Map(facts.map((one) => [one.path, one]));
  return models.map((model, at) => {
    const [path, remedies] = [places[at], restoring(run)];
    const file = path === undefined ? undefined : found.get(path);
    const about = { path: model.path, remedies, ...(path === undefined ? {} : { place: path }) };
    if (file === undefined) return { ...about, state: 'unreadable', because: 'nobody knows where it lies on this machine: name the file' };
    if (file.kind === 'absent') return { ...about, state: 'absent' };
    if (file.sha256 === undefined || file.changed === true || model.sha256 === undefined) return { ...about, state: 'unreadable' };
    return { ...about, sha256: file.sha256, state: file.sha256 === model.sha256 ? 'same' : 'differs' };
  });
};
