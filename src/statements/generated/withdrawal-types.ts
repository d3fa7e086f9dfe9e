// Generated from https://trainlock.dev/schema/withdrawal/v0.schema.json by npm run generate; do not edit.

/** A person takes an approval back: the predicate of an in-toto statement whose one subject is the statement of the approval. Closed: a member that is not known is an error. */
export type WithdrawalDocument = {
  /** Version of this contract, major and minor. */
  readonly schemaVersion: string;
  /** SHA-256 of the payload of the approval. */
  readonly approvalSha256: string;
  /** Printed name of whoever takes it back. */
  readonly person: string;
  /** Why, in the words of the person. */
  readonly reason: string;
  /** By the clock of the machine that signed it: a claim. Unit: RFC 3339 UTC. */
  readonly withdrawnAt: string;
};

