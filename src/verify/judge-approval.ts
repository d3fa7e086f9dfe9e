import { toHex } from '#base';
import { type Approval, type PolicyApproval, readApproval, readPolicyApproval, type Withdrawal } from '#statements';
import { type Judging, speakerOf, withdrawalOf } from './judge-speaker.ts';
import { type DocumentEvidence, type DocumentPorts, findDocument, type FoundSignature, listedKeys, type Signatory } from './signed-document.ts';

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
      return withdrawalOf(finding, sha256, { trust, what: WHAT });
  }
};

const WHAT = 'approvals';

const approvalOf = (finding: FoundSignature, sha256: string, judging: Judging): JudgedApproval => {
  const reading = readApproval(finding.payload);
  if (reading.kind === 'rejected') return { kind: 'refused', because: `the approval cannot be read: ${reading.problems[0]!.pointer} ${reading.problems[0]!.message}` };
  const approval = reading.value;
  const answer = speakerOf(finding, { ...approval, environment: approval.change.environment, kind: 'approval', what: WHAT }, judging);
  return answer.kind === 'counts' ? { kind: 'approval', sha256, approval, by: answer.by, because: answer.because } : { ...answer, approval };
};

const policyApprovalOf = (finding: FoundSignature, sha256: string, judging: Judging): JudgedApproval => {
  const reading = readPolicyApproval(finding.payload);
  if (reading.kind === 'rejected') return { kind: 'refused', because: `the approval cannot be read: ${reading.problems[0]!.pointer} ${reading.problems[0]!.message}` };
  const policyApproval = reading.value;
  const answer = speakerOf(finding, { ...policyApproval, environment: undefined, kind: 'approval', what: WHAT }, judging);
  return answer.kind === 'counts' ? { kind: 'policy-approval', sha256, policyApproval, by: answer.by, because: answer.because } : { ...answer, policyApproval };
};
