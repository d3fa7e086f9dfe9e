/** Runs a recorded command again in isolation, and tells whether the same comes out. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StartFacts } from '#assembly';
import { countOf, toHex, TrainlockError, utf8 } from '#base';
import { readRoot, userKeys } from '#capture';
import type { Config, Settings } from '#config';
import { exitOfOutcome, type Outcome, outcomeOf, sameExit } from '#diff';
import { nodeCrypto, type OnProgress } from '#files';
import type { Manifest } from '#manifest';
import { compareResults, type IsolationKind, type Parting, type PathMap, prepareReplay, type ReplayPlan, whereParted } from '#replay';
import { openStore, type RunRecord, type Store } from '#store';
import type { Project } from './load-project.ts';
import { bringMissing } from './data/bring-missing.ts';
import { record, type Recorded } from './record.ts';

export type { IsolationKind } from '#replay';

export type ReplayOptions = {
  readonly project: Project;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly reference: string;
  readonly map?: PathMap;
  /** Hosts that may be reached; none if nothing is said. */
  readonly network?: readonly string[];
  /** Variables taken from the environment of now. */
  readonly envFromCurrent?: readonly string[];
  /** Interpreter to be used instead of the recorded one. */
  readonly python?: string;
  /** Only this way of confining it; without it the best that works. Throws TL0504 if it does not work. */
  readonly isolation?: IsolationKind;
  /** Keep the folder in which the replay ran. */
  readonly keep?: boolean;
  /** Only tell what would be done. */
  /** Fetch data that is not kept from the origin that the record states; this may use the network. */
  readonly fromOrigin?: boolean;
  readonly dryRun?: boolean;
  /** One line to the person who waits. */
  readonly say?: (line: string) => void;
  readonly onProgress?: OnProgress;
};

export type Replayed = {
  /** The run that was replayed. */
  readonly of: { readonly id: string; readonly manifestSha256: string };
  readonly outcome: Outcome;
  /** Where the two runs part, as far as it was seen. */
  readonly parting: readonly Parting[];
  /** What differs between the environments of then and now. */
  readonly differences: readonly string[];
  readonly notes: readonly string[];
  readonly isolation: string;
  /** What would be done; only if nothing more was asked for and nothing stands in the way. */
  readonly plan?: { readonly command: readonly string[]; readonly workingDirectory: string; readonly python: string; readonly provenInputs: number };
  /** The record of the replay itself; absent if nothing was started. */
  readonly replay?: { readonly id: string; readonly folder: string; readonly manifestSha256?: string };
  /** Kept folder of the replay. */
  readonly folder?: string;
};

