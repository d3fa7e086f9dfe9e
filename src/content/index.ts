/** What is inside files: digests that stay equal when only the packing differs. Files are read in a restricted Python process. */
export { contentDigests } from './read-contents.ts';
export { helperFolder } from './helper-folder.ts';
