import { join } from 'node:path';
import { TrainlockError } from '#base';
import type { Downloaded, DownloadOptions } from './download-options.ts';
import { downloadTo } from './download-to.ts';
import { folderSource } from './folder-source.ts';
import { notThere } from './remote-errors.ts';
import { parseRemoteAddress } from './remote-address.ts';
import type { RemoteOptions } from './remote.ts';
import { openBucket } from './s3-client.ts';
import { keepsVersions, listObjects, type S3Object } from './s3-objects.ts';
import { type S3Version, s3Source } from './s3-source.ts';

/** A folder or bucket that another tool filled, for reading: its names are anything. Throws like Remote. */
export type DataPlace = {
  readonly kind: 'folder' | 's3';
  /** Brings a file or object to a path. */
  readonly fetch: (name: string, path: string, options?: DownloadOptions & S3Version) => Promise<Downloaded>;
  readonly close: () => void;
};

/** A bucket, for reading: objects by their full keys. */
export type BucketReader = DataPlace & {
  readonly kind: 's3';
  readonly bucket: string;
  /** What stands in the address behind the bucket. */
  readonly prefix: string;
  /** Objects whose key begins with a text, as they are now; with version ids if the bucket keeps versions and permits to list them. */
  readonly objects: (keyPrefix: string) => AsyncIterable<S3Object>;
};

/** Opens a folder or bucket that another tool filled. Names are relative to it. Throws TL0805, TL0801. */
export const openDataPlace = async (address: string, options: RemoteOptions = {}): Promise<DataPlace> => {
  const place = parseRemoteAddress(address);
  if (place.kind === 'folder') {
    return {
      kind: 'folder',
      fetch: (name, path, more = {}) => downloadTo(path, folderSource(below(place.path, name)), { ...options, ...more }),
      close: () => undefined,
    };
  }
  const reader = await openBucketReader(address, options);
  const root = place.prefix === '' ? '' : `${place.prefix}/`;
  return { kind: 's3', fetch: (name, path, more) => reader.fetch(root + name, path, more), close: reader.close };
};

/** Opens s3://bucket/prefix for reading. Throws TL0805, TL0801. */
export const openBucketReader = async (address: string, options: RemoteOptions = {}): Promise<BucketReader> => {
  const place = parseRemoteAddress(address);
  if (place.kind !== 's3') throw notThere(address, 'name a bucket: s3://bucket/prefix');
  const bucket = await openBucket(place.bucket, options);
  return {
    kind: 's3',
    bucket: place.bucket,
    prefix: place.prefix,
    objects: (keyPrefix) => objectsOf(bucket, keyPrefix),
    fetch: async (key, path, more = {}) => {
      const { versionId, etag, ...download } = more;
      const version = { ...(versionId === undefined ? {} : { versionId }), ...(etag === undefined ? {} : { etag }) };
      return downloadTo(path, s3Source(bucket, key, version), { ...options, ...download });
    },
    close: () => bucket.client.destroy(),
  };
};

async function* objectsOf(bucket: Awaited<ReturnType<typeof openBucket>>, keyPrefix: string): AsyncGenerator<S3Object> {
  const versions = await keepsVersions(bucket);
  let told = 0;
  try {
    for await (const object of listObjects(bucket, keyPrefix, versions)) {
      told += 1;
      yield object;
    }
  } catch (error) {
    // Whoever may list objects need not be allowed to list versions.
    if (!versions || told > 0 || !(error instanceof TrainlockError) || error.code !== 'TL0802') throw error;
    yield* listObjects(bucket, keyPrefix);
  }
}

/** A name from outside stays below the folder. */
const below = (root: string, name: string): string => {
  if (name.split('/').some((part) => part === '..' || part === '') || name.includes('\0')) throw notThere(`${root}/${name}`, 'look at what named it');
  return join(root, name);
};
