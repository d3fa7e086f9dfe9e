import type { CanaryFact, GateFacts } from '../gate-facts.ts';
import type { GateFinding, GateStep } from '../gate-finding.ts';
import { stepOf } from './step-of.ts';

/** Does the model say here what it said when it was trained? */
export const canaryStep = ({ canary, rules, differences }: GateFacts): GateStep => {
  if ((canary.kind === 'none' || canary.kind === 'unknown') && rules.canary === 'none')
    return { name: 'canary', outcome: 'not-asked', because: `unproven: ${canary.because}`, findings: [] };
  const proof = proofOf(canary, rules.canary);
  if (proof !== undefined) return { name: 'canary', outcome: 'held', because: proof, findings: [] };
  const { outcome, found, because } = answerOf(canary);
  // What differs of software and machine is the likely cause: the worst first.
  const causes = differences.flatMap(({ remedies }) => remedies);
  const remedies = canary.kind === 'none' ? ['declare a canary in trainlock.yaml, and record the run again'] : [...new Set(causes)];
  const finding: GateFinding = { id: 'TL2003', severity: 'high', outcome, found, because, remedies };
  return stepOf('canary', [finding], because);
};

/** Whether the canary proves that what differs does no harm. */
export const hasHeld = (canary: CanaryFact, asked: 'bit' | 'tolerance' | 'none'): boolean => proofOf(canary, asked) !== undefined;

const proofOf = (canary: CanaryFact, asked: 'bit' | 'tolerance' | 'none'): string | undefined =>
  canary.kind === 'compared' && (canary.outcome.kind === 'bit' || (canary.outcome.kind === 'tolerance' && asked !== 'bit')) ? canary.outcome.because : undefined;

/** Of a canary that proves nothing here. */
const answerOf = (canary: CanaryFact): Pick<GateFinding, 'outcome' | 'because'> & { readonly found: string } => {
  switch (canary.kind) {
    case 'none':
    case 'unknown':
      return { outcome: 'unknown', found: 'unproven', because: `unproven: ${canary.because}` };
    case 'failed':
      return { outcome: 'wrong', found: 'failed', because: canary.said === '' ? canary.because : `${canary.because}: ${canary.said.split('\n').at(-1)!}` };
    case 'compared':
      return {
        outcome: 'wrong',
        found: canary.outcome.kind === 'tolerance' ? 'other bytes' : 'other predictions',
        because: canary.outcome.kind === 'tolerance' ? `the policy asks for the same bytes here: ${canary.outcome.because}` : canary.outcome.because,
      };
  }
};
