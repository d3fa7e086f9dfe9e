import { TrainlockError } from '#base';
import { notWritable } from '#files';

/** TL1402: what is on disk is not what the log has signed. */
export const damaged = (where: string, message: string, ...notes: readonly string[]): TrainlockError =>
  new TrainlockError('TL1402', message, {
    where,
    notes,
    fix: 'bring the file back from a copy; where there is none, open a new log that begins with this one: trainlock log continue',
  });

/** TL1403: the log is older than what was seen of it. */
export const setBack = (where: string, message: string, ...notes: readonly string[]): TrainlockError =>
  new TrainlockError('TL1403', message, { where, notes, fix: 'trainlock log continue' });

/** TL1401 for what could not be read or written; everything else passes through. */
export const notAvailable = (where: string, error: unknown): unknown => {
  const isOurs = error instanceof TrainlockError;
  if (isOurs ? !['TL0002', 'TL0003'].includes(error.code) : typeof (error as NodeJS.ErrnoException | undefined)?.code !== 'string') return error;
  const { message, notes, where: place } = notWritable(where, error);
  return new TrainlockError('TL1401', `the log of this machine is not available: ${message}`, {
    where: place ?? where,
    notes,
    fix: 'mend it, or name a folder for state that can be written: export XDG_STATE_HOME=FOLDER',
    cause: error,
  });
};
