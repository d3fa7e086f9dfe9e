/** What an entry of a log must be about. */
export type LoggedContent = {
  readonly kind: 'dsse' | 'message';
  /** Only of a statement. */
  readonly payloadType?: string;
  readonly signature: Uint8Array;
  /** DER of the certificate or of the public key that the signature was checked with. */
  readonly signer: Uint8Array;
  readonly sha256: {
    /** SHA-256 of the bytes that were signed: of the file, or of the pre-authentication encoding of the statement. */
    readonly signed: Uint8Array;
    /** SHA-256 of the payload of the statement, or again of the file. */
    readonly payload: Uint8Array;
  };
};
