// Generated from https://trainlock.dev/schema/policy-approval/v0.schema.json by npm run generate; do not edit.

/** A person approves a change of the policy itself: the predicate of an in-toto statement whose one subject is the new policy. Closed: a member that is not known is an error. */
export type PolicyApprovalDocument = {
  /** Version of this contract, major and minor. */
  readonly schemaVersion: string;
  /** What is approved: exactly this policy in place of exactly that one. */
  readonly policyChange: {
    /** SHA-256 of the file of the policy that counts until then. It judges the change. */
    readonly fromSha256: string;
    /** SHA-256 of the file of the policy that is to follow it. */
    readonly toSha256: string;
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

