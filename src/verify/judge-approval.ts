import { toHex } from '#base';
import { approvalNamespace, checkSshSignature, checkTimestamp, type PublicKey, readSshSignature, type SshPorts, type TimeAuthority } from '#seal';
import { type Approval, PREDICATE_TYPES, readAnyStatement, readApproval, readWithdrawal, type Withdrawal } from '#statements';
import { judgeByTimes, personOf, type ProvenTime, type TrustedSigner, type TrustStanding } from '#trust';
import { findSigner, type Ports, type SignerFinding } from './find-signer.ts';

export type ApprovalEvidence = {
  /** Hostile: a bundle, or a statement with a signature of ssh-keygen over it. */
  readonly signed: { readonly kind: 'bundle'; readonly bytes: Uint8Array } | { readonly kind: 'ssh'; readonly statement: Uint8Array; readonly signature: string };
  readonly trust: TrustStanding;
  readonly authorities: readonly TimeAuthority[];
};

/** Who signed, as the trust file has it. */
export type Signatory = { readonly person: string; readonly isPerson: boolean; readonly isAdmin: boolean; readonly keyId: string };

/** What a signed document of the folder of approvals turned out to be. `because` is one sentence for people. */
export type JudgedApproval =
  | { readonly kind: 'approval'; readonly sha256: string; readonly approval: Approval; readonly by: Signatory; readonly because: string }
  | { readonly kind: 'withdrawal'; readonly sha256: string; readonly withdrawal: Withdrawal; readonly by: Signatory }
  /** It does not count. What it says is told where it could be read. */
  | { readonly kind: 'refused'; readonly because: string; readonly approval?: Approval }
  /** Nobody knows here whether it counts. */
  | { readonly kind: 'unknown'; readonly because: string; readonly approval?: Approval };

/**
 * Whether a document is an approval, or takes one back, by somebody whose key counts for that. An approval needs a key that the trust
 * file gives its role, type, environment and time; a withdrawal only one that the trust file lists, whatever has become of it since:
 * what takes away is not made harder than what gives. Never throws.
 */
export const judgeApproval = ({ signed, trust, authorities }: ApprovalEvidence, ports: ApprovalPorts): JudgedApproval => {
  const keys = trust.kind === 'accepted' ? trust.trust.signers.flatMap((signer) => signer.keys.map(({ key }) => key)) : [];
  const finding = signed.kind === 'ssh' ? findSshSigner(signed, ports) : findSigner(signed.bytes, keys, ports);
  if (finding.kind === 'refused') return { kind: 'refused', because: finding.because };
  const statement = readAnyStatement(finding.payload);
  if (statement.kind === 'refused') return { kind: 'refused', because: statement.because };
  const sha256 = toHex(ports.crypto.sha256(finding.payload));
  switch (statement.value.kind) {
    case 'approval':
      return approvalOf(finding, sha256, { trust, authorities, ports });
    case 'withdrawal':
      return withdrawalOf(finding, sha256, trust);
    default:
      return { kind: 'refused', because: `it is a statement of the kind ${statement.value.kind}, and approves nothing` };
  }
};

export type ApprovalPorts = Ports & Pick<SshPorts, 'sha512'>;

type SshFinding = { readonly kind: 'ssh'; readonly payload: Uint8Array; readonly key: PublicKey };
type Found = Exclude<SignerFinding, { readonly kind: 'refused' }> | SshFinding;
type Judging = { readonly trust: TrustStanding; readonly authorities: readonly TimeAuthority[]; readonly ports: Ports };

