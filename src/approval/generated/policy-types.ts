// Generated from https://trainlock.dev/schema/policy/v0.schema.json by npm run generate; do not edit.

/** Who may start, sign, approve and deploy, and what a change needs. Closed: a key that is not known is an error. Rules add: where several apply, all must be satisfied. */
export type PolicyDocument = {
  /** Version of the policy language. */
  readonly version: 1;
  /** One person does everything: rules may be satisfied by the author. Such approvals are self-attested, and a strict gate refuses them. */
  readonly solo?: boolean;
  /** Who has which role. */
  readonly roles: {
    /** Who may start runs that are to be promoted. */
    readonly initiator?: People;
    /** Who may sign records; usually the machine that runs them. */
    readonly signer?: People;
    /** Who may approve changes of data, splits and preprocessing. */
    readonly 'approver-data'?: People;
    /** Who may approve changes of packages, native libraries and the machine. */
    readonly 'approver-dependency'?: People;
    /** Who may approve changes of code, parameters, seeds and criteria. */
    readonly 'approver-model'?: People;
    /** Who may put a model into an environment. */
    readonly deployer?: People;
    /** Who reads everything and decides nothing. */
    readonly auditor?: People;
    /** Who keeps roles, keys and this policy. Admins neither approve nor deploy. */
    readonly admin?: People;
  };
  /** Names in the roles that are no persons. They never satisfy a rule. */
  readonly machines?: People;
  /** What a change needs. A change that no rule speaks of is denied. */
  readonly rules: readonly (Rule)[];
  /** Places where models run, and what each asks of a model before it may run there. A gate knows no other. */
  readonly environments?: Readonly<Record<string, Environment>>;
};

/** Names, each once. */
export type People = readonly (Person)[];

/** Name of a person or machine, as the trust file has it. */
export type Person = string;

/** What somebody may do. */
export type Role = 'initiator' | 'signer' | 'approver-data' | 'approver-dependency' | 'approver-model' | 'deployer' | 'auditor' | 'admin';

/** Changes of some fields, and whose approvals they need. */
export type Rule = {
  /** Name of the rule, once in the policy. */
  readonly id: string;
  /** The reason, for those who are stopped by it. */
  readonly why: string;
  /** What the rule speaks of: classes of change (code, data, split, parameter, seed, package, native, threads, hardware, config, criteria), paths of the manifest (/data/* /schema/**), policy for a change of the policy itself, or ** for everything, also the policy. */
  readonly changed: readonly (string)[];
  /** Approvals that are all needed, each by other people. */
  readonly require: readonly (Requirement)[];
};

/** So many distinct persons with a role, none of whom made the change. */
export type Requirement = {
  /** The role that they must have. */
  readonly role?: Role;
  /** In place of one role: any of these. */
  readonly anyOf?: readonly (Role)[];
  /** How many distinct persons; 1 if nothing is said. Unit: persons. */
  readonly count?: number;
};

/** What a model must show before it may run here. Without a word everything is asked. */
export type Environment = {
  /** What this place is, for those who are stopped by it. */
  readonly why?: string;
  /** Whether everything is asked that is not asked less of below: true if nothing is said. A strict environment refuses policies for one person. */
  readonly strict?: boolean;
  /** required: a log that counts here has the record, and is at hand to say whether an approval was withdrawn; proof: the proof beside the record is enough; none: it is not asked. Without a word: required if strict, else none. */
  readonly log?: 'required' | 'proof' | 'none';
  /** required: criteria were declared before the run, or stand in acceptance, and are met; declared: those that were declared are met; none: it is not asked. Without a word: required if strict, else declared. */
  readonly criteria?: 'required' | 'declared' | 'none';
  /** Conditions that the metrics of the record must meet, whatever it declares itself. */
  readonly acceptance?: readonly (Condition)[];
  /** What the recorded inputs must give on the machine that serves: bit: the same bytes; tolerance: the same decisions, within the declared tolerance; none: it is not asked. Without a word: tolerance if strict, else none. */
  readonly canary?: 'bit' | 'tolerance' | 'none';
  /** Whether the run must have been repeated with the same outcome: any: by anybody; independent: signed by another person, on another host; none: it is not asked. Without a word: none. */
  readonly replay?: 'any' | 'independent' | 'none';
  /** The worst difference of software and machine with which a model may run though no canary has shown that it does no harm. Without a word: none if strict, else low. */
  readonly tolerates?: 'none' | 'low' | 'medium' | 'high';
  /** How old an approval may be; any age, if nothing is said. Unit: day. */
  readonly approvalDays?: number;
  /** Who may let a model run in spite of a finding, and for how long. Without it nobody may. */
  readonly exceptions?: {
    /** The role that one of the two persons must have. */
    readonly role: Role;
    /** Longest time that an exception may last. Unit: day. */
    readonly days: number;
  };
  /** Who may let a model run in an emergency in spite of missing approvals too, for how many hours, and until when that must have been reviewed. It needs two persons. Without it nobody may. */
  readonly breakGlass?: {
    /** The role that one of the two persons must have, and whoever reviews it. */
    readonly role: Role;
    /** Longest time that it may last. Unit: hour. */
    readonly hours: number;
    /** So long after its end it must have been reviewed; then nothing passes this gate until it is. Unit: day. */
    readonly reviewDays: number;
  };
};

/** One bound on one metric. */
export type Condition = {
  /** Its name, as the record has it. */
  readonly metric: string;
  /** Stage, if it counts. */
  readonly stage?: string;
  /** Split, if it counts. */
  readonly split?: string;
  /** How it is compared. */
  readonly operator: '>=' | '>' | '<=' | '<' | '==';
  /** The bound, in quotes, so that it is compared as it is written. */
  readonly value: string;
};
