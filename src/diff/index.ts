/** Two or more manifests become differences with meaning and risk; facts about two results become an outcome. */
export { compareMetric, type MetricOutcome, type MetricValue, type Tolerance } from './compare-metric.ts';
export type { ContentFinding, MetricPair, MetricPairOutcome, Outcome, OutcomeKind, OutputFacts, OutputOutcome, OutputPair, PairedBy, ReplayFacts } from './outcome.ts';
export { exitOfOutcome, outcomeOf } from './outcome-of.ts';
export { outputOutcome } from './output-outcome.ts';
export { pairMetrics } from './pair-metrics.ts';
export { ulpDistance } from './ulp-distance.ts';
export { CLASS_ORDER, compareManifests } from './compare-manifests.ts';
export type { Cell, ComparedRun, Comparison, Detail, Difference, EqualThing, FieldChange } from './comparison.ts';
export { wantedBytes, withPatches } from './code-patch.ts';
export { compareVersions } from './version-order.ts';
