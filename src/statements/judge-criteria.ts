import { type Criterion, type Evaluation, judgeCriterion } from '#manifest';

/** A criterion and whether the metrics of the record meet it; missing: no such metric was reported. */
export type JudgedCriterion = { readonly name: string; readonly outcome: 'met' | 'failed' | 'missing' };

/**
 * Judges every criterion anew from the metrics in the record, by the rule of the recorder. Nothing is taken from the verdict that the
 * record states.
 */
export const judgeCriteria = ({ criteria = [], metrics }: Evaluation): readonly JudgedCriterion[] =>
  criteria.map((criterion) => ({ name: nameOf(criterion), outcome: judgeCriterion(criterion, metrics).outcome }));

const nameOf = ({ metric, stage, split, operator, value }: Criterion): string =>
  [metric, ...(stage === undefined ? [] : [`stage ${stage}`]), ...(split === undefined ? [] : [`split ${split}`]), operator, value].join(' ');
