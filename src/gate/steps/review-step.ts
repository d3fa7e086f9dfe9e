import type { GateFacts } from '../gate-facts.ts';
import type { GateFinding, GateStep } from '../gate-finding.ts';
import { openStep, stepOf } from './step-of.ts';

/** Has somebody looked again in time at what runs here? No canary can say that. */
export const reviewStep = ({ review, reference, environment }: GateFacts): GateStep => {
  if (review.kind === 'not-asked') return { name: 'review', outcome: 'not-asked', because: review.because, findings: [] };
  if (review.state === 'current') return stepOf('review', [], review.because.join('; '));
  const remedies = [`trainlock approve ${reference} --against none --meaning review --role approver-model --environment ${environment} --reason "…"`, 'trainlock review due'];
  const outcome = review.state === 'due' ? 'wrong' : 'unknown';
  return openStep(
    'review',
    review.because.map((because): GateFinding => ({ id: 'TL4001', severity: 'medium', outcome, found: outcome === 'wrong' ? 'due' : 'unknown', because, remedies })),
  );
};