/** Throws TL0301 to TL0304 if there is no record to replay, TL0501 to TL0504 if it cannot be prepared. */
export const replayRun = async (options: ReplayOptions): Promise<Replayed> => {
  const store = await openStore({ projectRoot: options.project.projectRoot, storeFolder: options.project.storeFolder, purpose: 'record' });
  const run = await store.find(options.reference, options.workingDirectory);
  const manifest = await run.manifest();
  const brought = options.fromOrigin === true ? await bringMissing(store, manifest, { repository: options.project.projectRoot }) : [];
  for (const line of [...brought, ...store.findings.map(({ message }) => message)]) options.say?.(line);
  const folder = join(store.root, 'replays', `${run.id.slice(0, 8)}-${process.pid}-${Date.now()}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const plan = await prepare(options, { store, run, manifest, folder });
    for (const line of [...plan.differences.map((difference) => `differs: ${difference}`), ...plan.notes]) options.say?.(line);
    const base = { of: { id: run.id, manifestSha256: run.manifestSha256 ?? '' }, differences: plan.differences, notes: plan.notes, isolation: plan.sandbox.isolation.kind };
    if (plan.blockers.length > 0) return { ...base, outcome: undecided(plan.blockers.map((blocker) => blocker.message)), parting: [] };
    if (options.dryRun === true)
      return {
        ...base,
        outcome: undecided(['nothing was started: only the plan was asked for']),
        parting: [],
        plan: { command: plan.command, workingDirectory: plan.sandbox.workingDirectory, python: plan.python, provenInputs: plan.provenInputs },
      };
    const recorded = await runAgain(options, { run, manifest, plan, storeRoot: store.root });
    return { ...base, ...(await judge(store, { run, manifest, plan, recorded })), ...(options.keep === true ? { folder } : {}) };
  } finally {
    if (options.keep !== true) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
};

type Replaying = { readonly store: Store; readonly run: RunRecord; readonly manifest: Manifest; readonly folder: string };

const prepare = async (options: ReplayOptions, { store, run, manifest, folder }: Replaying): Promise<ReplayPlan> => {
  const keys = await userKeys(options.env);
  const root = await readRoot(store.rootPath(run.id));
  return prepareReplay({
    manifest,
    folder,
    projectRoot: options.project.projectRoot,
    storeRoot: store.root,
    env: options.env,
    choice: {
      map: options.map ?? [],
      allowedHosts: options.network ?? options.project.settings.network.value,
      envFromCurrent: options.envFromCurrent ?? [],
      ...(options.python === undefined ? {} : { python: options.python }),
      ...(options.isolation === undefined ? {} : { isolation: options.isolation }),
    },
    readObject: (sha256) => store.readObject(sha256).catch(() => undefined),
    hasObject: store.hasObject,
    commit: (name, value) => toHex(nodeCrypto.hmacSha256(keys.commitment, utf8(`${name}=${value}`))),
    ...(root === undefined ? {} : { root }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
};

type Prepared = { readonly run: RunRecord; readonly manifest: Manifest; readonly plan: ReplayPlan };

const runAgain = async (options: ReplayOptions, { run, manifest, plan, storeRoot }: Prepared & { readonly storeRoot: string }): Promise<Recorded> => {
  const { entropy } = manifest.capture.modes;
  return record({
    command: plan.command,
    workingDirectory: plan.workingDirectory,
    env: plan.env,
    ownEnv: options.env,
    projectRoot: plan.work,
    // On a read-only disk that is a temporary one.
    storeFolder: storeRoot,
    config: (await declaredThen(run.folder.path)) ?? {},
    settings: replaySettings(options.project.settings, entropy, manifest.capture.modes.deterministic === true),
    purpose: `replay of ${run.id.slice(0, 8)}`,
    parents: [{ kind: 'replay', run: run.id, ...(run.manifestSha256 === undefined ? {} : { manifestSha256: run.manifestSha256 }) }],
    replay: {
      ...(plan.root === undefined ? {} : { root: plan.root }),
      ...(plan.hashSeed === undefined ? {} : { hashSeed: plan.hashSeed }),
      tape: plan.tape,
      pathMap: plan.names,
      ...(plan.sandbox.mounts.length === 0 ? {} : { mounts: plan.sandbox.mounts }),
    },
    wrap: plan.sandbox.wrap,
    output: 'discard',
    ...(options.say === undefined ? {} : { say: options.say }),
  });
};

/** What people had declared when the run was recorded; today's file may say something else. Undefined where it was not kept. */
export const declaredThen = async (runFolder: string): Promise<Config | undefined> => {
  try {
    return (JSON.parse(await readFile(join(runFolder, 'started.json'), 'utf8')) as StartFacts).config;
  } catch {
    return undefined;
  }
};

/** Settings of now, with those that were part of the run as it had them. */
export const replaySettings = (settings: Settings, entropy: 'own' | 'observe', deterministic: boolean): Settings => ({
  ...settings,
  entropy: { ...settings.entropy, value: entropy },
  logs: { ...settings.logs, value: 'tee' },
  hash: { ...settings.hash, value: 'now' },
  requireRecord: { ...settings.requireRecord, value: true },
  deterministic: { ...settings.deterministic, value: deterministic },
});

const judge = async (store: Store, done: Prepared & { readonly recorded: Recorded }): Promise<Pick<Replayed, 'outcome' | 'parting' | 'replay'>> => {
  const { run, manifest, plan, recorded } = done;
  if (recorded.run === undefined) throw new TrainlockError('TL0403', 'the replay could not be recorded', { cause: recorded.problem });
  const replay = { id: recorded.run.id, folder: recorded.run.folder, ...(recorded.record === undefined ? {} : { manifestSha256: recorded.record.sha256 }) };
  if (recorded.record === undefined)
    return { outcome: undecided([`the replay ran, but its record could not be completed: ${recorded.problem?.message ?? 'unknown'}`]), parting: [], replay };
  const again = recorded.record.manifest;
  const facts = await compareResults(manifest, again, {
    recordedRun: run.folder.path,
    replayedRun: recorded.run.folder,
    recordedRoots: manifest.run.roots,
    work: plan.work,
    readObject: (sha256) => store.readObject(sha256).catch(() => undefined),
    ...(interferenceOf(plan) === undefined ? {} : { interference: interferenceOf(plan)! }),
  });
  const judged = outcomeOf(facts);
  const parting = judged.kind === 'identical' ? [] : whereParted(manifest, again);
  const more = sameExit(manifest.run.exit, again.run.exit) ? sameDice(judged, parting, manifest) : await lastWords(recorded.run.folder);
  const outcome = { ...judged, because: [...judged.because, ...more] };
  const evidence = {
    schema: 'https://trainlock.dev/schema/replay-outcome/v0',
    of: { run: run.id, manifestSha256: run.manifestSha256 },
    replay,
    outcome,
    parting,
    differences: plan.differences,
    isolation: plan.sandbox.isolation.kind,
  };
  await store.writeEvidence(
    { path: recorded.run.folder, name: recorded.run.folder.slice(recorded.run.folder.lastIndexOf('/') + 1) },
    'replay-outcome.json',
    utf8(`${JSON.stringify(evidence, null, 2)}\n`),
  );
  return { outcome, parting, replay };
};

/** Where there is no result to compare, what was seen of the way is said; it proves nothing about results. */
const sameDice = (judged: Outcome, parting: readonly Parting[], manifest: Manifest): readonly string[] => {
  const states = manifest.randomness.states.filter((state) => state.at === 'end').length;
  if (judged.outputs.length + judged.metrics.length > 0 || parting.length > 0 || states === 0) return [];
  return [`as far as was seen, the dice fell the same: ${countOf(states, 'generator')} ended in the recorded state`];
};

/** The last line that the replay printed to stderr: what a program says when it fails. Secrets are masked in it already. */
const lastWords = async (runFolder: string): Promise<readonly string[]> => {
  const text = await readFile(join(runFolder, 'logs', 'stderr.log'), 'latin1').catch(() => '');
  const last = text.trimEnd().split('\n').at(-1)?.trim();
  return last === undefined || last === '' ? [] : [`the last words of the replay: ${last.slice(0, 300)}`];
};

/** What the replay itself does to a program; it may be why one ends otherwise. */
const interferenceOf = (plan: ReplayPlan): string | undefined => {
  const reasons = [
    ...(plan.sandbox.isolation.network ? ['there is no network'] : []),
    'files that nobody saw it read are missing',
    ...plan.readOnly.map((name) => `${name} is shown read-only`),
    ...plan.differences,
  ];
  return reasons.length === 0 ? undefined : reasons.slice(0, 3).join('; ');
};

const undecided = (because: readonly string[]): Outcome => ({ kind: 'undecided', because, outputs: [], extra: [], metrics: [] });

/** Exit code of a replay: 0 for the same, 1 for different, 3 for what is not decided. */
export const exitOf = (replayed: Replayed, acceptMetricEqual: boolean): number => exitOfOutcome(replayed.outcome.kind, acceptMetricEqual);
