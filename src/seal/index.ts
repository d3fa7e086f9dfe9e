/** Signed documents: DSSE envelopes, Sigstore bundles, public keys and their signatures. Knows no field of a manifest; signs nothing itself. */
export type { Bundle, DsseContent, LogEntry, MessageContent, SignerMaterial } from './bundle.ts';
export { checkSignature, type SignatureCheck, type SignatureRefusal } from './check-signature.ts';
export { IN_TOTO_PAYLOAD, preAuthEncoding } from './dsse.ts';
export { bigintOf, DER, derContent, type DerElement, derElements, derPositive } from './der.ts';
export { pemOf, pemOfPublicKey, readPem, readPublicKeyPem } from './pem.ts';
export { ed25519Problem, ed25519Raw, ed25519Spki, type KeyAlgorithm, type PublicKey, readPublicKey, signatureProblem } from './public-key.ts';
export { readBundle } from './read-bundle.ts';
export { bundleDocument, type SealedStatement, writeBundle, writeEnvelope } from './write-bundle.ts';
export { type Certificate, isSameCertificate, readCertificate, readCertificatePem } from './x509/certificate.ts';
export type { SignatureAlgorithm, VerifyWith } from './x509/signature-algorithm.ts';
export { checkTimestamp, type TimeAuthority, type TimestampCheck, type TrustedTime } from './time/check-timestamp.ts';
export { type CertificatePorts, checkToken, type TimestampSubject } from './time/check-token.ts';
export { countAuthorities } from './time/count-authorities.ts';
export { MOST_TIMESTAMP_BYTES, readTimestamp, type Timestamp } from './time/read-timestamp.ts';
export { timestampRequest } from './time/timestamp-request.ts';
