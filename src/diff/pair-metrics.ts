import type { Evaluation, Manifest } from '#manifest';
import type { MetricPair } from './outcome.ts';

type Metric = Evaluation['metrics'][number];

/** The metrics of two runs in pairs: same name, stage, split, step, source and ordinal. Tolerances are those of the first, declared before it ran. */
export const pairMetrics = (recorded: Manifest['evaluation'], replayed: Manifest['evaluation']): readonly MetricPair[] => {
  const others = new Map(replayed.metrics.map((metric) => [keyOf(metric), metric]));
  const pairs = recorded.metrics.map((metric): MetricPair => {
    const other = others.get(keyOf(metric));
    others.delete(keyOf(metric));
    return { ...nameOf(metric), recorded: valueOf(metric), replayed: other === undefined ? undefined : valueOf(other), ...toleranceOf(recorded, metric.name) };
  });
  return [...pairs, ...[...others.values()].map((metric): MetricPair => ({ ...nameOf(metric), recorded: undefined, replayed: valueOf(metric) }))];
};

const keyOf = (metric: Metric): string => JSON.stringify([metric.name, metric.stage, metric.split, metric.step, metric.source, metric.ordinal]);

const nameOf = (metric: Metric): Pick<MetricPair, 'name' | 'stage' | 'split' | 'step'> => ({
  name: metric.name,
  ...(metric.stage === undefined ? {} : { stage: metric.stage }),
  ...(metric.split === undefined ? {} : { split: metric.split }),
  ...(metric.step === undefined ? {} : { step: metric.step }),
});

const valueOf = (metric: Metric): { readonly value: string; readonly bits?: string } => ({ value: metric.value, ...(metric.bits === undefined ? {} : { bits: metric.bits }) });

const toleranceOf = (evaluation: Evaluation, name: string): Pick<MetricPair, 'tolerance'> => {
  const definition = evaluation.definitions?.find((one) => one.metric === name);
  if (definition === undefined) return {};
  const { absoluteTolerance, relativeTolerance } = definition;
  return {
    tolerance: { ...(absoluteTolerance === undefined ? {} : { absolute: absoluteTolerance }), ...(relativeTolerance === undefined ? {} : { relative: relativeTolerance }) },
  };
};
