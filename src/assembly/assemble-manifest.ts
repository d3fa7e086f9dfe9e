import { type Crypto, redactArguments, type Redactor, withoutUndefined } from '#base';
import { type Capture, type Code, type Dependencies, type Environment, type Logs, type Manifest, type Output, SCHEMA_VERSION } from '#manifest';
import { criteriaOf, definitionsOf, verdictOn } from './criteria.ts';
import { type DeclaredData, dataSets, fileDigest } from './data-sets.ts';
import { distributed } from './distributed.ts';
import type { FilePlan } from './file-plan.ts';
import { type Finding, findingsOf, type Gap, gapsOf } from './gaps.ts';
import type { HashedFile, StoredFile } from './hashed-file.ts';
import { type FoundMetric, metrics } from './metrics.ts';
import { outputs } from './outputs.ts';
import { type ConfigurationFile, parameters } from './parameters.ts';
import { type PathNames, pathNames } from './path-names.ts';
import { type EventDigest, processTree, type SeenProcess } from './process-tree.ts';
import { randomness } from './randomness.ts';
import { eventsOf, type ProcessEvents } from './read-events.ts';
import { interpreters, numericBuilds, runtimeSettings, threadPools } from './software.ts';
import { memoryData } from './splits.ts';
import type { EndFacts, StartFacts } from './start-facts.ts';
import { warningsOf } from './warnings.ts';

/** Everything that was fetched about a run; nothing in it has been given a meaning yet. */
export type RunFacts = {
  readonly start: StartFacts;
  readonly end: EndFacts;
  readonly logs: readonly ProcessEvents[];
  readonly eventDigests: readonly EventDigest[];
  readonly seenProcesses: readonly SeenProcess[];
  readonly plan: FilePlan;
  readonly hashed: ReadonlyMap<string, HashedFile>;
  /** Content digests of outputs by absolute path. */
  readonly content: ReadonlyMap<string, NonNullable<Output['content']>>;
  /** Paths of files whose bytes are in the object store. */
  readonly stored: ReadonlyMap<string, StoredFile>;
  readonly declaredData: readonly DeclaredData[];
  readonly who: Pick<Manifest['run'], 'participant' | 'trigger'> & Partial<Pick<Manifest['run'], 'clock'>>;
  readonly repository: Code['repository'];
  readonly snapshot?: Code['snapshot'];
  readonly distributions: Dependencies['distributions'];
  readonly lock?: Dependencies['lock'];
  readonly native: Dependencies['native'];
  readonly environment: Omit<Environment, 'variables' | 'threadPools' | 'runtime' | 'absentFiles'>;
  readonly configurationFiles: readonly ConfigurationFile[];
  readonly foundMetrics: readonly FoundMetric[];
  readonly recordedOutput: NonNullable<Logs['output']>;
  readonly deferred: boolean;
  /** Gaps of the probes and of the recorder itself. */
  readonly gaps: readonly Gap[];
  /** Runs whose outputs this one read. */
  readonly parents: NonNullable<Manifest['lineage']['parents']>;
  readonly findings: readonly Finding[];
  readonly overhead: NonNullable<Capture['overhead']>;
  readonly maskings: number;
  /** Set when the recorder died and the record was completed later. */
  readonly completedAt?: string;
};

export type AssembledManifest = {
  readonly manifest: Manifest;
  /** Bytes that the manifest refers to by digest and that belong into the object store. */
  readonly objects: readonly Uint8Array[];
};

