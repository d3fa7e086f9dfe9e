/** Digests of many files and of logs: file lists, tree digests, Merkle roots and proofs. Hashing comes in through the Crypto port. */
export type { FileEntry } from './file-entry.ts';
export { type FileEntryInput, fileListOf } from './file-list.ts';
export { bytesOfName, type FileName, nameBelow, nameInside, nameOfBytes } from './file-name.ts';
export { readFileList } from './read-file-list.ts';
export { treeRootOf } from './tree-root.ts';

/** @public Names that another system would refuse or confuse; data snapshots will tell them. */
export { portabilityFindings, type PortabilityFinding } from './name-portability.ts';
/** @public The transparency log will be made of these. */
export { consistencyProof, inclusionProof } from './merkle-proof.ts';
/** @public The same. */
export { type Consistency, type Inclusion, type TreeNumber, verifyConsistency, verifyInclusion } from './verify-merkle-proof.ts';
