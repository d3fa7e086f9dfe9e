/** Statements about a run in the formats of others, derived from its manifest, and their strict readers. Nothing here signs; what may be signed is made here. */
export { type Agreement, agreeWithManifest } from './agree-with-manifest.ts';
export { type BuiltStatement, isBuiltStatement, type Subject } from './built-statement.ts';
export { compareModel, type ModelComparison } from './model-signing/compare-model.ts';
export { hintForModelSigning } from './model-signing/hint-for-model-signing.ts';
export { ALWAYS_IGNORED, type ModelFile, type ModelFiles, modelStatement } from './model-signing/model-statement.ts';
export { type ModelRefusal, type ModelStatement, type ModelStatementReading, readModelStatement } from './model-signing/read-model-statement.ts';
export { kindOfPredicate, PREDICATE_TYPES, type StatementKind } from './predicate-types.ts';
export { type AnyStatement, type AnyStatementReading, type AnySubject, readAnyStatement, type StatementRefusal } from './read-any-statement.ts';
export { BUILD_TYPE, builderId, slsaProvenance } from './slsa-provenance.ts';
export { testResult } from './test-result.ts';
export { type TrainingRun, type TrainingRunReading, type TrainingRunRefusal, trainingRunStatement } from './training-run-statement.ts';
export { type VerificationSummary, verificationSummary, VERIFIED_LEVELS, type VerifiedLevel } from './verification-summary.ts';
