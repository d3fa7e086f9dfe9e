import type { OutcomeKind } from '#diff';
import type { Manifest } from '#manifest';
import type { Verdict } from '#verify';
import type { EvaluationCount } from './count-evaluations.ts';

/** Where something can be looked up: a file, a place in it, and the digest of the bytes that were looked at. */
export type EvidencePointer = {
  /** Relative to the project where it lies there, else absolute. */
  readonly file: string;
  /** JSON pointer. */
  readonly pointer?: string;
  readonly sha256?: string;
};

/** A recorded replay of a run, as it lies in the store. */
export type ReplayFact = {
  readonly runId: string;
  /** RFC 3339. */
  readonly startedAt: string;
  /** What it proved; not-counted where the record or the note of its outcome does not bear it. */
  readonly outcome: OutcomeKind | 'not-counted';
  readonly because: string;
  /** Whether digests of outputs in the two records agree: without one, nothing is bit-identical. */
  readonly isBitIdentical: boolean;
  readonly host: 'same' | 'other' | 'unknown';
  /** Whether a person whom the trust file names signed it who did not sign the run. */
  readonly isIndependent: boolean;
  readonly evidence: readonly EvidencePointer[];
};

/** An approval that was given to a change to this run, whatever it is worth. */
export type GivenFact = {
  readonly person: string;
  readonly role: string;
  readonly meaning: string;
  readonly reason: string;
  /** RFC 3339. */
  readonly approvedAt: string;
  /** Whether a person signed it whose key counts for that. */
  readonly isSigned: boolean;
  readonly counts: boolean;
  /** Why it does not count. */
  readonly because?: string;
  readonly evidence: EvidencePointer;
};

export type BaselineRun = { readonly runId: string; readonly manifestSha256: string; readonly name?: string };

/** What the policy says of the change from another run to this one. */
export type ApprovalFact =
  | { readonly kind: 'not-asked'; readonly because: string }
  | {
      readonly kind: 'asked';
      /** Absent where it follows nothing. */
      readonly baseline?: BaselineRun;
      readonly decision: 'allowed' | 'denied' | 'undecided';
      readonly because: readonly string[];
      /** Whether any rule speaks of the change; without one an allowed change was approved by nobody. */
      readonly hasRules: boolean;
      /** Whether the policy lets one person do everything. */
      readonly isSolo: boolean;
      readonly given: readonly GivenFact[];
    };

/** Everything that was asked about one run, now. */
export type CaseFacts = {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  readonly verdict: Verdict;
  /** Newest first. */
  readonly replays: readonly ReplayFact[];
  /** Replays in the store that were not looked at. */
  readonly replaysLeftOut: number;
  /** How often runs were measured on each of its test sets. */
  readonly evaluations: readonly EvaluationCount[];
  readonly approval: ApprovalFact;
  /** What promotions say of it, one sentence each. */
  readonly promoted: readonly string[];
  /** What runs in spite of what the gate finds, and what was said of that and does not count, one sentence each. */
  readonly exceptions: readonly { readonly counts: boolean; readonly because: string }[];
  /** Whether git keeps the record. */
  readonly isKept: boolean;
  readonly files: {
    readonly statement: EvidencePointer;
    readonly view?: EvidencePointer;
    readonly bundle?: EvidencePointer;
    readonly proofs: readonly EvidencePointer[];
    /** Only one that can be understood. */
    readonly policy?: EvidencePointer;
    readonly trust?: EvidencePointer;
  };
};
