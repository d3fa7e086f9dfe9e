import { concatBytes } from '#base';
import { DER, type DerElement } from '../der.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { contentOf, cursorOver, integerBytesOf, membersOf, oidOf, onlyElement, smallNumberOf } from '../x509/der-values.ts';
import { algorithmOf, cmsSignatureAlgorithm, type DigestAlgorithm, digestAlgorithmOf, type SignatureAlgorithm } from '../x509/signature-algorithm.ts';
import { type CertificateBinding, certificateBindings } from './certificate-binding.ts';

/** CMS SignedData with one signer, as tokens have it. Read, not checked. Source: RFC 5652 §5. */
export type SignedData = {
  /** Bytes of the content: the DER of a TSTInfo. */
  readonly content: Uint8Array;
  /** Certificates that came along; they may be anybody's. */
  readonly certificates: readonly Certificate[];
  readonly signer: SignerInfo;
};

/** How the signer names its certificate. */
export type SignerName = { readonly kind: 'serial'; readonly issuer: Uint8Array; readonly serial: Uint8Array } | { readonly kind: 'key-id'; readonly keyId: Uint8Array };

export type SignerInfo = {
  readonly name: SignerName;
  readonly digestAlgorithm: DigestAlgorithm;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
  /** The signed attributes as the SET that the signature is over. */
  readonly attributes: Uint8Array;
  /** The digest of the content, as the attributes have it. */
  readonly messageDigest: Uint8Array;
  /** What the attributes say about the signer's certificate. */
  readonly bindings: readonly CertificateBinding[];
};

/** Either what was read or a sentence that says what is wrong. */
export type Read<T> = { readonly kind: 'read'; readonly value: T } | { readonly kind: 'broken'; readonly because: string };
export const broken = (because: string): Read<never> => ({ kind: 'broken', because });

const OID = { signedData: '1.2.840.113549.1.7.2', timeInfo: '1.2.840.113549.1.9.16.1.4', contentType: '1.2.840.113549.1.9.3', messageDigest: '1.2.840.113549.1.9.4' } as const;

const MOST = { certificates: 16, attributes: 32, digestAlgorithms: 8 } as const;

/**
 * Reads a ContentInfo from untrusted DER: SignedData over a TSTInfo, one signer with signed attributes of which content type and
 * message digest stand once each. BER that is not DER is refused. Never throws.
 */
export const readSignedData = (token: DerElement): Read<SignedData> => {
  const [type, wrapped, ...more] = membersOf(token) ?? [];
  const signedData = wrapped?.tag === 0xa0 && more.length === 0 && oidOf(type) === OID.signedData ? onlyElement(wrapped.content) : undefined;
  const members = cursorOver(membersOf(signedData) ?? []);
  const version = smallNumberOf(members.take(DER.integer));
  const digests = membersOf(members.take(0x31), 0x31)?.map((element) => digestAlgorithmOf(algorithmOf(element)));
  const content = contentIn(members.take(DER.sequence));
  const certificates = certificatesIn(members.take(0xa0));
  members.take(0xa1);
  const signers = membersOf(members.take(0x31), 0x31);
  if (version !== 3 || signers === undefined || !members.isDone()) return broken('is not CMS SignedData in DER');
  if (digests === undefined || digests.length === 0 || digests.length > MOST.digestAlgorithms) return broken('names no digest algorithm');
  if (content === undefined) return broken('does not hold a TSTInfo');
  if (certificates === undefined) return broken(`holds a certificate that cannot be read, or more than ${MOST.certificates}`);
  if (signers.length !== 1) return broken(`has ${signers.length} signers, not one`);
  const signer = readSignerInfo(signers[0]!);
  if (signer.kind === 'broken') return signer;
  if (!digests.includes(signer.value.digestAlgorithm)) return broken('does not name the digest algorithm of its signer');
  return { kind: 'read', value: { content, certificates, signer: signer.value } };
};

const contentIn = (element: DerElement | undefined): Uint8Array | undefined => {
  const [type, wrapped, ...more] = membersOf(element) ?? [];
  if (oidOf(type) !== OID.timeInfo || wrapped?.tag !== 0xa0 || more.length > 0) return undefined;
  return contentOf(onlyElement(wrapped.content), DER.octetString);
};

