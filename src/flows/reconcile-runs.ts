/** Compares the records of a project with what other systems say was run. */
import { resolve } from 'node:path';
import { fromUtf8, TrainlockError } from '#base';
import { readBounded } from '#files';
import { isUnread, openStore } from '#store';
import type { Job, JobList } from './log/job.ts';
import { kubernetesJobs } from './log/kubernetes-jobs.ts';
import { matchJobs, type RecordedRun, recordedRun } from './log/match-jobs.ts';
import { mlflowRuns } from './log/mlflow-runs.ts';
import { slurmJobs } from './log/slurm-jobs.ts';

export type ReconcileOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  /** Where each system's list lies. */
  readonly slurm?: string;
  readonly mlflow?: string;
  readonly kubernetes?: string;
  /** Only what started in this time. RFC 3339, or a day. */
  readonly from?: string;
  readonly to?: string;
};

export type Reconciled = {
  readonly system: Job['system'];
  readonly source: string;
  /** Jobs in the time that was asked for. */
  readonly jobs: number;
  readonly matched: readonly { readonly job: Job; readonly runs: readonly string[] }[];
  /** Ran, and has no record. */
  readonly withoutRecord: readonly (Job & { /** RFC 3339. */ readonly startedAt?: string })[];
  /** Recorded as a job of this system, which does not know it. */
  readonly withoutJob: readonly RecordedRun[];
  /** What in the list could not be read. */
  readonly unread: readonly string[];
};

export type ReconciledRuns = { readonly systems: readonly Reconciled[]; readonly records: number; /** Records that cannot be read. */ readonly damaged: readonly string[] };

const MOST_BYTES = 256 * 1024 * 1024;

/** Throws TL0001 if no list is named or a time is not understood, TL0002 if one cannot be read. */
export const reconcileRuns = async (options: ReconcileOptions): Promise<ReconciledRuns> => {
  const span = spanOf(options);
  const sources = (['slurm', 'mlflow', 'kubernetes'] as const).flatMap((system) =>
    options[system] === undefined ? [] : [{ system, source: resolve(options.workingDirectory, options[system]) }],
  );
  if (sources.length === 0)
    throw new TrainlockError('TL0001', 'name at least one list of what was run: --slurm, --mlflow or --kubernetes', { fix: 'trainlock help log reconcile' });
  const lists: { readonly system: Job['system']; readonly source: string; readonly list: JobList }[] = [];
  for (const { system, source } of sources) lists.push({ system, source, list: await listOf(system, source) });
  const { records, damaged } = await recordsOf(options);
  const systems = lists.map(({ system, source, list }): Reconciled => {
    const jobs = list.jobs.filter(({ startedMs }) => startedMs === undefined || isIn(span, startedMs));
    const matches = matchJobs(system, jobs, records);
    // A record of a job that began before the time that was asked for is not missing in a list of that time.
    return {
      system,
      source,
      jobs: jobs.length,
      matched: matches.matched,
      withoutRecord: matches.withoutRecord.map((job) => ({ ...job, ...(job.startedMs === undefined ? {} : { startedAt: new Date(job.startedMs).toISOString() }) })),
      withoutJob: matches.withoutJob.filter(({ startedAt }) => isIn(span, Date.parse(startedAt))),
      unread: list.unread,
    };
  });
  return { systems, records: records.length, damaged };
};

const listOf = async (system: Job['system'], source: string): Promise<JobList> => {
  if (system === 'mlflow') return mlflowRuns(source);
  const bytes = await readBounded(source, MOST_BYTES);
  if (system === 'kubernetes') return kubernetesJobs(bytes);
  const text = fromUtf8(bytes);
  return text === undefined ? { jobs: [], unread: ['the file is not UTF-8'] } : slurmJobs(text);
};

const recordsOf = async ({ projectRoot, storeFolder }: ReconcileOptions): Promise<{ readonly records: readonly RecordedRun[]; readonly damaged: readonly string[] }> => {
  const store = await openStore({ projectRoot, storeFolder });
  const records: RecordedRun[] = [];
  const damaged: string[] = [];
  for (const run of await store.runs()) {
    if (isUnread(run.state)) damaged.push(run.id);
    if (run.state !== 'finished' || run.kind === 'replay') continue;
    try {
      records.push(recordedRun(await run.manifest(), run.tags));
    } catch {
      damaged.push(run.id);
    }
  }
  return { records, damaged };
};

type Span = { readonly fromMs: number; readonly toMs: number };

const isIn = ({ fromMs, toMs }: Span, ms: number): boolean => ms >= fromMs && ms <= toMs;

const spanOf = ({ from, to }: ReconcileOptions): Span => ({
  fromMs: from === undefined ? Number.NEGATIVE_INFINITY : momentOf(from, '--from', false),
  toMs: to === undefined ? Number.POSITIVE_INFINITY : momentOf(to, '--to', true),
});

const momentOf = (text: string, flag: string, isEnd: boolean): number => {
  const isDay = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text);
  const ms = isDay || /^[0-9]{4}-[0-9]{2}-[0-9]{2}T/.test(text) ? Date.parse(isDay ? `${text}T00:00:00` : text) : Number.NaN;
  if (Number.isNaN(ms))
    throw new TrainlockError('TL0001', `${flag} is not a time: 2026-11-01, or 2026-11-01T08:00:00Z`, { where: text.slice(0, 100), fix: 'trainlock help log reconcile' });
  return isDay && isEnd ? ms + 86_400_000 - 1 : ms;
};
