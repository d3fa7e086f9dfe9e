import { createHash, webcrypto } from 'node:crypto';
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { READ_BYTES } from '../hash-file.ts';
import { failureFacts, systemPath } from '../look-at-file.ts';
import { makeLinesBuilder } from './lines-builder.ts';
import type { TreeAnswer, TreeFindingKind, TreeTask } from './tree-task.ts';

/** Size of the pieces that get digests of their own. Unit: byte. */
export const CHUNK_BYTES = 8 * 1024 * 1024;

/** From this size on the pieces of a file get digests too. Source: measured; below it the second hash costs more than a check of a part saves. */
const CHUNKED_FROM_BYTES = 1024 * 1024 * 1024;

const OPEN = constants.O_RDONLY | constants.O_NONBLOCK;

type BigTask = Extract<TreeTask, { kind: 'big' }>;

/**
 * SHA-256 of one large file and, from CHUNKED_FROM_BYTES on, of its pieces. The pieces are hashed by another thread of the system
 * from the memory they were read into, so the file is read once and takes no longer.
 */
export const hashBig = async (task: BigTask, buffer: Uint8Array, tell: (bytes: number) => void): Promise<TreeAnswer> => {
  const finding = (kind: TreeFindingKind, reason?: string): TreeAnswer => ({
    kind: 'parts',
    parts: [],
    findings: [{ ...task.name, kind, ...(reason === undefined ? {} : { reason }) }],
  });
  let descriptor: number;
  try {
    descriptor = openSync(systemPath(task.path), task.link === undefined ? OPEN | constants.O_NOFOLLOW : OPEN);
  } catch (error) {
    const { kind, reason } = failureFacts(error);
    return kind === 'absent' ? finding('vanished') : finding('unreadable', reason);
  }
  try {
    const before = fstatSync(descriptor, { bigint: true });
    if (!before.isFile()) return finding('special');
    const digests = await digestsOf(descriptor, Number(before.size), buffer, tell);
    const after = fstatSync(descriptor, { bigint: true });
    if (digests === undefined || !isSame(before, after)) return finding('changed', 'it changed while it was being read');
    const builder = makeLinesBuilder(1);
    builder.add({
      name: task.name,
      sha256: digests.sha256,
      size: Number(before.size),
      executable: (before.mode & 0o111n) !== 0n,
      link: task.link,
      facts: [before.size, before.mtimeNs, before.ctimeNs, BigInt.asIntN(64, before.ino), BigInt.asIntN(64, before.dev)],
      readBytes: Number(before.size),
    });
    return { kind: 'parts', parts: [{ ...builder.take()!, told: true, ...(digests.chunks.length === 0 ? {} : { chunks: digests.chunks }) }], findings: [] };
  } catch (error) {
    return finding('unreadable', failureFacts(error).reason ?? 'it was removed');
  } finally {
    closeSync(descriptor);
  }
};

const isSame = (before: BigIntStats, after: BigIntStats): boolean =>
  before.size === after.size && before.mtimeNs === after.mtimeNs && before.ctimeNs === after.ctimeNs && before.ino === after.ino && before.dev === after.dev;

type Digests = { readonly sha256: string; readonly chunks: readonly string[] };

/** Undefined if the file has fewer bytes than it said. */
const digestsOf = async (descriptor: number, sizeBytes: number, buffer: Uint8Array, tell: (bytes: number) => void): Promise<Digests | undefined> => {
  const whole = createHash('sha256');
  const chunks: string[] = [];
  const chunked = sizeBytes >= CHUNKED_FROM_BYTES;
  let pending: Promise<ArrayBuffer> | undefined;
  for (let left = sizeBytes; left > 0;) {
    const wanted = Math.min(CHUNK_BYTES, left);
    // Small steps: what was just read is still in the cache of the processor when it is hashed.
    for (let at = 0; at < wanted; at += READ_BYTES) {
      const step = buffer.subarray(at, Math.min(at + READ_BYTES, wanted));
      if (fill(descriptor, step) < step.length) return undefined;
      whole.update(step);
    }
    if (chunked) {
      if (pending !== undefined) chunks.push(hexOf(await pending));
      // The piece is copied before the call returns, so the buffer is free again. Source: Web Cryptography API, digest, step 2.
      pending = webcrypto.subtle.digest('SHA-256', buffer.subarray(0, wanted) as Uint8Array<ArrayBuffer>);
    }
    left -= wanted;
    tell(wanted);
  }
  if (pending !== undefined) chunks.push(hexOf(await pending));
  return { sha256: whole.digest('hex'), chunks };
};

const hexOf = (digest: ArrayBuffer): string => Buffer.from(digest).toString('hex');

const fill = (descriptor: number, into: Uint8Array): number => {
  let filled = 0;
  while (filled < into.length) {
    const read = readSync(descriptor, into, filled, into.length - filled, null);
    if (read === 0) break;
    filled += read;
  }
  return filled;
};
