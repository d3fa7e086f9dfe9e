// Generated from https://trainlock.dev/schema/exception-review/v0.schema.json by npm run generate; do not edit.

/** A person looks back at a break-glass that is over: the predicate of an in-toto statement whose one subject is the record. Closed: a member that is not known is an error. */
export type ExceptionReviewDocument = {
  /** Version of this contract, major and minor. */
  readonly schemaVersion: string;
  /** The run that ran, and exactly this record of it. */
  readonly record: {
    /** UUIDv4 of the run. */
    readonly runId: string;
    /** SHA-256 of the payload of its record. */
    readonly manifestSha256: string;
  };
  /** Where it ran, as the policy names it. */
  readonly environment: string;
  /** SHA-256 of the payload of the first of the two words of the break-glass. */
  readonly reviews: string;
  /** Whether it was right to let the model run. */
  readonly outcome: 'justified' | 'not-justified';
  /** As what the person speaks. */
  readonly role: 'initiator' | 'signer' | 'approver-data' | 'approver-dependency' | 'approver-model' | 'deployer';
  /** Printed name of whoever says it, as the policy has it. */
  readonly person: string;
  /** What was learnt, in the words of the person. */
  readonly reason: string;
  /** By the clock of the machine that signed it: a claim. Unit: RFC 3339 UTC. */
  readonly reviewedAt: string;
};

