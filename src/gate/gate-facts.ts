import type { ChangeDecision, EnvironmentRules, ReviewAnswer } from '#approval';
import type { Manifest } from '#manifest';
import type { SampleComparison } from '#snapshot';
import type { Verdict } from '#verify';
import type { PredictionOutcome } from './compare-predictions.ts';
import type { GateFinding, GateFindingId } from './gate-finding.ts';

/** What the recorded canary gave on this machine. */
export type CanaryFact =
  | { readonly kind: 'compared'; readonly outcome: PredictionOutcome }
  /** It was asked, and gave nothing. `said` is the end of what it wrote on standard error. */
  | { readonly kind: 'failed'; readonly because: string; readonly said: string }
  /** There is nothing to ask. */
  | { readonly kind: 'none'; readonly because: string }
  /** There would be something to ask, and it cannot be done here. */
  | { readonly kind: 'unknown'; readonly because: string };

/** A sample of live inputs beside what the record has of the training data. */
export type UpstreamFact =
  | {
      readonly kind: 'compared';
      /** The data set with which it was compared. */
      readonly dataSet: string;
      /** Rows of the sample that were looked at, and whether there were more. Unit: row. */
      readonly rows: number;
      readonly hasMore: boolean;
      readonly comparison: SampleComparison;
    }
  /** A sample was given, and cannot be compared. */
  | { readonly kind: 'unknown'; readonly because: string; readonly remedies: readonly string[] }
  /** Nobody gave a sample. */
  | { readonly kind: 'none' };

/** A file beside what the record says of it. */
export type FileFact = {
  readonly path: string;
  readonly state: 'same' | 'differs' | 'absent' | 'unreadable';
  /** Of the bytes that are there. */
  readonly sha256?: string;
  readonly because?: string;
  readonly remedies: readonly string[];
};

/** What of software and machine is another thing than when the model was trained. */
export type EnvironmentFact = Pick<GateFinding, 'severity' | 'outcome' | 'found' | 'because' | 'remedies'> & {
  readonly id: Extract<GateFindingId, `TL3${string}`>;
  readonly about: string;
};

/** A chain of approved changes that leads to the record, or why there is none. */
export type ApprovalFact = {
  readonly kind: ChangeDecision['kind'];
  /** Why it is not allowed, each with the commands that mend it. */
  readonly reasons: readonly { readonly because: string; readonly remedies: readonly string[] }[];
  /** Whether somebody has taken an approval of it back: then no emergency goes without. */
  readonly isTakenBack?: boolean;
  /** What the record follows, oldest first, and the record itself: names of runs. */
  readonly chain: readonly string[];
};

/** What was said of the record after it was made. */
export type LifeFact = {
  /** Why nobody can tell; empty if it is clear. */
  readonly undecided: readonly string[];
  /** What should not be used any more, and is in force. */
  readonly deprecated: readonly {
    readonly about: string;
    /** Of what was said. */ readonly sha256: string;
    /** The run itself, and not something in it. */ readonly isRun: boolean;
    readonly because: string;
  }[];
  /** What people should know of it, one sentence each. */
  readonly told: readonly string[];
};

/** What was said by two persons who let the model run in spite of a finding. Whoever fetches them has judged signatures and roles. */
export type ExceptionFact = {
  readonly sha256: string;
  readonly id: GateFindingId;
  /** The thing and what was found of it. */
  readonly about?: string;
  /** An emergency: hours, and more than an exception may excuse. */
  readonly level?: 'break-glass';
  readonly persons: readonly string[];
  readonly reason: string;
  /** RFC 3339 in UTC. */
  readonly expiresAt: string;
};

/** A recorded replay of the run, weighed anew. */
export type ReplayEvidence = {
  readonly runId: string;
  /** same: repeated, identical or within what was declared; different; or it proves nothing. */
  readonly outcome: 'same' | 'different' | 'nothing';
  readonly because: string;
  readonly host: 'same' | 'other' | 'unknown';
  /** Whether a person signed it who did not sign the run. */
  readonly isByAnother: boolean;
};

/** Whether somebody must look again at what the environment runs. */
export type ReviewFact = { readonly kind: 'not-asked'; readonly because: string } | ({ readonly kind: 'asked' } & Pick<ReviewAnswer, 'state' | 'because'>);

/** How often runs were measured on a test set of the record. */
export type EvaluationFact = {
  readonly name: string;
  readonly count: number;
  /** Why there may be more, one sentence each. */
  readonly atLeast: readonly string[];
};

/** An exception that does not count: it is over, or a second person has not confirmed it. Told where its finding stands in the way. */
export type UncountedException = Pick<ExceptionFact, 'id' | 'about'> & { /** One sentence. */ readonly because: string };

/** An emergency in this environment, of whatever run, that is over and that nobody has reviewed. */
export type OwedReviewFact = {
  readonly sha256: string;
  readonly persons: readonly string[];
  /** RFC 3339 in UTC. */
  readonly endedAt: string;
  readonly dueAt: string;
  readonly isOverdue: boolean;
};

/** Everything that was fetched to answer whether a model may run in an environment. */
export type GateFacts = {
  /** How the run is named in commands. */
  readonly reference: string;
  readonly environment: string;
  readonly rules: EnvironmentRules;
  readonly isSolo: boolean;
  /** The answer to whether the record is intact and signed, and, where that is asked, logged. */
  readonly verdict: Verdict;
  /** Absent where the record cannot be read. */
  readonly manifest?: Pick<Manifest, 'evaluation'>;
  /** Whether a log that is at hand knows of withdrawals that the files do not have. */
  readonly withdrawals: { readonly kind: 'none' | 'found' | 'unknown' | 'not-asked'; readonly because: string };
  /** What became of the record since. */
  readonly life: LifeFact;
  readonly review: ReviewFact;
  readonly approvals: ApprovalFact;
  /** The files that are to be served; none is unknown. */
  readonly models: readonly FileFact[];
  readonly serving: readonly FileFact[];
  readonly replays: readonly ReplayEvidence[];
  /** How many more there are that nobody looked at. */
  readonly replaysLeftOut: number;
  /** One for each test set of the record; looked for only where the policy limits them. */
  readonly evaluations: readonly EvaluationFact[];
  readonly canary: CanaryFact;
  readonly differences: readonly EnvironmentFact[];
  readonly upstream: UpstreamFact;
  readonly exceptions: readonly ExceptionFact[];
  readonly uncounted: readonly UncountedException[];
  readonly owedReviews: readonly OwedReviewFact[];
  /** Why there may be an emergency that is not among them, one sentence each. */
  readonly unjudgedGlass: readonly string[];
};
