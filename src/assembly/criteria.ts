import { withoutUndefined } from '#base';
import type { Config } from '#config';
import { type Criterion, type Evaluation, judgeCriterion } from '#manifest';
import { type Metric, realText } from './metrics.ts';

type Definition = NonNullable<Evaluation['definitions']>[number];

/** Criteria as they are recorded before the command starts. A bound that is no number was refused when the configuration was read. */
export const criteriaOf = (config: Config): readonly Criterion[] =>
  (config.criteria ?? []).flatMap((one) => {
    const value = realText(String(one.value));
    return value === undefined ? [] : [withoutUndefined({ metric: one.metric, stage: one.stage, split: one.split, operator: one.operator, value })];
  });

/** Directions and tolerances of the declared metrics. */
export const definitionsOf = (config: Config): readonly Definition[] =>
  Object.entries(config.metrics ?? {}).map(([metric, one]) =>
    withoutUndefined({
      metric,
      direction: one.direction,
      absoluteTolerance: one.absoluteTolerance === undefined ? undefined : realText(String(one.absoluteTolerance)),
      relativeTolerance: one.relativeTolerance === undefined ? undefined : realText(String(one.relativeTolerance)),
      why: one.why,
    }),
  );

/** Whether the metrics meet the criteria: the last value that fits counts; a missing one leaves it undecided. */
export const verdictOn = (criteria: readonly Criterion[], metrics: readonly Metric[]): Evaluation['verdict'] => {
  if (criteria.length === 0) return { kind: 'none' };
  const judged = criteria.map((criterion) => judge(criterion, metrics));
  const because = judged.map((one) => one.because);
  if (judged.some((one) => one.outcome === 'failed')) return { kind: 'not-met', because };
  return { kind: judged.some((one) => one.outcome === 'missing') ? 'undecided' : 'met', because };
};

const judge = (criterion: Criterion, metrics: readonly Metric[]): { readonly outcome: 'met' | 'failed' | 'missing'; readonly because: string } => {
  const condition = `${criterion.metric} ${criterion.operator} ${criterion.value}`;
  const judged = judgeCriterion(criterion, metrics);
  if (judged.outcome === 'missing') return { outcome: 'missing', because: `${condition}: no such metric was reported` };
  return { outcome: judged.outcome, because: `${condition}: ${judged.value} ${judged.outcome === 'met' ? 'meets it' : 'does not'}` };
};
