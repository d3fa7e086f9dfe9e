import { exhaustive, withoutUndefined } from '#base';
import type { Config } from '#config';
import type { Evaluation } from '#manifest';
import { type Metric, realText } from './metrics.ts';

type Criterion = NonNullable<Evaluation['criteria']>[number];
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
  const fitting = metrics.filter(
    (metric) =>
      metric.name === criterion.metric &&
      (criterion.stage === undefined || metric.stage === criterion.stage) &&
      (criterion.split === undefined || metric.split === criterion.split) &&
      metric.trust === 'reported',
  );
  const last = fitting.at(-1);
  const condition = `${criterion.metric} ${criterion.operator} ${criterion.value}`;
  if (last === undefined) return { outcome: 'missing', because: `${condition}: no such metric was reported` };
  const holds = compare(Number(last.value), criterion.operator, Number(criterion.value));
  return { outcome: holds ? 'met' : 'failed', because: `${condition}: ${last.value} ${holds ? 'meets it' : 'does not'}` };
};

/** NaN meets no criterion. */
const compare = (value: number, operator: Criterion['operator'], bound: number): boolean => {
  switch (operator) {
    case '>=':
      return value >= bound;
    case '>':
      return value > bound;
    case '<=':
      return value <= bound;
    case '<':
      return value < bound;
    case '==':
      return value === bound;
    default:
      return exhaustive(operator);
  }
};