/** Gives the facts of a run their meaning: one manifest, and the file lists that it names. Pure: equal facts give equal manifests. */
export const assembleManifest = (facts: RunFacts, redactor: Redactor, crypto: Crypto): AssembledManifest => {
  const names = pathNames(rootsOf(facts), facts.start.pathMap);
  const data = dataSets(
    {
      declared: facts.declaredData,
      declarations: facts.start.config.data ?? {},
      inputs: facts.plan.inputs,
      hashed: facts.hashed,
      deferred: facts.deferred,
      names,
      stored: facts.stored,
    },
    crypto,
  );
  const settings = parameters(facts.logs, facts.start.command, facts.configurationFiles, redactor);
  const tree = processTree(facts.logs, facts.eventDigests, facts.seenProcesses, names);
  const body = withoutUndefined({
    schemaVersion: SCHEMA_VERSION,
    critical: [],
    run: runSection(facts, names),
    parameters: settings.parameters,
    randomness: randomness(facts.logs, facts.start, names),
    data: [...data.data, ...memoryData(facts.logs, names)],
    code: codeSection(facts, names),
    dependencies: dependenciesSection(facts, names),
    environment: environmentSection(facts, names),
    distributed: distributed(facts.logs, facts.environment.host, crypto),
    evaluation: evaluationSection(facts, names),
    outputs: outputs({
      files: facts.plan.outputs,
      hashed: facts.hashed,
      content: facts.content,
      logs: facts.logs,
      config: facts.start.config,
      projectRoot: facts.start.projectRoot,
      deferred: facts.deferred,
      names,
      stored: facts.stored,
    }),
    model: facts.start.config.model,
    processes: tree.processes.map((process) => maskedProcess(process, redactor)),
    logs: { mode: facts.start.logMode, output: facts.recordedOutput, ...warningsOf(facts.logs, redactor, names) },
    governance: facts.start.policySha256 === undefined ? undefined : { policySha256: facts.start.policySha256 },
    lineage: facts.parents.length === 0 ? {} : { parents: facts.parents },
  });
  return { manifest: { ...body, capture: captureSection(facts, body, tree.coverage, settings.maskings) }, objects: data.objects };
};

/** The interpreter's prefix becomes a root of its own, so that environments at different places compare. */
const rootsOf = (facts: RunFacts): Readonly<Record<string, string>> => {
  const start = facts.logs.flatMap((log) => eventsOf(log.events, 'start'))[0];
  return start?.prefix === undefined || start.prefix === '/usr' ? facts.start.roots : { ...facts.start.roots, python: start.prefix };
};

/** Where the machine could not be asked: the times of a run are read from its clock all the same. */
const UNSEEN_CLOCK = { source: 'system', synchronised: 'unknown' } as const;

const runSection = (facts: RunFacts, names: PathNames): Manifest['run'] => {
  const { start, end } = facts;
  const tags = tagsOf(facts);
  return withoutUndefined({
    ...start.run,
    ...facts.who,
    clock: facts.who.clock ?? UNSEEN_CLOCK,
    tags: Object.keys(tags).length === 0 ? undefined : tags,
    finishedAt: end.finishedAt,
    command: start.command,
    entryPoint: entryPoint(facts, names),
    workingDirectory: names.nameOf(start.workingDirectory),
    roots: Object.fromEntries(
      Object.entries(names.roots).map(([name, path]) => [
        name,
        name === 'home' ? path : pathNames(names.roots['home'] === undefined ? {} : { home: names.roots['home'] }).nameOf(path),
      ]),
    ),
    exit: end.exit,
    usage: end.usage,
  });
};

const tagsOf = (facts: RunFacts): Readonly<Record<string, string>> => {
  const told = facts.logs.flatMap((log) => eventsOf(log.events, 'declare')).filter((event) => event.what === 'tag' && /^[^=\s]{1,128}$/.test(event.name));
  return { ...facts.start.config.tags, ...facts.start.run.tags, ...Object.fromEntries(told.map((event) => [event.name, (event.value ?? '').slice(0, 1024)])) };
};

const entryPoint = (facts: RunFacts, names: PathNames): Manifest['run']['entryPoint'] => {
  const script = facts.plan.code.find((file) => facts.start.command.slice(1).some((word) => file.path === word || file.path.endsWith(`/${word.replace(/^\.\//, '')}`)));
  const hashed = script === undefined ? undefined : facts.hashed.get(script.path);
  return hashed === undefined ? undefined : fileDigest(hashed, { names, stored: facts.stored });
};

const codeSection = (facts: RunFacts, names: PathNames): Code =>
  withoutUndefined({
    repository: facts.repository,
    files: facts.plan.code.flatMap((file) => {
      const hashed = facts.hashed.get(file.path);
      return hashed === undefined || hashed.kind !== 'file' ? [] : [fileDigest(hashed, { names, stored: facts.stored })];
    }),
    snapshot: facts.snapshot,
  });

