import { approvalNamespace, type ApprovalKind, checkSshSignature, checkTimestamp, type PublicKey, readSshSignature, type SshPorts, type TimeAuthority } from '#seal';
import { readAnyStatement, type StatementKind } from '#statements';
import { personOf, type ProvenTime, type TrustedSigner, type TrustStanding } from '#trust';
import { findSigner, type Ports, type SignerFinding } from './find-signer.ts';

/** Hostile: a bundle, or a statement with a signature of ssh-keygen over it. */
export type SignedDocument = { readonly kind: 'bundle'; readonly bytes: Uint8Array } | { readonly kind: 'ssh'; readonly statement: Uint8Array; readonly signature: string };

export type DocumentEvidence = {
  readonly signed: SignedDocument;
  readonly trust: TrustStanding;
  readonly authorities: readonly TimeAuthority[];
};

export type DocumentPorts = Ports & Pick<SshPorts, 'sha512'>;

/** Who signed, as the trust file has it. */
export type Signatory = { readonly person: string; readonly isPerson: boolean; readonly isAdmin: boolean; readonly keyId: string };

export const signatoryOf = (signer: Pick<TrustedSigner, 'name' | 'person' | 'kind' | 'roles'>, keyId: string): Signatory => ({
  person: personOf(signer),
  isPerson: signer.kind === 'person',
  isAdmin: signer.roles.includes('admin'),
  keyId,
});

type SshFinding = { readonly kind: 'ssh'; readonly payload: Uint8Array; readonly key: PublicKey };
type Refused = { readonly kind: 'refused'; readonly because: string };

/** A signature that holds over a statement, whoever made it. */
export type FoundSignature = Exclude<SignerFinding, { readonly kind: 'refused' }> | SshFinding;

/** Which of the known keys signed, and a statement of which kind; refused with its reason where it is none of these kinds, or does not hold. */
export const findDocument = (
  signed: SignedDocument,
  { keys, kinds, otherwise }: { readonly keys: readonly PublicKey[]; readonly kinds: readonly ApprovalKind[]; /** What is said of another kind. */ readonly otherwise: string },
  ports: DocumentPorts,
): { readonly kind: 'found'; readonly finding: FoundSignature; readonly statementKind: ApprovalKind } | Refused => {
  const kindOf = (payload: Uint8Array): ApprovalKind | Refused => {
    const statement = readAnyStatement(payload);
    if (statement.kind === 'refused') return { kind: 'refused', because: statement.because };
    const { kind } = statement.value;
    return isKindOf(kind, kinds) ? kind : { kind: 'refused', because: `it is a statement of the kind ${kind}, and ${otherwise}` };
  };
  if (signed.kind === 'ssh') {
    // Asked first: the kind stands in the namespace that SSH signs, so that a signature for one kind, or for a commit, is none for another.
    const kind = kindOf(signed.statement);
    if (typeof kind !== 'string') return kind;
    const finding = findSshSigner(signed, kind, ports);
    return finding.kind === 'refused' ? finding : { kind: 'found', finding, statementKind: kind };
  }
  const finding = findSigner(signed.bytes, keys, ports);
  if (finding.kind === 'refused') return finding;
  const kind = kindOf(finding.payload);
  return typeof kind === 'string' ? { kind: 'found', finding, statementKind: kind } : kind;
};

const isKindOf = (kind: StatementKind, kinds: readonly ApprovalKind[]): kind is StatementKind & ApprovalKind => kinds.some((one) => one === kind);

const findSshSigner = (
  { statement, signature }: Extract<SignedDocument, { readonly kind: 'ssh' }>,
  kind: ApprovalKind,
  { crypto, sha512, verifySignature }: DocumentPorts,
): SshFinding | Refused => {
  const reading = readSshSignature(signature, crypto);
  if (reading.kind === 'rejected') return { kind: 'refused', because: `the SSH signature cannot be read: ${reading.problems[0]!.message}` };
  const check = checkSshSignature(reading.value, statement, approvalNamespace(kind), { crypto, sha512, verify: verifySignature });
  return check.kind === 'held' ? { kind: 'ssh', payload: statement, key: reading.value.key.publicKey } : { kind: 'refused', because: check.because };
};

/** Keys that a trust file lists. */
export const listedKeys = (trust: TrustStanding): readonly PublicKey[] =>
  trust.kind === 'accepted' ? trust.trust.signers.flatMap((signer) => signer.keys.map(({ key }) => key)) : [];

/** The key that signed, or why nobody knows it. `what` are the documents that it signs, in the plural. */
export const keyOf = (finding: FoundSignature, what: string): { readonly kind: 'key'; readonly keyId: string } | { readonly kind: 'unknown'; readonly because: string } => {
  if (finding.kind === 'signed' || finding.kind === 'ssh') return { kind: 'key', keyId: finding.key.keyId };
  return { kind: 'unknown', because: finding.kind === 'stranger' ? finding.because : `it was signed with a certificate, and ${what} of identities are not counted yet` };
};

type Listed = { readonly kind: 'listed'; readonly keyId: string; readonly signer: TrustedSigner } | { readonly kind: 'unknown'; readonly because: string };

/** Who signed, if the trust file lists the key. */
export const listedSigner = (finding: FoundSignature, trust: TrustStanding, what: string): Listed => {
  if (trust.kind !== 'accepted') return { kind: 'unknown', because: `whose ${what} count is not known here: ${'because' in trust ? trust.because : 'there is no trust file'}` };
  const key = keyOf(finding, what);
  if (key.kind === 'unknown') return key;
  const found = trust.trust.keys.get(key.keyId);
  return found === undefined ? { kind: 'unknown', because: `the trust file has no key ${key.keyId.slice(0, 12)}…` } : { kind: 'listed', keyId: key.keyId, signer: found.signer };
};

/** When authorities saw the signature. What SSH signs is not dated. */
export const timesOf = (finding: FoundSignature, authorities: readonly TimeAuthority[], { crypto, verifyWith }: Ports): readonly ProvenTime[] => {
  if (finding.kind === 'ssh') return [];
  const { timestamps, content } = finding.bundle;
  return timestamps.flatMap((token) => {
    const check = checkTimestamp(token, { signature: content.signature }, authorities, { crypto, verifyWith });
    return check.kind === 'held' ? [{ kind: 'authority', at: check.time } as const] : [];
  });
};
