/**
 * The hash functions that pure rooms may use; adapters exist for node:crypto and for browsers.
 * Contract: pure, deterministic, throws nothing.
 */
export type Crypto = {
  /** SHA-256 of the bytes: 32 bytes. Source: FIPS 180-4. */
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  /** HMAC-SHA-256: 32 bytes. Source: RFC 2104. */
  readonly hmacSha256: (key: Uint8Array, bytes: Uint8Array) => Uint8Array;
};

/**
 * Checks one signature. The type of the key decides the algorithm, nothing in a document may:
 * P-256 is ECDSA over SHA-256 with a DER signature, Ed25519 is pure Ed25519, RSA is PKCS #1 v1.5 over SHA-256.
 * The key is the DER of a SubjectPublicKeyInfo that `#seal` has accepted. Answers false for anything else; throws nothing.
 */
export type VerifySignature = (spki: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;
