// Generated from https://trainlock.dev/schema/remediation/v0.schema.json by npm run generate; do not edit.

/** How what the gate finds of a model is to be mended, or was: the predicate of an in-toto statement whose one subject is the record. A plan comes first; what was done names it by digest, and says what the gate said before and after. It allows nothing. Closed: a member that is not known is an error. */
export type RemediationDocument = {
  /** Version of this contract, major and minor. */
  readonly schemaVersion: string;
  /** plan: what is to be done; applied: what was done. */
  readonly phase: 'plan' | 'applied';
  /** The run whose model is to be let in, and exactly this record of it. */
  readonly record: {
    /** UUIDv4 of the run. */
    readonly runId: string;
    /** SHA-256 of the payload of its record. */
    readonly manifestSha256: string;
  };
  /** Where the model is to run, as the policy names it. */
  readonly environment: string;
  /** SHA-256 of the policy by which the gate judged. */
  readonly policySha256: string;
  /** What the gate said before. */
  readonly before: {
    /** What the gate said. */
    readonly decision: 'allowed' | 'denied' | 'undecided';
    /** SHA-256 of exactly what it judged: the bytes that gate --explain prints. They are kept as an object of the store. */
    readonly factsSha256: string;
  };
  /** What mends it, in the order in which it is done. */
  readonly actions: readonly ({
    /** What is done, from a closed list: restore-statement brings a signed statement back that git has, restore-file a file of the recorded bytes, install-packages installs recorded packages from archives with a proven hash. The others are for persons. */
    readonly kind: 'restore-statement' | 'restore-file' | 'install-packages' | 'install-native' | 'pin-settings' | 'ask-approval' | 'replay' | 'record-again' | 'ask-canary' | 'look';
    /** automatic: remediate --apply may do it; manual: a person must; follows: the gate answers it anew when the others are mended; impossible: nothing mends it. */
    readonly how: 'automatic' | 'manual' | 'follows' | 'impossible';
    /** What it mends. */
    readonly findings: readonly ({
      /** Id of the finding. */
      readonly id: string;
      /** The thing, as the gate names it; absent where the finding names none. */
      readonly about?: string;
    })[];
    /** What becomes another one by it, in one sentence. */
    readonly changes: string;
    /** What may come of it, in one sentence. */
    readonly risk: string;
    /** What a person would type. Nothing of it is ever started by a program. */
    readonly commands: readonly (string)[];
    /** The files that it writes. */
    readonly files?: readonly ({
      /** As the gate names it; of a signed statement from the folder of the project. */
      readonly path: string;
      /** SHA-256 of the bytes that it is to have. */
      readonly sha256: string;
      /** SHA-256 of the bytes that were there. They are kept as an object of the store. Absent: nothing was there. */
      readonly before?: string;
    })[];
    /** The packages that it installs. */
    readonly packages?: readonly ({
      /** Name of the distribution. */
      readonly name: string;
      /** The recorded version. */
      readonly version: string;
      /** SHA-256 of the wheel. No other one is installed. */
      readonly archiveSha256: string;
    })[];
    /** The interpreter into which it installs. */
    readonly interpreter?: string;
    /** What became of it. Absent: nobody tried. */
    readonly outcome?: {
      /** done: made, and seen to be so afterwards by its digest; failed: not made; not-started: one before it had failed. */
      readonly state: 'done' | 'failed' | 'not-started';
      /** In one sentence. */
      readonly because: string;
      /** SHA-256 of what the program wrote on standard output, where one was started. */
      readonly stdoutSha256?: string;
      /** SHA-256 of what the program wrote on standard error, where one was started. */
      readonly stderrSha256?: string;
    };
  })[];
  /** SHA-256 of the payload of the plan that was carried out; absent in a plan. */
  readonly plan?: string;
  /** What the gate said afterwards; absent in a plan, and where it could not be asked any more. */
  readonly after?: {
    /** What the gate said. */
    readonly decision: 'allowed' | 'denied' | 'undecided';
    /** SHA-256 of exactly what it judged: the bytes that gate --explain prints. They are kept as an object of the store. */
    readonly factsSha256: string;
  };
  /** Printed name of whoever asked for it. */
  readonly person: string;
  /** Why, in the words of the person. */
  readonly reason: string;
  /** By the clock of the machine that signed it: a claim. Unit: RFC 3339 UTC. */
  readonly statedAt: string;
};

