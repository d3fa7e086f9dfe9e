/** What is wrong with the documents about a record, as a word for programs. */
export type HistoryFindingKind =
  /** Two revisions, or two promotions, follow the same one. */
  | 'fork'
  /** One follows a document that is not there, or does not count. */
  | 'gap'
  /** They follow one another in a circle. */
  | 'cycle'
  /** It corrects what a recorder saw, or something that no person had said. */
  | 'not-correctable'
  /** What it says stood there never did. */
  | 'not-what-stood-there'
  /** With it the manifest would be none. */
  | 'not-a-manifest'
  /** A promotion that is compared with another run than the one that was there. */
  | 'other-baseline'
  /** Somebody who may not say this. */
  | 'not-counted';

/** An error leaves the state undecided; a warning is about what does not count. */
export type HistoryFinding = {
  readonly kind: HistoryFindingKind;
  readonly severity: 'error' | 'warning';
  /** One sentence for people, control characters escaped. */
  readonly message: string;
  /** Digests of the documents that it is about, in order. */
  readonly about: readonly string[];
  /** Commands that settle it, one a line. */
  readonly remedy?: string;
};

export const shortDigest = (sha256: string): string => sha256.slice(0, 12);
