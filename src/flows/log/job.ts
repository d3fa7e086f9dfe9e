/** A run as the system that started it has it. */
export type Job = {
  readonly system: 'slurm' | 'kubernetes' | 'mlflow';
  readonly id: string;
  readonly name?: string;
  /** When it started. Unit: millisecond since 1970; absent if it is not known. */
  readonly startedMs?: number;
  readonly state?: string;
  /** Ids of our runs that the system has written down itself. */
  readonly runs?: readonly string[];
};

/** What a list of jobs says, and what in it cannot be read. */
export type JobList = { readonly jobs: readonly Job[]; /** Each with its place. */ readonly unread: readonly string[] };

/** Most jobs that are taken from one list. */
export const MOST_JOBS = 1_000_000;
/** Most unread places that are told. */
export const MOST_UNREAD = 100;

/** A time of a system; undefined for what is none. Times without a zone are those of this machine, as sacct writes them. */
export const timeMs = (text: string): number | undefined => {
  const value = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(value) ? undefined : value;
};

const LABEL = /^[^\u0000-\u001f\u007f]{1,512}$/;

/** Text that can be an id or a name. */
export const isLabel = (value: unknown): value is string => typeof value === 'string' && LABEL.test(value);
