import { shellWord } from '#base';
import type { ExceptionFact, GateFacts, UncountedException } from './gate-facts.ts';
import { type GateFinding, type GateStep, NEVER_EXCUSED, thingOf } from './gate-finding.ts';
import { approvalStep } from './steps/approval-step.ts';
import { canaryStep } from './steps/canary-step.ts';
import { criteriaStep } from './steps/criteria-step.ts';
import { environmentStep } from './steps/environment-step.ts';
import { evaluationsStep } from './steps/evaluations-step.ts';
import { modelStep, servingStep } from './steps/file-steps.ts';
import { glassStep } from './steps/glass-step.ts';
import { lifeStep } from './steps/life-step.ts';
import { logStep, recordStep, signatureStep } from './steps/record-steps.ts';
import { replayStep } from './steps/replay-step.ts';
import { reviewStep } from './steps/review-step.ts';
import { stepOf } from './steps/step-of.ts';
import { upstreamStep } from './steps/upstream-step.ts';

export type GateDecision = {
  readonly kind: 'allowed' | 'denied' | 'undecided';
  /** One sentence each, worst first; for an allowed model what it needed. */
  readonly because: readonly string[];
  readonly steps: readonly GateStep[];
  readonly exceptions: readonly ExceptionFact[];
  /** It is allowed only because two persons have declared an emergency. */
  readonly level?: 'BREAK_GLASS';
};

/**
 * May this model run in this environment? Every question is asked, whatever the others gave. One that is seen to be wrong denies; one that
 * is unknown leaves it undecided; neither ever passes. Total: never throws, and looks at nothing but its facts.
 */
export const judgeGate = (facts: GateFacts): GateDecision => {
  const steps = [
    recordStep,
    signatureStep,
    logStep,
    lifeStep,
    reviewStep,
    approvalStep,
    modelStep,
    criteriaStep,
    evaluationsStep,
    replayStep,
    servingStep,
    canaryStep,
    environmentStep,
    upstreamStep,
  ]
    .map((step) => step(facts))
    .concat(glassStep(facts))
    .map((step) => withExceptions(step, facts))
    .map((step) => withCommands(step, facts));
  const wrong = steps.filter(({ outcome }) => outcome === 'wrong');
  const unknown = steps.filter(({ outcome }) => outcome === 'unknown');
  const kind = wrong.length > 0 ? 'denied' : unknown.length > 0 ? 'undecided' : 'allowed';
  const because = (kind === 'allowed' ? steps : [...wrong, ...unknown]).map(({ name, because: why }) => `${name}: ${why}`);
  const isEmergency = kind === 'allowed' && steps.some(({ findings }) => findings.some(({ excused }) => excused?.by === 'break-glass'));
  return { kind, because, steps, exceptions: facts.exceptions, ...(isEmergency ? { level: 'BREAK_GLASS' } : {}) };
};

/** An exception names a finding; those that say that record, signature, log, approvals or bytes are wrong have none. */
const withExceptions = (step: GateStep, { exceptions, uncounted, approvals }: Pick<GateFacts, 'exceptions' | 'uncounted' | 'approvals'>): GateStep => {
  if (step.findings.length === 0) return step;
  const findings = step.findings.map((finding): GateFinding => {
    const exception = finding.excused === undefined ? exceptions.find((one) => isAbout(one, finding) && mayExcuse(one, finding, approvals)) : undefined;
    return exception === undefined
      ? withUncounted(finding, uncounted)
      : { ...finding, excused: { by: exception.level ?? 'exception', because: `${exception.persons.join(' and ')}, until ${exception.expiresAt}: ${exception.reason}` } };
  });
  const judged = stepOf(step.name, findings, step.because);
  return { ...judged, because: judged.outcome === 'held' && step.outcome !== 'held' ? `${howOf(findings)}: ${step.because}` : judged.because };
};

const howOf = (findings: readonly GateFinding[]): string => (findings.some(({ excused }) => excused?.by === 'break-glass') ? 'by BREAK-GLASS' : 'by an exception');

/** An exception excuses nothing critical; an emergency also that approvals are missing, but none that was refused or taken back. */
const mayExcuse = ({ level }: ExceptionFact, { id, severity, outcome }: GateFinding, { kind, isTakenBack }: GateFacts['approvals']): boolean => {
  if (NEVER_EXCUSED.includes(id)) return false;
  if (severity !== 'critical') return true;
  return id === 'TL1003' && level === 'break-glass' && outcome === 'unknown' && kind === 'undecided' && isTakenBack !== true;
};

/** How two persons ask for an exception, of what the environment allows one for. */
const withCommands = (step: GateStep, { rules: { exceptions }, reference, environment }: GateFacts): GateStep => {
  if (exceptions === undefined) return step;
  const commandOf = (finding: GateFinding): string => {
    const about = shellWord(thingOf(finding) ?? '');
    return `trainlock exception new ${reference} --env ${environment} --finding ${finding.id} --about ${about} --days ${exceptions.days} --role ${exceptions.role} --reason "…"`;
  };
  const isExcusable = ({ id, severity, excused }: GateFinding): boolean => excused === undefined && severity !== 'critical' && !NEVER_EXCUSED.includes(id);
  return { ...step, findings: step.findings.map((finding) => (isExcusable(finding) ? { ...finding, exception: commandOf(finding) } : finding)) };
};

const withUncounted = (finding: GateFinding, all: readonly UncountedException[]): GateFinding => {
  const uncounted = all.filter((one) => isAbout(one, finding)).map(({ because }) => because);
  return uncounted.length === 0 || finding.excused !== undefined ? finding : { ...finding, uncounted };
};

const isAbout = ({ id, about }: Pick<ExceptionFact, 'id' | 'about'>, finding: GateFinding): boolean => id === finding.id && about === thingOf(finding);
