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
  /** How often somebody must look again at what an environment runs, and after what. Without it nobody is asked. */
  readonly review?: {
    /** Longest time between two reviews, by the tier of the model; other: of every tier that is not named, and of models without one. A tier that is not named, without other, is undecided. */
    readonly every: Readonly<Record<string, number>>;
    /** What makes a review due at once, if it happened since the last one: data-change, dependency-change: a run with other data, or with other packages, libraries or machine, was promoted; promotion: any other run was; return: a run came back that had been there; exception: it runs in spite of a finding; deprecation: the run or something that it uses was deprecated; amendment: its record reads otherwise. None, if nothing is said. */
    readonly triggers?: readonly ('data-change' | 'dependency-change' | 'promotion' | 'return' | 'exception' | 'deprecation' | 'amendment')[];
  };
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
  /** Approvals that are all needed, each by other people; beside them one replay, if it is asked for. A replay alone is not enough: every rule needs somebody's word. */
  readonly require: readonly (Requirement)[];
};

/** So many distinct persons with a role, none of whom made the change; or a replay of the candidate. */
export type Requirement = {
  /** The role that they must have. */
  readonly role?: Role;
  /** In place of one role: any of these. */
  readonly anyOf?: readonly (Role)[];
  /** How many distinct persons; 1 if nothing is said. Unit: persons. */
  readonly count?: number;
  /** In place of persons: the candidate must have been repeated, with the same outcome by the two signed records. any: by anybody whose signature counts; independent: signed by a person who did not make the change, on another host. A replay that came out different denies the change. Not asked about a change of the policy itself. */
  readonly replay?: 'any' | 'independent';
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
  /** Whether a sample of live inputs must be given, and be like the data on which the model was trained: required or none. A sample that is given is judged in either case. Without a word: none, also if strict, because before a model serves there may be nothing to sample. */
  readonly upstream?: 'required' | 'none';
  /** The worst difference of software and machine with which a model may run though no canary has shown that it does no harm. Without a word: none if strict, else low. */
  readonly tolerates?: 'none' | 'low' | 'medium' | 'high';
  /** How old an approval may be; any age, if nothing is said. Unit: day. */
  readonly approvalDays?: number;
  /** How long the word of a gate holds for a model that was said to run there; for ever, if nothing is said. Unit: day. */
  readonly regateDays?: number;
  /** How often runs may have been measured on the test set of a model: whoever looks often enough finds one that does well by chance. Without it nobody counts. */
  readonly evaluations?: {
    /** Most distinct runs that reported a metric after reading the bytes of the test set; replays with the same numbers are none. */
    readonly most: number;
    /** Whether the log must show that no run is missing here: each run that it has must have its record here and the other way round, so it must be a log of this project alone. false if nothing is said: then only records that are here are counted. */
    readonly proven?: boolean;
  };
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
