import { compareBytes, concatBytes, type Crypto, type VerifySignature } from '#base';
import { DER } from '../der.ts';
import { signatureProblem } from '../public-key.ts';
import type { Certificate } from '../x509/certificate.ts';
import { derOf, membersOf, onlyElement } from '../x509/der-values.ts';
import { readScts, SCT_LIST, type SignedCertificateTimestamp } from './read-scts.ts';
import { isWithin, type TrustedLog, type TrustedRoot, windowText } from './trusted-root.ts';

/** `logs` are distinct logs that promised to take the certificate in. */
export type SctCheck = { readonly kind: 'held'; readonly logs: readonly string[] } | { readonly kind: 'refused'; readonly because: string };

export type SctPorts = { readonly crypto: Crypto; readonly verifySignature: VerifySignature };

/**
 * Which logs of certificates that the trusted root knows have promised to take in a certificate. A promise of a known log that does not
 * hold refuses all; those of other logs are not counted. Never throws. Source: RFC 6962 §3.2.
 */
export const checkScts = (certificate: Certificate, issuer: Certificate, { certificateLogs }: Pick<TrustedRoot, 'certificateLogs'>, ports: SctPorts): SctCheck => {
  const scts = readScts(certificate);
  if (scts === undefined) return refuse('the promises of logs in the certificate are malformed');
  const bare = scts.length === 0 ? undefined : withoutScts(certificate);
  const names = new Set<string>();
  for (const sct of scts) {
    const log = certificateLogs.find(({ logId }) => compareBytes(logId, sct.logId) === 0);
    if (log === undefined) continue;
    const problem =
      bare === undefined ? 'the certificate cannot be taken apart' : sctProblem(sct, log, signedBytes(sct, bare, ports.crypto.sha256(issuer.key.spki)), ports.verifySignature);
    if (problem !== undefined) return refuse(problem);
    names.add(log.operator ?? log.name);
  }
  return { kind: 'held', logs: [...names] };
};

const refuse = (because: string): SctCheck => ({ kind: 'refused', because });

const sctProblem = (sct: SignedCertificateTimestamp, { name, key, window }: TrustedLog, signed: Uint8Array, verify: VerifySignature): string | undefined => {
  if ('kind' in key) return `the log of certificates ${name} has a key that is not used: ${key.because}`;
  if (!isWithin(window, sct.atMs)) return `the log of certificates ${name} counts only ${windowText(window)}`;
  // SHA-256 (4) with ECDSA (3) or RSA (1). Source: RFC 5246 §7.4.1.4.1.
  const isOfKey = sct.hash === 4 && sct.algorithm === (key.algorithm === 'ecdsa-p256' ? 3 : key.algorithm === 'rsa' ? 1 : -1);
  const holds = isOfKey && signatureProblem(key.algorithm, sct.signature) === undefined && verify(key.spki, signed, sct.signature);
  return holds ? undefined : `the promise of the log of certificates ${name} does not hold: it is about another certificate, or was changed`;
};

const numberOf = (value: number, bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, (_, at) => Math.floor(value / 256 ** (bytes - 1 - at)) % 256);

/** What a log signs for a certificate with its promise inside: a certificate without the list, and the key of its issuer. */
const signedBytes = ({ atMs, extensions }: SignedCertificateTimestamp, bare: Uint8Array, issuerKeySha256: Uint8Array): Uint8Array =>
  concatBytes(
    Uint8Array.of(0, 0),
    numberOf(atMs, 8),
    // precert_entry.
    Uint8Array.of(0, 1),
    issuerKeySha256,
    numberOf(bare.length, 3),
    bare,
    numberOf(extensions.length, 2),
    extensions,
  );

/** The signed part of a certificate without its list of promises. */
const withoutScts = (certificate: Certificate): Uint8Array | undefined => {
  const members = membersOf(onlyElement(certificate.tbs));
  if (members === undefined) return undefined;
  const kept = certificate.extensions.filter(({ oid }) => oid !== SCT_LIST).map(({ whole }) => whole);
  return derOf(DER.sequence, ...members.map(({ tag, whole }) => (tag === 0xa3 ? derOf(0xa3, derOf(DER.sequence, ...kept)) : whole)));
};
