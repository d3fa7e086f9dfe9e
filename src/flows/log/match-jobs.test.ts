import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { kubernetesJobs } from './kubernetes-jobs.ts';
import { matchJobs, type RecordedRun } from './match-jobs.ts';
import { slurmJobs } from './slurm-jobs.ts';

const record = (id: string, system: string, job: string): RecordedRun => ({ id, startedAt: '2026-11-02T10:00:00Z', trigger: { system, job }, mlflow: [] });

describe('lists of jobs', () => {
  it('of Slurm are read whatever columns stand beside the id', () => {
    expect(slurmJobs('User|JobID\r\nann|7\r\nann|7.0\r\nann|8+1\r\nann|9_[1-3]\r\n').jobs.map(({ id }) => id)).toEqual(['7', '8+1']);
    expect(slurmJobs('JobID\n12\n').jobs).toEqual([{ system: 'slurm', id: '12' }]);
    expect(slurmJobs('').unread.length).toBe(1);
  });

  it('never throw, whatever stands in them', () => {
    fc.assert(fc.property(fc.string(), (text) => slurmJobs(`JobID|Start\n${text}`).jobs.every(({ id }) => /^[0-9]/.test(id))));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => Array.isArray(kubernetesJobs(bytes).jobs)));
    fc.assert(fc.property(fc.json(), (text) => Array.isArray(kubernetesJobs(utf8(`{"items":[${text}]}`)).jobs)));
  });
});

describe('jobs and records', () => {
  it('find each other by the id of the job; a job may have several records', () => {
    const jobs = [{ system: 'slurm', id: '1' } as const, { system: 'slurm', id: '2' } as const];
    const matches = matchJobs('slurm', jobs, [record('a', 'slurm', '1'), record('b', 'slurm', '1'), record('c', 'slurm', '3'), record('d', 'pbs', '2')]);
    expect(matches.matched.map(({ job, runs }) => [job.id, runs])).toEqual([['1', ['a', 'b']]]);
    expect(matches.withoutRecord.map(({ id }) => id)).toEqual(['2']);
    expect(matches.withoutJob.map(({ id }) => id)).toEqual(['c']);
  });

  it('of Kubernetes find the longest name that a pod begins with', () => {
    const jobs = ['train', 'train-2'].map((id) => ({ system: 'kubernetes' as const, id }));
    const matches = matchJobs('kubernetes', jobs, [record('a', 'kubernetes', 'train-2-abcde'), record('b', 'kubernetes', 'train-abcde'), record('c', 'kubernetes', 'trains')]);
    expect(matches.matched.map(({ job, runs }) => [job.id, runs])).toEqual([
      ['train', ['b']],
      ['train-2', ['a']],
    ]);
    expect(matches.withoutJob.map(({ id }) => id)).toEqual(['c']);
  });

  it('that another system names falsely are not believed: only records of this project count', () => {
    const jobs = [{ system: 'mlflow' as const, id: 'a'.repeat(32), runs: ['not-ours'] }];
    expect(matchJobs('mlflow', jobs, [record('a', 'slurm', '1')]).withoutRecord.length).toBe(1);
  });

  it('of the same id stand once for each line, and the records of both are told', () => {
    const jobs = [
      { system: 'slurm' as const, id: '1' },
      { system: 'slurm' as const, id: '1' },
    ];
    expect(matchJobs('slurm', jobs, [record('a', 'slurm', '1')]).matched.length).toBe(2);
  });
});
