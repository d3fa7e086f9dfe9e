import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { lstat, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { countOf, makeRedactor, secretValuesOf } from '#base';
import { readBoundedIfThere } from '#files';

/** Largest inputs and predictions that are read. Unit: byte. */
export const MOST_CANARY_BYTES = 16 * 1024 * 1024;

/** What is kept of what it says on standard error. Unit: byte. */
const MOST_SAID = 4096;

export type CanaryRequest = {
  /** Program and arguments, with {model}, {inputs} and {outputs}. */
  readonly command: readonly string[];
  readonly inputs: { /** The last part of its name. */ readonly name: string; readonly bytes: Uint8Array };
  /** Path of the model; whatever names {model} without one is not started. */
  readonly model?: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly seconds: number;
  readonly place?: CanaryPlace;
};

/** A sandbox in which it is asked: a folder outside of it, what the program sees in its place, and what starts the program there. */
export type CanaryPlace = {
  readonly folder: string;
  readonly seenFolder: string;
  /** Where a program lies that is started by this name. */
  readonly program: (name: string) => string;
  readonly wrap: (argv: readonly string[], env: Readonly<Record<string, string>>) => { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> };
};

/** Whether a command says where something is to stand. */
export const hasPlace = (command: readonly string[], what: 'model' | 'inputs' | 'outputs'): boolean => command.some((word) => word.includes(`{${what}}`));

/** Why a command without {model} is not started. */
export const NO_MODEL = 'its command does not name {model}, so nobody knows which model it asks';

/** `because` is one sentence for people; `said` is the end of what it wrote on standard error, without secrets that can be recognised, and otherwise as it is. */
export type CanaryAnswer = { readonly kind: 'gave'; readonly bytes: Uint8Array } | { readonly kind: 'failed'; readonly because: string; readonly said: string };

/**
 * Asks what serves: gives it the inputs in a folder of their own and takes its predictions from there, or from standard output. It runs
 * in a process group of its own, which is ended with it, after its time, and when we are told to stop. Never throws for what it does.
 */
export const runCanary = async (request: CanaryRequest): Promise<CanaryAnswer> => {
  if (request.model === undefined && hasPlace(request.command, 'model')) return failed('there is no model for {model}');
  const folder = await mkdtemp(join(request.place?.folder ?? tmpdir(), 'trainlock-canary-'));
  try {
    return await runIn(folder, request);
  } finally {
    // Something that left its group may still write there: its folder stays then, and the answer does not.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
};

const failed = (because: string, said = ''): CanaryAnswer => ({ kind: 'failed', because, said });

const runIn = async (folder: string, request: CanaryRequest): Promise<CanaryAnswer> => {
  const inputs = join(folder, 'inputs', request.inputs.name);
  const outputs = join(folder, 'predictions');
  await mkdir(join(folder, 'inputs'));
  await writeFile(inputs, request.inputs.bytes);
  const { place } = request;
  const seen = (path: string): string => (place !== undefined && path.startsWith(`${place.folder}/`) ? place.seenFolder + path.slice(place.folder.length) : path);
  const places: Readonly<Record<string, string | undefined>> = { model: request.model, inputs, outputs };
  const argv = request.command.map((word) => word.replaceAll(/\{(model|inputs|outputs)\}/g, (_, name: string) => seen(places[name] ?? '')));
  const started = place?.wrap(argv, defined(request.env)) ?? { argv, env: request.env };
  const ended = await runBounded(started.argv, { ...request, env: started.env, ...(hasPlace(request.command, 'inputs') ? {} : { input: request.inputs.bytes }) });
  if (ended.because !== undefined) return failed(ended.because, ended.said);
  if (!hasPlace(request.command, 'outputs')) return { kind: 'gave', bytes: ended.output };
  // A link leads to files that are none of its predictions.
  const facts = await lstat(outputs).catch(() => undefined);
  const bytes = facts?.isFile() === true ? await readBoundedIfThere(outputs, MOST_CANARY_BYTES).catch(() => undefined) : undefined;
  return bytes === undefined ? failed('it ended without predictions in {outputs} that can be read', ended.said) : { kind: 'gave', bytes };
};

const defined = (env: CanaryRequest['env']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));

type Running = Pick<CanaryRequest, 'workingDirectory' | 'env' | 'seconds'> & { readonly input?: Uint8Array };
type Ended = { readonly output: Uint8Array; readonly said: string; readonly because?: string };

/** Signals on which we stop it before we stop ourselves. */
const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const runBounded = ([program, ...args]: readonly string[], { workingDirectory, env, seconds, input }: Running): Promise<Ended> =>
  new Promise((resolve) => {
    const child = startIn(workingDirectory, [program!, ...args], { ...env, PYTHONDONTWRITEBYTECODE: '1' });
    if ('because' in child) {
      resolve({ output: new Uint8Array(0), said: '', because: child.because });
      return;
    }
    const output: Buffer[] = [];
    let [size, said, because] = [0, Buffer.alloc(0), undefined as string | undefined];
    const stop = (why: string): void => {
      because ??= why;
      endGroup(child.pid);
    };
    const timer = setTimeout(() => stop(`it did not end within ${countOf(seconds, 'second')}`), seconds * 1000);
    const onSignal = (): void => stop('it was interrupted');
    for (const signal of STOPPING) process.on(signal, onSignal);
    const end = (last: string | undefined): void => {
      clearTimeout(timer);
      for (const signal of STOPPING) process.off(signal, onSignal);
      because ??= last;
      // What it has started must not go on without it.
      endGroup(child.pid);
      resolve({ output: Buffer.concat(output), said: makeRedactor(secretValuesOf(env)).redact(said.toString('utf8').trim()).text, ...(because === undefined ? {} : { because }) });
    };
    child.stdout.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size > MOST_CANARY_BYTES) stop('it wrote more than 16 MiB');
      else output.push(piece);
    });
    child.stderr.on('data', (piece: Buffer) => (said = Buffer.concat([said, piece]).subarray(-MOST_SAID)));
    // Whoever does not read its input is told nothing about it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    child.once('error', (error) => end(`it cannot be started: ${error.message}`));
    child.once('exit', () => setTimeout(() => [child.stdout, child.stderr].forEach((stream) => stream.destroy()), DRAIN_MS).unref());
    child.once('close', (code, signal) => end(code === 0 ? undefined : signal === null ? `it ended with ${code}` : `it was ended by ${signal}`));
  });

/** Arguments that are too long, or hold a zero byte, are refused by throwing. */
const startIn = (cwd: string, [program, ...args]: readonly string[], env: Running['env']): ChildProcessByStdio<Writable, Readable, Readable> | { readonly because: string } => {
  try {
    return spawn(program!, args, { cwd, env: { ...env }, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  } catch (error) {
    return { because: `it cannot be started: ${(error as Error).message}` };
  }
};

/** So long what it has started may still hold its output open. Unit: ms. */
const DRAIN_MS = 2000;

const endGroup = (pid: number | undefined): void => {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
};
