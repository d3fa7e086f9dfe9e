import type { ListObjectVersionsCommand, ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3';
import { TrainlockError } from '#base';
import type { Bucket } from './s3-client.ts';
import { refusalInWords, S3Refusal, send } from './s3-send.ts';

/** An object of a bucket, as it is now. */
export type S3Object = { readonly key: string; readonly sizeBytes: number; readonly etag?: string; readonly versionId?: string };

/** The objects under a prefix, a thousand per request. With `versions`, which needs the right to list them, each with the id of its current version. */
export async function* listObjects(bucket: Bucket, prefix: string, versions: boolean = false): AsyncGenerator<S3Object> {
  try {
    yield* versions ? listCurrentVersions(bucket, prefix) : listPlain(bucket, prefix);
  } catch (error) {
    throw refusalInWords(error, bucket, prefix);
  }
}

async function* listPlain(bucket: Bucket, prefix: string): AsyncGenerator<S3Object> {
  let token: string | undefined;
  do {
    const command = new bucket.sdk.ListObjectsV2Command({ Bucket: bucket.name, Prefix: prefix, ...(token === undefined ? {} : { ContinuationToken: token }) });
    const page = await send(bucket, prefix, { request: (http) => bucket.client.send(command, http) });
    for (const { Key: key, Size: sizeBytes = 0, ETag: etag } of page.Contents ?? []) if (key !== undefined) yield { key, sizeBytes, ...(etag === undefined ? {} : { etag }) };
    token = page.IsTruncated === true && page.NextContinuationToken !== token ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

type Marker = { readonly KeyMarker?: string; readonly VersionIdMarker?: string };

async function* listCurrentVersions(bucket: Bucket, prefix: string): AsyncGenerator<S3Object> {
  let next: Marker | undefined = {};
  while (next !== undefined) {
    const command: ListObjectVersionsCommand = new bucket.sdk.ListObjectVersionsCommand({ Bucket: bucket.name, Prefix: prefix, ...next });
    const page: ListObjectVersionsCommandOutput = await send(bucket, prefix, { request: (http) => bucket.client.send(command, http) });
    for (const { Key: key, Size: sizeBytes = 0, ETag: etag, VersionId: versionId, IsLatest: isLatest } of page.Versions ?? []) {
      if (key === undefined || isLatest !== true) continue;
      // "null" is the id of what was put before the bucket kept versions: it can be overwritten.
      yield { key, sizeBytes, ...(etag === undefined ? {} : { etag }), ...(versionId === undefined || versionId === 'null' ? {} : { versionId }) };
    }
    const marker: string | undefined = page.IsTruncated === true ? page.NextKeyMarker : undefined;
    next = marker === undefined ? undefined : { KeyMarker: marker, ...(page.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: page.NextVersionIdMarker }) };
  }
}

/** Whether the bucket keeps versions, as far as it may be asked. */
export const keepsVersions = async (bucket: Bucket): Promise<boolean> => {
  try {
    const command = new bucket.sdk.GetBucketVersioningCommand({ Bucket: bucket.name });
    const answer = await send(bucket, '', { request: (http) => bucket.client.send(command, http) });
    return answer.Status !== undefined;
  } catch (error) {
    if (error instanceof S3Refusal || (error instanceof TrainlockError && error.code === 'TL0802')) return false;
    throw error;
  }
};
