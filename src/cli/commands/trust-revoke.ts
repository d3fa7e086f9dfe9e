import { TrainlockError } from '#base';
import type { CommandHandler } from '../command.ts';
import { momentFlag } from '../moment-flag.ts';
import { changed } from '../trust-place.ts';

/** Makes a key or a signer count no more. */
export const handle: CommandHandler = async (input, context) => {
  const { why } = input.flags;
  if (typeof why !== 'string' || why.trim() === '')
    throw new TrainlockError('TL0001', 'trust revoke needs --why: whoever finds a signature of it later must be able to judge it', {
      fix: "trainlock trust revoke NAME --why 'laptop lost'",
    });
  const compromisedSince = momentFlag(input.flags['compromised-since'], 'compromised-since');
  if (compromisedSince !== undefined && Date.parse(compromisedSince) > Date.now())
    throw new TrainlockError('TL0001', `--compromised-since ${compromisedSince} lies in the future`, { fix: `--compromised-since ${new Date().toISOString()}` });
  return changed(input, context, { kind: 'revoke', what: input.positionals[0]!, reason: why, ...(compromisedSince === undefined ? {} : { compromisedSince }) });
};
