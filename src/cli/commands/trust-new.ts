import { TrainlockError } from '#base';
import { newTrust } from '#flows/new-trust';
import type { CommandHandler } from '../command.ts';
import { countFlag } from '../count-flag.ts';
import { changedResult, listFlag, trustPlace } from '../trust-place.ts';

/** Begins a trust file. */
export const handle: CommandHandler = async (input, context) => {
  const roots = listFlag(input.flags['root']);
  if (roots.length === 0)
    throw new TrainlockError('TL0001', 'trust new needs --root: who says whose signatures count', {
      notes: ['a root is a key of its own: trainlock keys new NAME --purpose root --encrypt'],
      fix: 'trainlock trust new --root NAME',
    });
  const days = countFlag(input.flags['expires'], 'expires');
  return changedResult(
    await newTrust({
      ...(await trustPlace(input, context)),
      roots,
      threshold: countFlag(input.flags['threshold'], 'threshold') ?? 1,
      ...(days === undefined ? {} : { days }),
      dryRun: input.flags['dry-run'] === true,
    }),
  );
};
