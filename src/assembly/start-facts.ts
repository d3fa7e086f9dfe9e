import type { Config } from '#config';
import type { Capture, Environment, Evaluation, Manifest, Run } from '#manifest';

/** How output is recorded: file = the stream goes to a regular file anyway and its new part is copied afterwards. */
export type LogMode = 'off' | 'tee' | 'file';

/**
 * What is known before the command starts; written to started.json and synced, so that a record can be completed even if
 * everything else is killed. Secrets are masked before they come here.
 */
export type StartFacts = {
  readonly version: 1;
  readonly trainlockVersion: string;
  readonly run: Pick<Run, 'id' | 'name' | 'tags' | 'purpose' | 'startedAt' | 'parents'>;
  /** Argument vector, secrets masked. */
  readonly command: readonly string[];
  /** Absolute path. */
  readonly workingDirectory: string;
  /** Absolute path. */
  readonly projectRoot: string;
  /** Names that stand in front of paths, to absolute paths. */
  readonly roots: Readonly<Record<string, string>>;
  readonly modes: Capture['modes'];
  /** Major version of the schema in which the record is to be written; absent: the one of now. */
  readonly schemaMajor?: number;
  readonly logMode: LogMode;
  /** Regular files that take the output, by stream, with the offset at which our part starts. */
  readonly logFiles?: Readonly<Record<string, { readonly path: string; readonly fromByte: number }>>;
  readonly config: Config;
  readonly criteria?: Evaluation['criteria'];
  /** SHA-256 of the policy file of the project, if it has one. */
  readonly policySha256?: string;
  readonly variables: Environment['variables'];
  readonly host?: string;
  readonly hashSeed: { readonly source: 'drawn' | 'user' | 'random'; readonly value?: string };
  /** SHA-256 commitment to the entropy root, in hexadecimal. */
  readonly rootCommitment?: string;
  /** Secrets that were masked so far. */
  readonly maskings: number;
  /** For a replay: path prefixes of the recorded run and where they lie now. */
  readonly pathMap?: readonly { readonly from: string; readonly to: string }[];
  /** For a replay with mounts of its own: where what the program saw lies for everybody else. */
  readonly mounts?: readonly { readonly inside: string; readonly outside: string }[];
  /** For a run whose code was restored from an earlier record; its repository is taken over from there. */
  readonly restored?: {
    /** What was not as the record says. */
    readonly findings: NonNullable<Capture['findings']>;
    /** Where declared data comes from that was proven to have the recorded bytes, by name. */
    readonly origins: Readonly<Record<string, Manifest['data'][number]['origin']>>;
  };
  /** The process that records, so that a later command can tell whether it still lives. */
  readonly recorder: { readonly pid: number; readonly startTicks?: string; readonly bootId?: string };
  /** That the recorder of this user wrote this, and here; see proveStart of #capture. Absent where no key of the user can be kept. */
  readonly proof?: string;
};

/** How the command ended; written to exit.json. */
export type EndFacts = {
  readonly finishedAt?: string;
  readonly exit: Run['exit'];
  readonly usage?: Run['usage'];
  readonly beforeStartMs?: number;
};
