import { TrainlockError } from '#base';
import type { CommandHandler } from '../command.ts';
import { countFlag } from '../count-flag.ts';
import { changed, listFlag } from '../trust-place.ts';

/** Names the roots of a trust file anew. */
export const handle: CommandHandler = async (input, context) => {
  const roots = listFlag(input.flags['root']);
  if (roots.length === 0)
    throw new TrainlockError('TL0001', 'trust rotate-roots needs --root, once for each root from now on, also for those that stay', {
      fix: 'trainlock trust rotate-roots --root NAME --root FILE',
    });
  const threshold = countFlag(input.flags['threshold'], 'threshold');
  return changed(input, context, { kind: 'rotate-roots', roots, ...(threshold === undefined ? {} : { threshold }) });
};
