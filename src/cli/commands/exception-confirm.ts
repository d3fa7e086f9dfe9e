import { TrainlockError } from '#base';
import type { CommandHandler } from '../command.ts';
import { countFlag } from '../count-flag.ts';
import { MOST_DAYS, stated } from '../stated-result.ts';

/** Confirms the exception of another person. */
export const handle: CommandHandler = async (input, context) => {
  const days = countFlag(input.flags['days'], 'days');
  if (days !== undefined && days > MOST_DAYS) throw new TrainlockError('TL0001', `--days takes at most ${MOST_DAYS} days`, { fix: 'leave it away: as long as what you confirm' });
  const wish = { kind: 'confirm', exception: input.positionals[0]!, ...(days === undefined ? {} : { days }) } as const;
  return stated(input, context, { wish, command: 'exception confirm' });
};
