import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type EndFacts, softwareSeen, type StartFacts, relocateEvents } from '#assembly';
import { makeRedactor, secretValuesOf, TrainlockError } from '#base';
import {
  checkProgram,
  type ChildExit,
  drawRoot,
  earlySearchPath,
  endedChildrenCpu,
  findInstalled,
  forwardSignals,
  type InstalledBefore,
  memoryKills,
  type OutputRecording,
  type OutputTarget,
  prepareShim,
  probeMachine,
  type ProbedMachine,
  probeSoftware,
  proveStart,
  readEventFiles,
  recordOutput,
  type RunningChild,
  startChild,
  type Watch,
  type UserKeys,
  userKeys,
  watchProcesses,
  writeRoot,
} from '#capture';
import type { Config, Settings } from '#config';
import { type OnProgress, writeAtomic } from '#files';
import type { Manifest, Randomness, Run } from '#manifest';
import { openStore, type RunFolder, type Store } from '#store';
import { completeRecord, planOf } from './complete-record.ts';
import { lookAtRunFiles } from './hash-run-files.ts';
import { type EarlyFacts, type LateFacts, saveEarlyFacts, saveLateFacts } from './unfinished-facts.ts';
import { policyDigest } from './policy/policy-digest.ts';
import { startFacts, variablesOf } from './record/start-facts.ts';
import { recordCode, recordRestoredCode, type RestoredStart } from './record-code.ts';
import { type Sealed, sealRecord } from './seal-record.ts';
import { sweepProject } from './sweep-project.ts';

export type RecordOptions = {
  readonly command: readonly string[];
  /** Absolute. */
  readonly workingDirectory: string;
  /** The environment the command gets, before ours is added. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The environment of the person who records, where it is another one: it says where keys are. */
  readonly ownEnv?: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly config: Config;
  readonly settings: Settings;
  readonly name?: string;
  readonly purpose?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Data files or folders to be recorded besides the declared ones, by name. */
  readonly data?: Readonly<Record<string, string>>;
  readonly parents?: Run['parents'];
  /** For a replay: what the recorded run drew from. */
  readonly replay?: {
    readonly root?: Uint8Array;
    readonly hashSeed?: string;
    readonly tape: Randomness['tape'];
    readonly pathMap: readonly { readonly from: string; readonly to: string }[];
    readonly mounts?: readonly { readonly inside: string; readonly outside: string }[];
  };
  /** For a run whose code was restored from an earlier record: what the record says in place of what is seen in the copy. */
  readonly restored?: RestoredStart;
  /** Changes how the command is started, for example into a sandbox. The record keeps the command itself. */
  readonly wrap?: (argv: readonly string[], env: Readonly<Record<string, string>>) => { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> };
  /** Where the output of the command goes; inherit if nothing is said. */
  readonly output?: OutputTarget;
  /** One line to the person who waits. */
  readonly say?: (line: string) => void;
  readonly onProgress?: OnProgress;
};

export type Recorded = {
  readonly exit: ChildExit;
  /** Absent if the run could not be recorded at all. */
  readonly run?: { readonly id: string; readonly folder: string; readonly storeRoot: string };
  /** Absent if hashing was put off, or if the record could not be completed. */
  readonly record?: { readonly manifest: Manifest; readonly sha256: string };
  readonly deferred: boolean;
  /** What became of the signature; absent without a record. */
  readonly seal?: Sealed;
  /** Why there is no complete record. */
  readonly problem?: TrainlockError;
};

/**
 * Runs a command and records it. The command runs whatever happens to the recording: a fault of ours is told in `problem`.
 * Throws TL0401 or TL0402 if the command cannot be started, TL0403 if a record is demanded and impossible; then nothing was started.
 */
