import { basename } from 'node:path';
import { absoluteRoots, pathOfName } from '#assembly';
import { shellWord, toHex } from '#base';
import { hashFiles, nodeCrypto } from '#files';
import { type CanaryFact, comparePredictions, type FileFact } from '#gate';
import type { Manifest } from '#manifest';
import type { Store } from '#store';
import { MOST_CANARY_BYTES, runCanary } from '../canary/run-canary.ts';
import type { PlacedModel } from './find-candidate.ts';

type Canary = NonNullable<Manifest['evaluation']['canary']>;

export type CanaryPlace = {
  readonly store: Store;
  readonly manifest: Manifest;
  readonly projectRoot: string;
  readonly env: Readonly<Record<string, string | undefined>>;
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
    return { path: name, state, remedies };
  });
};

export type CanaryQuestion = {
  readonly models: readonly PlacedModel[];
  readonly serving: readonly FileFact[];
  /** Whether the record is proven to be that of somebody who counts here: nothing of another one is ever started. */
  readonly isProven: boolean;
};

/** Asks what serves here what it was asked when the model was trained. A command, model or code that is not proven to be the recorded one is not started. */
export const canaryFact = async (place: CanaryPlace, { models, serving, isProven }: CanaryQuestion): Promise<CanaryFact> => {
  const { canary } = place.manifest.evaluation;
  if (canary === undefined) return { kind: 'none', because: 'no canary was recorded with the run' };
  if (canary.outputs === undefined) return { kind: 'none', because: 'the canary gave no predictions when the run was recorded' };
  if (!isProven) return { kind: 'unknown', because: 'the record is not proven, so nothing in it was started' };
  const other = [...models, ...serving].find(({ state }) => state !== 'same');
  if (other !== undefined) return { kind: 'unknown', because: `${other.path} is not proven to be as recorded, so it was not started` };
  const [inputs, recorded] = [await bytesOf(place.store, canary.inputs.sha256), await bytesOf(place.store, canary.outputs.sha256)];
  if (inputs === undefined || recorded === undefined) return { kind: 'unknown', because: 'its recorded inputs or predictions are not here' };
  return ask(place, { canary, inputs, recorded, model: modelOf(canary, models) });
};

type Asking = { readonly canary: Canary; readonly inputs: Uint8Array; readonly recorded: Uint8Array; readonly model: string | undefined };

const ask = async ({ projectRoot, env }: CanaryPlace, { canary, inputs, recorded, model }: Asking): Promise<CanaryFact> => {
  const answer = await runCanary({
    command: canary.command,
    inputs: { name: basename(canary.inputs.path), bytes: inputs },
    ...(model === undefined ? {} : { model }),
    workingDirectory: projectRoot,
    env,
    seconds: canary.seconds,
  });
  return answer.kind === 'failed' ? answer : { kind: 'compared', outcome: comparePredictions(recorded, answer.bytes, canary) };
};

/** The file that stands for the model: the one that was named, or the recorded one. */
const modelOf = ({ model }: Canary, models: readonly PlacedModel[]): string | undefined =>
  models.length === 1 ? models[0]!.place : models.find(({ path }) => path === model)?.place;

/** Bytes under a digest; undefined where they are not here, too many, or others. */
const bytesOf = async (store: Store, sha256: string | undefined): Promise<Uint8Array | undefined> => {
  if (sha256 === undefined) return undefined;
  const bytes = await store.readObject(sha256, MOST_CANARY_BYTES).catch(() => undefined);
  return bytes !== undefined && toHex(nodeCrypto.sha256(bytes)) === sha256 ? bytes : undefined;
};
