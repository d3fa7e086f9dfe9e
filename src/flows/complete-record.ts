import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  assembleManifest,
  type EndFacts,
  eventsOf,
  type FilePlan,
  type Gap,
  isBelow,
  pathNames,
  planFiles,
  type RunFacts,
  type SeenFile,
  type SeenProcess,
  softwareSeen,
  type StartFacts,
  type StoredFile,
  statementOf,
  relocateEvents,
  outsidePath,
} from '#assembly';
import { makeRedactor, type Redactor, TrainlockError } from '#base';
import { type EventFiles, type ProbedSoftware, readEventFiles } from '#capture';
import { contentDigests } from '#content';
import { nameKey } from '#digest';
import { type FileFacts, nodeCrypto, type OnProgress } from '#files';
import { type Manifest, readStatement } from '#manifest';
import type { RunFolder, Store } from '#store';
import { canaryGap, recordCanary } from './canary/record-canary.ts';
import { withProfiles } from './data/with-profiles.ts';
import type { CanaryPlace } from './canary/run-canary.ts';
import { findMetrics } from './find-metrics.ts';
import { findParents } from './find-parents.ts';
import { hashRunFiles, type HashedRun } from './hash-run-files.ts';
import { keepLogs } from './keep-logs.ts';
import { readConfigurationFiles } from './read-configuration-files.ts';
import { sweepProject } from './sweep-project.ts';
import { type SourceSnapshot, takeSourceSnapshot } from './take-source-snapshot.ts';
import type { EarlyFacts } from './unfinished-facts.ts';

/** What the recorder saw besides the events; empty when a record is completed after the recorder died. */
export type Watched = { readonly processes: readonly SeenProcess[]; readonly files: readonly SeenFile[] };

export type Completion = {
  readonly store: Store;
  readonly folder: RunFolder;
  readonly start: StartFacts;
  readonly end: EndFacts;
  readonly early: EarlyFacts;
  /** Asks for the software that the run was seen to use. */
  readonly software: (seen: ReturnType<typeof softwareSeen>) => Promise<ProbedSoftware>;
  readonly watched: Watched;
  /** Variables anew, now that it is known which ones the program read; absent if the environment is gone with the recorder. */
  readonly variables?: (read: ReadonlySet<string>) => StartFacts['variables'];
  /** Secrets by value, known from the environment. */
  readonly knownSecrets: readonly string[];
  /** Facts that were taken when the run ended, if hashing was put off. */
  readonly remembered?: ReadonlyMap<string, FileFacts>;
  /** RFC 3339, if the record is completed later than its run. */
  readonly completedAt?: string;
  /** The environment in which the canary is asked; absent where this is not the moment to ask it, and off for a replay, whose record leaves it out, and profiles of data too. */
  readonly canaryEnv?: Readonly<Record<string, string | undefined>> | 'off';
  /** Where the canary is asked, if it is confined. */
  readonly canaryPlace?: CanaryPlace;
  /** The start is not known to be written by this user's recorder: bytes of the files that it or its events name are not kept. */
  readonly isForeign?: boolean;
  readonly gaps: readonly Gap[];
  readonly onProgress?: OnProgress;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
};

export type CompletedRecord = { readonly manifest: Manifest; readonly sha256: string };

/**
 * Turns the facts of an ended run into its record: reads the events, hashes the files, asks for the software, assembles the
 * manifest, checks it against the schema and saves the statement. Throws TrainlockError if the record cannot be saved; the facts
 * then stay, and `finish` can try again.
 */
export const completeRecord = async (completion: Completion): Promise<CompletedRecord> => {
  const { start, folder } = completion;
  const redactor = makeRedactor(completion.knownSecrets);
  const began = completion.clock();
  const files = await readEventFiles(folder.path);
  const events = { ...files, logs: relocateEvents(files.logs, start.mounts) };
  const { plan, gaps: sweptGaps } = await sweptPlan(completion, events);
  const software = completion.software(softwareSeen(events.logs));
  const logs = await keepLogs(folder.path, start, redactor);
  const hashed = await hashRunFiles(completion.store, start, { plan, events }, completion);
  const content = contentOf(plan, hashed, events);
  const source = await withImported(completion, plan);
  const kept = completion.isForeign === true ? new Map<string, StoredFile>() : await keepInputs(completion.store, plan, hashed, source.kept);
  const found = await findMetrics(start.config, { projectRoot: start.projectRoot, logPaths: logs.map((log) => log.path), written: writtenBy(start, plan) });
  const probed = await software;
  const spent = Math.max(0, Math.round(completion.clock() - began - hashed.durationMs));
  const facts: RunFacts = {
    ...factsOf(completion, probed, source),
    start: withReadVariables(completion, events),
    logs: events.logs,
    eventDigests: events.digests,
    plan,
    hashed: hashed.files,
    content: await content,
    stored: new Map([...kept, ...source.kept]),
    declaredData: hashed.declared,
    configurationFiles: await readConfigurationFiles(completion.isForeign === true ? insideProject(plan, start) : plan, hashed.files, pathNames(start.roots, start.pathMap).nameOf),
    foundMetrics: found.metrics,
    parents: await findParents(completion.store, start, { plan, hashed }).catch(() => []),
    recordedOutput: logs.map(({ path: _, ...log }) => log),
    gaps: [...completion.gaps, ...sweptGaps, ...completion.early.machine.gaps, ...probed.gaps, ...source.gaps, ...found.gaps],
    overhead: { beforeStartMs: completion.end.beforeStartMs ?? 0, afterExitMs: spent, hashMs: hashed.durationMs, hashedBytes: hashed.bytes },
    maskings: source.maskings + logs.reduce((sum, log) => sum + (log.maskings ?? 0), 0),
  };
  return save(completion, facts, redactor);
};