export const record = async (options: RecordOptions): Promise<Recorded> => {
  checkProgram(options.command, options.workingDirectory, options.env);
  const began = performance.now();
  const prepared = await prepare(options).catch((error: unknown) => asProblem(error));
  if (prepared instanceof TrainlockError) return withoutRecord(options, prepared);
  const started = await startRecorded(options, prepared);
  const beforeStartMs = Math.round(performance.now() - began);
  const early = askEarly(options, prepared, started.child.pid);
  early.catch(() => undefined); // awaited when the command has ended
  const waiting = new AbortController();
  const installed = lookAtInstalled(options, prepared, waiting.signal);
  const end = await waitForEnd(started, prepared, beforeStartMs);
  waiting.abort();
  const problem = await finishRecording(options, prepared, { early, installed, end: end.facts, watch: end.watch }).catch((error: unknown) => asProblem(error));
  const run = { id: prepared.start.run.id, folder: prepared.folder.path, storeRoot: prepared.store.root };
  if (problem instanceof TrainlockError) return { exit: end.exit, run, deferred: false, problem };
  if (problem === undefined) return { exit: end.exit, run, deferred: true };
  const seal = await sealRecord({ folder: run.folder, runId: run.id, storeRoot: run.storeRoot, settings: options.settings, env: options.ownEnv ?? options.env });
  return { exit: end.exit, run, deferred: false, record: problem, seal };
};

/** The one line before the command. */
const beginningOf = ({ name, settings, replay }: RecordOptions, run: string): string => {
  const id = run.slice(0, 8);
  const dice = settings.entropy.value === 'observe' ? '; unseeded sources are only watched' : '';
  return `${replay === undefined ? 'recording' : 'running again, recorded as'} ${name === undefined ? id : `${name} (${id})`}${dice}`;
};

type Prepared = {
  readonly store: Store;
  readonly folder: RunFolder;
  readonly start: StartFacts;
  readonly env: Readonly<Record<string, string>>;
  readonly output: OutputRecording;
  readonly knownSecrets: readonly string[];
  readonly keys: UserKeys;
};

/** Everything that must be on disk before the command starts. */
const prepare = async (options: RecordOptions): Promise<Prepared> => {
  const store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder, purpose: 'record' });
  for (const finding of store.findings) options.say?.(finding.message);
  const elsewhere = store.findings.find((finding) => finding.kind === 'temporary-store');
  if (elsewhere !== undefined && options.settings.requireRecord.value) throw new TrainlockError('TL0003', elsewhere.message, { where: options.storeFolder, fix: elsewhere.remedy });
  const id = randomUUID();
  const root = options.settings.entropy.value === 'own' ? (options.replay?.root ?? drawRoot()) : undefined;
  const startedAt = new Date().toISOString();
  const knownSecrets = secretValuesOf(options.env);
  const keys = await userKeys(options.env);
  const folder = await store.createRun({ id, startedAt });
  // Before the output is looked at: where it goes to a file, this line must not count as output of the command.
  options.say?.(beginningOf(options, id));
  const output = recordOutput(options.settings.logs.value, join(folder.path, 'logs'), options.output);
  const policySha256 = await policyDigest(options.projectRoot);
  const start = startFacts(options, { id, startedAt, store, root, output, knownSecrets, keys, policySha256 });
  if (root !== undefined) await writeRoot(store.rootPath(id), root);
  const env = await prepareShim(
    {
      runFolder: folder.path,
      projectRoot: options.projectRoot,
      workingDirectory: options.workingDirectory,
      entropy: options.settings.entropy.value,
      ...(root === undefined ? {} : { rootFile: store.rootPath(id) }),
      ...(start.hashSeed.source === 'drawn' ? { hashSeed: start.hashSeed.value! } : {}),
      deterministic: options.settings.deterministic.value,
      ...(options.replay === undefined ? {} : { replay: { tape: options.replay.tape, pathMap: options.replay.pathMap } }),
    },
    options.env,
  );
  const proof = await proveStart(start, folder.path, options.ownEnv ?? options.env);
  await store.writeStarted(folder, proof === undefined ? start : { ...start, proof });
  return { store, folder, start, env, output, knownSecrets, keys };
};

