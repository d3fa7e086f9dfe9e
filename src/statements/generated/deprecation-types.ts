// Generated from https://trainlock.dev/schema/deprecation/v0.schema.json by npm run generate; do not edit.

/** A person says that something should not be used any more: the predicate of an in-toto statement whose one subject is that thing. Closed: a member that is not known is an error. */
export type DeprecationDocument = {
  /** Version of this contract, major and minor. */
  readonly schemaVersion: string;
  /** What should not be used: a run, a snapshot, versions of a package, or a field of the manifest. */
  readonly of: {
    /** What is deprecated. */
    readonly kind: 'run';
    /** UUIDv4 of the run. */
    readonly runId: string;
    /** SHA-256 of the payload of its record. */
    readonly manifestSha256: string;
  } | {
    /** What is deprecated. */
    readonly kind: 'snapshot';
    /** SHA-256 of its document. */
    readonly snapshotSha256: string;
    /** SHA-256 of its file list: records name data by it. */
    readonly listSha256: string;
    /** Name that a person gave. */
    readonly name?: string;
  } | {
    /** What is deprecated. */
    readonly kind: 'package';
    /** Name of the distribution, normalised. Source: PEP 503. */
    readonly name: string;
    /** Which versions: comparisons with <, <=, ==, !=, >= or >, all of which must hold, separated by commas; * for every one. Source of their order: PEP 440. */
    readonly versions: string;
  } | {
    /** What is deprecated. */
    readonly kind: 'field';
    /** A place in the schema of manifests; items of lists are *, members of open objects {}. */
    readonly path: string;
  };
  /** From then on it should not be used. Unit: RFC 3339 UTC. */
  readonly from: string;
  /** What to use in its place. */
  readonly replacement?: string;
  /** Printed name of whoever says so. The key says who it was. */
  readonly person: string;
  /** Why, in the words of the person. */
  readonly reason: string;
  /** By the clock of the machine that signed it: a claim. Unit: RFC 3339 UTC. */
  readonly deprecatedAt: string;
};

