import type { PublicKey } from '#seal';
import type { Role } from './generated/trust-types.ts';
import type { VerifierKey } from '#tlog';

/** When a key or identity counts. All times are RFC 3339 in UTC. */
export type Bounds = {
  /** First moment that counts. */
  readonly validFrom?: string;
  /** Last moment that counts. */
  readonly validUntil?: string;
  readonly revoked?: Revocation;
};

export type Revocation = {
  readonly at: string;
  readonly reason: string;
  /** Since when somebody else may have used it; not after `at`. */
  readonly compromisedSince?: string;
};

export type TrustRoot = { readonly name: string; readonly key: PublicKey };
export type TrustedKey = Bounds & { readonly key: PublicKey };

/** An identity in a certificate; both texts are compared as they are. */
export type TrustedIdentity = Bounds & { readonly issuer: string; readonly subject: string };

export type TrustedSigner = {
  readonly name: string;
  /** Who stands behind it: signers with the same person are one where persons are counted. */
  readonly person?: string;
  readonly kind: 'person' | 'machine' | 'service';
  readonly keys: readonly TrustedKey[];
  readonly identities: readonly TrustedIdentity[];
  readonly roles: readonly Role[];
  /** Predicate types, exactly. */
  readonly statementTypes: readonly string[];
  /** Absent: all environments. */
  readonly environments?: readonly string[];
};

/** A trust document that was read. Whether anybody signed it is another question: see acceptTrust. */
export type Trust = {
  /** From 1; only goes up. */
  readonly version: number;
  readonly issuedAt: string;
  readonly expiresAt: string;
  /** From 1 to the number of roots. */
  readonly threshold: number;
  readonly roots: readonly TrustRoot[];
  readonly signers: readonly TrustedSigner[];
  readonly timeAuthorities: readonly {
    readonly name: string;
    readonly url?: string;
    /** DER; the certificate that signs tokens first. */
    readonly certificates: readonly Uint8Array[];
  }[];
  readonly logs: readonly { readonly origin: string; readonly key: VerifierKey }[];
  readonly witnesses: readonly { readonly name: string; readonly key: VerifierKey }[];
  readonly previousSha256?: string;
  /** SHA-256 of the bytes that were read, in hexadecimal. */
  readonly sha256: string;
  /** Who owns a key, by its id. */
  readonly keys: ReadonlyMap<string, { readonly signer: TrustedSigner; readonly bounds: Bounds }>;
  /** Who owns an identity, by identityName(). */
  readonly identities: ReadonlyMap<string, { readonly signer: TrustedSigner; readonly bounds: Bounds }>;
};
