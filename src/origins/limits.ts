/** Most digests of another tool, and most objects of a bucket, that an origin lists. Source: schema/snapshot/v0.schema.json. */
export const MOST_IMPORTED = 1000;

/** Largest listing of another tool (dvc.lock, a folder of DVC, files of a repository) that is read. Unit: byte. */
export const LARGEST_LISTING = 256 * 1024 * 1024;

/** Files that are fetched at once. */
export const FETCHED_AT_ONCE = 4;
