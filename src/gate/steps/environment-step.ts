import { countOf } from '#base';
import { SEVERITIES, type Severity } from '#approval';
import type { EnvironmentFact, GateFacts } from '../gate-facts.ts';
import type { GateFinding, GateStep } from '../gate-finding.ts';
import { hasHeld } from './canary-step.ts';
import { stepOf } from './step-of.ts';

/** Are software and machine those of the training, or proven to do no harm where they are not? */
export const environmentStep = ({ differences, canary, rules }: GateFacts): GateStep => {
  const isProven = hasHeld(canary, rules.canary);
  const findings = differences.map((fact): GateFinding => ({ ...fact, ...excuseOf(fact, { isProven, tolerates: rules.tolerates }) }));
  const told = findings.length === 0 ? 'as recorded' : `${countOf(findings.length, 'difference')}, ${isProven ? 'and the canary proves that they do no harm' : 'tolerated'}`;
  return stepOf('environment', findings, told);
};

/** Nothing is the least. */
const rank = (severity: Severity | 'none'): number => ['none', ...SEVERITIES].indexOf(severity);

const excuseOf = (
  { severity, outcome }: EnvironmentFact,
  { isProven, tolerates }: { readonly isProven: boolean; readonly tolerates: GateFacts['rules']['tolerates'] },
): Pick<GateFinding, 'excused'> => {
  if (isProven) return { excused: { by: 'canary', because: 'the canary gives what it gave when the model was trained' } };
  // What nobody could see may be of any severity: only a canary can excuse it.
  if (outcome === 'wrong' && rank(severity) <= rank(tolerates)) return { excused: { by: 'tolerated', because: `the policy tolerates ${severity} differences here` } };
  return {};
};
