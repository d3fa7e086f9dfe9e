/** May this model run in this environment: what was fetched becomes a decision, step by step, with a remedy for each finding. */
export type { ApprovalFact, CanaryFact, EnvironmentFact, ExceptionFact, FileFact, GateFacts, LifeFact, UpstreamFact } from './gate-facts.ts';
export { comparePredictions, type PredictionOutcome, vainPredictions } from './compare-predictions.ts';
export { CRITICAL_FINDING_IDS, GATE_FINDING_IDS, NEVER_EXCUSED, type GateFinding, type GateFindingId, type GateStep, type StepName } from './gate-finding.ts';
export { factsText } from './facts-text.ts';
export { type GateDecision, judgeGate } from './judge-gate.ts';
export { planRemedies } from './remedies/plan-remedies.ts';
export type { FileMeans, RemedyAction, RemedyFile, RemedyMeans, RemedyPackage } from './remedies/remedy-action.ts';
export { isProvenRecord } from './steps/record-steps.ts';
