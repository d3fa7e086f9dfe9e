import type { Part } from '@aws-sdk/client-s3';
import type { Bucket } from './s3-client.ts';
import { S3Refusal, send } from './s3-send.ts';

/** A file on its way in parts. */
export type UploadSession = {
  readonly id: string;
  /** Whether the server takes SHA-256 of the parts. */
  readonly withSha256: boolean;
  /** Parts that are there already, by number. */
  readonly parts: ReadonlyMap<number, Part>;
};

type Place = { readonly bucket: Bucket; readonly key: string; readonly signal: AbortSignal | undefined };

/** The newest upload of this key that somebody began and did not end; undefined if there is none or the server does not tell. */
export const findSession = async (place: Place): Promise<UploadSession | undefined> => {
  const { bucket, key, signal } = place;
  try {
    const command = new bucket.sdk.ListMultipartUploadsCommand({ Bucket: bucket.name, Prefix: key });
    const { Uploads: uploads = [] } = await send(bucket, key, { request: (http) => bucket.client.send(command, http), signal });
    // A prefix also finds longer keys.
    const own = uploads.filter((upload) => upload.Key === key && upload.UploadId !== undefined);
    const [newest] = own.toSorted((a, b) => (b.Initiated?.getTime() ?? 0) - (a.Initiated?.getTime() ?? 0));
    if (newest === undefined) return undefined;
    return { id: newest.UploadId!, withSha256: newest.ChecksumAlgorithm === 'SHA256', parts: await listParts(place, newest.UploadId!) };
  } catch {
    // Whoever may write need not be allowed to list: then everything is sent.
    signal?.throwIfAborted();
    return undefined;
  }
};

const listParts = async ({ bucket, key, signal }: Place, id: string): Promise<ReadonlyMap<number, Part>> => {
  const parts = new Map<number, Part>();
  let marker: string | undefined;
  do {
    const command = new bucket.sdk.ListPartsCommand({ Bucket: bucket.name, Key: key, UploadId: id, ...(marker === undefined ? {} : { PartNumberMarker: marker }) });
    const page = await send(bucket, key, { request: (http) => bucket.client.send(command, http), signal });
    for (const part of page.Parts ?? []) if (part.PartNumber !== undefined) parts.set(part.PartNumber, part);
    marker = page.IsTruncated === true && page.NextPartNumberMarker !== marker ? page.NextPartNumberMarker : undefined;
  } while (marker !== undefined);
  return parts;
};

/** Begins an upload, with checksums if the server knows them. */
export const beginSession = async ({ bucket, key, signal }: Place): Promise<UploadSession> => {
  const begin = (withSha256: boolean): Promise<string> => {
    const command = new bucket.sdk.CreateMultipartUploadCommand({ Bucket: bucket.name, Key: key, ...(withSha256 ? { ChecksumAlgorithm: 'SHA256' } : {}) });
    return send(bucket, key, { request: (http) => bucket.client.send(command, http), signal }).then((answer) => answer.UploadId!);
  };
  try {
    return { id: await begin(true), withSha256: true, parts: new Map() };
  } catch (error) {
    if (!(error instanceof S3Refusal)) throw error;
    return { id: await begin(false), withSha256: false, parts: new Map() };
  }
};
