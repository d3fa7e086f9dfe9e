/** Statements about a run in the formats of others, derived from its manifest, and their strict readers. Nothing here signs; what may be signed is made here. */
export { agreeWithManifest } from './agree-with-manifest.ts';
export { type Amendment, amendmentStatement, readAmendment } from './amendment.ts';
export { type Approval, approvalStatement, readApproval } from './approval.ts';
export { type BuiltStatement, isBuiltStatement } from './built-statement.ts';
export { type Deprecation, deprecationStatement, readDeprecation } from './deprecation.ts';
export { compareModel } from './model-signing/compare-model.ts';
export { hintForModelSigning } from './model-signing/hint-for-model-signing.ts';
export { ALWAYS_IGNORED, type ModelFile, modelStatement } from './model-signing/model-statement.ts';
export { readModelStatement } from './model-signing/read-model-statement.ts';
export { kindOfPredicate, PREDICATE_TYPES, type StatementKind } from './predicate-types.ts';
export { type Promotion, promotionStatement, readPromotion } from './promotion.ts';
export { readAnyStatement } from './read-any-statement.ts';
export { readReversion, type Reversion, reversionStatement } from './reversion.ts';
export { BUILD_TYPE, slsaProvenance } from './slsa-provenance.ts';
export { testResult } from './test-result.ts';
export { readWithdrawal, type Withdrawal, withdrawalStatement } from './withdrawal.ts';
export { type TrainingRun, trainingRunStatement } from './training-run-statement.ts';
export { verificationSummary, VERIFIED_LEVELS, type VerifiedLevel } from './verification-summary.ts';
