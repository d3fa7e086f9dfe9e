import type { Severity } from '#approval';

/** Something that stands between a model and an environment. */
export type GateFinding = {
  /** `trainlock explain` tells what it means. */
  readonly id: GateFindingId;
  readonly severity: Severity;
  /** wrong: seen to be so; unknown: asked, and what was seen does not suffice. */
  readonly outcome: 'wrong' | 'unknown';
  /** The thing: a package, a file, a rule. */
  readonly about?: string;
  /** What was found of it, as short as it can be told from anything else: an exception excuses this, and nothing else of the same thing. */
  readonly found?: string;
  readonly because: string;
  /** Commands that mend it, in order. */
  readonly remedies: readonly string[];
  /** The command that asks for an exception, where the environment allows one. */
  readonly exception?: string;
  /** Exceptions for it that do not count, one sentence each. */
  readonly uncounted?: readonly string[];
  /** Why it does not stand in the way all the same: the canary proved that it does no harm, the environment tolerates it, or there is an exception. */
  readonly excused?: { readonly by: 'canary' | 'tolerated' | 'exception' | 'break-glass'; readonly because: string };
};

/** What an exception names: the thing, and what was found of it. */
export const thingOf = ({ about, found }: Pick<GateFinding, 'about' | 'found'>): string | undefined => {
  const words = [about, found].filter((word) => word !== undefined);
  return words.length === 0 ? undefined : words.join(' ');
};

/**
 * TL1001 the record or whose it is, TL1002 the bytes of the model, TL1003 approvals, TL1004 the log, TL1005 what became of it since, TL2001 what reaches the model, TL2002 the
 * code that serves, TL2003 the canary, TL2004 criteria, TL2005 replays, TL2006 evaluations of the test set, TL3001 packages, TL3002 native libraries, TL3003 CPU,
 * TL3004 threads and variables, TL3005 accelerators, TL4001 the review that is due, TL4002 an emergency that nobody has reviewed.
 */
export const GATE_FINDING_IDS = [
  'TL1001',
  'TL1002',
  'TL1003',
  'TL1004',
  'TL1005',
  'TL2001',
  'TL2002',
  'TL2003',
  'TL2004',
  'TL2005',
  'TL2006',
  'TL3001',
  'TL3002',
  'TL3003',
  'TL3004',
  'TL3005',
  'TL4001',
  'TL4002',
] as const;

/** What never has an exception: that record, signature, log, approvals or bytes are wrong. */
export const CRITICAL_FINDING_IDS: readonly GateFindingId[] = ['TL1001', 'TL1002', 'TL1003', 'TL1004'];

/** What nothing excuses, not even an emergency. That approvals are missing an emergency may go without. */
export const NEVER_EXCUSED: readonly GateFindingId[] = ['TL1001', 'TL1002', 'TL1004', 'TL4002'];

export type GateFindingId = (typeof GATE_FINDING_IDS)[number];

/** One of the questions of the gate, in the order in which they are asked. */
export const STEPS = [
  'record',
  'signature',
  'log',
  'life',
  'review',
  'approvals',
  'model',
  'criteria',
  'evaluations',
  'replay',
  'serving',
  'canary',
  'environment',
  'upstream',
  'break-glass',
] as const;

export type StepName = (typeof STEPS)[number];

/** held: seen to be so. wrong, unknown: a finding says what. not-asked: this environment does not ask it. */
export type GateStep = {
  readonly name: StepName;
  readonly outcome: 'held' | 'wrong' | 'unknown' | 'not-asked';
  readonly because: string;
  readonly findings: readonly GateFinding[];
};
