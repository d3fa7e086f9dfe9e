import type { EnvironmentRules, Policy } from '#approval';
import { escapeControl, nearest, TrainlockError } from '#base';

/** What the policy asks in an environment. Throws TL1304 for one that it does not know. */
export const environmentIn = ({ environments }: Policy, name: string): EnvironmentRules => {
  const rules = environments.get(name);
  if (rules !== undefined) return rules;
  const near = nearest(name, environments.keys());
  const known = environments.size === 0 ? 'it has none' : `it has ${[...environments.keys()].join(', ')}`;
  throw new TrainlockError('TL1304', `the policy has no environment ${escapeControl(name)}: ${known}`, {
    notes: near === undefined ? [] : [`did you mean ${near}?`],
    fix: 'trainlock explain TL1304   # shows how one is written',
  });
};
