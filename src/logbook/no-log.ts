import { TrainlockError } from '#base';

/** TL1401: nothing was entered on this machine yet. Whoever was given a log names it: `named` is the command that takes its folder and key. */
export const noLog = (where: string, named?: string): TrainlockError =>
  new TrainlockError('TL1401', 'this machine has no log yet', {
    where,
    notes: ['the first signed run makes it', ...(named === undefined ? [] : [`a log that you were given is named with its key: ${named}`])],
    fix: 'trainlock run --why "baseline" -- python train.py',
  });
