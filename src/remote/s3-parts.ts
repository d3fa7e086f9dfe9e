import type { CompletedPart, Part } from '@aws-sdk/client-s3';
import { createHash, hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { notReadable, readPiece } from './read-piece.ts';
import { differs } from './remote-errors.ts';
import type { ObjectFacts, TransferOptions } from './remote.ts';
import { Interrupted } from './retry.ts';
import type { Bucket } from './s3-client.ts';
import { objectSize } from './s3-object-size.ts';
import { S3Refusal, send } from './s3-send.ts';
import { beginSession, findSession, type UploadSession } from './s3-session.ts';

/** What a server says of an upload that somebody else changed or ended in between. */
const ENDED = /^(?:NoSuchUpload|InvalidPart|InvalidPartOrder)$/;

export type Upload = { readonly bucket: Bucket; readonly key: string; readonly path: string; readonly facts: ObjectFacts; readonly options: TransferOptions };

/** Size of a part of files up to 80 GiB. Unit: byte. */
const PART_BYTES = 8 * 1024 * 1024;

/** Most parts of an upload. Source: Amazon S3 User Guide, "Amazon S3 multipart upload limits". */
const MOST_PARTS = 10_000;

/** Parts of one file that are on their way at once: memory is this many parts. */
const PARTS_AT_ONCE = 4;

/** The same for the same file at every time, so that parts of an earlier try fit. Unit: byte. */
export const partSizeOf = (sizeBytes: number): number => Math.max(PART_BYTES, Math.ceil(sizeBytes / MOST_PARTS / 1_048_576) * 1_048_576);

/**
 * Sends a large file in parts. Parts that an earlier try sent are read and compared, not sent again. If it breaks off, the parts
 * stay at the server for the next try. Throws Interrupted if somebody else ended the same upload in between.
 */
export const uploadParts = async (upload: Upload): Promise<void> => {
  const { bucket, key, path, facts, options } = upload;
  const place = { bucket, key, signal: options.signal };
  const session = (await findSession(place)) ?? (await beginSession(place));
  const file = await open(path, 'r').catch((error: unknown) => {
    throw notReadable(path, error);
  });
  try {
    const parts = await sendMissing(upload, session, file);
    const command = new bucket.sdk.CompleteMultipartUploadCommand({ Bucket: bucket.name, Key: key, UploadId: session.id, MultipartUpload: { Parts: parts } });
    await send(bucket, key, { request: (http) => bucket.client.send(command, http), signal: options.signal });
  } catch (error) {
    // Another process sends the same file and was first or replaced a part, of which some servers only say that something failed; or an
    // answer was lost and this was the second try to complete it.
    const there = await objectSize(bucket, key, options.signal).catch(() => undefined);
    if (there === facts.sizeBytes) return;
    if (!(error instanceof S3Refusal) || !ENDED.test(error.failure.name)) throw error;
    throw new Interrupted('the upload was ended by somebody else');
  } finally {
    await file.close();
  }
};

const sendMissing = async (upload: Upload, session: UploadSession, file: FileHandle): Promise<CompletedPart[]> => {
  const { path, facts, options } = upload;
  const size = partSizeOf(facts.sizeBytes);
  const whole = createHash('sha256');
  const parts: CompletedPart[] = [];
  const running = new Set<Promise<void>>();
  let failure: unknown;
  let offset = 0;
  for (let number = 1; offset < facts.sizeBytes && failure === undefined; number += 1, offset += size) {
    options.signal?.throwIfAborted();
    const body = await readPiece(file, path, { offset, length: Math.min(size, facts.sizeBytes - offset) });
    whole.update(body);
    const one = sendPart(upload, session, { number, body })
      .then((part) => void parts.push(part))
      .catch((error: unknown) => (failure ??= error))
      .finally(() => running.delete(one)) as Promise<void>;
    running.add(one);
    if (running.size >= PARTS_AT_ONCE) await Promise.race(running);
  }
  await Promise.all(running);
  if (failure !== undefined) throw failure;
  if (whole.digest('hex') !== facts.sha256) {
    await abort(upload, session);
    throw differs(path, 'it is not the file that was to be sent', 'look what changed it');
  }
  return parts.toSorted((a, b) => a.PartNumber! - b.PartNumber!);
};

type Piece = { readonly number: number; readonly body: Buffer };

const sendPart = async ({ bucket, key, options }: Upload, session: UploadSession, { number, body }: Piece): Promise<CompletedPart> => {
  const checksum = session.withSha256 ? { ChecksumSHA256: hash('sha256', body, 'base64') } : {};
  const there = session.parts.get(number);
  if (there?.ETag === undefined || !isSamePart(there, body)) {
    const command = new bucket.sdk.UploadPartCommand({ Bucket: bucket.name, Key: key, UploadId: session.id, PartNumber: number, Body: body, ...checksum });
    const sent = await send(bucket, key, { request: (http) => bucket.client.send(command, http), signal: options.signal });
    options.onProgress?.(body.length);
    return { PartNumber: number, ETag: sent.ETag, ...checksum };
  }
  options.onProgress?.(body.length);
  return { PartNumber: number, ETag: there.ETag, ...checksum };
};

/** Whether a part at the server is these bytes, by its checksum, or by its ETag, which is the MD5 of a part that is not encrypted. */
const isSamePart = (there: Part, body: Buffer): boolean => {
  if (there.Size !== body.length) return false;
  if (there.ChecksumSHA256 !== undefined) return there.ChecksumSHA256 === hash('sha256', body, 'base64');
  return there.ETag?.replaceAll('"', '') === hash('md5', body, 'hex');
};

/** What was sent is of no use to anybody. A server that keeps it nevertheless costs space, not correctness. */
const abort = async ({ bucket, key }: Upload, session: UploadSession): Promise<void> => {
  const command = new bucket.sdk.AbortMultipartUploadCommand({ Bucket: bucket.name, Key: key, UploadId: session.id });
  await send(bucket, key, { request: (http) => bucket.client.send(command, http) }).catch(() => undefined);
};
