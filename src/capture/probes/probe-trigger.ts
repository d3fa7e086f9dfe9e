import ci from 'ci-info';
import type { Trigger } from '#assembly';
import { withoutCredentials, withoutUndefined } from '#base';

type Variables = Readonly<Record<string, string | undefined>>;

export type TriggerQuestion = {
  readonly environment: Variables;
  /** Whether a person sits at a terminal. */
  readonly terminal: boolean;
  /** What ci-info says of this process; given in tests. */
  readonly ci?: { readonly isCI: boolean; readonly name: string | null };
};

/** Schedulers by the variable that holds the job id. Source: the documentation of each system. */
const SCHEDULERS: readonly { readonly system: string; readonly job: readonly string[]; readonly sign?: string }[] = [
  { system: 'slurm', job: ['SLURM_JOB_ID', 'SLURM_JOBID'] },
  { system: 'pbs', job: ['PBS_JOBID'] },
  { system: 'lsf', job: ['LSB_JOBID'] },
  { system: 'sge', job: ['JOB_ID'], sign: 'SGE_ROOT' },
  { system: 'htcondor', job: ['_CONDOR_JOB_AD'] },
  { system: 'ray', job: ['RAY_JOB_ID'] },
  { system: 'aws-batch', job: ['AWS_BATCH_JOB_ID'] },
  { system: 'sagemaker', job: ['TRAINING_JOB_NAME', 'SM_TRAINING_JOB_NAME'] },
  { system: 'vertex', job: ['CLOUD_ML_JOB_ID'] },
  { system: 'azure-ml', job: ['AZUREML_RUN_ID'] },
  { system: 'airflow', job: ['AIRFLOW_CTX_DAG_RUN_ID'] },
  { system: 'kubernetes', job: ['JOB_NAME', 'POD_NAME', 'JOB_COMPLETION_INDEX'], sign: 'KUBERNETES_SERVICE_HOST' },
];

const JOBS: Readonly<Record<string, (environment: Variables) => { readonly job?: string | undefined; readonly url?: string | undefined }>> = {
  'GitHub Actions': (env) => ({
    job: env['GITHUB_RUN_ID'],
    url:
      env['GITHUB_RUN_ID'] === undefined ? undefined : `${env['GITHUB_SERVER_URL'] ?? 'https://github.com'}/${env['GITHUB_REPOSITORY'] ?? ''}/actions/runs/${env['GITHUB_RUN_ID']}`,
  }),
  'GitLab CI': (env) => ({ job: env['CI_JOB_ID'], url: env['CI_JOB_URL'] }),
  Jenkins: (env) => ({ job: env['BUILD_TAG'] ?? env['BUILD_ID'], url: env['BUILD_URL'] }),
  Buildkite: (env) => ({ job: env['BUILDKITE_JOB_ID'], url: env['BUILDKITE_BUILD_URL'] }),
  CircleCI: (env) => ({ job: env['CIRCLE_WORKFLOW_JOB_ID'] ?? env['CIRCLE_BUILD_NUM'], url: env['CIRCLE_BUILD_URL'] }),
  'Azure Pipelines': (env) => ({
    job: env['BUILD_BUILDID'],
    url:
      env['SYSTEM_COLLECTIONURI'] === undefined
        ? undefined
        : `${env['SYSTEM_COLLECTIONURI']}${env['SYSTEM_TEAMPROJECT'] ?? ''}/_build/results?buildId=${env['BUILD_BUILDID'] ?? ''}`,
  }),
};

/** What started the run: a scheduler (also inside CI), a CI job, a person at a terminal, else a script. Pure but for ci-info, which reads our environment. */
export const probeTrigger = (question: TriggerQuestion): Trigger => {
  const { environment } = question;
  const { isCI, name } = question.ci ?? ci;
  const scheduler = SCHEDULERS.find((one) => (one.sign === undefined || filled(environment[one.sign])) && one.job.some((variable) => filled(environment[variable])));
  if (scheduler !== undefined) return withoutUndefined({ kind: 'scheduler' as const, system: scheduler.system, job: jobOf(scheduler, environment) });
  if (isCI) {
    const told = name === null ? {} : (JOBS[name]?.(environment) ?? {});
    const url = told.url === undefined || told.url === '' ? undefined : withoutCredentials(told.url).slice(0, 1024);
    return withoutUndefined({ kind: 'ci' as const, system: name ?? undefined, job: told.job?.slice(0, 1024), url });
  }
  return { kind: question.terminal ? 'interactive' : 'script' };
};

const filled = (value: string | undefined): boolean => value !== undefined && value !== '';

const jobOf = (scheduler: { readonly system: string; readonly job: readonly string[] }, environment: Variables): string | undefined => {
  const array = environment['SLURM_ARRAY_JOB_ID'];
  if (scheduler.system === 'slurm' && filled(array)) return `${array}_${environment['SLURM_ARRAY_TASK_ID'] ?? '0'}`;
  const job = scheduler.job.map((variable) => environment[variable]).find(filled);
  // The file of HTCondor is a path on the machine; its name says enough.
  return job?.slice(job.lastIndexOf('/') + 1).slice(0, 1024);
};
