/** Starts a program under the numeric settings of a run, and if asked with its model, proven and open. */
import { closeSync } from 'node:fs';
import { availableParallelism, machine } from 'node:os';
import { escapeControl, TrainlockError } from '#base';
import { checkProgram, type ChildExit, cpuFlags, forwardSignals, startChild } from '#capture';
import { type Pin, pinOf } from '#environment';
import { checkDocument, type Manifest } from '#manifest';
import type { RunRecord } from '#store';
import { rootsNow } from './data/data-set.ts';
import { type OpenModel, openModel } from './env/open-model.ts';
import { judge } from './verify-run.ts';

export type ExecOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The run whose settings hold. */
  readonly reference: string;
  readonly command: readonly string[];
  /** Whether the program gets the model; `path` is where it lies. */
  readonly model?: { readonly path?: string };
  /** Where the standard output of the program goes. */
  readonly output: 'inherit' | 'stderr';
  readonly say: (line: string) => void;
};

export type Executed = {
  readonly exit: ChildExit;
  readonly run: { readonly id: string; readonly name?: string };
  readonly pin: Pin;
  readonly model?: Pick<OpenModel, 'path' | 'sha256'>;
};

/**
 * Runs a program as it would run without us, but for the variables of the pin. Throws TL0401 and TL0402 if it cannot be started, TL0404 if
 * the record is not intact, the machine cannot, or the model is another, TL0202 for a record of a later schema, and as verify does: then nothing was started.
 */
export const execPinned = async (options: ExecOptions): Promise<Executed> => {
  checkProgram(options.command, options.workingDirectory, options.env);
  const prepared = await prepare(options);
  const { pin, model, about } = prepared;
  try {
    options.say(`trainlock: ${escapeControl(pinLine(prepared, options.env))}`);
    const child = await startChild({
      argv: options.command,
      workingDirectory: options.workingDirectory,
      env: environmentOf(options.env, pin, model),
      stdio: ['inherit', options.output === 'stderr' ? 2 : 'inherit', 'inherit', ...(model === undefined ? [] : [model.descriptor])],
    });
    const stopForwarding = forwardSignals(child.pid, process.stdin.isTTY === true);
    const exit = await child.ended;
    stopForwarding();
    return { exit, run: about, pin, ...(model === undefined ? {} : { model: { path: model.path, sha256: model.sha256 } }) };
  } finally {
    if (model !== undefined) closeSync(model.descriptor);
  }
};

type Prepared = { readonly about: { readonly id: string; readonly name?: string }; readonly pin: Pin; readonly model: OpenModel | undefined };

const prepare = async (options: ExecOptions): Promise<Prepared> => {
  const { run, manifest } = await intactRecord(options);
  const flags = await cpuFlags();
  const pin = pinOf(manifest, { architecture: machine(), cpus: availableParallelism(), ...(flags === undefined ? {} : { flags }) });
  if (pin.refusals.length > 0)
    throw new TrainlockError('TL0404', 'this machine cannot compute as the run did', {
      notes: pin.refusals,
      fix: `use a machine with the recorded CPU, or trainlock replay ${manifest.run.id.slice(0, 8)} here and have the outcome approved`,
    });
  const { projectRoot, workingDirectory } = options;
  const model =
    options.model === undefined ? undefined : openModel(manifest, { roots: await rootsNow(run, manifest, { projectRoot, orHere: true }), workingDirectory, ...options.model });
  return { about: { id: manifest.run.id, ...(manifest.run.name === undefined ? {} : { name: manifest.run.name }) }, pin, model };
};

/** The run that was judged, and the manifest of the very bytes. A signature that is missing is no damage; one that does not hold is. */
const intactRecord = async (options: ExecOptions): Promise<{ readonly run: RunRecord | undefined; readonly manifest: Manifest }> => {
  const question = { model: false, data: false, environment: false, signature: true, time: false, log: false };
  const { verdict, document, run } = await judge({ ...options, question, recordOnly: true });
  const broken = verdict.checks.filter(({ outcome }) => outcome === 'broken');
  const checked = checkDocument(document);
  if (checked.kind === 'newer')
    throw new TrainlockError('TL0202', `the record has schema version ${checked.schemaVersion}`, {
      notes: checked.problems.map(({ message }) => message),
      fix: 'use a newer trainlock',
    });
  if (broken.length > 0 || checked.kind !== 'valid')
    throw new TrainlockError('TL0404', 'the record is not intact', {
      notes: broken.slice(0, 5).map(({ name, because }) => `${name}: ${because}`),
      fix: `trainlock verify ${options.reference}`,
    });
  return { run, manifest: checked.manifest };
};

/** Behind the three standard streams. */
const MODEL_DESCRIPTOR = 3;

const environmentOf = (env: ExecOptions['env'], { set, unset }: Pin, model: OpenModel | undefined): ExecOptions['env'] => {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !unset.includes(name) && !name.startsWith('TRAINLOCK_MODEL')));
  return {
    ...kept,
    ...set,
    ...(model === undefined ? {} : { TRAINLOCK_MODEL_FD: String(MODEL_DESCRIPTOR), TRAINLOCK_MODEL: `/proc/self/fd/${MODEL_DESCRIPTOR}`, TRAINLOCK_MODEL_SHA256: model.sha256 }),
  };
};

const pinLine = ({ about, pin, model }: Prepared, env: ExecOptions['env']): string => {
  const name = about.name === undefined ? `run ${about.id.slice(0, 8)}` : `${about.name} (${about.id.slice(0, 8)})`;
  const settings = Object.entries(pin.set).map(([variable, value]) => `${variable}=${value}`);
  const gone = pin.unset.filter((variable) => env[variable] !== undefined);
  return [
    `pinned to ${name}: ${settings.join(' ') || 'the run set no variable'}`,
    ...(gone.length === 0 ? [] : [`taken away: ${gone.join(' ')}`]),
    ...(model === undefined ? [] : [`model ${model.sha256.slice(0, 12)} is open as ${MODEL_DESCRIPTOR}`]),
    ...pin.notes,
  ].join('; ');
};
