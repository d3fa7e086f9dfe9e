import { accepted, compareBytes, type Crypto, fromUtf8, type Reading, rejected } from '#base';
import { type PublicKey, readPublicKey } from '../public-key.ts';
import { type Certificate, extensionOf, readCertificate } from '../x509/certificate.ts';
import { contentOf, onlyElement } from '../x509/der-values.ts';
import type { AlternativeName } from '../x509/extensions.ts';

/** A certificate for one signature: it binds a key to an identity that an OIDC issuer has vouched for. Read, not checked. */
export type SigningCertificate = {
  readonly certificate: Certificate;
  readonly key: PublicKey;
  /** Address of the OIDC issuer. */
  readonly issuer: string;
  /** Who signed, as the issuer names them: an address of e-mail, or that of a workflow. */
  readonly subject: string;
};

/** Purpose of a certificate that signs code. Source: RFC 5280 §4.2.1.12. */
export const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';

/** Issuer as bare text, and as UTF8String in DER; user name as SAN. Source: sigstore/fulcio docs/oid-info.md. */
const FULCIO = { issuer: '1.3.6.1.4.1.57264.1.1', issuerV2: '1.3.6.1.4.1.57264.1.8', userName: '1.3.6.1.4.1.57264.1.7' } as const;

/**
 * Reads the certificate of a signer from untrusted DER: for code signing, of no authority, with one identity and one issuer. Two names,
 * an issuer that is stated twice and differently, and a key that statements may not be signed with are refused. Never throws.
 */
export const readSigningCertificate = (der: Uint8Array, crypto: Crypto): Reading<SigningCertificate> => {
  const reading = readCertificate(der);
  if (reading.kind === 'rejected') return reading;
  const certificate = reading.value;
  if (certificate.basicConstraints?.isAuthority === true) return refused('is one of an authority, not of a signer');
  if (certificate.keyUsage?.has('digitalSignature') !== true) return refused('has a key that may not sign');
  if (certificate.extKeyUsage?.includes(CODE_SIGNING) !== true) return refused('is not for code signing');
  const [name, ...others] = certificate.alternativeNames ?? [];
  if (others.length > 0) return refused(`names ${others.length + 1} identities: whose signature this is would be open`);
  const subject = name === undefined ? undefined : subjectOf(name);
  if (subject === undefined) return refused('names no identity');
  const issuer = issuerOf(certificate);
  if (issuer.kind === 'rejected') return issuer;
  const key = readPublicKey(certificate.key.spki, crypto);
  return key.kind === 'rejected' ? key : accepted({ certificate, key: key.value, issuer: issuer.value, subject });
};

const refused = (what: string): Reading<never> => rejected({ pointer: '', message: `the certificate ${what}` });

const subjectOf = (name: AlternativeName): string | undefined => {
  if (name.kind === 'email' || name.kind === 'uri') return name.text;
  return name.kind === 'other' && name.oid === FULCIO.userName && name.text !== undefined && isVisible(name.text) ? name.text : undefined;
};

/** Both forms may stand in a certificate; then they must say the same. */
const issuerOf = (certificate: Certificate): Reading<string> => {
  const [bare, wrapped] = [extensionOf(certificate, FULCIO.issuer)?.value, extensionOf(certificate, FULCIO.issuerV2)?.value];
  const inner = wrapped === undefined ? undefined : contentOf(onlyElement(wrapped), 0x0c);
  if (wrapped !== undefined && inner === undefined) return refused('has a malformed issuer of its identity');
  if (bare !== undefined && inner !== undefined && compareBytes(bare, inner) !== 0) return refused('names two issuers of its identity');
  const bytes = inner ?? bare;
  const text = bytes === undefined ? undefined : fromUtf8(bytes);
  return text !== undefined && isVisible(text) ? accepted(text) : refused('does not say who vouches for its identity');
};

/** Visible ASCII, as addresses are: what could be shown as something else is refused. */
const isVisible = (text: string): boolean => /^[\u0021-\u007e]{1,2048}$/.test(text);
