import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { pathOfName } from '#assembly';
import { hashFiles, type OnProgress } from '#files';
import type { FileFact } from '#gate';
import type { Manifest } from '#manifest';
import { findWriter, openStore, type RunRecord, shortId, type Store } from '#store';
import { rootsNow } from '../data/data-set.ts';

export type CandidatePlace = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A run, or the file of a model. */
  readonly reference: string;
  /** The record of that model, where the bytes alone do not lead to it. */
  readonly record?: string;
  readonly onProgress?: OnProgress;
};

/** The run that is asked about, and the model files that are to be served, hashed now. Without a manifest it cannot be read. */
export type Candidate = { readonly store: Store; readonly run: RunRecord; readonly manifest: Manifest | undefined; readonly models: readonly PlacedModel[] };

/** `place` is where it lies on this machine, if anybody knows. */
export type PlacedModel = FileFact & { readonly place?: string; /** Of its bytes now, in hexadecimal. */ readonly sha256?: string };

/** Throws TL0001, TL0301 to TL0303. */
export const findCandidate = async (place: CandidatePlace): Promise<Candidate> => {
  const store = await openStore({ projectRoot: place.projectRoot, storeFolder: place.storeFolder });
  const file = resolve(place.workingDirectory, place.reference);
  return (await isModelFile(file)) ? candidateOfFile(store, file, place) : candidateOfRun(store, place);
};

/** Documents are JSON, and models are not. */
const isModelFile = async (file: string): Promise<boolean> => !file.endsWith('.json') && (await stat(file).catch(() => undefined))?.isFile() === true;

const candidateOfRun = async (store: Store, place: CandidatePlace): Promise<Candidate> => {
  const run = await store.find(place.record ?? place.reference, place.workingDirectory);
  const manifest = await run.manifest().catch(() => undefined);
  return { store, run, manifest, models: manifest === undefined ? [] : await recordedModels(place, run, manifest) };
};

const candidateOfFile = async (store: Store, file: string, place: CandidatePlace): Promise<Candidate> => {
  const [facts] = await hashFiles([{ path: file }], place.onProgress === undefined ? {} : { onProgress: place.onProgress });
  const sha256 = facts?.changed === true ? undefined : facts?.sha256;
  const run = place.record === undefined ? await writerOf(store, { file, sha256, place }) : await store.find(place.record, place.workingDirectory);
  const manifest = await run.manifest().catch(() => undefined);
  const isRecorded = sha256 !== undefined && manifest?.outputs.some((output) => output.sha256 === sha256) === true;
  const state = sha256 === undefined ? 'unreadable' : isRecorded ? 'same' : 'differs';
  return { store, run, manifest, models: [{ path: place.reference, place: file, state, remedies: restoring(run), ...(sha256 === undefined ? {} : { sha256 }) }] };
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
  return earlier ?? store.find(place.reference, place.workingDirectory);
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
