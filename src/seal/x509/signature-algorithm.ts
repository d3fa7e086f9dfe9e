import { DER, type DerElement } from '../der.ts';
import { membersOf, oidOf } from './der-values.ts';

/** How certificates and tokens of others are signed. SHA-1, MD5, DSA and RSA-PSS are not among them. */
export type SignatureAlgorithm = 'ecdsa-sha256' | 'ecdsa-sha384' | 'ecdsa-sha512' | 'rsa-sha256' | 'rsa-sha384' | 'rsa-sha512' | 'ed25519';

/**
 * Checks one signature of a certificate or token with the key of a certificate (DER of a SubjectPublicKeyInfo). The key must fit the
 * algorithm: a curve P-256, P-384 or P-521 for ecdsa, an RSA key of at least 2048 bits for rsa (PKCS #1 v1.5). Answers false for
 * anything else; throws nothing. Only for certificates: statements are checked with VerifySignature, which knows fewer algorithms.
 */
export type VerifyWith = (spki: Uint8Array, algorithm: SignatureAlgorithm, message: Uint8Array, signature: Uint8Array) => boolean;

export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512';

// Sources: RFC 5758 §3.2, RFC 4055 §5, RFC 8410 §3.
const SIGNATURES: Readonly<Record<string, SignatureAlgorithm>> = {
  '1.2.840.10045.4.3.2': 'ecdsa-sha256',
  '1.2.840.10045.4.3.3': 'ecdsa-sha384',
  '1.2.840.10045.4.3.4': 'ecdsa-sha512',
  '1.2.840.113549.1.1.11': 'rsa-sha256',
  '1.2.840.113549.1.1.12': 'rsa-sha384',
  '1.2.840.113549.1.1.13': 'rsa-sha512',
  '1.3.101.112': 'ed25519',
};

// Source: RFC 5754 §2.
const DIGESTS: Readonly<Record<string, DigestAlgorithm>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';

/** Object identifier of an AlgorithmIdentifier, with dots, and whether its parameters are absent or NULL. */
export type AlgorithmIdentifier = { readonly oid: string; readonly isPlain: boolean };

export const algorithmOf = (element: DerElement | undefined): AlgorithmIdentifier | undefined => {
  const members = membersOf(element);
  const oid = oidOf(members?.[0]);
  if (members === undefined || oid === undefined || members.length > 2) return undefined;
  const parameters = members[1];
  return { oid, isPlain: parameters === undefined || (parameters.tag === DER.null && parameters.content.length === 0) };
};

const own = <T>(table: Readonly<Record<string, T>>, oid: string): T | undefined => (Object.hasOwn(table, oid) ? table[oid] : undefined);

/** The algorithm of a signature; undefined for one that is not checked here. */
export const signatureAlgorithmOf = (identifier: AlgorithmIdentifier): SignatureAlgorithm | undefined => (identifier.isPlain ? own(SIGNATURES, identifier.oid) : undefined);

/** The algorithm of a digest; undefined for a weak or unknown one. */
export const digestAlgorithmOf = (identifier: AlgorithmIdentifier | undefined): DigestAlgorithm | undefined =>
  identifier?.isPlain === true ? own(DIGESTS, identifier.oid) : undefined;

/** The algorithm of a signature in CMS, where RSA may stand without its digest: that of the signer then counts. Source: RFC 3370 §3.2. */
export const cmsSignatureAlgorithm = (identifier: AlgorithmIdentifier, digest: DigestAlgorithm): SignatureAlgorithm | undefined =>
  identifier.oid === RSA_ENCRYPTION && identifier.isPlain ? `rsa-${digest}` : signatureAlgorithmOf(identifier);
