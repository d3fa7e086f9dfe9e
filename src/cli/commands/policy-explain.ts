import { EXIT } from '#base';
import { explainPolicy } from '#flows/explain-policy';
import { renderPolicyExplanation } from '#report';
import type { CommandHandler } from '../command.ts';
import { baselineOf, environmentFlag, fileFlag, policyPlace } from '../policy-place.ts';
import { listFlag } from '../trust-place.ts';

const EXITS = { allowed: EXIT.yes, denied: EXIT.no, undecided: EXIT.undecided } as const;

/** Says what a change needs. */
export const handle: CommandHandler = async (input, context) => {
  const [baseline, candidate] = input.positionals as readonly [string, string];
  const place = await policyPlace(input, context, fileFlag(input.flags['policy']));
  const explained = await explainPolicy({
    ...place,
    ...baselineOf(baseline),
    candidate,
    actors: listFlag(input.flags['actor']),
    env: context.env,
    ...environmentFlag(input.flags),
  });
  return { exit: EXITS[explained.decision.kind], text: renderPolicyExplanation(explained, { colour: context.colour }), data: explained };
};
