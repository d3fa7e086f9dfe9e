import type { ChangeDecision } from '#approval';
import { EXIT, type ExitCode } from '#base';
import { exitOfOutcome, type OutcomeKind } from '#diff';
import type { PredictionOutcome } from '#gate';

/** A criterion that was declared before the first run, in both runs. */
export type CriterionThenAndNow = { readonly text: string; readonly before: 'met' | 'failed' | 'missing'; readonly after: 'met' | 'failed' | 'missing'; readonly value?: string };

export type CanaryAnswer = { readonly kind: PredictionOutcome['kind'] | 'not-asked' | 'unknown'; readonly because: string };

/** What the policy of the project says of the change. `not-asked`: the project has none. `unknown`: it cannot be asked. */
export type ApprovalAnswer = {
  readonly kind: ChangeDecision['kind'] | 'not-asked' | 'unknown';
  readonly because: readonly string[];
  /** Commands that give what is missing. */ readonly commands: readonly string[];
};

export type UpgradeFacts = {
  readonly outcome: { readonly kind: OutcomeKind; readonly because: readonly string[] };
  readonly acceptMetricEqual: boolean;
  readonly criteria: readonly CriterionThenAndNow[];
  readonly canary: CanaryAnswer;
  readonly approval: ApprovalAnswer;
};

/** same: nothing differs beyond what is tolerated, and nothing waits. different and denied are a no; undecided is neither. */
export type UpgradeVerdict = { readonly kind: 'same' | 'different' | 'denied' | 'undecided'; readonly because: readonly string[] };

/**
 * Whether an update may be taken into use. What is different decides first, then what the policy denies, then what is not known or not
 * approved. Total: never throws.
 */
export const judgeUpgrade = ({ outcome, acceptMetricEqual, criteria, canary, approval }: UpgradeFacts): UpgradeVerdict => {
  const results = exitOfOutcome(outcome.kind, acceptMetricEqual);
  const different = [
    ...(results === EXIT.no ? outcome.because : []),
    ...criteria.filter(({ before, after }) => before === 'met' && after === 'failed').map(({ text, value }) => `${text} was met, and is not any more: it is ${value ?? 'unknown'}`),
    ...(canary.kind === 'different' || canary.kind === 'other' ? [`the canary: ${canary.because}`] : []),
  ];
  if (different.length > 0) return { kind: 'different', because: different };
  if (approval.kind === 'denied') return { kind: 'denied', because: approval.because };
  const open = [
    ...(results === EXIT.undecided ? outcome.because : []),
    ...criteria.filter(({ before, after }) => before !== 'missing' && after === 'missing').map(({ text }) => `${text}: no such metric was reported any more`),
    ...(canary.kind === 'unknown' ? [`the canary: ${canary.because}`] : []),
    ...(approval.kind === 'undecided' || approval.kind === 'unknown' ? approval.because : []),
  ];
  return open.length > 0 ? { kind: 'undecided', because: open } : { kind: 'same', because: outcome.because };
};

export const exitOfUpgrade = ({ kind }: UpgradeVerdict): ExitCode => (kind === 'same' ? EXIT.yes : kind === 'undecided' ? EXIT.undecided : EXIT.no);
