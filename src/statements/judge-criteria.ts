import { exhaustive } from '#base';
import type { Evaluation } from '#manifest';

export type Criterion = NonNullable<Evaluation['criteria']>[number];

/** A criterion and whether the metrics of the record meet it; missing: no such metric was reported. */
export type JudgedCriterion = { readonly name: string; readonly outcome: 'met' | 'failed' | 'missing' };

/**
 * Judges every criterion anew from the metrics in the record, by the rule of the recorder: the last reported value with the name, and
 * the stage and split if the criterion has them. Nothing is taken from the verdict that the record states.
 */
export const judgeCriteria = ({ criteria = [], metrics }: Evaluation): readonly JudgedCriterion[] =>
  criteria.map((criterion) => ({ name: nameOf(criterion), outcome: outcomeOf(criterion, metrics) }));

const nameOf = ({ metric, stage, split, operator, value }: Criterion): string =>
  [metric, ...(stage === undefined ? [] : [`stage ${stage}`]), ...(split === undefined ? [] : [`split ${split}`]), operator, value].join(' ');

const outcomeOf = (criterion: Criterion, metrics: Evaluation['metrics']): JudgedCriterion['outcome'] => {
  const last = metrics.findLast(
    (metric) =>
      metric.trust === 'reported' &&
      metric.name === criterion.metric &&
      (criterion.stage === undefined || metric.stage === criterion.stage) &&
      (criterion.split === undefined || metric.split === criterion.split),
  );
  if (last === undefined) return 'missing';
  return holds(Number(last.value), criterion.operator, Number(criterion.value)) ? 'met' : 'failed';
};

/** NaN meets no criterion. */
const holds = (value: number, operator: Criterion['operator'], bound: number): boolean => {
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
