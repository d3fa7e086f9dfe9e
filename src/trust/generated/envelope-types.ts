// Generated from https://trainlock.dev/schema/trust-envelope/v0.schema.json by npm run generate; do not edit.

/** The file trust.json: a trust document and the signatures over it, as DSSE. Closed: a member that is not known is an error. Source: DSSE 1.0. */
export type TrustEnvelopeDocument = {
  /** Media type of the payload. It is signed too, so that a signature over a statement is none over a trust file, nor the other way round. */
  readonly payloadType: 'application/vnd.trainlock.trust+json';
  /** The signed bytes: a trust document in canonical JSON (RFC 8785). Standard base64. */
  readonly payload: string;
  /** One for each key. */
  readonly signatures: readonly ({
    /** SHA-256 of the SubjectPublicKeyInfo of the key. It only says which key is tried. */
    readonly keyid: Sha256;
    /** Bytes of the signature. Standard base64. */
    readonly sig: string;
  })[];
};

/** SHA-256 in lower-case hexadecimal. */
export type Sha256 = string;
