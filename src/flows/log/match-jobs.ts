import type { Manifest } from '#manifest';
import type { Job } from './job.ts';

/** What a record says of the systems that know it. */
export type RecordedRun = {
  readonly id: string;
  readonly startedAt: string;
  readonly trigger?: { readonly system: string; readonly job: string };
  /** Ids of MLflow runs: in the environment, a tag, or the path of a file that it wrote. */
  readonly mlflow: readonly string[];
};

export type JobMatches = {
  readonly matched: readonly { readonly job: Job; readonly runs: readonly string[] }[];
  readonly withoutRecord: readonly Job[];
  /** Records that name a job of this system that is not in the list. */
  readonly withoutJob: readonly RecordedRun[];
};

const MLFLOW_ID = /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/g;

/** What of a manifest names jobs. */
export const recordedRun = (manifest: Manifest, tags: Readonly<Record<string, string>>): RecordedRun => {
  const { run, environment, outputs } = manifest;
  const variable = environment.variables.find(({ name }) => name === 'MLFLOW_RUN_ID')?.value;
  const paths = outputs.map(({ path }) => path).filter((path) => path.includes('mlruns') || path.includes('mlartifacts'));
  const texts = [variable, tags['mlflow'], tags['mlflow.run_id'], ...paths].filter((text) => text !== undefined);
  const { system, job } = run.trigger ?? {};
  return {
    id: run.id,
    startedAt: run.startedAt,
    ...(system === undefined || job === undefined ? {} : { trigger: { system, job } }),
    mlflow: [...new Set(texts.flatMap((text) => text.match(MLFLOW_ID) ?? []))],
  };
};

/** Pairs jobs of one system with records; a job may have several, for example a retry. */
export const matchJobs = (system: Job['system'], jobs: readonly Job[], records: readonly RecordedRun[]): JobMatches => {
  const byJob = new Map<string, string[]>(jobs.map(({ id }) => [id, []]));
  const known = new Set(records.map(({ id }) => id));
  for (const job of jobs) byJob.get(job.id)!.push(...(job.runs ?? []).filter((id) => known.has(id)));
  const withoutJob: RecordedRun[] = [];
  for (const record of records) {
    const named = namesOf(system, record);
    const found = named.flatMap((name) => jobOf(system, name, byJob) ?? []);
    for (const id of found) if (!byJob.get(id)!.includes(record.id)) byJob.get(id)!.push(record.id);
    // A run may write files of other runs of MLflow; only what a scheduler started must be in its list.
    if (system !== 'mlflow' && named.length > 0 && found.length === 0) withoutJob.push(record);
  }
  return {
    matched: jobs.flatMap((job) => (byJob.get(job.id)!.length > 0 ? [{ job, runs: byJob.get(job.id)! }] : [])),
    withoutRecord: jobs.filter((job) => byJob.get(job.id)!.length === 0),
    withoutJob,
  };
};

const namesOf = (system: Job['system'], { trigger, mlflow }: RecordedRun): readonly string[] => (system === 'mlflow' ? mlflow : trigger?.system === system ? [trigger.job] : []);

/** A pod is called after its job, with something behind; of two jobs that fit the longer name is meant. */
const jobOf = (system: Job['system'], name: string, byJob: ReadonlyMap<string, unknown>): string | undefined => {
  if (byJob.has(name)) return name;
  if (system !== 'kubernetes') return undefined;
  for (let at = name.lastIndexOf('-'); at > 0; at = name.lastIndexOf('-', at - 1)) if (byJob.has(name.slice(0, at))) return name.slice(0, at);
  return undefined;
};
