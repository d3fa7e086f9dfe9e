import type { Output, Run } from '#manifest';
import type { MetricOutcome, MetricValue, Tolerance } from './compare-metric.ts';

/**
 * How the results of two runs compare, best first.
 * identical: every byte. content-identical: the bytes differ, what they hold does not. within-tolerance: numbers differ, within what was declared before.
 * metric-equal: outputs differ, but every metric is equal or within its tolerance. different: a definite no. undecided: the evidence does not suffice.
 */
/** The best first. */
export const OUTCOME_KINDS = ['identical', 'content-identical', 'within-tolerance', 'metric-equal', 'different', 'undecided'] as const;

export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

/** What is known about one output of one run. */
export type OutputFacts = {
  readonly path: string;
  readonly role: Output['role'];
  readonly sha256?: string;
  /** Unit: byte. */
  readonly sizeBytes?: number;
  /** Digest of what is inside, where the format is known. */
  readonly content?: { readonly format: string; readonly sha256: string };
  /** Why there is no digest. */
  readonly withheld?: string;
};

/** What reading both files told beyond their digests. */
export type ContentFinding =
  /** The same tensors, tables or values in other bytes. */
  | { readonly kind: 'equal'; readonly because: string }
  /** Text that differs only in clock readings, durations, process ids or addresses. */
  | { readonly kind: 'volatile'; readonly because: string }
  /** Text that differs in nothing but values of metrics, which are judged by themselves. */
  | { readonly kind: 'metrics'; readonly because: string }
  /** The same structure with other numbers; distances as decimal strings. */
  | { readonly kind: 'numeric'; readonly maxAbsolute: string; readonly maxRelative: string; readonly because: string }
  | { readonly kind: 'different'; readonly because: string }
  | { readonly kind: 'unreadable'; readonly because: string };

export type PairedBy = 'role' | 'path' | 'normalised-path' | 'content' | 'none';

/** An output of the recorded run with its counterpart. */
export type OutputPair = {
  readonly recorded: OutputFacts;
  /** undefined if the replay has no counterpart. */
  readonly replayed: OutputFacts | undefined;
  readonly pairedBy: PairedBy;
  readonly content?: ContentFinding;
  /** Declared before the run, for the numbers inside. */
  readonly tolerance?: Tolerance;
};

export type MetricPair = {
  readonly name: string;
  readonly stage?: string;
  readonly split?: string;
  readonly step?: number;
  readonly recorded: MetricValue | undefined;
  readonly replayed: MetricValue | undefined;
  readonly tolerance?: Tolerance;
};

/** Everything that decides the outcome of a replay. */
export type ReplayFacts = {
  readonly exit: {
    readonly recorded: Run['exit'];
    /** undefined if the replay could not be started. */
    readonly replayed: Run['exit'] | undefined;
    /** What of the replay itself (isolation, a missing package) may have decided how the program ended. */
    readonly interference?: string;
  };
  readonly outputs: readonly OutputPair[];
  /** Outputs that only the replay wrote. */
  readonly extra: readonly OutputFacts[];
  readonly metrics: readonly MetricPair[];
};

export type OutputOutcome = {
  readonly pair: OutputPair;
  readonly kind: Exclude<OutcomeKind, 'metric-equal'>;
  readonly because: string;
  /** Whether it counts for the outcome of the whole: caches do not. */
  readonly counts: boolean;
};

export type MetricPairOutcome = { readonly pair: MetricPair; readonly outcome: MetricOutcome };

/** The outcome of the whole, with what it rests on. */
export type Outcome = {
  readonly kind: OutcomeKind;
  /** At least one sentence. */
  readonly because: readonly string[];
  readonly outputs: readonly OutputOutcome[];
  readonly extra: readonly OutputFacts[];
  readonly metrics: readonly MetricPairOutcome[];
};
