import type { TransferOptions } from './remote.ts';
import type { RetryPolicy } from './retry.ts';

export type DownloadOptions = TransferOptions & {
  /** What the content must be; what is absent is not checked. */
  readonly expect?: { readonly sha256?: string; readonly md5?: string; readonly sizeBytes?: number };
  /** Larger content is refused. Unit: byte. */
  readonly maxBytes?: number;
  readonly retry?: RetryPolicy;
  readonly idleTimeoutMs?: number;
  /** Never replaces a file. */
  readonly once?: boolean;
  /** Permissions of the file. */
  readonly mode?: number;
};

export type Downloaded = {
  readonly sha256: string;
  readonly sizeBytes: number;
  /** ETag or version of the content, if the source tells one. */
  readonly validator: string | undefined;
  /** False if `once` was asked for and the name was taken. */
  readonly placed: boolean;
};

/** Larger content is refused where the caller names no limit: 1 TiB. Unit: byte. */
export const MOST_BYTES = 2 ** 40;

export const DEFAULT_IDLE_MS = 30_000;
