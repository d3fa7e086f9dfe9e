import type { GateFacts } from '../gate-facts.ts';
import type { GateFinding, GateStep } from '../gate-finding.ts';
import { stepOf } from './step-of.ts';

/** That no approval mends. */
export const ONE_PERSON = 'one person';

/** Were the changes that led to it approved, each by people who did not make it? */
export const approvalStep = ({ approvals, rules, isSolo, environment }: GateFacts): GateStep => {
  const { kind, reasons, chain } = approvals;
  const alone: readonly GateFinding[] =
    isSolo && rules.isStrict
      ? [
          {
            id: 'TL1003',
            severity: 'critical',
            outcome: 'wrong',
            found: ONE_PERSON,
            because: `${environment} is strict, and one person alone decides by this policy`,
            remedies: ['name a second person in .trainlock/policy.yaml and take solo: true away', `or say of ${environment} in the policy: strict: false`],
          },
        ]
      : [];
  const outcome = kind === 'denied' && reasons.length > 0 ? 'wrong' : 'unknown';
  const told = reasons.length > 0 ? reasons : [{ because: 'nobody said why', remedies: [] }];
  const findings = kind === 'allowed' ? [] : told.map((reason): GateFinding => ({ id: 'TL1003', severity: 'critical', outcome, ...reason }));
  return stepOf('approvals', [...alone, ...findings], `approved: ${['nothing', ...chain].join(' → ')}${isSolo ? ', by one person alone' : ''}`);
};
