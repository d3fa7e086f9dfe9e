import { hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { notReadable, readPiece } from './read-piece.ts';
import { differs, sizeReason, unavailable } from './remote-errors.ts';
import { Interrupted, withRetries } from './retry.ts';
import { objectSize } from './s3-object-size.ts';
import { type Upload, uploadParts } from './s3-parts.ts';
import { placeOf, refusalInWords, send } from './s3-send.ts';

/** Larger files are sent in parts. Unit: byte. */
export const MULTIPART_FROM = 16 * 1024 * 1024;

/** Sends a file with its checksums, and looks afterwards whether the whole of it is there. Throws TL0801, TL0802, TL0804; TL0002 if the file cannot be read. */
export const uploadFile = async (upload: Upload): Promise<void> => {
  const { bucket, key, facts, options } = upload;
  try {
    if (facts.sizeBytes <= MULTIPART_FROM) await putWhole(upload);
    // An upload that another process ended in between is begun anew.
    else await withRetries(() => uploadParts(upload), { retry: { attempts: 3, firstWaitMs: bucket.retry.firstWaitMs }, signal: options.signal });
    const sizeBytes = await objectSize(bucket, key, options.signal);
    if (sizeBytes !== facts.sizeBytes) throw differs(placeOf(bucket, key), sizeReason(sizeBytes ?? 0, facts.sizeBytes), 'remove the object there, and send it again');
  } catch (error) {
    if (error instanceof Interrupted) throw unavailable(placeOf(bucket, key), error.message);
    throw refusalInWords(error, bucket, key);
  }
};

/** A small file is read, checked and sent at once: its memory is bounded by MULTIPART_FROM. */
const putWhole = async ({ bucket, key, path, facts, options }: Upload): Promise<void> => {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw notReadable(path, error);
  });
  try {
    const body = await readPiece(file, path, { offset: 0, length: facts.sizeBytes + 1 });
    const sha256 = hash('sha256', body, 'buffer');
    if (body.length !== facts.sizeBytes || sha256.toString('hex') !== facts.sha256) throw differs(path, 'it is not the file that was to be sent', 'look what changed it');
    const command = new bucket.sdk.PutObjectCommand({ Bucket: bucket.name, Key: key, Body: body, ChecksumSHA256: sha256.toString('base64') });
    await send(bucket, key, { request: (http) => bucket.client.send(command, http), signal: options.signal });
    options.onProgress?.(body.length);
  } finally {
    await file.close();
  }
};
