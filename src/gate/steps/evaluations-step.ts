import { countOf } from '#base';
import type { EvaluationFact, GateFacts } from '../gate-facts.ts';
import type { GateFinding, GateStep } from '../gate-finding.ts';
import { openStep, stepOf } from './step-of.ts';

/** Was the test set looked at so seldom that its numbers still mean something? A count that may be higher is no answer, unless it is too high already. */
export const evaluationsStep = ({ evaluations, rules, reference }: GateFacts): GateStep => {
  if (rules.evaluations === undefined) return { name: 'evaluations', outcome: 'not-asked', because: 'the policy does not limit them here', findings: [] };
  const { most } = rules.evaluations;
  const finding = (outcome: GateFinding['outcome'], { found, because, about }: { readonly found: string; readonly because: string; readonly about?: string }): GateFinding => ({
    id: 'TL2006',
    severity: 'medium',
    outcome,
    found,
    because,
    remedies: [outcome === 'wrong' ? 'measure it on a test set that was seldom looked at' : `trainlock report run ${reference}   # lists what is counted`],
    ...(about === undefined ? {} : { about }),
  });
  if (evaluations.length === 0)
    return openStep('evaluations', [finding('unknown', { found: 'no test set', because: 'no data set of the record has the role test, so nobody knows what to count' })]);
  const findings = evaluations.flatMap(({ name, count, atLeast }): readonly GateFinding[] => {
    if (count > most)
      return [finding('wrong', { found: timesOf({ count, atLeast }), because: `${lookedAt({ count, atLeast })}; ${most} ${most === 1 ? 'is' : 'are'} allowed`, about: name })];
    return atLeast.length === 0 ? [] : [finding('unknown', { found: timesOf({ count, atLeast }), because: `${lookedAt({ count, atLeast })}: ${atLeast.join('; ')}`, about: name })];
  });
  return stepOf('evaluations', findings, `${evaluations.map(({ name, count }) => `${name}: ${count}`).join(', ')} of ${most} allowed`);
};

type Counted = Pick<EvaluationFact, 'count' | 'atLeast'>;

const timesOf = ({ count, atLeast }: Counted): string => `${atLeast.length === 0 ? '' : 'at least '}${countOf(count, 'time')}`;

const lookedAt = (counted: Counted): string => `the test set was looked at ${timesOf(counted)}`;
