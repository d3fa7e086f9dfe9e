import type { GateFinding, GateStep, StepName } from '../gate-finding.ts';

/** A question that was not answered with yes. Where no finding says why it is unknown all the same. */
export const openStep = (name: StepName, findings: readonly GateFinding[]): GateStep =>
  findings.length > 0 ? stepOf(name, findings, '') : { name, outcome: 'unknown', because: 'nobody says why', findings };

/** A question and its answer: the worst of its findings that nothing excuses. */
export const stepOf = (name: StepName, findings: readonly GateFinding[], because: string): GateStep => {
  const open = findings.filter(({ excused }) => excused === undefined);
  const worst = open.find(({ outcome }) => outcome === 'wrong') ?? open[0];
  return worst === undefined ? { name, outcome: 'held', because, findings } : { name, outcome: worst.outcome, because: worst.because, findings };
};
