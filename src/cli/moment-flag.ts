import { escapeControl, TrainlockError } from '#base';
import type { ParsedInput } from './command.ts';

/** A flag that takes a moment: RFC 3339 in UTC, or a day, which begins at midnight. Undefined if it is not given. Throws TL0001. */
export const momentFlag = (value: ParsedInput['flags'][string], name: string): string | undefined => {
  if (value === undefined) return undefined;
  const text = String(value);
  const at = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,3})?Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  // The calendar of the engine rolls 31 November over to 1 December.
  if (!Number.isNaN(at) && new Date(at).toISOString().startsWith(text.slice(0, 10))) return new Date(at).toISOString().replace('.000Z', 'Z');
  throw new TrainlockError('TL0001', `--${name} ${escapeControl(text)} is not a time`, { fix: `--${name} 2026-11-26T12:00:00Z` });
};
