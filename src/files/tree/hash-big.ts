import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { fill } from '../fill.ts';
import { READ_BYTES } from '../hash-file.ts';
import { failureFacts, systemPath } from '../look-at-file.ts';
import { factsText, hashPieces, hashPiecesBeside, PIECE_BYTES, type Pieces } from './hash-pieces.ts';
import { isYoung, waitOneTick } from './local-clock.ts';
import { makeLinesBuilder } from './lines-builder.ts';
import type { TreeAnswer, TreeFindingKind, TreeTask } from './tree-task.ts';

/** From this size on the pieces of a file get digests too. Source: measured; below it the second hash costs more than a check of a part saves. */
const CHUNKED_FROM_BYTES = 1024 * 1024 * 1024;

const OPEN = constants.O_RDONLY | constants.O_NONBLOCK;

type BigTask = Extract<TreeTask, { kind: 'big' }>;

/**
 * SHA-256 of one large file and, from CHUNKED_FROM_BYTES on, of its pieces, which another thread hashes at the same time. A file
 * that changed just now is given one tick of the clock first, so that a further change shows.
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
    if (isYoung(before)) waitOneTick();
    const sizeBytes = Number(before.size);
    const isChunked = sizeBytes >= CHUNKED_FROM_BYTES;
    const beside = isChunked ? hashPiecesBeside({ kind: 'pieces', path: task.path, isLink: task.link !== undefined }) : undefined;
    const sha256 = digestOf(descriptor, sizeBytes, { buffer, tell });
    const facts = factsText(before);
    const chunks = beside === undefined ? [] : await piecesOf(task, beside, { facts, buffer });
    if (sha256 === undefined || chunks === undefined || facts !== factsText(fstatSync(descriptor, { bigint: true })))
      return finding('changed', 'it changed while it was being read');
    const builder = makeLinesBuilder(1);
    builder.add({
      name: task.name,
      sha256,
      size: sizeBytes,
      executable: (before.mode & 0o111n) !== 0n,
      link: task.link,
      facts: [before.size, before.mtimeNs, before.ctimeNs, BigInt.asIntN(64, before.ino), BigInt.asIntN(64, before.dev)],
      readBytes: sizeBytes,
    });
    return { kind: 'parts', parts: [{ ...builder.take()!, told: true, ...(chunks.length === 0 ? {} : { chunks }) }], findings: [] };
  } catch (error) {
    return finding('unreadable', failureFacts(error).reason ?? 'it was removed');
  } finally {
    closeSync(descriptor);
  }
};

/** Undefined if the file has fewer bytes than it said. */
const digestOf = (descriptor: number, sizeBytes: number, { buffer, tell }: { readonly buffer: Uint8Array; readonly tell: (bytes: number) => void }): string | undefined => {
  const whole = createHash('sha256');
  let untold = 0;
  for (let left = sizeBytes; left > 0;) {
    // Small steps: what was just read is still in the cache of the processor when it is hashed.
    const step = buffer.subarray(0, Math.min(READ_BYTES, left));
    if (fill(descriptor, step) < step.length) return undefined;
    whole.update(step);
    left -= step.length;
    untold += step.length;
    if (untold < PIECE_BYTES && left > 0) continue;
    tell(untold);
    untold = 0;
  }
  return whole.digest('hex');
};

/** Digests of the pieces of the file that was read; none if somebody changed it meanwhile, which the caller sees as well. */
const piecesOf = async (
  task: BigTask,
  beside: Promise<Pieces | undefined>,
  { facts, buffer }: { readonly facts: string; readonly buffer: Uint8Array },
): Promise<readonly string[] | undefined> => {
  const pieces = (await beside) ?? hashPieces({ kind: 'pieces', path: task.path, isLink: task.link !== undefined }, buffer);
  return pieces.facts === facts ? pieces.digests : undefined;
};
