import { ERROR_CODES, FINDING_KINDS } from '#base';

/**
 * One thing that other programs are told: a code host, a test report, a scanner. Texts are recorded text as it is; each writer escapes it
 * for its own format.
 */
export type ReportedFinding = {
  /** A kind of finding (record-rewritten) or a code (TL1003). It names the rule, and never changes its meaning. */
  readonly id: string;
  /** error: a definite no. warning: undecided, and so no yes. note: told, and nothing hangs on it. */
  readonly severity: 'error' | 'warning' | 'note';
  /** One sentence. */
  readonly message: string;
  /** Relative to the top of the repository, with slashes. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** A command or edit that mends it. */
  readonly fix?: string;
};

const RANK = { error: 0, warning: 1, note: 2 } as const;

/** The worst first: hosts show the first few only. Otherwise in their order. */
export const worstFirst = (findings: readonly ReportedFinding[]): readonly ReportedFinding[] => findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);

/** What an id means, as `trainlock explain` says it; undefined for an id that is none of ours. */
export const meaningOf = (id: string): string | undefined =>
  Object.hasOwn(ERROR_CODES, id)
    ? ERROR_CODES[id as keyof typeof ERROR_CODES].explanation
    : Object.hasOwn(FINDING_KINDS, id)
      ? FINDING_KINDS[id as keyof typeof FINDING_KINDS]
      : undefined;

/** The message and how to mend it. */
export const sentenceOf = ({ message, fix }: ReportedFinding): string => (fix === undefined ? message : `${message}\nfix: ${fix}`);
