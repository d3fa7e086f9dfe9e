// Generated from https://trainlock.dev/schema/policy-tests/v0.schema.json by npm run generate; do not edit.

/** Cases that a policy must answer as expected. Closed: a key that is not known is an error. */
export type PolicyTestsDocument = {
  /** Version of this format. */
  readonly version: 1;
  /** One after another; none depends on another. */
  readonly cases: readonly (Case)[];
};

/** Name of a person or machine, as the trust file has it. */
export type Person = string;

/** The role in which somebody approves. */
export type Role = 'initiator' | 'signer' | 'approver-data' | 'approver-dependency' | 'approver-model' | 'deployer' | 'auditor' | 'admin';

/** A change, who made it, who approved it, and the answer that is expected. */
export type Case = {
  /** What the case is about. */
  readonly name: string;
  /** Paths of the manifest, as in a rule but without wildcards behind items: /data/* /contentSha256. */
  readonly changed: readonly (string)[];
  /** Who made the change: author, initiator, signer, pushers. */
  readonly actors?: readonly (Person)[];
  /** Approvals that were given. */
  readonly approvals?: readonly (Approval)[];
  /** Replays of the candidate that are recorded. */
  readonly replays?: readonly (Replay)[];
  /** The answer. */
  readonly expect: 'allowed' | 'denied' | 'undecided';
  /** Ids of exactly those rules that must apply. */
  readonly rules?: readonly (string)[];
};

/** A replay, who signed it, where it ran, and how it came out. */
export type Replay = {
  /** Whose signature counts; none: a machine signed it. */
  readonly person?: Person;
  /** Where it ran, beside the host of the run; unknown if nothing is said. */
  readonly host?: 'same' | 'other' | 'unknown';
  /** same: as the run; different; or nothing that both records bear out. same if nothing is said. */
  readonly outcome?: 'same' | 'different' | 'nothing';
};

/** Who approved, and as what. */
export type Approval = {
  /** Who. */
  readonly person: Person;
  /** In which role. */
  readonly role: Role;
  /** Whether it had expired already. */
  readonly expired?: boolean;
  /** Whether the same person took it back. */
  readonly withdrawn?: boolean;
  /** Whether it was given to another change: another baseline, candidate, difference or policy. */
  readonly otherChange?: boolean;
};
