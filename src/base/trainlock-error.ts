import { ERROR_CODES, type ErrorCode, type ExitCode } from './error-codes.ts';
import { makeRedactor } from './secrets.ts';

export type ErrorDetails = {
  /** The place: path, line, pointer or run. */
  readonly where?: string;
  /** Reasons, one line each. */
  readonly notes?: readonly string[];
  /** A command or edit that mends it. */
  readonly fix?: string;
  readonly cause?: unknown;
};

/**
 * The operation could not be carried out. Findings about the world are values, never this.
 * The constructor masks secrets in every text it is given.
 */
export class TrainlockError extends Error {
  override readonly name = 'TrainlockError';
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly notes: readonly string[];
  readonly fix: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(masked(message), details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.where = details.where === undefined ? undefined : masked(details.where);
    this.notes = (details.notes ?? []).map(masked);
    this.fix = details.fix === undefined ? undefined : masked(details.fix);
  }

  get exit(): ExitCode {
    return ERROR_CODES[this.code].exit;
  }
}

const masked = (text: string): string => makeRedactor().redact(text).text;
