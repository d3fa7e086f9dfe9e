import { createHash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import type { FileFacts, FilePath } from './file-facts.ts';
import { fill } from './fill.ts';
import { failureFacts, lookAtFile, systemPath } from './look-at-file.ts';

/** Size of one read. Larger reads are not faster, and the default of streams is 1.5 times slower. Unit: byte. */
export const READ_BYTES = 1024 * 1024;

// O_NONBLOCK: if a pipe took the place of the file, opening must not wait.
const OPEN = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Facts and digest of one file. A generator, so that the caller can breathe, report progress or stop between two reads: each
 * step yields the bytes just read, the last one returns the facts. `buffer` is overwritten; it may be shared by many files, one
 * after another; READ_BYTES are enough. `seen` are facts of an earlier look. Never throws.
 */
export function* hashFile(file: FilePath, buffer: Uint8Array, seen?: FileFacts): Generator<number, FileFacts, undefined> {
  const before = seen ?? lookAtFile(file);
  if (before.kind !== 'file') return before;
  let descriptor: number;
  try {
    // A file that became a link since it was looked at is not followed.
    descriptor = openSync(systemPath(file), before.link === undefined ? OPEN | constants.O_NOFOLLOW : OPEN);
  } catch (error) {
    return withoutDigest(before, failureFacts(error));
  }
  try {
    const sha256 = yield* digestOf(descriptor, before.sizeBytes ?? 0, buffer);
    if (sha256 === undefined) return { ...before, changed: true, reason: 'it became shorter while it was read' };
    return isSame(before, fstatSync(descriptor)) ? { ...before, sha256 } : { ...before, sha256, changed: true };
  } catch (error) {
    return withoutDigest(before, failureFacts(error));
  } finally {
    closeSync(descriptor);
  }
}

const withoutDigest = (before: FileFacts, failure: Pick<FileFacts, 'kind' | 'reason'>): FileFacts =>
  failure.kind === 'absent' || failure.reason === 'too many links'
    ? { ...before, kind: 'unreadable', changed: true, reason: 'it was replaced or removed before it was read' }
    : { ...before, ...failure };

/**
 * Whether the file is the one that was looked at, unchanged. The second look takes the cheap form of the facts, which rounds
 * times to 0.25 microseconds; clocks of file systems tick far slower.
 */
const isSame = (before: FileFacts, after: Stats): boolean =>
  after.size === before.sizeBytes &&
  after.mtimeMs === milliseconds(before.mtimeNs!) &&
  after.ctimeMs === milliseconds(before.ctimeNs!) &&
  after.ino === Number(before.inode) &&
  after.dev === Number(before.device);

const NANOSECONDS = 1_000_000_000n;

/** Nanoseconds as Node writes them in milliseconds: seconds and their rest are rounded apart. */
const milliseconds = (text: string): number => {
  if (text.length > 9 && !text.startsWith('-')) return Number(text.slice(0, -9)) * 1000 + Number(text.slice(-9)) / 1_000_000;
  const rest = ((BigInt(text) % NANOSECONDS) + NANOSECONDS) % NANOSECONDS;
  return Number((BigInt(text) - rest) / NANOSECONDS) * 1000 + Number(rest) / 1_000_000;
};

/** Digest of the first sizeBytes; undefined if there are fewer. A file that grows as it is read must not be read for ever. */
function* digestOf(descriptor: number, sizeBytes: number, buffer: Uint8Array): Generator<number, string | undefined, undefined> {
  if (sizeBytes <= buffer.length) {
    if (fill(descriptor, buffer.subarray(0, sizeBytes)) < sizeBytes) return undefined;
    yield sizeBytes;
    return hash('sha256', buffer.subarray(0, sizeBytes), 'hex');
  }
  const running = createHash('sha256');
  for (let left = sizeBytes; left > 0;) {
    const read = fill(descriptor, buffer.subarray(0, left));
    if (read === 0) return undefined;
    running.update(buffer.subarray(0, read));
    left -= read;
    yield read;
  }
  return running.digest('hex');
}
