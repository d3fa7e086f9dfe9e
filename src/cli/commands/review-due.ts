import { EXIT } from '#base';
import { reviewDue } from '#flows/review-due';
import { renderReviews } from '#report';
import type { CommandHandler } from '../command.ts';
import { fileFlag, policyPlace } from '../policy-place.ts';

/** Says what somebody must look at again. */
export const handle: CommandHandler = async (input, context) => {
  const { flags } = input;
  const [pin, tier] = [fileFlag(flags['trust']), fileFlag(flags['tier'])];
  const due = await reviewDue({
    ...(await policyPlace(input, context, fileFlag(flags['policy']))),
    env: context.env,
    kept: flags['kept'] === true,
    ...(pin === undefined ? {} : { pin }),
    ...(tier === undefined ? {} : { tier }),
  });
  return { exit: due.kind === 'current' ? EXIT.yes : EXIT.undecided, text: renderReviews(due, { colour: context.colour }), data: due };
};
