/** Digests of many files and of logs: file lists, tree digests, Merkle roots and proofs. Hashing comes in through the Crypto port. */
export { differingLines } from './differing-lines.ts';
export { compareEntries, type FileEntry, lineOfEntry } from './file-entry.ts';
export { type FileEntryInput, fileListOf } from './file-list.ts';
export { bytesOfName, type FileName, lastPartOf, nameBelow, nameInside, nameKey, nameOf, nameOfBytes, partsOf } from './file-name.ts';
export { portabilityInFolder, type PortabilityFinding } from './name-portability.ts';
export { indexOfList } from './index-of-list.ts';
export { entryInLine, readFileList } from './read-file-list.ts';
export { type ChangedFolder, changedFolders, digestOfFolder } from './changed-folders.ts';
export { compareFolders, type FolderDigest, folderIndexOf, folderLine, readFolderIndex } from './folder-index.ts';
export { treeRootOf } from './tree-root.ts';

export { HASH_BYTES, leafHash, nodeHash } from './merkle-hash.ts';
export { inclusionProof } from './merkle-proof.ts';
export { consistencyProof } from './merkle-proof.ts';
export { verifyConsistency, verifyInclusion } from './verify-merkle-proof.ts';
