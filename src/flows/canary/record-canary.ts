import { readFile, realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type Gap, isBelow, pathNames, type StartFacts } from '#assembly';
import { isSecretFile, redactArguments, type Redactor, toHex } from '#base';
import { nodeCrypto, readBounded } from '#files';
import { vainPredictions } from '#gate';
import type { Manifest } from '#manifest';
import type { Store } from '#store';
import { type CanaryAnswer, type CanaryPlace, hasPlace, MOST_CANARY_BYTES, NO_MODEL, runCanary } from './run-canary.ts';

export type Canary = NonNullable<Manifest['evaluation']['canary']>;

export type CanaryRecording = {
  readonly store: Store;
  readonly start: StartFacts;
  readonly outputs: Manifest['outputs'];
  /** The environment of the command, before ours was added. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly redactor: Redactor;
  /** Where it is asked, if it is confined. */
  readonly place?: CanaryPlace;
};

export type RecordedCanary = { readonly canary?: Canary; readonly gaps: readonly Gap[] };

/** Asks the declared canary when a run has ended, and keeps what it was asked and what it said. Whatever fails is a gap. Never throws. */
export const recordCanary = async (recording: CanaryRecording): Promise<RecordedCanary> => {
  const { start } = recording;
  const declared = start.config.canary;
  if (declared === undefined) return { gaps: [] };
  try {
    const path = resolve(start.projectRoot, declared.inputs);
    if (!isBelow(await realpath(path), await realpath(start.projectRoot))) return gap('its inputs lie outside the project');
    if (!hasPlace(declared.command, 'model')) return gap(NO_MODEL);
    const inputs = await readBounded(path, MOST_CANARY_BYTES);
    if (hasSecret(inputs, recording.redactor)) return gap('a secret was found in its inputs, which would be kept');
    const asked = await questionOf(recording, declared, { path, inputs });
    const model = modelOf(recording, declared.model);
    const answer = await runCanary({
      command: declared.command,
      inputs: { name: basename(path), bytes: inputs },
      ...(model === undefined ? {} : { model: model.path }),
      workingDirectory: start.projectRoot,
      env: recording.env,
      seconds: asked.seconds,
      ...(recording.place === undefined ? {} : { place: recording.place }),
    });
    const canary: Canary = { ...asked, ...(model === undefined ? {} : { model: model.name }) };
    if (answer.kind === 'failed') return { canary, ...gap(recording.redactor.redact(textOf(answer)).text) };
    if (hasSecret(answer.bytes, recording.redactor)) return { canary, ...gap('a secret was found in what it said, which would be kept') };
    const vain = vainPredictions(answer.bytes, asked.format);
    return vain === undefined ? { canary: { ...canary, outputs: await keep(recording.store, answer.bytes) }, gaps: [] } : { canary, ...gap(vain) };
  } catch (error) {
    return gap(error instanceof Error ? error.message : String(error));
  }
};

const hasSecret = (bytes: Uint8Array, redactor: Redactor): boolean => redactor.scan(Buffer.from(bytes).toString('latin1')).length > 0;

const gap = (reason: string): RecordedCanary => ({ gaps: [canaryGap(reason)] });

export const canaryGap = (reason: string): Gap => ({
  about: '/evaluation/canary',
  reason: `the canary gave no predictions: ${reason}`.slice(0, 1000),
  remedy: 'mend it, and record the run again: without it no gate can prove that the model serves as it was trained',
});

const textOf = ({ because, said }: Extract<CanaryAnswer, { readonly kind: 'failed' }>): string => (said === '' ? because : `${because}: ${said.split('\n').at(-1)!}`);

/** Largest file of the serving code that is kept. Unit: byte. */
const MOST_KEPT_CODE = 4 * 1024 * 1024;

type Declared = NonNullable<StartFacts['config']['canary']>;

/** What is asked, and by which code. */
const questionOf = async (
  { store, start, redactor, place }: CanaryRecording,
  declared: Declared,
  { path, inputs }: { readonly path: string; readonly inputs: Uint8Array },
): Promise<Omit<Canary, 'model' | 'outputs'>> => {
  const names = pathNames(start.roots, start.pathMap);
  const stored = await keep(store, inputs);
  const files: Canary['files'][number][] = [];
  for (const word of new Set(declared.command)) {
    const file = resolve(start.projectRoot, word);
    if (!isBelow(file, start.projectRoot) || file === path) continue;
    const bytes = await readFile(resolve(start.projectRoot, word.includes('/') ? (place?.program(word) ?? word) : word)).catch(() => undefined);
    if (bytes === undefined) continue;
    // Kept, so that it can be brought back where git does not have it.
    if (bytes.length <= MOST_KEPT_CODE && !isSecretFile(file) && !hasSecret(bytes, redactor)) await store.putObject(bytes);
    files.push({ path: names.nameOf(file), sizeBytes: bytes.length, sha256: toHex(nodeCrypto.sha256(bytes)) });
  }
  return {
    command: redactArguments(declared.command, redactor).argv,
    inputs: { path: names.nameOf(path), ...stored, stored: true },
    files,
    format: declared.format ?? 'csv',
    absoluteTolerance: declared.absoluteTolerance ?? '0',
    flips: declared.flips ?? 0,
    seconds: declared.seconds ?? 60,
  };
};

const keep = async (store: Store, bytes: Uint8Array): Promise<{ readonly sha256: string; readonly sizeBytes: number }> => ({
  sha256: await store.putObject(Buffer.from(bytes)),
  sizeBytes: bytes.length,
});

/** The declared model, or the only one among the outputs; where there are several nobody chooses one. */
const modelOf = ({ start, outputs }: CanaryRecording, declared: string | undefined): { readonly path: string; readonly name: string } | undefined => {
  const names = pathNames(start.roots, start.pathMap);
  const places = outputs.flatMap(({ path, role }) =>
    declared === undefined ? (role === 'model' ? [path] : []) : path === names.nameOf(resolve(start.projectRoot, declared)) ? [path] : [],
  );
  const [name] = places;
  const below = '${project}/';
  return places.length === 1 && name!.startsWith(below) ? { path: resolve(start.projectRoot, name!.slice(below.length)), name: name! } : undefined;
};
