import { accepted, type Crypto, type Reading, rejected } from '#base';
import type { BuiltStatement } from './built-statement.ts';
import { checkedStatement } from './checked-statement.ts';
import { POLICY_APPROVAL_KEYS } from './generated/policy-approval-keys.ts';
import type { PolicyApprovalDocument } from './generated/policy-approval-types.ts';
import { schemaErrors } from './generated/policy-approval-validator.ts';
import { readPredicate } from './read-predicate.ts';

/** A policy that a person wants in place of another, and as what. */
export type PolicyApproval = Omit<PolicyApprovalDocument, 'schemaVersion'>;

const SUBJECT = 'policy';

/** The statement of it. Its one subject is the new policy. Rejected, with every problem, where the schema does not allow it. */
export const policyApprovalStatement = (approval: PolicyApproval, crypto: Crypto): Reading<BuiltStatement<'policy-approval'>> => {
  const subjects = [{ name: SUBJECT, digest: { sha256: approval.policyChange.toSha256 } }];
  return checkedStatement({ kind: 'policy-approval', subjects, predicate: { schemaVersion: '0.1', ...approval } }, readPolicyApproval, crypto);
};

/** Reads the approval of a policy from untrusted bytes, as readApproval does. Never throws. */
export const readPolicyApproval = (payload: Uint8Array): Reading<PolicyApproval> => {
  const reading = readPredicate<PolicyApprovalDocument>(payload, { kind: 'policy-approval', schemaErrors, keys: POLICY_APPROVAL_KEYS });
  if (reading.kind === 'rejected') return reading;
  const { subject, predicate } = reading.value;
  const { schemaVersion: _, ...approval } = predicate;
  const { fromSha256, toSha256 } = approval.policyChange;
  if (subject.digest.sha256 !== toSha256 || subject.name !== SUBJECT) return rejected({ pointer: '/subject/0', message: 'is another policy than the new one' });
  return fromSha256 === toSha256 ? rejected({ pointer: '/predicate/policyChange', message: 'goes from a policy to itself' }) : accepted(approval);
};