/** A fault of the recording must not keep the command from running, unless a record was demanded. */
const withoutRecord = async (options: RecordOptions, problem: TrainlockError): Promise<Recorded> => {
  if (options.settings.requireRecord.value) {
    throw new TrainlockError('TL0403', `the run cannot be recorded: ${problem.message}`, {
      ...(problem.where === undefined ? {} : { where: problem.where }),
      notes: problem.notes,
      ...(problem.fix === undefined ? {} : { fix: problem.fix }),
      cause: problem,
    });
  }
  options.say?.(`not recorded: ${problem.message}`);
  const child = await startChild({ argv: options.command, workingDirectory: options.workingDirectory, env: options.env, stdio: ['inherit', 'inherit', 'inherit'] });
  const stopForwarding = forwardSignals(child.pid, process.stdin.isTTY === true);
  const exit = await child.ended;
  stopForwarding();
  return { exit, deferred: false, problem };
};

type Started = { readonly child: RunningChild; /** The argument vector of a program of ours in front of the command. */ readonly helper?: readonly string[] | undefined };

const startRecorded = async (options: RecordOptions, prepared: Prepared): Promise<Started> => {
  const wrapped = options.wrap?.(options.command, prepared.env) ?? { argv: options.command, env: prepared.env };
  try {
    const child = await startChild({ argv: wrapped.argv, workingDirectory: options.workingDirectory, env: wrapped.env, stdio: prepared.output.stdio });
    return { child, ...(wrapped.argv[0] === options.command[0] ? {} : { helper: wrapped.argv }) };
  } finally {
    prepared.output.release();
  }
};

/** What is asked beside the running command: machine, repository and source. Saved, so that it survives our death. */
const askEarly = async (options: RecordOptions, prepared: Prepared, pid: number): Promise<EarlyFacts> => {
  const { store, folder, start, keys, knownSecrets } = prepared;
  const machine = await probeMachine({
    projectRoot: options.projectRoot,
    // The folder of a replay lies in the store, and that in a repository which is not its own.
    env: options.replay === undefined ? options.env : { ...options.env, GIT_CEILING_DIRECTORIES: dirname(options.projectRoot) },
    pid,
    knownSecrets,
    pseudonymKey: keys.pseudonym,
    pseudonym: options.settings.pseudonym.value,
    // In a copy of a project nothing says whose it is.
    ...(options.restored === undefined ? {} : { asker: { directory: options.restored.project, environment: options.ownEnv ?? options.env } }),
  });
  const code = await (options.restored === undefined ? recordCode(store, machine.git, start, options.settings) : recordRestoredCode(store, start, options.restored));
  const facts: EarlyFacts = { version: 1, machine: withoutPatch(machine), ...code };
  await saveEarlyFacts(folder.path, facts).catch(() => undefined);
  return facts;
};

/** Reads the installed distributions beside the running command; at the end only their relation to the run is left to be told. */
const lookAtInstalled = async (options: RecordOptions, prepared: Prepared, signal: AbortSignal): Promise<InstalledBefore | undefined> => {
  const searchPath = await earlySearchPath(prepared.folder.path, signal);
  return searchPath === undefined || signal.aborted ? undefined : findInstalled({ searchPath, projectDirectory: options.projectRoot }).catch(() => undefined);
};

/** The patch is in the object store if it may be kept at all; its raw bytes must not lie in the run folder. */
const withoutPatch = ({ git: _, ...machine }: ProbedMachine): ProbedMachine => machine;

type Ended = { readonly exit: ChildExit; readonly facts: EndFacts; readonly watch: Watch };

