/** Digests of many files and of logs: file lists, tree digests, Merkle roots and proofs. Hashing comes in through the Crypto port. */
export type { FileEntry } from './file-entry.ts';
export { type FileEntryInput, fileListOf } from './file-list.ts';
export { bytesOfName, type FileName, nameBelow, nameInside, nameOfBytes } from './file-name.ts';
export { leafHash } from './merkle-hash.ts';
export { consistencyProof, inclusionProof } from './merkle-proof.ts';
export { merkleRoot } from './merkle-root.ts';
export { portabilityFindings, type PortabilityFinding } from './name-portability.ts';
export { readFileList } from './read-file-list.ts';
export { type TreeRoot, treeRootOf } from './tree-root.ts';
export { type Consistency, type Inclusion, type TreeNumber, verifyConsistency, verifyInclusion } from './verify-merkle-proof.ts';
