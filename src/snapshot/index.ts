/** Data snapshots: their document, and what differs between two of them. Rows are compared in `content`, pages are made in `report`. */
export { checkDataDocument, dataDocumentForm, type DataDocumentForm } from './check-data-document.ts';
export { compareFiles, passedOver } from './compare-files.ts';
export { compareSnapshots, watchedPaths } from './compare-snapshots.ts';
export { aspectsOf } from './departures.ts';
export type * from './difference.ts';
export type * from './files-difference.ts';
export type * from './generated/snapshot-types.ts';
export type * from './overlap.ts';
export { familyOf, orderedValue } from './ordered-value.ts';
export { pairTables, tableKey } from './pair-tables.ts';
export { matchesPattern } from './path-pattern.ts';
export type { Erasure } from './generated/erasure-types.ts';
export { type DocumentReading, readErasure, readSnapshot, SNAPSHOT_SCHEMA_VERSION } from './read-snapshot.ts';
export type * from './rows-difference.ts';
export { MODERATE_INDEX, STRONG_INDEX } from './stability-index.ts';
export type * from './table-difference.ts';
