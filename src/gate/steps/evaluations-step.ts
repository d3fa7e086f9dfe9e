import { countOf } from '#base';
import type { EvaluationFact, GateFacts } from '../gate-facts.ts';
import type { GateFinding, GateStep } from '../gate-finding.ts';
import { openStep, stepOf } from './step-of.ts';

/** Was the test set looked at so seldom that its numbers still mean something? A count that may be higher is no answer, unless it is too high already. */
export const evaluationsStep = ({ evaluations, rules, reference }: GateFacts): GateStep => {
  if (rules.evaluations === undefined) return { name: 'evaluations', outcome: 'not-asked', because: 'the policy does not limit them here', findings: [] };
  const { most } = rules.evaluations;
  const finding = (outcome: GateFinding['outcome'], because: string, about?: string): GateFinding => ({
    id: 'TL2006',
    severity: 'medium',
    outcome,
    because,
    remedies: [outcome === 'wrong' ? 'measure it on a test set that was seldom looked at' : `trainlock report run ${reference}   # lists what is counted`],
    ...(about === undefined ? {} : { about }),
  });
  if (evaluations.length === 0) return openStep('evaluations', [finding('unknown', 'no data set of the record has the role test, so nobody knows what to count')]);
  const findings = evaluations.flatMap(({ name, count, atLeast }): readonly GateFinding[] => {
    if (count > most) return [finding('wrong', `${lookedAt({ count, atLeast })}; ${most} ${most === 1 ? 'is' : 'are'} allowed`, name)];
    return atLeast.length === 0 ? [] : [finding('unknown', `${lookedAt({ count, atLeast })}: ${atLeast.join('; ')}`, name)];
  });
  return stepOf('evaluations', findings, `${evaluations.map(({ name, count }) => `${name}: ${count}`).join(', ')} of ${most} allowed`);
};

const lookedAt = ({ count, atLeast }: Pick<EvaluationFact, 'count' | 'atLeast'>): string =>
  `the test set was looked at ${atLeast.length === 0 ? '' : 'at least '}${countOf(count, 'time')}`;
