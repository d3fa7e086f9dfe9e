// Generated from https://trainlock.dev/schema/promotion/v0.schema.json by npm run generate; do not edit.

/** A person says that a run is what an environment runs from now on: the predicate of an in-toto statement whose one subject is the record of that run. Closed: a member that is not known is an error. */
export type PromotionDocument = {
  /** Version of this contract, major and minor. */
  readonly schemaVersion: string;
  /** The run that is promoted. */
  readonly record: {
    /** UUIDv4 of the run. */
    readonly runId: string;
    /** SHA-256 of the payload of its record. */
    readonly manifestSha256: string;
  };
  /** Where it runs, in the words of the team; no control characters, and none that are not seen. */
  readonly environment: string;
  /** How much of the work it does; the run that it replaces does the rest. 0: it does none any more. Unit: percent. */
  readonly sharePercent: number;
  /** The run that ran there until then; none did, if it is absent. */
  readonly replaces?: {
    /** UUIDv4 of the run. */
    readonly runId: string;
    /** SHA-256 of the payload of its record. */
    readonly manifestSha256: string;
  };
  /** The newest promotions of this environment that were there: SHA-256 of their payloads, in order. More than one where two had been made side by side, which this one settles; empty for the first one. */
  readonly follows: readonly (string)[];
  /** The promotion that this one takes back: SHA-256 of its payload. */
  readonly takesBack?: string;
  /** The policy by which the change was allowed, and what that relied on; absent where the project had no policy, and where a run comes back that had been there. */
  readonly allowedBy?: {
    /** SHA-256 of the policy. */
    readonly policySha256: string;
    /** SHA-256 of the changed places, as approvals have it. */
    readonly differenceSha256: string;
    /** Who took part in making the change, by the names of the policy: none of them could approve it. */
    readonly actors: readonly (string)[];
    /** The approvals that counted: SHA-256 of their payloads, in order. */
    readonly approvals: readonly (string)[];
  };
  /** Printed name of whoever promotes, as the policy has it. The key says who it was. */
  readonly person: string;
  /** Why, in the words of the person. */
  readonly reason: string;
  /** By the clock of the machine that signed it: a claim. Unit: RFC 3339 UTC. */
  readonly promotedAt: string;
};

