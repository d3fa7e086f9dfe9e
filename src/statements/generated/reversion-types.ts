// Generated from https://trainlock.dev/schema/reversion/v0.schema.json by npm run generate; do not edit.

/** A person takes an amendment or a deprecation back: the predicate of an in-toto statement whose one subject is that statement, which stays. Closed: a member that is not known is an error. */
export type ReversionDocument = {
  /** Version of this contract, major and minor. */
  readonly schemaVersion: string;
  /** What is taken back. */
  readonly of: {
    /** Kind of the statement. */
    readonly kind: 'amendment' | 'deprecation' | 'deployment';
    /** SHA-256 of its payload. */
    readonly sha256: string;
  };
  /** Printed name of whoever takes it back. The key says who it was. */
  readonly person: string;
  /** Why, in the words of the person. */
  readonly reason: string;
  /** By the clock of the machine that signed it: a claim. Unit: RFC 3339 UTC. */
  readonly revertedAt: string;
};

