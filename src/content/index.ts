/** What is inside files: digests that stay equal when only the packing differs, read in a restricted Python process; tables, read and compared by DuckDB; media. */
export { contentDigests } from './read-contents.ts';
export { type OpenBytes, withBytes } from './open-bytes.ts';
export { memberPieces, type ZipMember, zipMembers } from './tables/zip-members.ts';
export { helperFolder } from './helper-folder.ts';
export { loadPackage } from './load-package.ts';
/** Tables: what they say, and a digest that is the same for the same rows. */
export type { ProfileOptions } from './tables/profile-options.ts';
export { profileTables } from './tables/profile-table.ts';
export { openTableEngine, type OpenTable, type TableEngine } from './tables/table-engine.ts';
export { isTable, type TableFormat, tableFormatOf, type TableSource } from './tables/table-source.ts';
export { singleSources } from './tables/separate-source.ts';
export { tableSourcesOf } from './tables/table-sources-of.ts';
/** Rows of two tables, and what tables share. */
export { compareRows, type CompareRowsOptions } from './rows/compare-rows.ts';
export type { Part } from './rows/find-near-duplicates.ts';
export { findOverlap, type OverlapOptions } from './rows/find-overlap.ts';
/** Folders of images, recordings and texts. */
export { profileMedia } from './media/profile-media.ts';
