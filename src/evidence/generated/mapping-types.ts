// Generated from https://trainlock.dev/schema/mapping/v0.schema.json by npm run generate; do not edit.

/** Which evidence of trainlock speaks to which clause of a framework, in words of our own. A map says where to look and never that anybody is compliant. Closed: a key that is not known is an error. */
export type MappingDocument = {
  /** Version of the form of maps. */
  readonly version: 1;
  /** Name of the framework, as on the command line. */
  readonly id: string;
  /** Name of the framework for people. */
  readonly title: string;
  /** Day of this map. A map is never changed: a later one supersedes it. */
  readonly date: string;
  /** The earlier map of the same framework. */
  readonly supersedes?: string;
  /** What whoever reads it should know of the framework. */
  readonly notes?: readonly (string)[];
  /** What the map rests on, by short names. */
  readonly sources?: Readonly<Record<string, Source>>;
  /** In the order of the framework. */
  readonly clauses: readonly (Clause)[];
};

/** Where something was read. */
export type Source = {
  /** The document, so that it can be found. */
  readonly title: string;
  /** What it says, in words of our own. */
  readonly says: string;
};

/** What one clause asks, and what trainlock has to show for it. Without a source it is a draft. */
export type Clause = {
  /** Number of the clause. */
  readonly clause: string;
  /** What it asks, in words of our own. */
  readonly asks: string;
  /** Short names of sources; without one the clause is a draft that nobody has checked against the text. */
  readonly sources?: readonly (string)[];
  /** What must be there, all of it. Without any, trainlock has nothing to show. */
  readonly needs?: readonly (Need)[];
  /** Commands that show it. */
  readonly commands?: readonly (string)[];
  /** What the clause asks beyond that: then it is evidenced in part at most. */
  readonly beyond?: string;
};

/** One piece of evidence: exactly one of its keys. */
export type Need = {
  /** Place in the manifest that must be filled; * stands for every item of a list. Whether it was seen or declared decides what it is worth. */
  readonly record?: string;
  /** A check of trainlock verify that must hold. */
  readonly check?: 'payload' | 'schema' | 'subjects' | 'events' | 'logs' | 'objects' | 'outputs' | 'data' | 'signature' | 'trust' | 'time' | 'log';
  /** replay: a recorded replay repeated it. independent-replay: signed by a person who did not sign the run. approval: the policy allows the change, by approvals that count. review: a person signed a review or an approval of it. policy: there is a policy that can be understood. criteria-first: what success means was declared before the result. kept: git keeps the record. */
  readonly shown?: 'replay' | 'independent-replay' | 'approval' | 'review' | 'policy' | 'criteria-first' | 'kept';
};
