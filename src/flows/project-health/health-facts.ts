import type { Locking } from '../project-setup/lock-files.ts';

/** What was looked at on this machine; undefined members could not be seen. Fetched by fetch-facts.ts, judged by judge-health.ts. */
export type HealthFacts = {
  readonly signing: SigningFacts;
  readonly python: PythonFacts;
  /** Names of variables that fix thread counts and are set. */
  readonly threadVariables: readonly string[];
  readonly hashSeed?: string;
  readonly locking: Locking;
  readonly git: GitFacts;
  /** Programs by name, and whether they are on the path. */
  readonly tools: Readonly<Record<'git' | 'bwrap' | 'strace' | 'unshare', boolean>>;
  /** Tried, not guessed; undefined where the program to try with is missing. */
  readonly namespaces?: { readonly permitted: boolean; readonly reason?: string };
  readonly store: { readonly folder: string; readonly writable: boolean; readonly reason?: string; /** Unit: byte. */ readonly freeBytes?: number };
  readonly clock: 'synchronised' | 'not-synchronised' | 'unknown';
  /** Scripts whose first line starts Python without our hooks, and with which options. */
  readonly isolatedScripts: readonly { readonly path: string; readonly options: string }[];
  readonly gpu: boolean;
  /** Whether deterministic algorithms are asked for in the settings. */
  readonly deterministic: boolean;
  readonly lastRun?: LastRunFacts;
  /** Why the configuration cannot be used. */
  readonly configurationFault?: { readonly message: string; readonly where?: string };
};

export type PythonFacts =
  | { readonly kind: 'absent'; readonly looked: string }
  /** It is there, but did not answer as an interpreter does. */
  | { readonly kind: 'broken'; readonly executable: string; readonly reason: string }
  | {
      readonly kind: 'found';
      readonly executable: string;
      /** 3.11.2 */
      readonly version: string;
      readonly virtualEnvironment: boolean;
      readonly torch: boolean;
      /** A virtual environment of the project that is not the one in use. */
      readonly otherEnvironment?: string;
    };

export type GitFacts =
  | { readonly kind: 'no-repository' }
  | { readonly kind: 'unborn' }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'repository'; readonly changedFiles: number };

export type LastRunFacts = {
  readonly id: string;
  /** Generators that drew a seed nobody can repeat, with their place in the code. */
  readonly unseeded: readonly { readonly api: string; readonly place: string }[];
};

/** Whether records can be signed and logged; off where the settings say so. */
export type SigningFacts = Readonly<
  Record<
    'key' | 'log',
    { readonly kind: 'off' } | { readonly kind: 'fine'; readonly message: string } | { readonly kind: 'fault'; readonly message: string; readonly fix?: string }
  >
>;
