/** Where data comes from, told by looking; and bringing it back from there. */
export { describeS3 } from './describe-s3.ts';
export { fetchOrigin } from './fetch-origin.ts';
export { findOrigin } from './find-origin.ts';
export { queryDatabase } from './query-database.ts';
