// Generated from https://trainlock.dev/schema/exception/v0.schema.json by npm run generate; do not edit.

/** A person lets a model run in an environment for some time in spite of a finding of the gate: the predicate of an in-toto statement whose one subject is the record. It counts when a second person confirms it. Closed: a member that is not known is an error. */
export type ExceptionDocument = {
  /** Version of this contract, major and minor. */
  readonly schemaVersion: string;
  /** What the gate finds, and what does not stand in the way in spite of it. That record, signature, log or bytes are wrong is none of these; that approvals are missing (TL1003) only a break-glass excuses. */
  readonly finding: {
    /** Id of the finding. */
    readonly id: 'TL1003' | 'TL1005' | 'TL2001' | 'TL2002' | 'TL2003' | 'TL2004' | 'TL2005' | 'TL2006' | 'TL3001' | 'TL3002' | 'TL3003' | 'TL3004' | 'TL3005' | 'TL4001';
    /** The thing, letter by letter as the gate names it; absent where the finding names none. */
    readonly about?: string;
  };
  /** The run of which the finding speaks, and exactly this record of it. */
  readonly record: {
    /** UUIDv4 of the run. */
    readonly runId: string;
    /** SHA-256 of the payload of its record. */
    readonly manifestSha256: string;
  };
  /** The only environment in which it counts, as the policy names it. */
  readonly environment: string;
  /** break-glass: an emergency. It lasts hours, and must be reviewed afterwards; one that confirms it has the same level. Absent: an exception. */
  readonly level?: 'break-glass';
  /** SHA-256 of the payload of the exception of another person that this one confirms; absent for the first. */
  readonly confirms?: string;
  /** As what the person speaks. */
  readonly role: 'initiator' | 'signer' | 'approver-data' | 'approver-dependency' | 'approver-model' | 'deployer';
  /** Printed name of whoever says it, as the policy has it. */
  readonly person: string;
  /** Why the model may run all the same, in the words of the person. */
  readonly reason: string;
  /** Where it is worked on. */
  readonly ticket?: string;
  /** What is done meanwhile so that no harm comes of it. */
  readonly compensatingControl?: string;
  /** By the clock of the machine that signed it: a claim. Unit: RFC 3339 UTC. */
  readonly statedAt: string;
  /** When it ends. Unit: RFC 3339 UTC. */
  readonly expiresAt: string;
};

