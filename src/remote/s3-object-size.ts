import { TrainlockError } from '#base';
import type { Bucket } from './s3-client.ts';
import { refusalInWords, send } from './s3-send.ts';

/** Size of an object; undefined if there is none. Unit: byte. */
export const objectSize = async (bucket: Bucket, key: string, signal?: AbortSignal): Promise<number | undefined> => {
  try {
    const command = new bucket.sdk.HeadObjectCommand({ Bucket: bucket.name, Key: key });
    const head = await send(bucket, key, { request: (http) => bucket.client.send(command, http), signal });
    return head.ContentLength ?? 0;
  } catch (error) {
    if (error instanceof TrainlockError && error.code === 'TL0803') return undefined;
    throw refusalInWords(error, bucket, key);
  }
};
