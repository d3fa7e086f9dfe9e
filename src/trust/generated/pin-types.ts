// Generated from https://trainlock.dev/schema/trust-pin/v0.schema.json by npm run generate; do not edit.

/** Which root keys this user or machine trusts, kept outside every repository. Closed: a member that is not known is an error. */
export type TrustPinDocument = {
  /** Version of this schema, major and minor. */
  readonly schemaVersion: string;
  /** What the roots are pinned for. */
  readonly name?: Label;
  /** How many of the roots must sign. Never more than there are roots. */
  readonly threshold: number;
  /** The pinned keys. */
  readonly roots: readonly ({
    /** The key in PEM. */
    readonly publicKey: PublicKey;
    /** Who holds it. */
    readonly name: Label;
  })[];
  /** The newest trust file that was accepted; the roots of the pin are those of this version. An older one, or another one with the same version, is refused. */
  readonly lastSeen?: {
    /** Its version. */
    readonly version: number;
    /** SHA-256 of its payload. */
    readonly sha256: Sha256;
  };
};

/** SHA-256 in lower-case hexadecimal. */
export type Sha256 = string;

/** Short text. */
export type Label = string;

/** SubjectPublicKeyInfo in PEM: ECDSA P-256, Ed25519, or RSA of 3072 bits and more. Source: RFC 7468 §13. */
export type PublicKey = string;
