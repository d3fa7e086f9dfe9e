/** May this model run in this environment: what was fetched becomes a decision, step by step, with a remedy for each finding. */
export { comparePredictions, vainPredictions } from './compare-predictions.ts';
export type { ApprovalFact, CanaryFact, EnvironmentFact, FileFact, GateFacts, LifeFact, ReplayEvidence } from './gate-facts.ts';
export type { GateFinding, GateStep, StepName } from './gate-finding.ts';
export { type GateDecision, judgeGate } from './judge-gate.ts';
