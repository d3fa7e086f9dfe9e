import type { Code, Dependencies, Environment, Run } from '#manifest';
import type { Gap } from './gaps.ts';

/** A file by its absolute path; `raw` are its bytes in base64, only if they are not UTF-8. */
export type NamedFile = {
  readonly path: string;
  readonly raw?: string;
};

/** A file that git tracks. */
export type TrackedFile = NamedFile & {
  /** Mode as git has it: 100644, 100755, 120000 (link). */
  readonly mode: string;
  /** Object name of what the index has; the file on disk may differ. */
  readonly object: string;
};

/** Difference of tracked files from the commit. */
export type PatchFacts =
  | { readonly kind: 'kept'; /** The bytes of git diff --binary, in base64. */ readonly base64: string; readonly sizeBytes: number }
  | { readonly kind: 'withheld'; readonly sizeBytes: number; readonly reason: string };

/** The version control state of the project. Paths are absolute. */
export type GitFacts = {
  /** As it goes into the manifest, without patch and untracked files: those need hashing and storing first. */
  readonly repository: Omit<Code['repository'], 'patch' | 'untracked'>;
  readonly patch?: PatchFacts;
  readonly tracked: readonly TrackedFile[];
  /** Neither tracked nor ignored. */
  readonly untracked: readonly NamedFile[];
  readonly gaps: readonly Gap[];
};

type Distribution = Dependencies['distributions'][number];

/** An installed distribution and what is needed to relate it to others. */
export type InstalledDistribution = {
  /** As it goes into the manifest; paths are absolute. */
  readonly entry: Distribution;
  /** Tags of the wheel that was installed: cp311-cp311-manylinux_2_17_x86_64. */
  readonly wheelTags: readonly string[];
  /** Shared libraries that it installed, absolute. */
  readonly libraries: readonly string[];
};

export type DistributionFacts = { readonly distributions: readonly InstalledDistribution[]; readonly gaps: readonly Gap[] };

export type LockFacts = {
  readonly lock: NonNullable<Dependencies['lock']>;
  /** Digest of the installed archive by normalised name, where the lock names exactly one that fits. */
  readonly wheelSha256: Readonly<Record<string, string>>;
  readonly gaps: readonly Gap[];
};

export type NativeFacts = { readonly native: Dependencies['native']; readonly gaps: readonly Gap[] };

/** The part of the environment that can be told from outside the program. */
export type EnvironmentFacts = {
  readonly environment: Omit<Environment, 'variables' | 'threadPools' | 'runtime' | 'absentFiles'>;
  readonly clock: Run['clock'];
  readonly gaps: readonly Gap[];
};

export type Participant = Run['participant'];
export type Trigger = NonNullable<Run['trigger']>;
