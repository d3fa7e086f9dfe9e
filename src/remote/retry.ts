import { setTimeout as sleep } from 'node:timers/promises';

/** How often something is tried. */
export type RetryPolicy = {
  /** Tries in a row without progress; at least 1. */
  readonly attempts: number;
  /** Wait before the second try; each further one doubles it, up to LONGEST_WAIT_MS. */
  readonly firstWaitMs: number;
};

/** Five tries within about four seconds of waiting. */
export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, firstWaitMs: 250 };

/** No wait is longer, whatever a server asks for. */
const LONGEST_WAIT_MS = 20_000;

/** Something that may go well the next time: a 5xx, a timeout, a cut body. Stays inside this room. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** What the server asked to wait. */
  readonly waitMs: number | undefined;

  constructor(reason: string, waitMs?: number) {
    super(reason);
    this.waitMs = waitMs;
  }
}

export type RetryOptions = {
  readonly retry: RetryPolicy;
  readonly signal?: AbortSignal | undefined;
  /** Grows as bytes arrive: a try that brought the work forward is not counted. */
  readonly progress?: () => number;
};

/** Carries out an operation, again if it was interrupted. Throws the last Interrupted when the tries are used up, and every other error at once. */
export const withRetries = async <T>(operation: (attempt: number) => Promise<T>, { retry, signal, progress = () => 0 }: RetryOptions): Promise<T> => {
  let reached = progress();
  for (let attempt = 0, failures = 1; ; attempt += 1, failures += 1) {
    signal?.throwIfAborted();
    try {
      return await operation(attempt);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Interrupted)) throw error;
      if (progress() > reached) failures = 1;
      reached = Math.max(reached, progress());
      if (failures >= retry.attempts) throw error;
      await sleep(waitFor(error, failures, retry), undefined, signal === undefined ? {} : { signal });
    }
  }
};

/** Doubles each time, with a random part: many clients that were cut off at once must not come back at once. */
const waitFor = (error: Interrupted, failures: number, retry: RetryPolicy): number => {
  const own = retry.firstWaitMs * 2 ** (failures - 1) * (0.75 + Math.random() / 2);
  return Math.min(LONGEST_WAIT_MS, Math.max(own, error.waitMs ?? 0));
};

/** Failures of connections that may go well the next time. Source: errno names of Node.js. */
const TRANSIENT = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
  'HPE_INVALID_EOF_STATE',
]);

/** The reason, if a failed connection may go well the next time. */
export const transientReason = (error: unknown): string | undefined => {
  const { code, name, message } = error as NodeJS.ErrnoException;
  if (code !== undefined && TRANSIENT.has(code)) return code;
  if (name === 'TimeoutError') return 'no answer in time';
  return message === 'aborted' || message === 'socket hang up' ? 'the connection was cut' : undefined;
};

/** Whether a status of HTTP says that the same request may go well later. Source: RFC 9110 §15.5.9, §15.6 (501 and 505 will not change); RFC 6585 §4. */
export const isTransientStatus = (status: number): boolean => status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
