import type { Readable } from 'node:stream';
import type { DownloadSource, OpenedSource } from './download-source.ts';
import { differs } from './remote-errors.ts';
import type { Bucket } from './s3-client.ts';
import { once, placeOf, refusalInWords, S3Refusal } from './s3-send.ts';

/** Which content of a key is meant; without both, whatever is there. */
export type S3Version = { readonly versionId?: string; readonly etag?: string };

/** An object of a bucket as a source. A version or ETag that is asked for and not there any more is TL0803 or TL0804. */
export const s3Source = (bucket: Bucket, key: string, version: S3Version = {}): DownloadSource => {
  const place = placeOf(bucket, key);
  return {
    place,
    open: async ({ offset, validator }, signal) => {
      const match = version.etag ?? validator;
      try {
        return await openAt({ bucket, key, offset, match, versionId: version.versionId, signal });
      } catch (error) {
        const status = error instanceof S3Refusal ? error.failure.status : undefined;
        if (status === 412 && version.etag !== undefined) throw differs(place, 'its ETag is another one now', 'look for the recorded version in a copy of the bucket');
        // The part that is there is of another version, or as long as the whole: everything anew.
        if (offset > 0 && (status === 412 || status === 416)) return openAt({ bucket, key, offset: 0, match: version.etag, versionId: version.versionId, signal });
        throw refusalInWords(error, bucket, key);
      }
    },
  };
};

type Asked = { bucket: Bucket; key: string; offset: number; match: string | undefined; versionId: string | undefined; signal: AbortSignal };

const openAt = async ({ bucket, key, offset, match, versionId, signal }: Asked): Promise<OpenedSource> => {
  const command = new bucket.sdk.GetObjectCommand({
    Bucket: bucket.name,
    Key: key,
    ...(offset > 0 ? { Range: `bytes=${offset}-` } : {}),
    ...(match === undefined ? {} : { IfMatch: match }),
    ...(versionId === undefined ? {} : { VersionId: versionId }),
  });
  const answer = await once(bucket, key, () => bucket.client.send(command, { abortSignal: signal }));
  const body = answer.Body as Readable;
  // Reading may begin later than an error comes.
  body.on('error', () => undefined);
  const range = /^bytes ([0-9]+)-[0-9]+\/([0-9]+)$/.exec(answer.ContentRange ?? '');
  return {
    body,
    offset: range === null ? 0 : Number(range[1]),
    sizeBytes: range === null ? answer.ContentLength : Number(range[2]),
    validator: answer.ETag,
    close: () => body.destroy(),
  };
};
