import { escapeControl, TrainlockError } from '#base';
import type { ParsedInput } from './command.ts';

/** A flag that takes a share in percent, from `least` to 100; undefined if it is not given. Throws TL0001. */
export const shareFlag = (value: ParsedInput['flags'][string], least: 0 | 1): number | undefined => {
  if (value === undefined) return undefined;
  const text = String(value).replace(/ ?%$/, '');
  if (/^(?:[1-9]?[0-9]|100)$/.test(text) && Number(text) >= least) return Number(text);
  throw new TrainlockError('TL0001', `--share takes a whole number of percent from ${least} to 100, not ${escapeControl(String(value))}`, { fix: '--share 10' });
};
