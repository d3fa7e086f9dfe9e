/** Places for bytes that are not here: folders, buckets and web servers. Everything that arrives is verified before it gets its name. */
export { type DataPlace, openBucketReader, openDataPlace } from './data-place.ts';
export { askBytes } from './ask-bytes.ts';
export { fetchBytes } from './fetch-bytes.ts';
export { type FetchOptions, fetchToFile } from './fetch-to-file.ts';
export { openRemote } from './open-remote.ts';
export { PARTIAL_NAME } from './partial-file.ts';
export { quietSdk } from './quiet-sdk.ts';
export type { Remote, RemoteOptions } from './remote.ts';
export { parseRemoteAddress } from './remote-address.ts';
export type { RetryPolicy } from './retry.ts';
export type { S3Object } from './s3-objects.ts';
export type { S3Version } from './s3-source.ts';
export { type TransferObject, transferObjects, type TransferResult } from './transfer-objects.ts';
