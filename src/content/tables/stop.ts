import { formatDuration } from '#base';

/** What ends the work on one table. */
export type StopOptions = {
  /** Longest time. Unit: ms. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
};

export type Stop = {
  /** Undefined if nothing ends the work. */
  readonly signal: AbortSignal | undefined;
  /** Why the work ended; undefined if it was not stopped. */
  readonly problem: () => string | undefined;
};

/** Begins to count the time. */
export const stopOf = ({ timeoutMs, signal }: StopOptions): Stop => {
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const both = [signal, timeout].filter((one) => one !== undefined);
  return {
    signal: both.length === 0 ? undefined : AbortSignal.any(both),
    problem: () => {
      if (signal?.aborted === true) return 'the reading was stopped';
      return timeout?.aborted === true ? `it took longer than ${formatDuration(timeoutMs!)}` : undefined;
    },
  };
};
