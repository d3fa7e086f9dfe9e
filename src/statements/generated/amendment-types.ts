// Generated from https://trainlock.dev/schema/amendment/v0.schema.json by npm run generate; do not edit.

/** A person corrects what people had said in the record of a run: the predicate of an in-toto statement whose one subject is that record. The record stays as it is. Closed: a member that is not known is an error. */
export type AmendmentDocument = {
  /** Version of this contract, major and minor. */
  readonly schemaVersion: string;
  /** The record that is corrected. */
  readonly record: {
    /** UUIDv4 of the run. */
    readonly runId: string;
    /** SHA-256 of the payload of its record. */
    readonly manifestSha256: string;
  };
  /** The revision that this one follows: SHA-256 of the payload of the record, or of the amendment before. */
  readonly supersedes: string;
  /** The one place in the manifest that is corrected. Source: RFC 6901. */
  readonly pointer: string;
  /** What stood there; nothing stood there, if it is absent. */
  readonly before?: string | readonly (string)[];
  /** What is to be read there; nothing, if it is absent. */
  readonly after?: string | readonly (string)[];
  /** Printed name of whoever corrects it. The key says who it was. */
  readonly person: string;
  /** Why, in the words of the person. */
  readonly reason: string;
  /** By the clock of the machine that signed it: a claim. Unit: RFC 3339 UTC. */
  readonly amendedAt: string;
};

