import { TrainlockError } from '#base';
import type { CommandHandler } from '../command.ts';
import { countFlag } from '../count-flag.ts';
import { neededText } from '../signing-place.ts';
import { fileFlag } from '../policy-place.ts';
import { MOST_DAYS, stated } from '../stated-result.ts';

const COMMAND = 'exception new';

/** Lets a model run in an environment in spite of a finding. */
export const handle: CommandHandler = async (input, context) => {
  const { flags, positionals } = input;
  const environment = neededText(flags, 'env', { command: COMMAND, why: 'the environment, for example production' });
  const id = neededText(flags, 'finding', { command: COMMAND, why: 'the finding, as the gate prints it' });
  const about = fileFlag(flags['about']);
  const days = countFlag(flags['days'], 'days');
  if (days === undefined) throw new TrainlockError('TL0001', `${COMMAND} needs --days: how long it counts`, { fix: 'trainlock policy show   # says how long it may' });
  if (days > MOST_DAYS) throw new TrainlockError('TL0001', `--days takes at most ${MOST_DAYS} days`, { fix: 'trainlock policy show   # says how long it may' });
  const wish = { kind: 'new', reference: positionals[0]!, environment, days, finding: about === undefined ? { id } : { id, about } } as const;
  return stated(input, context, { wish, command: COMMAND });
};
