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
