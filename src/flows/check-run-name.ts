import { escapeControl, TrainlockError } from '#base';
import { faultOfRunName } from '#store';

/** A name must be one that the run can be found by. Throws TL0001. */
export const checkRunName = (name: string | undefined): void => {
  const fault = name === undefined ? undefined : faultOfRunName(name);
  if (fault !== undefined)
    throw new TrainlockError('TL0001', `'${escapeControl(name!.slice(0, 100))}' cannot be the name of a run: ${fault}`, {
      fix: 'use letters, digits, dots, hyphens and underscores: --name baseline-1',
    });
};
