import { countOf } from '#base';
import type { GateFacts } from '../gate-facts.ts';
import type { GateFinding, GateStep } from '../gate-finding.ts';
import { stepOf } from './step-of.ts';

/** Was every emergency of this environment looked back at in time? Asked where there was one: whoever breaks the glass once does not pass again without. */
export const glassStep = ({ owedReviews, unjudgedGlass, environment }: GateFacts): readonly GateStep[] => {
  if (owedReviews.length + unjudgedGlass.length === 0) return [];
  const overdue = owedReviews
    .filter(({ isOverdue }) => isOverdue)
    .map(({ sha256, persons, endedAt, dueAt }): GateFinding => ({
      id: 'TL4002',
      severity: 'high',
      outcome: 'wrong',
      about: `break-glass ${sha256.slice(0, 12)}`,
      because: `${persons.join(' and ')} broke the glass in ${environment} until ${endedAt}, and nobody has reviewed it until ${dueAt}`,
      remedies: [`trainlock exception review ${sha256.slice(0, 12)} --outcome justified --role ROLE --reason "…"   # by another person than ${persons[0] ?? 'who asked for it'}`],
    }));
  const unjudged = unjudgedGlass.map((because): GateFinding => ({
    id: 'TL4002',
    severity: 'high',
    outcome: 'unknown',
    because,
    remedies: ['trainlock exception list', 'git checkout -- .trainlock/exceptions   # brings back what git has'],
  }));
  const findings = [...overdue, ...unjudged];
  return [stepOf('break-glass', findings, `${countOf(owedReviews.length, 'review')} owed, until ${owedReviews.map(({ dueAt }) => dueAt).toSorted()[0]}`)];
};
