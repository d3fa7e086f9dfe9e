import type { RetryPolicy } from './retry.ts';

/** What the bytes of an object must be. */
export type ObjectFacts = {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
};

export type TransferOptions = {
  readonly signal?: AbortSignal;
  /** Told the number of bytes that went over the wire since the last time; negative if they must be fetched again. */
  readonly onProgress?: (bytes: number) => void;
};

/** An object at a remote, in a listing. */
export type RemoteObject = { readonly name: string; readonly sizeBytes: number };

/** Settings of a connection; what is absent has the stated default. */
export type RemoteOptions = {
  readonly retry?: RetryPolicy;
  /** Silence after which a connection is given up and tried again. Default: 30 s. */
  readonly idleTimeoutMs?: number;
};

/**
 * A place for objects. A name says what the bytes are (objects/sha256/ab/cdef…), so the same name always means the same bytes:
 * putting twice, or from two machines at once, is harmless. Every member throws TrainlockError: TL0801 not available, TL0802
 * access denied, TL0803 not there, TL0804 other bytes than they should be.
 */
export type Remote = {
  /** The address without credentials. */
  readonly address: string;
  readonly has: (name: string) => Promise<boolean>;
  /** Unit: byte; undefined if nothing has that name. */
  readonly size: (name: string) => Promise<number | undefined>;
  /** Sends a file; `present` if it was there already. Other bytes under that name are never replaced: TL0804. */
  readonly putFile: (name: string, path: string, options: ObjectFacts & TransferOptions) => Promise<'sent' | 'present'>;
  /** Brings an object to a path. The path holds the whole, verified object or what it held before; a second call continues a broken one. */
  readonly getFile: (name: string, path: string, options: ObjectFacts & TransferOptions) => Promise<void>;
  /** All objects whose name begins with the prefix, in no order. Names that are no object names are left out. */
  readonly list: (prefix: string) => AsyncIterable<RemoteObject>;
  /** Ends open connections. */
  readonly close: () => void;
};
