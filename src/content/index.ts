/** What is inside files: digests that stay equal when only the packing differs, read in a restricted Python process; rows of tables, compared in DuckDB. */
export { contentDigests } from './read-contents.ts';
export { helperFolder } from './helper-folder.ts';
export { compareRows, type CompareRowsOptions } from './rows/compare-rows.ts';
export { type NearOptions, type Part } from './rows/find-near-duplicates.ts';
export { findOverlap, type OverlapOptions } from './rows/find-overlap.ts';
export type { TableRelation } from './rows/table-relation.ts';
export type { TableQuery } from './table-query.ts';