/** `swept` are files as everybody else finds them; what was watched in the process may lie behind a mount. */
export const planOf = (completion: Pick<Completion, 'store' | 'start' | 'watched'>, events: EventFiles, swept: readonly SeenFile[] = []): FilePlan => {
  const { start, store, watched } = completion;
  const script = eventsOf(events.logs[0]?.events ?? [], 'open').find(
    (open) => start.command.slice(1).some((word) => open.path === word || open.path.endsWith(`/${word.replace(/^\.\//, '')}`)) && open.path.endsWith('.py'),
  );
  const seen = [...watched.files.map((file) => ({ ...file, path: outsidePath(file.path, start.mounts ?? []) })), ...swept];
  return planFiles(events.logs, seen, {
    projectRoot: start.projectRoot,
    storeRoot: store.root,
    inStore: foldersInStore(store.root, start),
    streams: Object.values(start.logFiles ?? {}).map((file) => file.path),
    ignore: start.config.run?.ignore ?? [],
    ...entryPointOf(start, script?.path),
  });
};

const insideProject = (plan: FilePlan, { projectRoot }: StartFacts): FilePlan => ({ ...plan, inputs: plan.inputs.filter((file) => isBelow(file.path, projectRoot)) });

/** Interpreters whose first argument is the program. */
const RUNS_SCRIPTS = /(^|\/)(sh|bash|dash|zsh|ksh|Rscript|julia|perl|node|ruby)$/;

/** The script that the command starts: a Python file that was opened, or a script that another interpreter runs. */
const entryPointOf = (start: StartFacts, python: string | undefined): { readonly entryPoint?: string } => {
  if (python !== undefined) return { entryPoint: python };
  const [program = '', ...words] = start.command;
  const script = RUNS_SCRIPTS.test(program) ? words.find((word) => !word.startsWith('-')) : program.includes('/') ? program : undefined;
  const path = script === undefined ? undefined : resolve(start.workingDirectory, script);
  return path !== undefined && isBelow(path, start.projectRoot) && statSync(path, { throwIfNoEntry: false })?.isFile() === true ? { entryPoint: path } : {};
};

/** A replay runs below the store: its project, and what stands for temporary folders and places outside the project. */
const foldersInStore = (storeRoot: string, start: StartFacts): readonly string[] =>
  [...(start.mounts ?? []).map((mount) => mount.outside), ...(start.pathMap ?? []).map((one) => one.to)].filter((path) => path !== storeRoot && isBelow(path, storeRoot));

/** The plan with what only the times of files tell; later than the end of the run these times say nothing any more. */
const sweptPlan = async (completion: Completion, events: EventFiles): Promise<{ readonly plan: FilePlan; readonly gaps: readonly Gap[] }> => {
  const plan = planOf(completion, events);
  if (completion.completedAt !== undefined || completion.remembered !== undefined) return { plan, gaps: [] };
  const sweep = await sweepProject(completion.store, completion.start, plan);
  return sweep.files.length === 0 ? { plan, gaps: sweep.gaps } : { plan: planOf(completion, events, sweep.files), gaps: sweep.gaps };
};

const factsOf = (completion: Completion, probed: ProbedSoftware, source: SourceSnapshot) => ({
  start: completion.start,
  end: completion.end,
  seenProcesses: completion.watched.processes,
  who: completion.early.machine.who,
  repository: completion.early.repository,
  environment: completion.early.machine.environment,
  distributions: probed.distributions,
  ...(probed.lock === undefined ? {} : { lock: probed.lock }),
  native: probed.native,
  ...(source.snapshot === undefined ? {} : { snapshot: source.snapshot }),
  deferred: false,
  findings: [],
  ...(completion.completedAt === undefined ? {} : { completedAt: completion.completedAt }),
});

const withReadVariables = ({ start, variables }: Completion, events: EventFiles): StartFacts => {
  const read = new Set(events.logs.flatMap((log) => eventsOf(log.events, 'environment-read').flatMap((event) => event.names)));
  return variables === undefined || read.size === 0 ? start : { ...start, variables: variables(read) };
};

