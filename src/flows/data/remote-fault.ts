import { TrainlockError } from '#base';

/** A document whose bytes are not those of its name; any other fault is one of the remote. */
export const isOfOne = (error: unknown): false => {
  if (error instanceof TrainlockError && (error.code === 'TL0804' || error.code === 'TL0803')) return false;
  throw error;
};
