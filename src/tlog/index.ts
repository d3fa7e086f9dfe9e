/**
 * Transparency logs in the formats of C2SP: signed notes, checkpoints, tiles, proofs, cosignatures, witnesses and their policies, and the
 * leaves of our own logs. Pure: tiles and bytes come in, bytes and judgements go out; nothing here signs, stores or fetches.
 */
export type { Algorithms } from './algorithms.ts';
export { appendToTiles, EMPTY_EDGE, readTreeEdge, rootOfEdge, type TreeEdge, type WrittenTile } from './append-to-tiles.ts';
export { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
export { cosignatureMessage, readCosignature, writeCosignature } from './cosignature.ts';
export { MOST_LEAF_BYTES, readEntryBundle, writeEntryBundle } from './entry-bundle.ts';
export { judgeRequest, type KnownState } from './judge-request.ts';
export { type Leaf, LEAF_KINDS, type LeafKind, type LoggedLeaf, readLeaf, writeLeaf } from './leaf.ts';
export { mergeLogs, type TeamEvent } from './merge-logs.ts';
export { type Note, type NoteSignature, readNote, writeNote } from './note.ts';
export { openNote } from './open-note.ts';
export { populationOf, sampleOf } from './population.ts';
export type { WitnessTime } from './quorum.ts';
export { readWitnessPolicy } from './read-witness-policy.ts';
export { readTilePath, TILE_WIDTH, type TilePlace, tileWidth, writeTilePath } from './tile-path.ts';
export { type ReadTile, tileTree } from './tile-tree.ts';
export { readTlogProof, type TlogProof, writeTlogProof } from './tlog-proof.ts';
export { verifyCheckpoint } from './verify-checkpoint.ts';
export { verifyTlogProof } from './verify-tlog-proof.ts';
export { type KeyUse, readVerifierKey, type VerifierKey, verifierKeyOf, writeVerifierKey } from './verifier-key.ts';
export {
  KNOWN_SIZE_TYPE,
  readKnownSize,
  readWitnessAnswer,
  readWitnessRequest,
  WITNESS_REQUEST_BYTES,
  writeKnownSize,
  writeWitnessAnswer,
  writeWitnessRequest,
} from './witness-request.ts';
