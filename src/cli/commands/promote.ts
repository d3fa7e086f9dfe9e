import { TrainlockError } from '#base';
import type { PromoteOptions } from '#flows/promote-run';
import type { CommandHandler, ParsedInput } from '../command.ts';
import { neededText } from '../signing-place.ts';
import { promoted } from '../promoted-result.ts';
import { shareFlag } from '../share-flag.ts';

const wishOf = ({ flags, positionals }: ParsedInput): PromoteOptions['wish'] => {
  const [reference] = positionals;
  const { against } = flags;
  if (flags['back'] === true) {
    if (reference === undefined && against === undefined && flags['share'] === undefined) return { kind: 'back' };
    throw new TrainlockError('TL0001', '--back brings back what ran before, whole: it takes no run, --against or --share', {
      fix: 'trainlock promote --back --to production --reason TEXT',
    });
  }
  if (reference === undefined) throw new TrainlockError('TL0001', 'promote needs a run, or --back', { fix: 'trainlock promote last --to production --reason TEXT' });
  return { kind: 'run', reference, sharePercent: shareFlag(flags['share'], 1) ?? 100, ...(typeof against === 'string' ? { against } : {}) };
};

/** Says what an environment runs from now on. */
export const handle: CommandHandler = async (input, context) => {
  const wish = wishOf(input);
  const environment = neededText(input.flags, 'to', { command: 'promote', why: 'the environment, for example production' });
  return promoted(input, context, { wish, environment, command: 'promote' });
};
