import { TrainlockError } from '#base';
import type { CommandHandler } from '../command.ts';
import { neededText } from '../signing-place.ts';
import { fileFlag } from '../policy-place.ts';
import { lasts, stated } from '../stated-result.ts';

const COMMAND = 'exception new';

/** Lets a model run in an environment in spite of a finding. */
export const handle: CommandHandler = async (input, context) => {
  const { flags, positionals } = input;
  const environment = neededText(flags, 'env', { command: COMMAND, why: 'the environment, for example production' });
  const id = neededText(flags, 'finding', { command: COMMAND, why: 'the finding, as the gate prints it' });
  const about = fileFlag(flags['about']);
  const isBreakGlass = flags['break-glass'] === true;
  const lastsMs = lasts(flags, { isBreakGlass });
  if (lastsMs === undefined)
    throw new TrainlockError('TL0001', `${COMMAND} needs --${isBreakGlass ? 'hours' : 'days'}: how long it counts`, { fix: 'trainlock policy show   # says how long it may' });
  const wish = { kind: 'new', reference: positionals[0]!, environment, isBreakGlass, lastsMs, finding: about === undefined ? { id } : { id, about } } as const;
  return stated(input, context, { wish, command: COMMAND });
};
