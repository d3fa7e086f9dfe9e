import { accepted, type Crypto, type Reading, rejected } from '#base';
import type { BuiltStatement } from './built-statement.ts';
import { checkedStatement } from './checked-statement.ts';
import type { ApprovalDocument } from './generated/approval-types.ts';
import { schemaErrors } from './generated/approval-validator.ts';
import { APPROVAL_KEYS } from './generated/approval-keys.ts';
import { readPredicate } from './read-predicate.ts';
import { isOfRecord, recordSubject } from './record-subject.ts';

/** What a person approves, and as what. */
export type Approval = Omit<ApprovalDocument, 'schemaVersion'>;

/** The statement of an approval. Its one subject is the record of the candidate. Rejected, with every problem, where the schema does not allow it. */
export const approvalStatement = (approval: Approval, crypto: Crypto): Reading<BuiltStatement<'approval'>> =>
  checkedStatement({ kind: 'approval', subjects: [recordSubject(approval.change.candidate)], predicate: { schemaVersion: '0.1', ...approval } }, readApproval, crypto);

/** Reads an approval from untrusted bytes: in canonical form, closed, about the record that is its subject. Says nothing of who signed it. Never throws. */
export const readApproval = (payload: Uint8Array): Reading<Approval> => {
  const reading = readPredicate<ApprovalDocument>(payload, { kind: 'approval', schemaErrors, keys: APPROVAL_KEYS });
  if (reading.kind === 'rejected') return reading;
  const { subject, predicate } = reading.value;
  const { schemaVersion: _, ...approval } = predicate;
  const { baseline, candidate } = approval.change;
  if (!isOfRecord(subject, candidate)) return rejected({ pointer: '/subject/0', message: 'is another record than that of the candidate' });
  if (baseline?.manifestSha256 === candidate.manifestSha256) return rejected({ pointer: '/predicate/change', message: 'goes from a run to itself' });
  return accepted(approval);
};
