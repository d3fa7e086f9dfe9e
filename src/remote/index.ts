/** Places for bytes that are not here: folders, buckets and web servers. Everything that arrives is verified before it gets its name. */
export { type BucketReader, type DataPlace, openBucketReader, openDataPlace } from './data-place.ts';
export type { Downloaded, DownloadOptions } from './download-options.ts';
export { fetchBytes, type FetchBytesOptions } from './fetch-bytes.ts';
export { type Fetched, type FetchOptions, fetchToFile } from './fetch-to-file.ts';
export { openRemote } from './open-remote.ts';
export { PARTIAL_NAME } from './partial-file.ts';
export type { ObjectFacts, Remote, RemoteObject, RemoteOptions, TransferOptions } from './remote.ts';
export { parseRemoteAddress, type RemoteAddress } from './remote-address.ts';
export type { RetryPolicy } from './retry.ts';
export type { S3Object } from './s3-objects.ts';
export type { S3Version } from './s3-source.ts';
export { type TransferObject, transferObjects, type TransferProgress, type TransferRequest, type TransferResult } from './transfer-objects.ts';
