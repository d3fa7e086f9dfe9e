/**
 * Transparency logs in the formats of C2SP: signed notes, checkpoints, tiles, proofs, cosignatures, witnesses and their policies, and the
 * leaves of our own logs. Pure: tiles and bytes come in, bytes and judgements go out; nothing here signs, stores or fetches.
 */
export type { Algorithms } from './algorithms.ts';
export { appendToTiles, EMPTY_EDGE, readTreeEdge, rootOfEdge, type TreeEdge, type WrittenTile } from './append-to-tiles.ts';
export { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
export { type Cosignature, cosignatureMessage, readCosignature, verifyCosignature, writeCosignature } from './cosignature.ts';
export { MOST_LEAF_BYTES, readEntryBundle, writeEntryBundle } from './entry-bundle.ts';
export { judgeRequest, type KnownState, type RequestJudgement, type RequestRefusal } from './judge-request.ts';
export { type Leaf, LEAF_KINDS, type LeafKind, type LoggedLeaf, readLeaf, writeLeaf } from './leaf.ts';
export { mergeLogs, type TeamEvent } from './merge-logs.ts';
export { type Note, type NoteSignature, readNote, writeNote } from './note.ts';
export { type NoteOpening, openNote, type VerifiedSignature } from './open-note.ts';
export { type LeafRange, type Population, populationOf, sampleOf } from './population.ts';
export { type Quorum, quorumOf, type VerifierClock, type WitnessTime } from './quorum.ts';
export { readWitnessPolicy } from './read-witness-policy.ts';
export type { Refused } from './refused.ts';
export { readTilePath, TILE_WIDTH, type TilePlace, tileWidth, writeTilePath } from './tile-path.ts';
export { type ReadTile, type TileTree, tileTree } from './tile-tree.ts';
export { readTlogProof, type TlogProof, writeTlogProof } from './tlog-proof.ts';
export { emptyRoot } from './tree-hash.ts';
export { type CheckpointCheck, type CheckpointRefusal, type CheckpointTrust, verifyCheckpoint } from './verify-checkpoint.ts';
export { type TlogClaim, type TlogProofCheck, verifyTlogProof } from './verify-tlog-proof.ts';
export { type KeyUse, readVerifierKey, type VerifierKey, verifierKeyOf, writeVerifierKey } from './verifier-key.ts';
export { NO_WITNESS, policyHolds, type WitnessGroup, type WitnessPolicy } from './witness-policy.ts';
export {
  KNOWN_SIZE_TYPE,
  readKnownSize,
  readWitnessAnswer,
  readWitnessRequest,
  WITNESS_REQUEST_BYTES,
  type WitnessRequest,
  writeKnownSize,
  writeWitnessAnswer,
  writeWitnessRequest,
} from './witness-request.ts';
