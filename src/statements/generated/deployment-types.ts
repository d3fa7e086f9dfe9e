// Generated from https://trainlock.dev/schema/deployment/v0.schema.json by npm run generate; do not edit.

/** A person or machine says that a model was allowed by the gate just now and runs at a place from then on, or still: the predicate of an in-toto statement whose one subject is the record of that run. Closed: a member that is not known is an error. */
export type DeploymentDocument = {
  /** Version of this contract, major and minor. */
  readonly schemaVersion: string;
  /** The run whose model is said to run. */
  readonly record: {
    /** UUIDv4 of the run. */
    readonly runId: string;
    /** SHA-256 of the payload of its record. */
    readonly manifestSha256: string;
  };
  /** The environment by whose rules the gate was asked. */
  readonly environment: string;
  /** Where it runs: a host, a service, a region, in the words of the team; no control characters, and none that are not seen. */
  readonly place: string;
  /** SHA-256 of the file that the gate looked at. */
  readonly modelSha256: string;
  /** What the gate was asked by, and what it judged. */
  readonly gate: {
    /** SHA-256 of the policy. */
    readonly policySha256: string;
    /** SHA-256 of the canonical JSON (RFC 8785) of the facts that it judged: what --explain prints under facts. */
    readonly factsSha256: string;
  };
  /** What was said last of this place in this environment: SHA-256 of the payloads, in order. More than one where two had been said side by side; empty for the first one. */
  readonly follows: readonly (string)[];
  /** Printed name of the person or machine that says so, as the trust file has it. The key says who it was. */
  readonly person: string;
  /** Why, in words. */
  readonly reason: string;
  /** When the gate allowed it, by the clock of the machine that signed it: a claim. Unit: RFC 3339 UTC. */
  readonly gatedAt: string;
};

