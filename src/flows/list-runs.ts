/** Finds, sorts and cuts the runs of a project into columns. */
import { type Problem, type Reading, TrainlockError } from '#base';
import { allOf, FIELD_NAMES, fieldReader, type FieldValue, openStore, readCondition, type RunRecord, sortRuns, type StoreAbove, storeAbove, type StoreFinding } from '#store';
import { hasHistory } from './life/has-history.ts';
import type { ToldRun } from './life/told-of-runs.ts';
import type { Environment } from './trust-file/trust-places.ts';

export type ListOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly env: Environment;
  /** Conditions that must all hold; see readCondition of #store. */
  readonly where?: readonly string[];
  /** A field, with - in front to turn the order round. */
  readonly sort?: string;
  /** Names of fields; without them a choice that fits what the runs have. */
  readonly columns?: readonly string[];
  /** At most so many. */
  readonly limit?: number;
};

export type ListedRuns = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly FieldValue[])[];
  /** The runs of the rows. */
  readonly runs: readonly RunRecord[];
  /** How many fit the conditions. */
  readonly matching: number;
  /** How many there are. */
  readonly total: number;
  readonly findings: readonly StoreFinding[];
  /** Where there is no run: records that lie further up. */
  readonly above?: StoreAbove;
  /** Listed runs that were amended or deprecated themselves; what they use is told by showRun. */
  readonly told: readonly ToldRun[];
};

/** Throws TL0001 for a condition, field or order that is not understood. */
export const listRuns = async (options: ListOptions): Promise<ListedRuns> => {
  const conditions = (options.where ?? []).map((text) => acceptedOr(readCondition(text), `--where '${text}'`));
  const store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder });
  const all = await store.runs();
  const matching = all.filter(allOf(conditions));
  const sorted = acceptedOr(sortRuns(matching, options.sort ?? '-started'), `--sort ${options.sort}`);
  const runs = options.limit === undefined ? sorted : sorted.slice(0, options.limit);
  const columns = options.columns ?? usualColumns(runs);
  const readers = columns.map((column) => {
    const reader = fieldReader(column);
    return typeof reader === 'function' ? reader : notUnderstood(`--cols ${column}`, [reader]);
  });
  const told = (await hasHistory(options.projectRoot)) ? await (await import('./life/told-of-runs.ts')).toldOfRuns(runs, options) : [];
  const above = all.length === 0 ? await storeAbove(store.root) : undefined;
  return {
    columns,
    ...(above === undefined ? {} : { above }),
    rows: runs.map((run) => readers.map((read) => read(run))),
    runs,
    matching: matching.length,
    total: all.length,
    findings: store.findings,
    told,
  };
};

/** Most metrics that the usual table shows. */
const USUAL_METRICS = 3;

/** What people look for: columns that no run fills are left out. */
const usualColumns = (runs: readonly RunRecord[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const name of runs.flatMap((run) => Object.keys(run.metrics).filter((one) => !one.includes('.')))) counts.set(name, (counts.get(name) ?? 0) + 1);
  const metrics = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, USUAL_METRICS)
    .map(([name]) => `metric.${name}`);
  const filled = (column: string): boolean => {
    const read = fieldReader(column);
    return typeof read === 'function' && runs.some((run) => read(run) !== undefined);
  };
  return ['id', 'started', ...['name'].filter(filled), 'state', 'exit', 'duration', ...metrics, ...['why'].filter(filled), 'command'];
};

const acceptedOr = <T>(reading: Reading<T>, where: string): T => (reading.kind === 'accepted' ? reading.value : notUnderstood(where, reading.problems));

const notUnderstood = (where: string, problems: readonly Problem[]): never => {
  const [first] = problems;
  throw new TrainlockError('TL0001', first?.message ?? 'not understood', {
    where,
    notes: [...(first?.hint === undefined ? [] : [first.hint]), `fields are ${FIELD_NAMES.join(', ')}`],
    fix: "trainlock list --where 'metric.accuracy>0.9 and tag.team=vision'",
  });
};
