import { accepted, type Crypto, type Reading, rejected } from '#base';
import { buildStatement, type BuiltStatement } from './built-statement.ts';
import type { ApprovalDocument } from './generated/approval-types.ts';
import { schemaErrors } from './generated/approval-validator.ts';
import { APPROVAL_KEYS } from './generated/approval-keys.ts';
import { readPredicate } from './read-predicate.ts';

/** What a person approves, and as what. */
export type Approval = Omit<ApprovalDocument, 'schemaVersion'>;

/** The statement of an approval. Its one subject is the record of the candidate. Rejected, with every problem, where the schema does not allow it. */
export const approvalStatement = (approval: Approval, crypto: Crypto): Reading<BuiltStatement<'approval'>> => {
  const { candidate } = approval.change;
  const subjects = [{ name: subjectName(candidate.runId), digest: { sha256: candidate.manifestSha256 } }];
  const statement = buildStatement({ kind: 'approval', subjects, predicate: { schemaVersion: '0.1', ...approval } }, crypto);
  const read = readApproval(statement.payload);
  return read.kind === 'accepted' ? accepted(statement) : read;
};

const subjectName = (runId: string): string => `run/${runId}`;

/** Reads an approval from untrusted bytes: in canonical form, closed, about the record that is its subject. Says nothing of who signed it. Never throws. */
export const readApproval = (payload: Uint8Array): Reading<Approval> => {
  const reading = readPredicate<ApprovalDocument>(payload, { kind: 'approval', schemaErrors, keys: APPROVAL_KEYS });
  if (reading.kind === 'rejected') return reading;
  const { subject, predicate } = reading.value;
  const { schemaVersion: _, ...approval } = predicate;
  const { baseline, candidate } = approval.change;
  if (subject.digest.sha256 !== candidate.manifestSha256 || subject.name !== subjectName(candidate.runId))
    return rejected({ pointer: '/subject/0', message: 'is another record than that of the candidate' });
  if (baseline?.manifestSha256 === candidate.manifestSha256) return rejected({ pointer: '/predicate/change', message: 'goes from a run to itself' });
  return accepted(approval);
};
