import { hash } from 'node:crypto';
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { failureFacts } from '../look-at-file.ts';

/** From this size on a file is a task of its own. Unit: byte. */
export const BIG_BYTES = 8 * 1024 * 1024;

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

/**
 * SHA-256 of a small file, read in one go and looked at before and after on the open descriptor, so that the facts and the digest
 * belong to one file. A link is followed only if it was listed as one. The buffer must hold BIG_BYTES + 1.
 */
export const hashEntry = (path: string | Buffer, isLink: boolean, buffer: Uint8Array): HashedEntry => {
  let last: HashedEntry = { kind: 'changed' };
  for (let tries = 0; tries < TRIES && last.kind === 'changed'; tries += 1) last = readOnce(path, isLink, buffer);
  return last;
};

const readOnce = (path: string | Buffer, isLink: boolean, buffer: Uint8Array): HashedEntry => {
  let descriptor: number;
  try {
    descriptor = openSync(path, isLink ? OPEN : OPEN_ITSELF);
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

/** Clocks of file systems tick every few milliseconds: two changes within one tick have the same time. Unit: ms. */
const TICK_MS = 20;

const isYoung = (stats: BigIntStats): boolean => {
  const age = Date.now() - Number(stats.ctimeMs);
  return age < TICK_MS && age > -1000;
};

const pause = new Int32Array(new SharedArrayBuffer(4));

/** The digest after the clock has ticked: a change in the same tick as the first reading is seen now. */
const digestAgain = (descriptor: number, sizeBytes: number, buffer: Uint8Array): string | undefined => {
  Atomics.wait(pause, 0, 0, TICK_MS);
  return digestOf(descriptor, sizeBytes, buffer);
};
