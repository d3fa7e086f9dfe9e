import { isLabel, type Job, type JobList, MOST_JOBS, MOST_UNREAD, timeMs } from './job.ts';

/**
 * Jobs in the output of `sacct -P` with at least the column JobID. Steps (`123.batch`) belong to their job and are passed over; jobs that
 * never started did not run. The text is hostile: what is not understood is told with its line. Never throws.
 * Source: sacct(1), --parsable2.
 */
export const slurmJobs = (text: string): JobList => {
  const lines = text.split('\n', MOST_JOBS + 2).map((line) => line.replace(/\r$/, ''));
  const head = (lines[0] ?? '').split('|').map((name) => name.toLowerCase());
  const column = (name: string): number => head.indexOf(name);
  const [id, name, start, state] = ['jobid', 'jobname', 'start', 'state'].map(column) as [number, number, number, number];
  if (id === -1) return { jobs: [], unread: ['line 1: there is no column JobID: sacct -P -o JobID,JobName,Start,State'] };
  const jobs: Job[] = [];
  const unread: string[] = [];
  for (const [at, line] of lines.entries()) {
    if (at === 0 || line === '') continue;
    const cells = line.split('|');
    const job = cells[id] ?? '';
    if (cells.length !== head.length || !/^[0-9]{1,20}(?:[_+](?:[0-9]{1,10}|\[[0-9,\-%]{1,200}\]))?(?:\.[A-Za-z0-9_+-]{1,64})?$/.test(job)) {
      if (unread.length < MOST_UNREAD) unread.push(`line ${at + 1}: this is not a job`);
      continue;
    }
    const neverStarted = start !== -1 && ['', 'None', 'Unknown'].includes(cells[start]!);
    if (job.includes('.') || job.includes('[') || neverStarted) continue;
    const started = start === -1 ? undefined : timeMs(cells[start]!);
    jobs.push({
      system: 'slurm',
      id: job,
      ...(name !== -1 && isLabel(cells[name]) ? { name: cells[name] } : {}),
      ...(started === undefined ? {} : { startedMs: started }),
      ...(state !== -1 && isLabel(cells[state]) ? { state: cells[state] } : {}),
    });
  }
  if (lines.length > MOST_JOBS + 1) unread.push(`only the first ${MOST_JOBS} lines were read`);
  return { jobs, unread };
};
