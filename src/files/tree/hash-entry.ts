import { hash } from 'node:crypto';
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { failureFacts } from '../look-at-file.ts';
import { isYoung, waitOneTick } from './local-clock.ts';

/** From this size on a file is a task of its own. Unit: byte. */
const BIG_BYTES = 8 * 1024 * 1024;

const OPEN = constants.O_RDONLY | constants.O_NONBLOCK;
const OPEN_ITSELF = OPEN | constants.O_NOFOLLOW;

/** What became of a file that a folder listed. */
export type HashedEntry =
  | { readonly kind: 'hashed'; readonly sha256: string; readonly stats: BigIntStats }
  | { readonly kind: 'big'; readonly sizeBytes: number }
  | { readonly kind: 'changed' | 'vanished' | 'special' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A file that changes as it is read is read again so often before that is stated. */
const TRIES = 3;

/** A change that is older than this when a file is opened cannot have the time of a change that comes while it is read. Unit: ms. */
const SETTLED_MS = 1000;

/**
 * SHA-256 of a small file, read in one go. It is looked at on the open descriptor, so that facts and digest belong to one file. A
 * file that had not changed for a while when it was opened, and still has not after it was read, did not change in between: one
 * look is enough. Any other is looked at before and after. A link is followed only if it was listed as one. The buffer must hold
 * BIG_BYTES + 1.
 *
 * `device` is that whose times come from our own clock; on any other each file is looked at twice.
 */
export const hashEntry = (path: string | Buffer, isLink: boolean, { buffer, device }: { readonly buffer: Uint8Array; readonly device: bigint | undefined }): HashedEntry => {
  const quick = device === undefined || isLink ? undefined : readSettled(path, device, buffer);
  if (quick !== undefined) return quick;
  let last: HashedEntry = { kind: 'changed' };
  for (let tries = 0; tries < TRIES && last.kind === 'changed'; tries += 1) last = readTwice(path, isLink, buffer);
  return last;
};

const opened = (path: string | Buffer, isLink: boolean): number => openSync(path, isLink ? OPEN : OPEN_ITSELF);

/** Undefined unless one look is enough. */
const readSettled = (path: string | Buffer, device: bigint, buffer: Uint8Array): HashedEntry | undefined => {
  let descriptor: number;
  const openedMs = Date.now();
  try {
    descriptor = opened(path, false);
  } catch (error) {
    return failed(error);
  }
  try {
    const read = readSync(descriptor, buffer, 0, BIG_BYTES, 0);
    const stats = fstatSync(descriptor, { bigint: true });
    // Fewer bytes than asked for, and as many as there are: it was read to its end.
    if (read === BIG_BYTES || stats.size !== BigInt(read) || !stats.isFile() || stats.dev !== device || Number(stats.ctimeMs) > openedMs - SETTLED_MS) return undefined;
    return { kind: 'hashed', sha256: hash('sha256', buffer.subarray(0, read), 'hex'), stats };
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
};

const readTwice = (path: string | Buffer, isLink: boolean, buffer: Uint8Array): HashedEntry => {
  let descriptor: number;
  try {
    descriptor = opened(path, isLink);
  } catch (error) {
    return failed(error);
  }
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    if (!stats.isFile()) return { kind: 'special' };
    const sizeBytes = Number(stats.size);
    if (sizeBytes >= BIG_BYTES) return { kind: 'big', sizeBytes };
    const sha256 = digestOf(descriptor, sizeBytes, buffer);
    if (sha256 === undefined || !isUnchanged(stats, fstatSync(descriptor))) return { kind: 'changed' };
    return isYoung(stats) && digestAgain(descriptor, sizeBytes, buffer) !== sha256 ? { kind: 'changed' } : { kind: 'hashed', sha256, stats };
  } catch (error) {
    return failed(error);
  } finally {
    closeSync(descriptor);
  }
};

const failed = (error: unknown): HashedEntry => {
  const { kind, reason } = failureFacts(error);
  return kind === 'absent' ? { kind: 'vanished' } : reason === 'too many links' ? { kind: 'changed' } : { kind: 'unreadable', reason: reason ?? 'unknown reason' };
};

/** One byte more is asked for: a file that grew must not pass for what it was. */
const digestOf = (descriptor: number, sizeBytes: number, buffer: Uint8Array): string | undefined => {
  let filled = 0;
  for (;;) {
    const read = readSync(descriptor, buffer, filled, sizeBytes + 1 - filled, filled);
    filled += read;
    if (read === 0 || filled > sizeBytes) break;
    // A short read at the expected end needs no second question: the look afterwards tells growth.
    if (filled === sizeBytes) break;
  }
  return filled === sizeBytes ? hash('sha256', buffer.subarray(0, sizeBytes), 'hex') : undefined;
};

const isUnchanged = (before: BigIntStats, after: Stats): boolean =>
  after.size === Number(before.size) && after.mtimeMs === inMs(before.mtimeNs) && after.ctimeMs === inMs(before.ctimeNs);

const NANOSECONDS = 1_000_000_000n;

/** Nanoseconds as Node rounds them to milliseconds: seconds and their rest apart. */
const inMs = (ns: bigint): number => {
  const rest = ((ns % NANOSECONDS) + NANOSECONDS) % NANOSECONDS;
  return Number((ns - rest) / NANOSECONDS) * 1000 + Number(rest) / 1_000_000;
};

/** The digest after the clock has ticked: a change in the same tick as the first reading is seen now. */
const digestAgain = (descriptor: number, sizeBytes: number, buffer: Uint8Array): string | undefined => {
  waitOneTick();
  return digestOf(descriptor, sizeBytes, buffer);
};
