/** Where data comes from, told by looking; and bringing it back from there. */
export { describeS3, type S3Description } from './describe-s3.ts';
export { fetchOrigin } from './fetch-origin.ts';
export type { FetchOriginOptions, OriginFetch, OriginFetched, OriginNotFetched } from './fetch-result.ts';
export { findOrigin } from './find-origin.ts';
export type { DatabaseQuery } from './database-query.ts';
export { queryDatabase, type QueryResult } from './query-database.ts';
