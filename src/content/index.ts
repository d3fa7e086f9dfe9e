/** What is inside files: digests that stay equal when only the packing differs, read in a restricted Python process; rows of tables, compared in DuckDB. */
export { contentDigests } from './read-contents.ts';
export { helperFolder } from './helper-folder.ts';
/** Tables: what they say, and a digest that is the same for the same rows. */
export { contentDigestOf, type ContentDigest, ROWS_VERSION } from './tables/content-digest.ts';
export type { Detail, ProfileOptions } from './tables/profile-options.ts';
export { profileTable, profileTables } from './tables/profile-table.ts';
export { quotedName, quotedText } from './tables/sql-text.ts';
export { openTableEngine, type OpenTable, type OpenTableOptions, type TableEngine, type TableEngineOpening } from './tables/table-engine.ts';
export type { TableEngineOptions } from './tables/table-session.ts';
export { type TableFile, type TableFormat, tableFormatOf, type TableSource } from './tables/table-source.ts';
export { tableSourcesOf } from './tables/table-sources-of.ts';
export { canonicalText } from './tables/canonical-text.ts';
export type { TableColumn, ValueType } from './tables/value-type.ts';
/** Rows of two tables, and what tables share. */
export { compareRows, type CompareRowsOptions } from './rows/compare-rows.ts';
export { type NearOptions, type Part } from './rows/find-near-duplicates.ts';
export { findOverlap, type OverlapOptions } from './rows/find-overlap.ts';
export type { TableRelation } from './rows/table-relation.ts';
export type { TableQuery } from './table-query.ts';
/** Folders of images, recordings and texts. */
export { type MediaOptions, profileMedia } from './media/profile-media.ts';
