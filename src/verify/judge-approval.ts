import { toHex } from '#base';
import { type Approval, type PolicyApproval, PREDICATE_TYPES, readApproval, readPolicyApproval, readWithdrawal, type Withdrawal } from '#statements';
import { judgeByTimes, personOf, type TrustStanding } from '#trust';
import type { Ports } from './find-signer.ts';
import { type DocumentEvidence, type DocumentPorts, findDocument, type FoundSignature, listedKeys, listedSigner, type Signatory, signatoryOf, timesOf } from './signed-document.ts';

/** What a signed document of the folder of approvals turned out to be. `because` is one sentence for people. */
export type JudgedApproval =
  | { readonly kind: 'approval'; readonly sha256: string; readonly approval: Approval; readonly by: Signatory; readonly because: string }
  | { readonly kind: 'policy-approval'; readonly sha256: string; readonly policyApproval: PolicyApproval; readonly by: Signatory; readonly because: string }
  | { readonly kind: 'withdrawal'; readonly sha256: string; readonly withdrawal: Withdrawal; readonly by: Signatory }
  /** It does not count. What it says is told where it could be read. */
  | { readonly kind: 'refused'; readonly because: string; readonly approval?: Approval; readonly policyApproval?: PolicyApproval }
  /** Nobody knows here whether it counts. */
  | { readonly kind: 'unknown'; readonly because: string; readonly approval?: Approval; readonly policyApproval?: PolicyApproval };

/**
 * Whether a document is an approval, or takes one back, by somebody whose key counts for that. An approval needs a key that the trust
 * file gives its role, type, environment and time; a withdrawal only one that the trust file lists, whatever has become of it since:
 * what takes away is not made harder than what gives. Never throws.
 */
export const judgeApproval = ({ signed, trust, authorities }: DocumentEvidence, ports: DocumentPorts): JudgedApproval => {
  const found = findDocument(signed, { keys: listedKeys(trust), kinds: ['approval', 'policy-approval', 'withdrawal'], otherwise: 'approves nothing' }, ports);
  if (found.kind === 'refused') return found;
  const { finding, statementKind } = found;
  const sha256 = toHex(ports.crypto.sha256(finding.payload));
  switch (statementKind) {
    case 'approval':
      return approvalOf(finding, sha256, { trust, authorities, ports });
    case 'policy-approval':
      return policyApprovalOf(finding, sha256, { trust, authorities, ports });
    default:
      return withdrawalOf(finding, sha256, trust);
  }
};

const WHAT = 'approvals';

type Judging = Omit<DocumentEvidence, 'signed'> & { readonly ports: Ports };

const approvalOf = (finding: FoundSignature, sha256: string, judging: Judging): JudgedApproval => {
  const reading = readApproval(finding.payload);
  if (reading.kind === 'rejected') return { kind: 'refused', because: `the approval cannot be read: ${reading.problems[0]!.pointer} ${reading.problems[0]!.message}` };
  const approval = reading.value;
  const answer = approverOf(finding, { ...approval, environment: approval.change.environment }, judging);
  return answer.kind === 'counts' ? { kind: 'approval', sha256, approval, by: answer.by, because: answer.because } : { ...answer, approval };
};

const policyApprovalOf = (finding: FoundSignature, sha256: string, judging: Judging): JudgedApproval => {
  const reading = readPolicyApproval(finding.payload);
  if (reading.kind === 'rejected') return { kind: 'refused', because: `the approval cannot be read: ${reading.problems[0]!.pointer} ${reading.problems[0]!.message}` };
  const policyApproval = reading.value;
  const answer = approverOf(finding, { ...policyApproval, environment: undefined }, judging);
  return answer.kind === 'counts' ? { kind: 'policy-approval', sha256, policyApproval, by: answer.by, because: answer.because } : { ...answer, policyApproval };
};

type Claimed = Pick<Approval, 'role' | 'person'> & { readonly environment: string | undefined };
type Approving = { readonly kind: 'counts'; readonly by: Signatory; readonly because: string } | { readonly kind: 'refused' | 'unknown'; readonly because: string };

/** Whether a key may approve what it says that it approves, in the name that stands there. */
const approverOf = (finding: FoundSignature, { role, person: claimed, environment }: Claimed, { trust, authorities, ports }: Judging): Approving => {
  const listed = listedSigner(finding, trust, WHAT);
  if (listed.kind === 'unknown') return listed;
  const { keyId } = listed;
  const question = { by: { kind: 'key', keyId }, statementType: PREDICATE_TYPES.approval, role, environment, trust } as const;
  const answer = judgeByTimes(question, timesOf(finding, authorities, ports));
  if (answer.kind !== 'trusted') return { kind: answer.kind, because: answer.because };
  const person = personOf(answer.signer);
  if (person !== claimed) return { kind: 'refused', because: `it is signed by ${person} in the name of ${claimed}` };
  return { kind: 'counts', by: signatoryOf({ ...answer.signer, roles: answer.roles }, keyId), because: answer.because };
};

const withdrawalOf = (finding: FoundSignature, sha256: string, trust: TrustStanding): JudgedApproval => {
  const reading = readWithdrawal(finding.payload);
  if (reading.kind === 'rejected') return { kind: 'refused', because: `the withdrawal cannot be read: ${reading.problems[0]!.pointer} ${reading.problems[0]!.message}` };
  const listed = listedSigner(finding, trust, WHAT);
  if (listed.kind === 'unknown') return listed;
  return { kind: 'withdrawal', sha256, withdrawal: reading.value, by: signatoryOf(listed.signer, listed.keyId) };
};