const waitForEnd = async ({ child, helper }: Started, prepared: Prepared, beforeStartMs: number): Promise<Ended> => {
  const stopForwarding = forwardSignals(child.pid, process.stdin.isTTY === true);
  const watch = watchProcesses(child.pid, helper);
  const cpuBefore = endedChildrenCpu();
  const killsBefore = memoryKills();
  const started = performance.now();
  const exit = await child.ended;
  const wallMs = Math.round(performance.now() - started);
  stopForwarding();
  watch.stop();
  const cpu = endedChildrenCpu();
  const outOfMemory = exit.kind === 'signalled' && exit.signal === 'SIGKILL' && (memoryKills() ?? 0) > (killsBefore ?? Number.POSITIVE_INFINITY);
  const usage = {
    wallMs,
    ...(cpu === undefined || cpuBefore === undefined ? {} : { cpuUserMs: cpu.userMs - cpuBefore.userMs, cpuSystemMs: cpu.systemMs - cpuBefore.systemMs }),
    ...(watch.peakMemoryBytes() === 0 ? {} : { peakMemoryBytes: watch.peakMemoryBytes() }),
  };
  const facts: EndFacts = { finishedAt: new Date().toISOString(), exit: { ...exit, ...(outOfMemory ? { reason: 'out of memory' } : {}) }, usage, beforeStartMs };
  await writeAtomic(join(prepared.folder.path, 'exit.json'), Buffer.from(`${JSON.stringify(facts, null, 2)}\n`)).catch(() => undefined);
  return { exit, facts, watch };
};

type Ending = { readonly early: Promise<EarlyFacts>; readonly installed: Promise<InstalledBefore | undefined>; readonly end: EndFacts; readonly watch: Watch };

/** The record, or nothing if hashing was put off. */
const finishRecording = async (options: RecordOptions, prepared: Prepared, ending: Ending): Promise<Recorded['record']> => {
  const { store, folder, start } = prepared;
  const drained = await prepared.output.drained();
  const early = await ending.early;
  const watched = { processes: ending.watch.processes(), files: ending.watch.files() };
  const gaps = [
    ...(prepared.output.reason === undefined ? [] : [{ about: '/logs/output', reason: prepared.output.reason }]),
    ...(drained ? [] : [{ about: '/logs/output', reason: 'a process of the run still held the output open when the command ended; what it says later is not recorded' }]),
  ];
  if (options.settings.hash.value === 'defer') return remember(options, prepared, { watched, gaps });
  return completeRecord({
    store,
    folder,
    start,
    end: ending.end,
    early,
    software: async (seen) => probeSoftware(seen, options.projectRoot, { before: await ending.installed, lockFolder: options.restored?.lockFolder }),
    watched,
    knownSecrets: prepared.knownSecrets,
    variables: (read) => variablesOf(options, prepared.keys, makeRedactor(prepared.knownSecrets), read),
    gaps,
    canaryEnv: options.replay === undefined || options.restored !== undefined ? options.env : 'off',
    ...(options.restored === undefined ? {} : { canaryPlace: options.restored.canary }),
    clock: () => performance.now(),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
};

/** Saves what only this moment knows, so that `finish` can hash later and prove that nothing changed meanwhile. */
const remember = async (options: RecordOptions, prepared: Prepared, late: Omit<LateFacts, 'version' | 'software' | 'files'>): Promise<undefined> => {
  const { store, folder, start } = prepared;
  const logs = await readEventFiles(folder.path);
  const events = { ...logs, logs: relocateEvents(logs.logs, start.mounts) };
  const software = probeSoftware(softwareSeen(events.logs), options.projectRoot);
  const sweep = await sweepProject(store, start, planOf({ store, start, watched: late.watched }, events));
  const watched = { ...late.watched, files: [...late.watched.files, ...sweep.files] };
  const files = await lookAtRunFiles(start, { plan: planOf({ store, start, watched }, events), events });
  await saveLateFacts(folder.path, { version: 1, watched, gaps: [...late.gaps, ...sweep.gaps], software: await software, files });
  return undefined;
};

const asProblem = (error: unknown): TrainlockError =>
  error instanceof TrainlockError ? error : new TrainlockError('TL0901', error instanceof Error ? error.message : String(error), { cause: error });
