import { basename } from 'node:path';
import { absoluteRoots, pathOfName } from '#assembly';
import { shellWord } from '#base';
import { hashFiles } from '#files';
import { type CanaryFact, comparePredictions, type FileFact } from '#gate';
import type { Manifest } from '#manifest';
import type { Store } from '#store';
import { hasPlace, MOST_CANARY_BYTES, NO_MODEL, runCanary } from '../canary/run-canary.ts';
import { isPython } from '../env/is-python.ts';
import type { PlacedModel } from './find-candidate.ts';
import { withProvenCopy } from './proven-copy.ts';

type Canary = NonNullable<Manifest['evaluation']['canary']>;

export type CanaryPlace = {
  readonly store: Store;
  readonly manifest: Manifest;
  readonly projectRoot: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The interpreter that serves, in place of that of the command. */
  readonly python?: string;
};

/** The code that serves, as it lies in this project, beside what the record has of it. */
export const servingFacts = async ({ manifest, projectRoot }: Pick<CanaryPlace, 'manifest' | 'projectRoot'>): Promise<readonly FileFact[]> => {
  const { canary } = manifest.evaluation;
  if (canary === undefined) return [];
  const commit = manifest.code.repository.commit;
  const places = canary.files.map(({ path }) => pathOfName(path, absoluteRoots({ project: projectRoot })));
  const facts = await hashFiles(places.map((path) => ({ path: path ?? '' })));
  return canary.files.map(({ path, sha256 }, at) => {
    const fact = facts[at];
    const name = path.replace(/^\$\{project\}\//, '');
    const remedies = commit === undefined ? [`bring back ${name} with sha256 ${sha256 ?? ''}`] : [`git checkout ${commit} -- ${shellWord(name)}`];
    const state = fact?.kind === 'absent' ? 'absent' : fact?.sha256 === undefined || sha256 === undefined ? 'unreadable' : fact.sha256 === sha256 ? 'same' : 'differs';
    return { path: name, state, ...(fact?.sha256 === undefined ? {} : { sha256: fact.sha256 }), remedies };
  });
};

export type CanaryQuestion = {
  readonly models: readonly PlacedModel[];
  readonly serving: readonly FileFact[];
  /** Why nothing of this record may be started. */
  readonly hindrance?: string;
};

/** Asks what serves here what it was asked when the model was trained. A command, model or code that is not proven to be the recorded one is not started. */
export const canaryFact = async (place: CanaryPlace, { models, serving, hindrance }: CanaryQuestion): Promise<CanaryFact> => {
  const { canary } = place.manifest.evaluation;
  if (canary === undefined) return { kind: 'none', because: 'no canary was recorded with the run' };
  if (canary.outputs === undefined) return { kind: 'none', because: 'the canary gave no predictions when the run was recorded' };
  if (hindrance !== undefined) return { kind: 'unknown', because: `${hindrance}, so it was not started` };
  if (!hasPlace(canary.command, 'model')) return { kind: 'unknown', because: NO_MODEL };
  if (serving.length === 0) return { kind: 'unknown', because: 'its command names no file of the project, so nobody knows what would be started' };
  const other = [...models, ...serving].find(({ state }) => state !== 'same');
  if (other !== undefined) return { kind: 'unknown', because: `${other.path} is not proven to be as recorded, so it was not started` };
  const [inputs, recorded] = [await bytesOf(place.store, canary.inputs.sha256), await bytesOf(place.store, canary.outputs.sha256)];
  if (inputs === undefined || recorded === undefined) return { kind: 'unknown', because: 'its recorded inputs or predictions are not here' };
  const model = modelOf(canary, models);
  if (model?.place === undefined || model.sha256 === undefined) return { kind: 'unknown', because: 'nobody knows which of the models it asks' };
  return withProvenCopy({ path: model.place, sha256: model.sha256 }, async (copy) => {
    const fact = await ask(place, { canary, inputs, recorded, model: copy });
    const changed = (await servingFacts(place)).find(({ state }) => state !== 'same');
    return changed === undefined ? fact : { kind: 'unknown', because: `${changed.path} changed while it was asked` };
  });
};

type Asking = { readonly canary: Canary; readonly inputs: Uint8Array; readonly recorded: Uint8Array; readonly model: string };

const ask = async ({ projectRoot, env, python }: CanaryPlace, { canary, inputs, recorded, model }: Asking): Promise<CanaryFact> => {
  const [program = '', ...rest] = canary.command;
  const answer = await runCanary({
    command: [python !== undefined && isPython(program) ? python : program, ...rest],
    inputs: { name: basename(canary.inputs.path), bytes: inputs },
    model,
    workingDirectory: projectRoot,
    env,
    seconds: canary.seconds,
  });
  return answer.kind === 'failed' ? answer : { kind: 'compared', outcome: comparePredictions(recorded, answer.bytes, canary) };
};

/** The interpreter that is asked about its packages is the one that serves. */
export const servingPython = ({ evaluation }: Pick<Manifest, 'evaluation'>, { python }: { readonly python?: string }): { readonly python?: string } => {
  const program = python ?? evaluation.canary?.command[0];
  return program !== undefined && isPython(program) ? { python: program } : python === undefined ? {} : { python };
};

/** The file that stands for the model: the one that was named, or the recorded one. */
const modelOf = ({ model }: Canary, models: readonly PlacedModel[]): PlacedModel | undefined => (models.length === 1 ? models[0] : models.find(({ path }) => path === model));

/** Bytes under a digest; undefined where they are not here, too many, or others. */
const bytesOf = async (store: Store, sha256: string | undefined): Promise<Uint8Array | undefined> =>
  sha256 === undefined ? undefined : store.readObject(sha256, MOST_CANARY_BYTES).catch(() => undefined);
