import type { PublicKey } from '#seal';

/** A private key that can be used and not seen. */
export type Signer = {
  readonly publicKey: PublicKey;
  /** Where the key is, in words for people: "the file …", "the token …". Never a secret. */
  readonly place: string;
  /**
   * Signature over the message, as VerifySignature checks it: DER for ECDSA, 64 bytes for Ed25519. Throws TrainlockError if the key
   * cannot be used. Inside trainlock only: what may be signed is decided by the callers in `sign-statement` and `sign-note`.
   */
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>;
};
