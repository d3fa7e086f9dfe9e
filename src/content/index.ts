/** What is inside files: digests that stay equal when only the packing differs. Files are read in a restricted Python process. */
export { type Content, type ContentOptions, contentDigests, readContents } from './read-contents.ts';
export { helperFolder } from './helper-folder.ts';
