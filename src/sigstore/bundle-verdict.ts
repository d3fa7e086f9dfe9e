/** The checks of a bundle, in the order in which they are told. */
export type BundleCheckName = 'signer' | 'signature' | 'artifact' | 'time' | 'certificate' | 'certificate-log' | 'identity' | 'log';

/** held: seen to be so. broken: seen not to be so. unknown: demanded, and not shown, or shown by somebody whom the root does not know. not-asked: outside the question. */
export type BundleCheck = {
  readonly name: BundleCheckName;
  /** Which of several things was checked. */
  readonly about?: string;
  readonly outcome: 'held' | 'broken' | 'unknown' | 'not-asked';
  readonly because: string;
};

/** A moment at which a signature existed, and who proves it. */
export type BundleTime = {
  /** A log proves it with the time at which it took the signature in, an authority with a token. */
  readonly kind: 'log' | 'authority';
  /** RFC 3339 in UTC. */
  readonly at: string;
  /** Unit: millisecond since 1970. */
  readonly atMs: number;
  readonly by: string;
};

/** What a bundle proves. `identity` and `times` are proven only where the whole is accepted. */
export type BundleVerdict = {
  /** accepted: every check that was asked held, and there was at least one. */
  readonly kind: 'accepted' | 'refused';
  readonly checks: readonly BundleCheck[];
  readonly identity?: { readonly issuer: string; readonly subject: string };
  readonly times: readonly BundleTime[];
  /** Distinct logs that have the entry. */
  readonly logs: readonly string[];
};
