import { TrainlockError } from '#base';
import type { RetryPolicy } from '#remote';

/** Data that was brought back. */
export type OriginFetched = {
  readonly kind: 'fetched';
  /** The file, or the folder of many files, in the target folder. */
  readonly path: string;
  readonly fileCount: number;
  readonly totalBytes: number;
  /** Whether the origin says that this is the recorded version: same, other, or unknown if nothing was recorded to tell it by. */
  readonly revision: 'same' | 'other' | 'unknown';
  /** Files whose digests, recorded by another tool or by the repository, were checked and held. */
  readonly checkedCount: number;
  /** What belongs to the data and was not brought. */
  readonly left: readonly { readonly path: string; readonly reason: string }[];
  /** Of the result of a statement. */
  readonly rowCount?: number;
  readonly resultSha256?: string;
};

/** Data that could not be brought back: a finding, not a fault. */
export type OriginNotFetched = {
  readonly kind: 'not-fetched';
  /**
   * not-recorded: the record does not say enough; unavailable: the origin could not be reached; denied: it was reached and permits
   * it not; gone: it does not have the data any more; changed: it has other data in its place; tool-missing: a program is needed.
   */
  readonly because: 'not-recorded' | 'unavailable' | 'denied' | 'gone' | 'changed' | 'tool-missing';
  readonly reason: string;
  readonly fix?: string;
};

export type OriginFetch = OriginFetched | OriginNotFetched;

export type FetchOriginOptions = {
  /** A repository or DVC project on this machine that may hold the data already; it is only read. */
  readonly repository?: string;
  /** Cache of huggingface_hub. Default: where that library keeps it. */
  readonly hubCache?: string;
  /** Default: HF_ENDPOINT, else https://huggingface.co. */
  readonly hubEndpoint?: string;
  /** Hosts with a private address to which a redirect may lead. */
  readonly allowedHosts?: readonly string[];
  /** Form of the result of a statement. Default: jsonl. */
  readonly format?: 'jsonl' | 'csv';
  /** How long a statement may take. Default: 10 min. */
  readonly statementTimeoutMs?: number;
  /** Larger files are refused. Unit: byte. */
  readonly maxBytes?: number;
  readonly retry?: RetryPolicy;
  readonly idleTimeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytes: number) => void;
};

export const notFetched = (because: OriginNotFetched['because'], reason: string, fix?: string): OriginNotFetched => ({
  kind: 'not-fetched',
  because,
  reason,
  ...(fix === undefined ? {} : { fix }),
});

const BECAUSE: Readonly<Record<string, OriginNotFetched['because']>> = {
  TL0801: 'unavailable',
  TL0802: 'denied',
  TL0803: 'gone',
  TL0804: 'changed',
  TL0805: 'not-recorded',
  TL0806: 'unavailable',
  TL0807: 'tool-missing',
};

/** Errors of remotes are findings about the origin; errors of this machine (no space, no permission) stay errors. */
export const asFinding = (error: unknown): OriginNotFetched => {
  const because = error instanceof TrainlockError ? BECAUSE[error.code] : undefined;
  if (because === undefined) throw error;
  const { message, notes, fix } = error as TrainlockError;
  return notFetched(because, [message, ...notes].join(': '), fix);
};

/** The options that every download takes. */
export const downloadOptions = ({
  maxBytes,
  retry,
  idleTimeoutMs,
  signal,
  onProgress,
}: FetchOriginOptions): Pick<FetchOriginOptions, 'maxBytes' | 'retry' | 'idleTimeoutMs' | 'signal' | 'onProgress'> => ({
  ...(maxBytes === undefined ? {} : { maxBytes }),
  ...(retry === undefined ? {} : { retry }),
  ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
  ...(signal === undefined ? {} : { signal }),
  ...(onProgress === undefined ? {} : { onProgress }),
});
