// Generated from https://trainlock.dev/schema/approval/v0.schema.json by npm run generate; do not edit.

/** A person approves a change from one run to another: the predicate of an in-toto statement whose one subject is the record of the candidate. Closed: a member that is not known is an error. */
export type ApprovalDocument = {
  /** Version of this contract, major and minor. */
  readonly schemaVersion: string;
  /** What is approved: exactly this candidate in place of exactly this baseline, by exactly this policy. */
  readonly change: {
    /** The run that counts until then; absent for the first of its kind, of which everything is new. */
    readonly baseline?: {
      /** UUIDv4 of the run. */
      readonly runId: string;
      /** SHA-256 of the payload of its record. */
      readonly manifestSha256: string;
    };
    /** The run that is to follow it. */
    readonly candidate: {
      /** UUIDv4 of the run. */
      readonly runId: string;
      /** SHA-256 of the payload of its record. */
      readonly manifestSha256: string;
    };
    /** SHA-256 of the changed places, as they were shown to whoever approved: canonical JSON of their paths and labels in order. */
    readonly differenceSha256: string;
    /** SHA-256 of the policy by which it was approved. */
    readonly policySha256: string;
    /** The environment for which it is approved; all, if nothing is said. */
    readonly environment?: string;
  };
  /** The role in which it is approved. */
  readonly role: 'approver-data' | 'approver-dependency' | 'approver-model';
  /** What the signature means. Source: 21 CFR 11.50. */
  readonly meaning: 'review' | 'approval' | 'responsibility';
  /** Printed name of whoever approves, as the policy has it. The key says who it was. */
  readonly person: string;
  /** Why, in the words of the person. */
  readonly reason: string;
  /** By the clock of the machine that signed it: a claim. Unit: RFC 3339 UTC. */
  readonly approvedAt: string;
  /** From then on it counts no more. Unit: RFC 3339 UTC. */
  readonly expiresAt?: string;
};

