// Generated from https://trainlock.dev/schema/delivery/v0.schema.json by npm run generate; do not edit.

/** Which records a folder or web server has for a model or a digest, and of which bytes they consist. It is signed by nobody and says nothing that is believed: it names digests, and what arrives is judged by them. Closed: a member that is not known is an error. */
export type Delivery = {
  /** Version of this schema, major and minor. */
  readonly schemaVersion: string;
  /** Records that are there, each once. */
  readonly records: readonly ({
    /** SHA-256 of the statement, which names the record. */
    readonly manifestSha256: Sha256;
    /** What belongs to the record: its statement, signatures, leaves and proofs. */
    readonly files: readonly ({
      /** Its name, as records that git keeps have it behind the name of the run. */
      readonly name: string;
      /** SHA-256 of its bytes. */
      readonly sha256: Sha256;
      /** Size of the bytes. Unit: byte. */
      readonly sizeBytes: number;
    })[];
  })[];
};

/** SHA-256 in lower-case hexadecimal. */
export type Sha256 = string;
