import { escapeControl, TrainlockError } from '#base';
import type { ParsedInput } from './command.ts';

/** A flag that takes a number of things, at least 1; undefined if it is not given. Throws TL0001. */
export const countFlag = (value: ParsedInput['flags'][string], name: string): number | undefined => {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^[1-9][0-9]{0,8}$/.test(value)) return Number(value);
  throw new TrainlockError('TL0001', `--${name} takes a whole number of at least 1, not ${escapeControl(String(value))}`, { fix: `write for example --${name}=4` });
};