const certificatesIn = (set: DerElement | undefined): readonly Certificate[] | undefined => {
  if (set === undefined) return [];
  const elements = membersOf(set, 0xa0);
  if (elements === undefined || elements.length > MOST.certificates) return undefined;
  const readings = elements.map(({ whole }) => readCertificate(whole));
  const certificates = readings.flatMap((reading) => (reading.kind === 'accepted' ? [reading.value] : []));
  return certificates.length === elements.length ? certificates : undefined;
};

const readSignerInfo = (element: DerElement): Read<SignerInfo> => {
  const members = cursorOver(membersOf(element) ?? []);
  const version = smallNumberOf(members.take(DER.integer));
  const name = signerName(members.take(DER.sequence) ?? members.take(0x80));
  const digestAlgorithm = digestAlgorithmOf(algorithmOf(members.take(DER.sequence)));
  const attributes = members.take(0xa0);
  const identifier = algorithmOf(members.take(DER.sequence));
  const signature = contentOf(members.take(DER.octetString), DER.octetString);
  // Unsigned attributes decide nothing and are not read.
  members.take(0xa1);
  if (name === undefined || identifier === undefined || signature === undefined || !members.isDone()) return broken('has a malformed SignerInfo');
  if (version !== (name.kind === 'serial' ? 1 : 3)) return broken('has a SignerInfo of another version');
  if (digestAlgorithm === undefined) return broken('is signed over a digest that is not SHA-256, SHA-384 or SHA-512');
  const signatureAlgorithm = cmsSignatureAlgorithm(identifier, digestAlgorithm);
  if (signatureAlgorithm === undefined) return broken(`is signed with an algorithm that is not accepted (${identifier.oid})`);
  if (attributes === undefined) return broken('has no signed attributes');
  const read = readAttributes(attributes);
  return read.kind === 'broken' ? read : { kind: 'read', value: { name, digestAlgorithm, signatureAlgorithm, signature, ...read.value } };
};

const signerName = (element: DerElement | undefined): SignerName | undefined => {
  if (element?.tag === 0x80) return { kind: 'key-id', keyId: element.content };
  const [issuer, number, ...more] = membersOf(element) ?? [];
  const serial = integerBytesOf(number);
  return issuer?.tag === DER.sequence && serial !== undefined && more.length === 0 ? { kind: 'serial', issuer: issuer.whole, serial } : undefined;
};

const readAttributes = (element: DerElement): Read<Pick<SignerInfo, 'attributes' | 'messageDigest' | 'bindings'>> => {
  const attributes = membersOf(element, 0xa0)?.map(attributeOf) ?? [];
  const values = new Map(attributes.filter((attribute) => attribute !== undefined));
  if (attributes.length === 0 || attributes.length > MOST.attributes || values.size !== attributes.length) return broken('has malformed signed attributes');
  if (oidOf(values.get(OID.contentType)) !== OID.timeInfo) return broken('has signed attributes for another type of content');
  const messageDigest = contentOf(values.get(OID.messageDigest), DER.octetString);
  if (messageDigest === undefined) return broken('has no digest of its content among the signed attributes');
  const bindings = certificateBindings(values);
  if (bindings === undefined) return broken('names the certificate of its signer in a malformed way');
  // Inside the token the attributes have an implicit tag; what is signed is the SET. Source: RFC 5652 §5.4.
  const set = concatBytes(Uint8Array.of(0x31), element.whole.subarray(1));
  return { kind: 'read', value: { attributes: set, messageDigest, bindings } };
};

/** An attribute with exactly one value. */
const attributeOf = (element: DerElement): readonly [string, DerElement] | undefined => {
  const [type, set, ...more] = membersOf(element) ?? [];
  const oid = oidOf(type);
  const [value, ...others] = membersOf(set, 0x31) ?? [];
  return oid === undefined || value === undefined || others.length > 0 || more.length > 0 ? undefined : [oid, value];
};