/** Imported files that the snapshot taken at the start does not have, for example where there is no repository. */
const withImported = async (completion: Completion, plan: FilePlan): Promise<SourceSnapshot> => {
  const { start } = completion;
  const { source } = completion.early;
  const missing = plan.code.filter((file) => !source.kept.has(file.path) && isBelow(file.path, start.projectRoot));
  if (missing.length === 0) return source;
  const paths = [...source.files, ...missing.map((file) => ({ path: file.path }))];
  return takeSourceSnapshot(completion.store, start.projectRoot, paths, source.limits);
};

/** Largest input whose bytes are kept beside its digest, and the most of them together. Unit: byte. */
const KEPT_INPUT = 1024 * 1024;
const KEPT_INPUTS = 16 * 1024 * 1024;

/** Keeps small inputs of the project, so that a replay can bring them back when they have changed. Anything with a secret in it is not kept. */
const keepInputs = async (store: Store, plan: FilePlan, hashed: HashedRun, already: ReadonlyMap<string, StoredFile>): Promise<ReadonlyMap<string, StoredFile>> => {
  const kept = new Map<string, StoredFile>();
  const scanner = makeRedactor();
  let total = 0;
  for (const file of plan.inputs) {
    const facts = hashed.files.get(nameKey(file));
    const size = facts?.sizeBytes ?? Number.POSITIVE_INFINITY;
    if (facts?.sha256 === undefined || facts.changed === true || already.has(file.path) || size > KEPT_INPUT || total + size > KEPT_INPUTS) continue;
    const bytes = await readFile(file.path).catch(() => undefined);
    if (bytes === undefined || scanner.scan(bytes.toString('latin1')).length > 0) continue;
    if ((await store.putObject(bytes)) === facts.sha256) kept.set(file.path, { sha256: facts.sha256 });
    total += size;
  }
  return kept;
};

/** Seen as an output, or changed since the start: a writer in native code is seen by nothing else. */
const writtenBy = (start: StartFacts, plan: FilePlan): ((path: string) => boolean) => {
  const outputs = new Set(plan.outputs.map((file) => file.path));
  const startedMs = Date.parse(start.run.startedAt);
  return (path) => outputs.has(path) || (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= startedMs;
};

const contentOf = (plan: FilePlan, hashed: HashedRun, events: EventFiles) => {
  const python = eventsOf(events.logs[0]?.events ?? [], 'start')[0]?.executable;
  const files = plan.outputs.flatMap((file) => {
    const facts = hashed.files.get(nameKey(file));
    return facts?.sha256 === undefined ? [] : [facts];
  });
  return contentDigests(files, python === undefined ? {} : { python });
};

const save = async (completion: Completion, facts: RunFacts, redactor: Redactor): Promise<CompletedRecord> => {
  const { store, folder } = completion;
  const { manifest: assembled, objects } = assembleManifest(facts, redactor, nodeCrypto);
  for (const bytes of objects) await store.putObject(bytes);
  const profiled = completion.canaryEnv === 'off' ? assembled : await withProfiles(assembled, { store, start: completion.start, redactor });
  const manifest = await withCanary(completion, profiled, redactor);
  const statement = statementOf(manifest, nodeCrypto, facts.start.schemaMajor);
  const checked = readStatement(statement.bytes);
  if (checked.kind !== 'accepted') {
    throw new TrainlockError('TL0901', 'the manifest does not fit its own schema and was not saved', {
      where: folder.path,
      notes: checked.problems.slice(0, 5).map((problem) => `${problem.pointer}: ${problem.message}`),
      fix: `trainlock finish ${facts.start.run.id.slice(0, 8)}   # with a mended version; the events are kept`,
    });
  }
  await store.finishRun(folder, { statement: statement.bytes, predicate: statement.predicate });
  return { manifest, sha256: statement.sha256 };
};

/** The manifest with what the canary was asked and said: it needs the model, and so everything else comes first. */
const withCanary = async ({ store, start, end, canaryEnv: env, canaryPlace: place }: Completion, manifest: Manifest, redactor: Redactor): Promise<Manifest> => {
  if (start.config.canary === undefined || env === 'off') return manifest;
  const { evaluation, capture, outputs } = manifest;
  const isSuccess = end.exit.kind === 'exited' && end.exit.code === 0;
  const notAsked = env === undefined ? 'the record was completed later than its run' : 'the command did not succeed';
  const { canary, gaps } =
    env !== undefined && isSuccess
      ? await recordCanary({ store, start, outputs, env, redactor, ...(place === undefined ? {} : { place }) })
      : { canary: undefined, gaps: [canaryGap(notAsked)] };
  return { ...manifest, evaluation: { ...evaluation, ...(canary === undefined ? {} : { canary }) }, capture: { ...capture, gaps: [...capture.gaps, ...gaps] } };
};