const dependenciesSection = (facts: RunFacts, names: PathNames): Dependencies => {
  const sha256 = new Map([...facts.hashed].flatMap(([path, file]) => (file.sha256 === undefined ? [] : [[path, file.sha256] as const])));
  const located = facts.distributions.map((one) => (one.location === undefined ? one : { ...one, location: names.nameOf(one.location) }));
  const modified = located.map((one) => (one.modified === undefined ? one : { ...one, modified: one.modified.map(names.nameOf) }));
  return withoutUndefined({
    interpreters: interpreters(facts.logs, sha256, names),
    distributions: modified,
    lock: facts.lock === undefined ? undefined : { ...facts.lock, path: names.nameOf(facts.lock.path) },
    native: facts.native.map((library) => ({ ...library, path: names.nameOf(library.path) })),
    numeric: numericBuilds(facts.logs),
  });
};

const environmentSection = (facts: RunFacts, names: PathNames): Environment => {
  const read = new Set(facts.logs.flatMap((log) => eventsOf(log.events, 'environment-read').flatMap((event) => event.names)));
  return withoutUndefined({
    ...facts.environment,
    threadPools: threadPools(facts.logs, names),
    runtime: runtimeSettings(facts.logs),
    variables: facts.start.variables.map((variable) => (read.has(variable.name) ? { ...variable, read: true } : variable)),
    absentFiles: facts.plan.absent.slice(0, 10_000).map(names.nameOf),
  });
};

const evaluationSection = (facts: RunFacts, names: PathNames): Manifest['evaluation'] => {
  const { config } = facts.start;
  const found = metrics(facts.logs, facts.foundMetrics, config, names);
  const criteria = facts.start.criteria ?? criteriaOf(config);
  return withoutUndefined({
    criteria: criteria.length === 0 ? undefined : criteria,
    declaredAt: criteria.length === 0 ? undefined : facts.start.run.startedAt,
    definitions: config.metrics === undefined ? undefined : definitionsOf(config),
    metrics: found,
    verdict: verdictOn(criteria, found),
  });
};

const maskedProcess = (process: Manifest['processes'][number], redactor: Redactor): Manifest['processes'][number] =>
  process.argv === undefined ? process : { ...process, argv: redactArguments(process.argv, redactor).argv.slice(0, 1000) };

const captureSection = (facts: RunFacts, body: Omit<Manifest, 'capture'>, coverage: Capture['coverage'], maskings: number): Capture =>
  withoutUndefined({
    trainlockVersion: facts.start.trainlockVersion,
    modes: facts.start.modes,
    layers: [
      facts.logs.length > 0
        ? { name: 'python-hooks', state: coverage.processesWithHooks < coverage.processesSeen ? ('partial' as const) : ('active' as const) }
        : { name: 'python-hooks', state: 'absent' as const, reason: 'no Python process loaded them' },
      { name: 'process-table', state: facts.completedAt === undefined ? ('active' as const) : ('partial' as const) },
    ],
    coverage,
    origins: originsOf(facts),
    gaps: [...facts.gaps, ...gapsOf(facts.logs, body, facts.start)].slice(0, 10_000),
    findings: [...facts.findings, ...(facts.start.restored?.findings ?? []), ...findingsOf(body)],
    trust: { kind: 'self-attested' as const },
    overhead: facts.overhead,
    maskings: facts.start.maskings + facts.maskings + maskings,
    interrupted: facts.completedAt === undefined ? undefined : true,
    completedAt: facts.completedAt,
  });

const originsOf = (facts: RunFacts): Capture['origins'] => {
  const declared = facts.declaredData.flatMap((_, index) =>
    ['name', 'role', 'origin', 'version', 'licence', 'collectedAt', 'sampling', 'filters', 'preprocessing'].map((field) => [`/data/${index}/${field}`, 'declared' as const]),
  );
  return {
    '': 'captured',
    '/run/purpose': 'declared',
    '/run/name': 'declared',
    '/run/tags': 'declared',
    '/model': 'declared',
    '/randomness/why': 'declared',
    '/randomness/procedure': 'declared',
    '/evaluation/criteria': 'declared',
    '/evaluation/definitions': 'declared',
    '/outputs': 'captured',
    ...(facts.start.restored === undefined ? {} : { '/code/repository': 'inferred' as const }),
    ...Object.fromEntries(declared),
  };
};
