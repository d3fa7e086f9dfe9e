/** A question, a record and the evidence that was fetched become a verdict: every check held, broken, unknown or not asked. */
export { findSigner, type SignerFinding } from './find-signer.ts';
export { identifySigner } from './identify-signer.ts';
export type { LogEvidence } from './log-checks.ts';
export type { SealEvidence } from './seal-evidence.ts';
export { evidenceKey } from './file-checks.ts';
export { type JudgedApproval, judgeApproval } from './judge-approval.ts';
export { type JudgedException, judgeException } from './judge-exception.ts';
export { type JudgedHistory, judgeHistory, judgeHistorySigner } from './judge-history.ts';
export { judgeRecord } from './judge-record.ts';
export { listsOf, objectsOf } from './named-objects.ts';
export type { Signatory, SignedDocument } from './signed-document.ts';
export {
  type Check,
  CHECK_NAMES,
  type CheckName,
  type CheckOutcome,
  type EnvironmentEvidence,
  type Evidence,
  type FileEvidence,
  type NamedFile,
  type Question,
  type Verdict,
} from './verdict.ts';
