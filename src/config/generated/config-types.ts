// Generated from https://trainlock.dev/schema/config/v0.schema.json by npm run generate; do not edit.

/** What people declare about a project. Every key is optional; an unknown key is an error. */
export type Config = {
  /** Version of this file's format. */
  readonly version?: 0;
  /** Folder of the records, relative to the project. Default .trainlock. */
  readonly store?: string;
  /** What the model is for. */
  readonly model?: {
    /** Name of the model. */
    readonly name?: string;
    /** Who answers for it. */
    readonly owner?: string;
    /** Risk tier in the words of the organisation. */
    readonly tier?: string;
    /** What it may be used for. */
    readonly intendedUse?: string;
    /** What it must not be used for, or does badly. */
    readonly limitations?: readonly (string)[];
  };
  /** Data sets by name. */
  readonly data?: Readonly<Record<string, {
    /** File or folder, relative to the project or absolute. */
    readonly path: string;
    /** What it is used for. */
    readonly role?: 'train' | 'validation' | 'test' | 'reference' | 'config' | 'pretrained' | 'cache' | 'unknown';
    /** Version as people name it. */
    readonly version?: string;
    /** Where it comes from: a URL or text. */
    readonly origin?: string;
    /** SPDX expression or text. */
    readonly licence?: string;
    /** What a snapshot, and the record of a run that declares it, tell of its columns: all figures, only how many values are missing and different, or nothing. */
    readonly profile?: 'full' | 'counts' | 'off';
    /** The same for single columns, by name. */
    readonly columns?: Readonly<Record<string, 'full' | 'counts' | 'off'>>;
    /** Column that holds the label. */
    readonly label?: string;
    /** Columns that tell rows apart, for differences between snapshots. */
    readonly key?: readonly (string)[];
    /** Time or period that the data describes. */
    readonly collectedAt?: string;
    /** Statement that produced it. */
    readonly query?: string;
    /** How rows were chosen. */
    readonly sampling?: string;
    /** Filters that were applied. */
    readonly filters?: readonly (string)[];
    /** Steps in order, with the code that does them. */
    readonly preprocessing?: readonly ({
      /** What is done. */
      readonly step: string;
      /** File that does it. */
      readonly code?: string;
    })[];
  }>>;
  /** Roles of output files by name; also pairs outputs of a replay. */
  readonly outputs?: Readonly<Record<string, {
    /** Path or glob relative to the project. */
    readonly path: string;
    /** What it is. */
    readonly role?: 'model' | 'checkpoint' | 'metrics' | 'predictions' | 'figure' | 'log' | 'data' | 'cache' | 'other';
  }>>;
  /** Metrics by name: where they are found, which way is better, which difference counts as the same. */
  readonly metrics?: Readonly<Record<string, {
    /** JSON, YAML or CSV file that holds it, relative to the project. */
    readonly file?: string;
    /** JSON pointer in that file; for CSV the column (its last row counts). */
    readonly pointer?: string;
    /** Regular expression with one group, matched against each line of the output. */
    readonly pattern?: string;
    /** Stage of the training. */
    readonly stage?: string;
    /** Part of the data. */
    readonly split?: string;
    /** Which way is better. */
    readonly direction?: 'higher' | 'lower';
    /** Largest difference that counts as the same, in the unit of the metric. */
    readonly absoluteTolerance?: number | string;
    /** Largest difference relative to the recorded value. */
    readonly relativeTolerance?: number | string;
    /** Why this tolerance. */
    readonly why?: string;
  }>>;
  /** What success means; recorded before the command starts. */
  readonly criteria?: readonly ({
    /** Name of the metric. */
    readonly metric: string;
    /** Stage, if it counts. */
    readonly stage?: string;
    /** Split, if it counts. */
    readonly split?: string;
    /** How it is compared. */
    readonly operator: '>=' | '>' | '<=' | '<' | '==';
    /** The bound. */
    readonly value: number | string;
  })[];
  /** Why these seeds, and how randomness is recreated. */
  readonly seeds?: {
    /** Why they were chosen. */
    readonly why?: string;
    /** How initialisation, shuffling, augmentation and dropout can be recreated. */
    readonly procedure?: string;
  };
  /** Inputs whose predictions are recorded with every run, and asked again before a model is deployed: the gate compares them on the machine that serves. */
  readonly canary?: {
    /** A file with a few inputs, relative to the project. Its bytes are kept with the record. */
    readonly inputs: string;
    /** What serves: program and arguments. {model} becomes the path of the model, {inputs} that of the inputs, {outputs} that of the file in which the predictions are expected. Without {inputs} they come by standard input; without {outputs} standard output counts. */
    readonly command: readonly (string)[];
    /** Which output is the model, relative to the project, where there are several. */
    readonly model?: string;
    /** What the predictions are: a table in CSV, a JSON value per line, or bytes that are only compared as they are; csv if nothing is said. */
    readonly format?: 'csv' | 'json-lines' | 'bytes';
    /** Largest difference of a real number that counts as the same; 0 if nothing is said. */
    readonly absoluteTolerance?: number | string;
    /** How many rows may be decided otherwise; 0 if nothing is said. Unit: row. */
    readonly flips?: number;
    /** Longest time for it; 60 if nothing is said. Unit: s. */
    readonly seconds?: number;
  };
  /** Tags of every run. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Defaults of trainlock run. */
  readonly run?: {
    /** own: unseeded sources draw from a recorded root; observe: they are only recorded. */
    readonly entropy?: 'own' | 'observe';
    /** How output is recorded. */
    readonly logs?: 'auto' | 'off' | 'tee';
    /** When files are hashed. */
    readonly hash?: 'now' | 'defer';
    /** Version of the schema in which records are written; v0 while not everybody who reads them knows v1. */
    readonly schema?: 'v0' | 'v1';
    /** How files are seen. */
    readonly trace?: 'auto' | 'hooks';
    /** Ask numeric libraries for deterministic algorithms. */
    readonly deterministic?: boolean;
    /** Do not start the command if it cannot be recorded. */
    readonly requireRecord?: boolean;
    /** Start a run only if the policy allows it. */
    readonly enforce?: boolean;
    /** Globs of files that are neither input nor output. */
    readonly ignore?: readonly (string)[];
    /** Largest sum of sizes of files kept as source snapshot. Unit: byte. */
    readonly maxSourceBytes?: number;
    /** Largest single file kept as source. Unit: byte. */
    readonly maxSourceFileBytes?: number;
  };
  /** Which variables are recorded by value. */
  readonly environment?: {
    /** Names or globs recorded by value, unless they look like secrets. */
    readonly allow?: readonly (string)[];
    /** Names or globs that are always masked. */
    readonly mask?: readonly (string)[];
  };
  /** Defaults of trainlock replay. */
  readonly replay?: {
    /** Hosts that a replay may reach. */
    readonly network?: readonly (string)[];
    /** Whether equal metrics with different outputs count as a successful replay. */
    readonly acceptMetricEqual?: boolean;
  };
  /** How finished records are signed, dated and entered in the log of this machine. */
  readonly signing?: {
    /** auto: every finished record is signed; off: only trainlock sign does. */
    readonly mode?: 'auto' | 'off';
    /** Name of a key of this user, path of a private key, or reference of a key behind another tool (pkcs11:, vault://, awskms://). */
    readonly key?: string;
    /** Addresses of authorities (RFC 3161) that date every signature. Without one nothing leaves the machine. */
    readonly timeAuthorities?: readonly (string)[];
    /** Further statements that are signed with every record, for tools that know only these. */
    readonly also?: readonly ('slsa-provenance' | 'test-result' | 'model-signing')[];
    /** auto: every signed record is entered in the log of this machine; off: none is. */
    readonly log?: 'auto' | 'off';
  };
  /** How long records must be kept. Nothing is removed because of it: gc leaves alone what must stay. */
  readonly retention?: {
    /** How long a record must be kept after the start of its run, whatever gc is asked to remove; 0: no rule. Unit: day. */
    readonly recordDays?: number;
  };
  /** How persons are recorded. */
  readonly participant?: {
    /** Record persons under a pseudonym; the clear name lies in separate evidence. */
    readonly pseudonym?: boolean;
  };
};

