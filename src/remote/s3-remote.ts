import { withoutUndefined } from '#base';
import { downloadTo } from './download-to.ts';
import { asObjectName, isObjectName } from './object-name.ts';
import { differs, sizeReason } from './remote-errors.ts';
import type { Remote, RemoteObject, RemoteOptions } from './remote.ts';
import { type Bucket, openBucket } from './s3-client.ts';
import { objectSize } from './s3-object-size.ts';
import { listObjects } from './s3-objects.ts';
import { placeOf, send } from './s3-send.ts';
import { s3Source } from './s3-source.ts';
import { uploadFile } from './s3-upload.ts';

/** A prefix of a bucket as a remote. Asks the bucket once, so that a wrong name is told before work begins. */
export const openS3Remote = async (name: string, prefix: string, options: RemoteOptions): Promise<Remote> => {
  const bucket = await openBucket(name, options);
  await checkBucket(bucket, prefix);
  const keyOf = (object: string): string => (prefix === '' ? '' : `${prefix}/`) + asObjectName(object);
  const sizeOf = (object: string): Promise<number | undefined> => objectSize(bucket, keyOf(object));
  return {
    address: `s3://${name}${prefix === '' ? '' : `/${prefix}`}`,
    has: async (object) => (await sizeOf(object)) !== undefined,
    size: sizeOf,
    putFile: async (object, path, { sha256, sizeBytes, ...transfer }) => {
      const key = keyOf(object);
      const found = await objectSize(bucket, key, transfer.signal);
      if (found === sizeBytes) return 'present';
      if (found !== undefined) throw differs(placeOf(bucket, key), sizeReason(found, sizeBytes), 'look at the object, remove it if it is damaged, and send again');
      await uploadFile({ bucket, key, path, facts: { sha256, sizeBytes }, options: transfer });
      return 'sent';
    },
    getFile: async (object, path, { signal, onProgress, ...facts }) => {
      await downloadTo(path, s3Source(bucket, keyOf(object)), { ...options, ...withoutUndefined({ signal, onProgress }), expect: facts });
    },
    list: (below) => listNames(bucket, prefix, below),
    close: () => bucket.client.destroy(),
  };
};

/** Whoever may only read or write single objects is denied to list: that is no fault. */
const checkBucket = async (bucket: Bucket, prefix: string): Promise<void> => {
  const command = new bucket.sdk.ListObjectsV2Command({ Bucket: bucket.name, Prefix: prefix, MaxKeys: 1 });
  try {
    await send(bucket, prefix, { request: (http) => bucket.client.send(command, http) });
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message: string };
    if (code === 'TL0802' && message.endsWith(': AccessDenied')) return;
    bucket.client.destroy();
    throw error;
  }
};

/** The names are hostile: what is no object name is left out. */
async function* listNames(bucket: Bucket, prefix: string, below: string): AsyncGenerator<RemoteObject> {
  const root = prefix === '' ? '' : `${prefix}/`;
  for await (const { key, sizeBytes } of listObjects(bucket, root + below)) {
    const name = key.slice(root.length);
    if (isObjectName(name)) yield { name, sizeBytes };
  }
}
