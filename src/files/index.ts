/** The disk: walking, looking, hashing, reading within bounds and writing atomically. */
export type { FileFacts, FilePath } from './file-facts.ts';
export { freeBytes } from './free-space.ts';
export { hashFiles } from './hash-files.ts';
export type { HashOptions, HashProgress, OnProgress } from './hash-run.ts';
export { lookAtFile } from './look-at-file.ts';
export { makeFolder } from './make-folder.ts';
export { nodeCrypto } from './node-crypto.ts';
export { readBounded, readBoundedIfThere } from './read-bounded.ts';
export { statFiles } from './stat-files.ts';
export { makeTemporaryFolder, markTemporary, removeTemporaries, type TemporaryFolder } from './temporary.ts';
export type { EmittedTree, TreeIdentity } from './tree/list-emitter.ts';
export { filesOfLines, type ListedFile, type TreeLines } from './tree/listed-file.ts';
export { compareWithList, type ListComparison } from './tree/compare-with-list.ts';
export { type TakenTree, takeTree, type TakeTreeOptions } from './tree/take-tree.ts';
export type { TreeFinding } from './tree/tree-task.ts';
export { filesOfTree } from './tree/walk-tree.ts';
export { type Walk, walkFolder, type WalkFinding, type WalkOptions } from './walk-folder.ts';
export { notWritable, placeOnce, syncFolder, TEMPORARY_NAME, temporaryName, writeAtomic, writeOnce } from './write-atomic.ts';
