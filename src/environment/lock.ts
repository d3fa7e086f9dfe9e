/** An archive of which it is proven that it is the one that was installed. */
export type ProvenArchive = {
  readonly sha256: string;
  /** installer: it wrote the hash when it installed. lock-file: the recorded lock names exactly one archive that fits. wheel: its files, hashed now, are those of the recorded RECORD. resolver: it chose this one; the hash is proven when it is installed. */
  readonly provenBy: 'installer' | 'lock-file' | 'wheel' | 'resolver';
  /** File name of a wheel, where it is known. */
  readonly file?: string;
  /** Where it can be had: an address, or a file here. */
  readonly url?: string;
  readonly path?: string;
  readonly sizeBytes?: number;
};

/** One distribution of a lock: an archive with its hash; a commit; or only name and version, to be checked by the digest of RECORD when it is installed. */
export type LockEntry = { readonly name: string; readonly version: string; readonly recordSha256?: string } & (
  | { readonly kind: 'archive'; readonly archive: ProvenArchive }
  | { readonly kind: 'vcs'; readonly url: string; readonly commit: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'pin' }
);

/** A distribution that no installer can bring back as it was. */
export type LockGap = { readonly name: string; readonly version: string; readonly because: string; readonly fix: string };

export type EnvironmentLock = {
  readonly run: { readonly id: string; readonly manifestSha256?: string };
  readonly python?: { readonly implementation: string; readonly version: string };
  readonly architecture?: string;
  /** By name. */
  readonly entries: readonly LockEntry[];
  readonly gaps: readonly LockGap[];
  /** What is otherwise than in that run, in words; absent for the lock of the run itself. */
  readonly changes?: readonly string[];
  /** Distributions that the run did not need, if they were left out. */
  readonly leftOut: number;
};

export type LockFormat = 'pylock' | 'pip';

/** A lock as a file. `missing`: what the file alone cannot bring back. Nothing missing: installing it and `env diff` rebuild the environment. */
export type LockFile = { readonly text: string; readonly missing: readonly LockGap[]; /** Entries whose archive has no proven hash. */ readonly unhashed: number };
