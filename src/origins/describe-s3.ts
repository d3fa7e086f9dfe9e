import { TrainlockError } from '#base';
import { openBucketReader, type RemoteOptions, type S3Object } from '#remote';
import type { Origin } from '#snapshot';
import { MOST_IMPORTED } from './limits.ts';

/** The objects of a bucket, as an origin; their sizes beside it. */
export type S3Description = {
  readonly origin: Origin;
  readonly objectCount: number;
  /** Sum of the sizes. */
  readonly totalBytes: number;
  /** All objects, also when the origin lists none because they are too many. */
  readonly objects: readonly S3Object[];
};

/** Most objects that are described. */
const MOST_OBJECTS = 1_000_000;

/**
 * What lies at s3://bucket/key or below s3://bucket/prefix now: keys, ETags, and versions if the bucket keeps them. More than a
 * thousand objects are not listed in the origin. Throws TL0801 to TL0803, TL0805.
 */
export const describeS3 = async (address: string, options: RemoteOptions = {}): Promise<S3Description> => {
  const reader = await openBucketReader(address, options);
  try {
    const objects: S3Object[] = [];
    for await (const object of reader.objects(reader.prefix)) {
      // A prefix names a folder or one object: data2 is not below data.
      if (!isBelow(object.key, reader.prefix) || object.key.endsWith('/')) continue;
      if (objects.length >= MOST_OBJECTS)
        throw new TrainlockError('TL0805', `more than ${MOST_OBJECTS} objects lie there`, { where: address, fix: 'name a smaller part of the bucket' });
      // Some servers have none for files that came to them by another way.
      const { etag, versionId, ...rest } = object;
      objects.push({ ...rest, ...(etag === undefined || etag === '' ? {} : { etag }), ...(versionId === undefined || versionId === '' ? {} : { versionId }) });
    }
    if (objects.length === 0) throw new TrainlockError('TL0803', `${address} has no objects`, { where: address, fix: 'look at the name, and at AWS_ENDPOINT_URL' });
    const uri = `s3://${reader.bucket}${reader.prefix === '' ? '' : `/${reader.prefix}`}`;
    return { origin: originOf(uri, reader.prefix, objects), objectCount: objects.length, totalBytes: objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), objects };
  } finally {
    reader.close();
  }
};

export const isBelow = (key: string, prefix: string): boolean => prefix === '' || key === prefix || key.startsWith(`${prefix}/`);

const originOf = (uri: string, prefix: string, objects: readonly S3Object[]): Origin => {
  const [only] = objects;
  const single = objects.length === 1 && only!.key === prefix ? (only!.versionId ?? only!.etag) : undefined;
  const listed =
    objects.length > MOST_IMPORTED
      ? {}
      : { objects: objects.map(({ key, versionId, etag }) => ({ key, ...(versionId === undefined ? {} : { versionId }), ...(etag === undefined ? {} : { etag }) })) };
  return { kind: 's3', uri, ...(single === undefined ? {} : { revision: single }), ...(prefix === '' ? {} : { path: prefix }), ...listed };
};
