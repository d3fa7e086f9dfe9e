import { EXIT } from '#base';
import { testPolicy } from '#flows/test-policy';
import { renderPolicyTest } from '#report';
import type { CommandHandler } from '../command.ts';
import { fileFlag, policyPlace } from '../policy-place.ts';

/** Runs the cases of a policy. */
export const handle: CommandHandler = async (input, context) => {
  const [cases] = input.positionals;
  const tested = await testPolicy({ ...(await policyPlace(input, context, fileFlag(input.flags['policy']))), ...(cases === undefined ? {} : { cases }) });
  return {
    exit: tested.kind === 'tested' && tested.answers.every(({ passed }) => passed) ? EXIT.yes : EXIT.no,
    text: renderPolicyTest(tested, { colour: context.colour }),
    data: tested,
  };
};
