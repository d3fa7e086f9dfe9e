/** Records on disk: run folders, content-addressed objects, the index of runs, marks, kept records and what may be cleaned up. */
export { MAX_STATEMENT } from './finish-run.ts';
export type { Garbage, GarbageOptions } from './collect-garbage.ts';
export type { Kept } from './keep-run.ts';
export type { MarkChange, Marks } from './marks.ts';
export type { KeptFile } from './keep-file.ts';
export type { ObjectEvidence } from './prove-object.ts';
export { askStore, openStore, type StoreLocation } from './open-store.ts';
export type { Store } from './store.ts';
export { allOf, readCondition, type RunCondition } from './run-condition.ts';
export { findWriter } from './find-run.ts';
export { FIELD_NAMES, fieldReader, type FieldValue, numberOf } from './run-fields.ts';
export { isUnfinished, type RunRecord, type RunState, shortId, unfinishedText } from './run-record.ts';
export { type RunSummary, summaryOf } from './run-summary.ts';
export { type DamagedSnapshot, findSnapshot, noSnapshot, type SnapshotListing, type SnapshotRecord } from './snapshots.ts';
export { sortRuns } from './sort-runs.ts';
export { addFurtherSeal, addSeal, besideStatement, type NewSeal, sealsOf, signerKeyOf, type StoredSeal } from './seals.ts';
export { ignoreText, type StoreFinding } from './store-folder.ts';
export { isRunName, RUN_FILES, type RunFolder } from './store-layout.ts';
