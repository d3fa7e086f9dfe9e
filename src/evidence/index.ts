/** What was asked about a run becomes answers: yes, no or not checked, each with where to look it up. */
export { type AlcoaLetter, alcoaLetters } from './alcoa.ts';
export { type AnswerWord, QUESTIONS, type RunAnswers, runAnswers } from './answers.ts';
export type { ApprovalFact, BaselineRun, CaseFacts, EvidencePointer, GivenFact, ReplayFact } from './case-facts.ts';
export { countEvaluations, type EvaluationCount, evaluationsText, type KnownData, type LookingRecord } from './count-evaluations.ts';
export { type Coverage, coverClauses, type CoverageState } from './cover-clauses.ts';
export { type Mapping, readMapping } from './read-mapping.ts';
export { proveReplay } from './prove-replay.ts';
export { readReplayOutcome } from './read-replay-outcome.ts';
export { determinismOf } from './replay-answer.ts';
export { weighReplay } from './weigh-replay.ts';
