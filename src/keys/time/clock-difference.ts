import { formatDuration } from '#base';

/** This machine's clock beside that of a time authority. */
export type ClockDifference = {
  /** Authority minus this machine: positive where this machine is behind. Unit: millisecond. */
  readonly differenceMs: number;
  /** How far off that may be: half the way there and back, whole seconds, what the authority says of itself. Unit: millisecond. */
  readonly uncertaintyMs: number;
};

/** Clocks that are kept by NTP agree within a second; a minute off is a fault worth telling. Unit: millisecond. */
const TOLERATED_MS = 60_000;

/** A sentence about a clock that is wrong; undefined for one that agrees with the authority. */
export const clockProblem = ({ differenceMs, uncertaintyMs }: ClockDifference): string | undefined => {
  const sureMs = Math.abs(differenceMs) - uncertaintyMs;
  if (sureMs <= TOLERATED_MS) return undefined;
  return `the clock of this machine is ${formatDuration(Math.abs(differenceMs))} ${differenceMs > 0 ? 'behind' : 'ahead of'} the time authority`;
};