/** The kind of statement stands in the namespace that SSH signs: a signature for one kind, or for a commit, is none for another. */
const findSshSigner = (
  { statement, signature }: Extract<ApprovalEvidence['signed'], { readonly kind: 'ssh' }>,
  { crypto, sha512, verifySignature }: ApprovalPorts,
): SshFinding | { readonly kind: 'refused'; readonly because: string } => {
  const kind = readAnyStatement(statement);
  if (kind.kind === 'refused') return { kind: 'refused', because: kind.because };
  if (kind.value.kind !== 'approval' && kind.value.kind !== 'withdrawal')
    return { kind: 'refused', because: `it is a statement of the kind ${kind.value.kind}, and approves nothing` };
  const reading = readSshSignature(signature, crypto);
  if (reading.kind === 'rejected') return { kind: 'refused', because: `the SSH signature cannot be read: ${reading.problems[0]!.message}` };
  const check = checkSshSignature(reading.value, statement, approvalNamespace(kind.value.kind), { crypto, sha512, verify: verifySignature });
  return check.kind === 'held' ? { kind: 'ssh', payload: statement, key: reading.value.key.publicKey } : { kind: 'refused', because: check.because };
};

const approvalOf = (finding: Found, sha256: string, { trust, authorities, ports }: Judging): JudgedApproval => {
  const reading = readApproval(finding.payload);
  if (reading.kind === 'rejected') return { kind: 'refused', because: `the approval cannot be read: ${reading.problems[0]!.pointer} ${reading.problems[0]!.message}` };
  const approval = reading.value;
  const listed = listedSigner(finding, trust);
  if (listed.kind === 'unknown') return { ...listed, approval };
  const { keyId } = listed;
  const question = { by: { kind: 'key', keyId }, statementType: PREDICATE_TYPES.approval, role: approval.role, environment: approval.change.environment, trust } as const;
  const answer = judgeByTimes(question, timesOf(finding, authorities, ports));
  if (answer.kind !== 'trusted') return { kind: answer.kind, because: answer.because, approval };
  const person = personOf(answer.signer);
  if (person !== approval.person) return { kind: 'refused', because: `it is signed by ${person} in the name of ${approval.person}`, approval };
  return { kind: 'approval', sha256, approval, by: { person, isPerson: answer.signer.kind === 'person', isAdmin: answer.roles.includes('admin'), keyId }, because: answer.because };
};

const withdrawalOf = (finding: Found, sha256: string, trust: TrustStanding): JudgedApproval => {
  const reading = readWithdrawal(finding.payload);
  if (reading.kind === 'rejected') return { kind: 'refused', because: `the withdrawal cannot be read: ${reading.problems[0]!.pointer} ${reading.problems[0]!.message}` };
  const listed = listedSigner(finding, trust);
  if (listed.kind === 'unknown') return listed;
  return {
    kind: 'withdrawal',
    sha256,
    withdrawal: reading.value,
    by: { person: personOf(listed.signer), isPerson: listed.signer.kind === 'person', isAdmin: listed.signer.roles.includes('admin'), keyId: listed.keyId },
  };
};

type Listed = { readonly kind: 'listed'; readonly keyId: string; readonly signer: TrustedSigner } | { readonly kind: 'unknown'; readonly because: string };

/** Who signed, if the trust file lists the key. */
const listedSigner = (finding: Found, trust: TrustStanding): Listed => {
  if (trust.kind !== 'accepted') return { kind: 'unknown', because: `whose approvals count is not known here: ${'because' in trust ? trust.because : 'there is no trust file'}` };
  if (finding.kind !== 'signed' && finding.kind !== 'ssh')
    return { kind: 'unknown', because: finding.kind === 'stranger' ? finding.because : 'it was signed with a certificate, and approvals of identities are not counted yet' };
  const { keyId } = finding.key;
  const found = trust.trust.keys.get(keyId);
  return found === undefined ? { kind: 'unknown', because: `the trust file has no key ${keyId.slice(0, 12)}…` } : { kind: 'listed', keyId, signer: found.signer };
};

/** What SSH signs is not dated. */
const timesOf = (finding: Found, authorities: readonly TimeAuthority[], { crypto, verifyWith }: Ports): readonly ProvenTime[] => {
  if (finding.kind === 'ssh') return [];
  const { timestamps, content } = finding.bundle;
  return timestamps.flatMap((token) => {
    const check = checkTimestamp(token, { signature: content.signature }, authorities, { crypto, verifyWith });
    return check.kind === 'held' ? [{ kind: 'authority', at: check.time } as const] : [];
  });
};
