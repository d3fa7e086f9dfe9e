import { EXIT } from '#base';
import { showPolicy } from '#flows/show-policy';
import { renderPolicy } from '#report';
import type { CommandHandler } from '../command.ts';
import { policyPlace } from '../policy-place.ts';

/** Shows the roles, rules and environments of a policy. */
export const handle: CommandHandler = async (input, context) => {
  const { path, policy } = await showPolicy(await policyPlace(input, context, input.positionals[0]));
  const { sha256, isSolo, roles, machines, rules, review, environments } = policy;
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
      environments: Object.fromEntries(
        [...environments].map(([name, { isStrict, evaluations, ...asked }]) => [
          name,
          { strict: isStrict, ...asked, ...(evaluations === undefined ? {} : { evaluations: { most: evaluations.most, proven: evaluations.isProven } }) },
        ]),
      ),
    },
  };
};
