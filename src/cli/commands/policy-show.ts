import { EXIT } from '#base';
import { showPolicy } from '#flows/show-policy';
import { renderPolicy } from '#report';
import type { CommandHandler } from '../command.ts';
import { policyPlace } from '../policy-place.ts';

/** Shows the roles and rules of a policy. */
export const handle: CommandHandler = async (input, context) => {
  const { path, policy } = await showPolicy(await policyPlace(input, context, input.positionals[0]));
  const { sha256, isSolo, roles, machines, rules, review } = policy;
  return {
    exit: EXIT.yes,
    text: renderPolicy(path, policy, { colour: context.colour }),
    data: {
      path,
      sha256,
      solo: isSolo,
      roles: Object.fromEntries(roles),
      machines: [...machines],
      ...(review === undefined ? {} : { review: { every: Object.fromEntries(review.every), triggers: review.triggers } }),
      rules: rules.map(({ id, why, changed, require, replay }) => ({ id, why, changed: changed.map(({ text }) => text), require, ...(replay === undefined ? {} : { replay }) })),
    },
  };
};
