/** Two or more manifests become differences with meaning and risk; facts about two results become an outcome. */
export { OUTCOME_KINDS } from './outcome.ts';
export type { ContentFinding, MetricPair, MetricPairOutcome, Outcome, OutcomeKind, OutputFacts, OutputOutcome, OutputPair, PairedBy, ReplayFacts } from './outcome.ts';
export { exitOfOutcome, outcomeOf, sameExit } from './outcome-of.ts';
export { pairMetrics } from './pair-metrics.ts';
export { compareManifests } from './compare-manifests.ts';
export type { Cell, Comparison, Detail, Difference } from './comparison.ts';
export { wantedBytes, withPatches } from './code-patch.ts';
