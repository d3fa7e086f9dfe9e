import { readMoment } from '#seal';
import { compareTimes, isTime } from '#trust';

export const DAY_MS = 86_400_000;

/** Clocks of two persons differ. */
export const SKEW_MS = 300_000;

/** Milliseconds since 1970; not a number where it cannot be read. */
export const millisecondsOf = (text: string): number => readMoment(text)?.sinceEpochMs ?? Number.NaN;

/** Given within so many days before now; never where a moment cannot be read, or lies ahead. */
export const isYounger = (at: string | undefined, { days, now }: { readonly days: number; readonly now: string }): boolean => {
  const age = millisecondsOf(now) - millisecondsOf(at ?? '');
  return age >= -SKEW_MS && age <= days * DAY_MS;
};

/** Also where a moment cannot be read: what cannot be compared is over. */
export const hasExpired = (expiresAt: string | undefined, now: string): boolean =>
  expiresAt !== undefined && !(isTime(now) && isTime(expiresAt) && compareTimes(now, expiresAt) < 0);
