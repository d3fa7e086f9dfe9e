/** The life of a record after it was made: revisions, deprecations and promotions, put in order from signed documents; forks and gaps in them. */
export { type AmendedField, chainOf, type RevisionChain } from './chain-of.ts';
export { correctionProblem, type FieldValue, isListField, isSameValue, valueBefore, valueProblem } from './correct-manifest.ts';
export { type DeployedPlace, deploymentsOf, gatedOf, judgePlace, type PlaceJudgement } from './deployments-of.ts';
export { type DeprecationHit, deprecationHits, standingDeprecations } from './deprecations-of.ts';
export { HISTORY_KINDS, type HistoryDocument, type HistoryKind, objectOfHistory, readHistory, wordOf } from './history-document.ts';
export { type HistoryFinding, shortDigest } from './history-finding.ts';
export { type EnvironmentState, promotionsOf, ranInFull, type RunningRun, type SignedPromotion } from './promotions-of.ts';
export { sortHistory, type SortedHistory } from './sort-history.ts';
