import { availableParallelism } from 'node:os';

/** What a process has used up to a moment. */
export type Usage = {
  /** Monotonic. Unit: ms. */
  readonly atMs: number;
  /** CPU time of all threads. Unit: ms. */
  readonly cpuMs: number;
  /** How often a thread gave its core away because it had to wait, and how often it was taken from it. */
  readonly waits: number;
  readonly preemptions: number;
};

/** Threads that compute for less than this share of the time wait for something. */
const WAITING_SHARE = 0.6;

/**
 * Whether threads spent their time waiting for a disk or a network rather than computing: then more of them are of use. A busy machine
 * looks alike by its time alone, but there threads are interrupted and do not wait by themselves.
 */
export const areWaiting = (before: Usage, now: Usage, { threads, cores }: { readonly threads: number; readonly cores: number }): boolean => {
  const share = (now.cpuMs - before.cpuMs) / Math.max(1, (now.atMs - before.atMs) * Math.min(threads, cores));
  return share < WAITING_SHARE && now.waits - before.waits > now.preemptions - before.preemptions;
};

export const usageOf = (): Usage => {
  const { userCPUTime, systemCPUTime, voluntaryContextSwitches, involuntaryContextSwitches } = process.resourceUsage();
  return { atMs: performance.now(), cpuMs: (userCPUTime + systemCPUTime) / 1000, waits: voluntaryContextSwitches, preemptions: involuntaryContextSwitches };
};

/** How often it is asked. Unit: ms. */
const EVERY_MS = 250;

/** Calls `more` as often as the threads turn out to have waited, until it is ended. */
export const whenWaiting = (pool: () => { readonly threads: number; readonly more: () => void }): { readonly end: () => void } => {
  let usage = usageOf();
  const timer = setInterval(() => {
    const before = usage;
    const { threads, more } = pool();
    usage = usageOf();
    if (areWaiting(before, usage, { threads, cores: availableParallelism() })) more();
  }, EVERY_MS).unref();
  return { end: () => clearInterval(timer) };
};

/** Threads to begin with: one per core, and as many as there may be if they wait. */
export const threadsFor = (jobs: number | undefined): { readonly jobs: number; readonly most: number } => {
  const cores = Math.min(MOST_AT_START, Math.max(2, availableParallelism()));
  return jobs === undefined ? { jobs: cores, most: Math.max(MOST_WAITING, cores) } : { jobs, most: jobs };
};

/** A thread takes about 16 MB. */
const MOST_AT_START = 16;
const MOST_WAITING = 8;
