/** Data snapshots: their document, and what differs between two of them. Rows are compared in `content`, pages are made in `report`. */
export type * from './generated/snapshot-types.ts';
export { readSnapshot, SNAPSHOT_SCHEMA_VERSION, type SnapshotReading } from './read-snapshot.ts';
