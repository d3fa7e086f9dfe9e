import { join } from 'node:path';
import { TrainlockError } from '#base';
import { openBucketReader, type S3Version } from '#remote';
import type { Origin } from '#snapshot';
import { atOnce } from './at-once.ts';
import { isBelow } from './describe-s3.ts';
import { downloadOptions, type FetchOriginOptions, notFetched, type OriginFetch } from './fetch-result.ts';
import { FETCHED_AT_ONCE } from './limits.ts';
import { lastPartOf, relativeTo } from './safe-path.ts';
import { makeFoldersFor } from './write-tree.ts';

type Wanted = S3Version & { readonly key: string };

/**
 * Brings the objects of a bucket: the recorded versions where the bucket keeps versions, else only what still has the recorded
 * ETag. Without recorded objects (they were too many) what lies below the prefix now, which is told as an unknown revision.
 */
export const fetchS3 = async (origin: Origin, target: string, options: FetchOriginOptions): Promise<OriginFetch> => {
  if (origin.uri === undefined) return notFetched('not-recorded', 'no bucket is recorded');
  const { retry, idleTimeoutMs } = downloadOptions(options);
  const reader = await openBucketReader(origin.uri, { ...(retry === undefined ? {} : { retry }), ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }) });
  try {
    const wanted: Wanted[] = [...(origin.objects ?? [])];
    if (wanted.length === 0) for await (const { key } of reader.objects(reader.prefix)) if (isBelow(key, reader.prefix) && !key.endsWith('/')) wanted.push({ key });
    if (wanted.length === 0) return notFetched('gone', 'nothing lies below the recorded prefix');
    const isFile = wanted.length === 1 && wanted[0]!.key === reader.prefix;
    const root = join(target, lastPartOf(reader.prefix === '' ? reader.bucket : reader.prefix));
    const sizes = await atOnce(wanted, FETCHED_AT_ONCE, async ({ key, versionId, etag }) => {
      const inner = relativeTo(reader.prefix, key);
      if (inner === undefined || (!isFile && !(await makeFoldersFor(root, inner))))
        throw new TrainlockError('TL0804', 'the key of an object leads out of its folder', { where: `s3://${reader.bucket}/${key}` });
      const version = { ...(versionId === undefined ? {} : { versionId }), ...(etag === undefined ? {} : { etag }) };
      return (await reader.fetch(key, isFile ? root : join(root, inner), { ...downloadOptions(options), ...version })).sizeBytes;
    });
    const isPinned = wanted.every(({ versionId, etag }) => versionId !== undefined || etag !== undefined);
    return {
      kind: 'fetched',
      path: root,
      fileCount: wanted.length,
      totalBytes: sizes.reduce((sum, size) => sum + size, 0),
      revision: isPinned ? 'same' : 'unknown',
      checkedCount: 0,
      left: [],
    };
  } finally {
    reader.close();
  }
};
