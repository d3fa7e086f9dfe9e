/** The transparency log of this machine: one writer at a time, batches that are signed for, proofs, checks, and a new log after a set-back. */
export type { Cosigned } from './add-cosignatures.ts';
export type { Appended, Place } from './append-leaves.ts';
export type { Continued } from './continue-log.ts';
export { type CopyProgress, copyLogbook } from './copy-logbook.ts';
export { LOG_KEY, loadNoteKey, newNoteKey, type NoteSigner } from './log-key.ts';
export { type Environment, stateFolder } from './log-places.ts';
export { folderReader, type LogReader, readLogKey, tileReader } from './log-reader.ts';
export { leavesOf, type StoredLeaf } from './leaves-of.ts';
export { type Logbook, openLogbook } from './open-logbook.ts';
export { takeLock } from './process-lock.ts';
export { CHECKPOINT, type LogHead, readHead } from './read-head.ts';
export { type LocalLog, localLogs } from './local-logs.ts';
export type { RememberedHead } from './remembered-heads.ts';
export { noLog } from './no-log.ts';
export { type LogCheck, verifyLogbook } from './verify-logbook.ts';
