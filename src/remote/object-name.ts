import { escapeControl, TrainlockError } from '#base';

/** Longest key of S3. Unit: byte. Source: Amazon S3 User Guide, "Naming Amazon S3 objects". */
const LONGEST_NAME = 1024;

const PARTS = /^[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/;

/** Whether a name may stand for an object: plain parts between slashes. No part begins with a dot, so none leads elsewhere or is a temporary file. */
export const isObjectName = (name: string): boolean => name.length <= LONGEST_NAME && PARTS.test(name);

/** A name becomes part of paths and requests: nothing else may. */
export const asObjectName = (name: string): string => {
  if (!isObjectName(name))
    throw new TrainlockError('TL0805', `'${escapeControl(name).slice(0, 200)}' is no name of an object`, { fix: 'use letters, digits, dots, hyphens and slashes' });
  return name;
};
