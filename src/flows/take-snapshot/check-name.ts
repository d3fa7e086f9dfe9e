import { escapeControl, TrainlockError } from '#base';

/** Longest name. Unit: character. */
const LONGEST = 128;

/** A name must be one that the snapshot can be found by: not a path, a data set of a run, or last. Throws TL0001. */
export const checkName = (name: string | undefined): void => {
  if (name === undefined) return;
  const wrong = name === '' ? 'it is empty' : name.length > LONGEST ? `it has more than ${LONGEST} letters` : reserved(name);
  if (wrong !== undefined)
    throw new TrainlockError('TL0001', `${escapeControl(name.slice(0, LONGEST))} cannot be the name of a snapshot: ${wrong}`, {
      fix: 'use letters, digits, dots, hyphens and underscores: --name train-2026-11',
    });
};

const reserved = (name: string): string | undefined => {
  if (/^last(~\d+)?$/.test(name)) return 'it means the newest snapshot';
  if (/^[0-9a-f]{6,64}$/.test(name)) return 'it would be taken for a digest';
  return /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(name) ? undefined : 'it would be taken for something else';
};
