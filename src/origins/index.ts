/** Where data comes from, told by looking; and bringing it back from there. Also how git is asked, within bounds. */
export { describeS3 } from './describe-s3.ts';
export { fetchOrigin } from './fetch-origin.ts';
export { findOrigin } from './find-origin.ts';
export { queryDatabase } from './query-database.ts';
export { GitBlobs } from './git-blobs.ts';
export { isCommit } from './git-repository.ts';
export { type GitOptions, gitReason, gitText, runGit } from './run-git.ts';
