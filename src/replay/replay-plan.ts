import type { Manifest, Randomness } from '#manifest';
import type { Bind } from './bubblewrap.ts';
import type { Isolation, IsolationKind } from './isolation.ts';
import type { PathMap } from './recorded-paths.ts';
import type { ReadObject } from './restore-code.ts';
import type { OnProgress } from '#files';

/** What a person chose. */
export type ReplayChoice = {
  readonly map: PathMap;
  readonly allowedHosts: readonly string[];
  readonly envFromCurrent: readonly string[];
  readonly python?: string;
  readonly isolation?: IsolationKind;
};

/** Everything that preparing a replay needs to know. */
export type ReplayRequest = {
  readonly manifest: Manifest;
  /** Empty folder of this replay, absolute. */
  readonly folder: string;
  /** Where the project is now, absolute. */
  readonly projectRoot: string;
  readonly storeRoot: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly choice: ReplayChoice;
  readonly readObject: ReadObject;
  readonly hasObject: (sha256: string) => Promise<boolean>;
  /** The entropy root of the recorded run, if it was kept. */
  readonly root?: Uint8Array;
  readonly commit?: (name: string, value: string) => string;
  readonly onProgress?: OnProgress;
};

/** Why the run cannot be replayed faithfully: nothing is started. */
export type Blocker = { readonly kind: 'input' | 'code' | 'command' | 'state'; readonly message: string; readonly fix?: string };

/** How the confined program sees files, and where they lie for everybody else. */
export type Sandbox = {
  readonly isolation: Isolation;
  /** Mounts of the replay, innermost decides; empty if the program sees what everybody sees. */
  readonly mounts: readonly Bind[];
  /** Project and working folder as the program sees them. */
  readonly project: string;
  readonly workingDirectory: string;
  /** Changes how the command is started. */
  readonly wrap: (argv: readonly string[], env: Readonly<Record<string, string>>) => { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> };
};

export type ReplayPlan = {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** That of the recorded run, without the switches that keep the program to itself. */
  readonly recordedEnv: Readonly<Record<string, string>>;
  /** Source files that were restored: relative to the project. */
  readonly sourceFiles: readonly string[];
  /** The restored project, absolute, for everybody outside the sandbox. */
  readonly work: string;
  readonly workingDirectory: string;
  readonly python: string;
  readonly sandbox: Sandbox;
  /** Names that stand in front of recorded paths: places of the replay, to where the recorded run had them. */
  readonly names: PathMap;
  readonly tape: Randomness['tape'];
  readonly hashSeed?: string;
  readonly root?: Uint8Array;
  /** What differs between then and now, one sentence each. */
  readonly differences: readonly string[];
  /** What a person should know before the start. */
  readonly notes: readonly string[];
  /** Folders of the project in which the program cannot write. */
  readonly readOnly: readonly string[];
  readonly blockers: readonly Blocker[];
  /** Files that were proven to be what the recorded run read. */
  readonly provenInputs: number;
};
