import { compareBytes, type Crypto, toHex } from '#base';
import { type Certificate, extensionOf } from '../x509/certificate.ts';
import { EXTENSION } from '../x509/extensions.ts';
import type { VerifyWith } from '../x509/signature-algorithm.ts';
import { isBoundTo } from './certificate-binding.ts';
import { digestOf } from './digest-of.ts';
import type { Timestamp } from './read-timestamp.ts';
import type { SignerName } from './signed-data.ts';

/** `refusal` is a word for programs, `because` a sentence for people. */
export type TimestampRefused = { readonly kind: 'refused'; readonly refusal: TimestampRefusal; readonly because: string };

export type TimestampRefusal =
  | 'malformed'
  | 'other-imprint'
  | 'other-nonce'
  | 'wrong-signature'
  | 'other-certificate'
  | 'not-for-timestamps'
  | 'expired'
  | 'not-yet-valid'
  | 'outside-window'
  | 'unknown-authority'
  | 'bad-certificate';

export type CertificatePorts = { readonly crypto: Crypto; readonly verifyWith: VerifyWith };

/** What a token must be about. */
export type TimestampSubject = {
  /** The raw bytes of the signature that was dated. */
  readonly signature: Uint8Array;
  /** The nonce of the request, where it is still known. */
  readonly nonce?: bigint;
};

/** The token is sound in itself: made by whoever holds the key of this certificate. Whether that is anybody to trust is another question. */
export type TokenCheck = { readonly kind: 'held'; readonly signer: Certificate } | TimestampRefused;

export const refuseTimestamp = (refusal: TimestampRefusal, because: string): TimestampRefused => ({ kind: 'refused', refusal, because });

/**
 * Checks a token by itself: that it is about this signature, that its nonce is the one that was sent, that the certificate of its
 * signer (in the token or among the known ones) signed it, may date things and was valid at the time. Source: RFC 3161 §2.2 to §2.4.
 */
export const checkToken = (timestamp: Timestamp, subject: TimestampSubject, known: readonly Certificate[], ports: CertificatePorts): TokenCheck => {
  const { info, signed } = timestamp;
  const { algorithm, digest } = info.imprint;
  if (compareBytes(digest, digestOf(algorithm, subject.signature, ports.crypto)) !== 0) return refuseTimestamp('other-imprint', 'the token dates other bytes than this signature');
  if (subject.nonce !== undefined && info.nonce !== subject.nonce)
    return refuseTimestamp('other-nonce', 'the token does not answer the request that was made: its nonce is another');
  if (compareBytes(signed.signer.messageDigest, digestOf(signed.signer.digestAlgorithm, signed.content, ports.crypto)) !== 0) {
    return refuseTimestamp('wrong-signature', 'what the token says was changed after it was signed');
  }
  const candidates = [...known, ...signed.certificates].filter((certificate) => isNamed(signed.signer.name, certificate));
  if (candidates.length === 0) return refuseTimestamp('unknown-authority', 'the certificate of its signer is neither in the token nor configured');
  const signer = candidates.find((candidate) => isSignedBy(timestamp, candidate, ports));
  if (signer === undefined) return refuseTimestamp('wrong-signature', `the signature of the token is not of the certificate "${candidates[0]!.subject.text}"`);
  if (!signed.signer.bindings.every((binding) => isBoundTo(binding, signer, ports.crypto))) {
    return refuseTimestamp('other-certificate', 'the token was signed for another certificate than the one that came with it');
  }
  return useProblem(signer, info.time.sinceEpochMs) ?? { kind: 'held', signer };
};

const isNamed = (name: SignerName, certificate: Certificate): boolean => {
  switch (name.kind) {
    case 'serial':
      return compareBytes(name.issuer, certificate.issuer.der) === 0 && toHex(name.serial) === certificate.serial;
    case 'key-id':
      return certificate.subjectKeyId !== undefined && compareBytes(name.keyId, certificate.subjectKeyId) === 0;
  }
};

const isSignedBy = ({ signed: { signer } }: Timestamp, { key }: Certificate, { verifyWith }: CertificatePorts): boolean =>
  verifyWith(key.spki, signer.signatureAlgorithm, signer.attributes, signer.signature);

/** Purpose of a certificate that dates things. Source: RFC 3161 §2.3. */
export const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

const useProblem = (signer: Certificate, atMs: number): TimestampRefused | undefined => {
  const name = `the certificate "${signer.subject.text}"`;
  const [purpose, ...others] = signer.extKeyUsage ?? [];
  if (purpose !== TIME_STAMPING || others.length > 0) return refuseTimestamp('not-for-timestamps', `${name} is not for time stamps alone`);
  if (extensionOf(signer, EXTENSION.extKeyUsage)?.isCritical !== true) return refuseTimestamp('not-for-timestamps', `${name} does not make its purpose critical`);
  const uses = signer.keyUsage;
  if (uses !== undefined && !uses.has('digitalSignature') && !uses.has('contentCommitment')) return refuseTimestamp('not-for-timestamps', `the key of ${name} may not sign`);
  if (atMs < signer.notBefore.sinceEpochMs) return refuseTimestamp('not-yet-valid', `${name} was valid only from ${signer.notBefore.text}, after the time of the token`);
  return atMs <= signer.notAfter.sinceEpochMs ? undefined : refuseTimestamp('expired', `${name} was valid only until ${signer.notAfter.text}, before the time of the token`);
};
