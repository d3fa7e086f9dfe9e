import { exhaustive } from '#base';
import type { Evaluation } from './generated/manifest-types.ts';

export type Criterion = NonNullable<Evaluation['criteria']>[number];

type Judged = { readonly outcome: 'missing' } | { readonly outcome: 'met' | 'failed'; /** The value that was judged, as it is recorded. */ readonly value: string };

/**
 * Whether the metrics of a record meet a criterion: the last reported value with the name counts, and with the stage and split if the
 * criterion has them; missing: no such metric was reported. NaN meets no criterion.
 */
export const judgeCriterion = (criterion: Criterion, metrics: readonly Pick<Evaluation['metrics'][number], 'name' | 'stage' | 'split' | 'trust' | 'value'>[]): Judged => {
  const last = metrics.findLast(
    (metric) =>
      metric.trust === 'reported' &&
      metric.name === criterion.metric &&
      (criterion.stage === undefined || metric.stage === criterion.stage) &&
      (criterion.split === undefined || metric.split === criterion.split),
  );
  if (last === undefined) return { outcome: 'missing' };
  return { outcome: holds(Number(last.value), criterion.operator, Number(criterion.value)) ? 'met' : 'failed', value: last.value };
};

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
