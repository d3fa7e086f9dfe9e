import { type JsonValue, withoutUndefined } from '#base';
import type { Manifest } from '#manifest';

/** What a list of runs shows of one run. Taken from the record; a run without one shows what its start tells. */
export type RunSummary = {
  readonly id: string;
  /** RFC 3339 in UTC. */
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** Whether the run repeats another one. */
  readonly kind: 'run' | 'replay';
  readonly name?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly purpose?: string;
  readonly participant?: string;
  readonly command: readonly string[];
  readonly exit?: { readonly kind: string; readonly code?: number; readonly signal?: string };
  readonly wallMs?: number;
  readonly commit?: string;
  readonly dirty?: string;
  /** Last value of each metric, under its name, and with the split or stage in front where there is one. */
  readonly metrics: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly verdict?: string;
  /** Path and digest of outputs, the first of them if they are many. */
  readonly outputs: readonly (readonly [path: string, sha256: string])[];
  readonly outputCount: number;
  /** Ids of runs and digests of manifests that this one names. */
  readonly parents: readonly string[];
  readonly unseeded?: number;
  readonly trainlock?: string;
};

/** More are not kept in a summary; the manifest has them. */
const MAX_ENTRIES = 200;
const MAX_TEXT = 200;

/** The summary of a record. */
export const summaryOf = (manifest: Manifest): RunSummary => {
  const { run, code, evaluation, outputs, lineage, randomness, capture } = manifest;
  const parents = run.parents ?? [];
  return withoutUndefined({
    id: run.id,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    kind: parents.some((parent) => parent.kind === 'replay') ? ('replay' as const) : ('run' as const),
    name: run.name,
    tags: run.tags ?? {},
    purpose: run.purpose?.slice(0, MAX_TEXT),
    participant: run.participant.name,
    command: run.command.slice(0, 50).map((word) => word.slice(0, MAX_TEXT)),
    exit: withoutUndefined({ kind: run.exit.kind, code: run.exit.code, signal: run.exit.signal }),
    wallMs: run.usage?.wallMs,
    commit: code.repository.commit,
    dirty: code.repository.dirty,
    metrics: metricsOf(evaluation.metrics),
    parameters: parametersOf(manifest.parameters),
    verdict: evaluation.verdict.kind,
    outputs: outputs.slice(0, MAX_ENTRIES).flatMap((output) => (output.sha256 === undefined ? [] : [[output.path, output.sha256] as const])),
    outputCount: outputs.length,
    parents: [
      ...parents.flatMap((parent) => [parent.run, parent.manifestSha256 ?? []].flat()),
      ...(lineage.parents ?? []).flatMap((parent) => [parent.manifestSha256, parent.run ?? []].flat()),
    ],
    unseeded: randomness.unseededCount,
    trainlock: capture.trainlockVersion,
  });
};

/** What was given on the command line wins over what the program told, and that over what stood in a file. */
const parametersOf = (parameters: Manifest['parameters']): Readonly<Record<string, string>> => {
  const rank = ({ source, isDefault }: Manifest['parameters'][number]): number =>
    source === 'argparse' || source === 'click' || source === 'hydra' ? (isDefault === true ? 1 : 3) : source === 'yaml' || source === 'json' || source === 'toml' ? 0 : 2;
  const ranked = parameters.toSorted((a, b) => rank(a) - rank(b));
  return Object.fromEntries(ranked.map((parameter) => [parameter.name, parameter.value.slice(0, MAX_TEXT)] as const).slice(-MAX_ENTRIES));
};

/** Metrics that the program reported win over numbers that were only seen; later values win over earlier ones. */
const metricsOf = (metrics: Manifest['evaluation']['metrics']): Readonly<Record<string, string>> => {
  const values = new Map<string, string>();
  const ranked = [...metrics.filter((metric) => metric.trust === 'observed'), ...metrics.filter((metric) => metric.trust === 'reported')];
  for (const metric of ranked) {
    const prefix = metric.split ?? metric.stage;
    values.set(metric.name, metric.value);
    if (prefix !== undefined) values.set(`${prefix}.${metric.name}`, metric.value);
  }
  return Object.fromEntries([...values].slice(0, MAX_ENTRIES));
};

/** The summary of a run that has no record, from started.json; undefined if that is not what it should be. The value is hostile. */
export const summaryOfStart = (started: JsonValue): RunSummary | undefined => {
  const run = member(started, 'run');
  const [id, startedAt] = [textOf(run, 'id'), textOf(run, 'startedAt')];
  if (id === undefined || startedAt === undefined) return undefined;
  const parents = listOf(run, 'parents').flatMap((parent) => [textOf(parent, 'run') ?? [], textOf(parent, 'manifestSha256') ?? []].flat());
  const tags = member(run, 'tags');
  return withoutUndefined({
    id,
    startedAt,
    kind: listOf(run, 'parents').some((parent) => textOf(parent, 'kind') === 'replay') ? ('replay' as const) : ('run' as const),
    name: textOf(run, 'name'),
    tags: isObject(tags) ? Object.fromEntries(Object.entries(tags).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : []))) : {},
    purpose: textOf(run, 'purpose')?.slice(0, MAX_TEXT),
    command: listOf(started, 'command').flatMap((word) => (typeof word === 'string' ? [word.slice(0, MAX_TEXT)] : [])),
    metrics: {},
    parameters: {},
    outputs: [],
    outputCount: 0,
    parents,
    trainlock: textOf(started, 'trainlockVersion'),
  });
};

const isObject = (value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } => typeof value === 'object' && value !== null && !Array.isArray(value);

const member = (value: JsonValue | undefined, key: string): JsonValue | undefined => (isObject(value) ? value[key] : undefined);

const textOf = (value: JsonValue | undefined, key: string): string | undefined => {
  const text = member(value, key);
  return typeof text === 'string' ? text : undefined;
};

const listOf = (value: JsonValue | undefined, key: string): readonly JsonValue[] => {
  const list = member(value, key);
  return Array.isArray(list) ? list : [];
};

/** Whether a value that was read from a cache has the form of a summary. */
export const isSummary = (value: unknown): value is RunSummary => {
  const summary = value as Partial<RunSummary> | null;
  return (
    typeof summary === 'object' &&
    summary !== null &&
    typeof summary.id === 'string' &&
    typeof summary.startedAt === 'string' &&
    (summary.kind === 'run' || summary.kind === 'replay') &&
    [summary.tags, summary.metrics, summary.parameters].every((map) => typeof map === 'object' && map !== null && Object.values(map).every((text) => typeof text === 'string')) &&
    [summary.command, summary.outputs, summary.parents].every(Array.isArray)
  );
};
