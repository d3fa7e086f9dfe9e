import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromUtf8, toHex } from '#base';
import { leafHash, verifyConsistency, verifyInclusion } from '#digest';
import {
  appendToTiles,
  type Checkpoint,
  EMPTY_EDGE,
  readEntryBundle,
  readNote,
  readTilePath,
  readVerifierKey,
  rootOfEdge,
  tileTree,
  verifyCheckpoint,
  verifyTlogProof,
  writeEntryBundle,
  writeNote,
  writeTilePath,
} from '#tlog';
import { algorithms, crypto, flipped, problemOf, valueOf } from '../test/fixtures/log-keys.ts';
import { vectorsOf } from './foreign-vectors.ts';

const suite = vectorsOf('tessera');
const folder = join(suite ?? '', 'testdata/log');
const bytesOf = (path: string): Uint8Array => Uint8Array.from(readFileSync(join(folder, path)));

// Source: transparency-dev/tessera, append_lifecycle_test.go and cmd/examples/posix-oneshot/README.md.
const KEY = valueOf(readVerifierKey('example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx', crypto));
const SIZES = Array.from({ length: 16 }, (_, i) => i);

const checkpointOf = (name: string): Checkpoint => {
  const check = verifyCheckpoint(valueOf(readNote(bytesOf(name))), { keys: [KEY] }, algorithms.verify);
  if (check.kind === 'refused') throw new Error(`${name}: ${check.because}`);
  return check.checkpoint;
};

describe.skipIf(suite === undefined)('the log of Tessera', () => {
  // Partial tiles of every size are there, so each size is read from its own.
  const tree = tileTree((level, index, width) => Promise.resolve(bytesOf(writeTilePath({ kind: 'hashes', level, index, width }))), crypto);
  const leavesOf = (size: number): readonly Uint8Array[] => valueOf(readEntryBundle(bytesOf(writeTilePath({ kind: 'entries', index: 0, width: size }))));

  it('has sixteen checkpoints that its key signed; each is written back byte for byte', () => {
    for (const size of SIZES) {
      expect(checkpointOf(`checkpoint.${size}`)).toMatchObject({ origin: 'example.com/log/testdata', size, extensions: [] });
      expect(writeNote(valueOf(readNote(bytesOf(`checkpoint.${size}`))))).toEqual(bytesOf(`checkpoint.${size}`));
    }
    expect(checkpointOf('checkpoint')).toEqual(checkpointOf('checkpoint.15'));
  });

  it('has the root of its checkpoint at every size', async () => {
    for (const size of SIZES) expect(toHex(await tree.rootOf(size)), `size ${size}`).toBe(toHex(checkpointOf(`checkpoint.${size}`).root));
  });

  it('is consistent between all its sizes, and no two roots can be swapped', async () => {
    for (const size2 of SIZES.slice(1)) {
      for (const size1 of SIZES.slice(1, size2 + 1)) {
        const [root1, root2] = [checkpointOf(`checkpoint.${size1}`).root, checkpointOf(`checkpoint.${size2}`).root];
        const claim = { size1, size2, root1, root2, proof: await tree.consistencyProofOf(size1, size2) };
        expect(verifyConsistency(claim, crypto), `${size1} in ${size2}`).toBe(true);
        if (size1 !== size2) expect(verifyConsistency({ ...claim, root1: root2, root2: root1 }, crypto), `${size1} in ${size2}, swapped`).toBe(false);
      }
    }
  });

  it('has the leaves of its bundles under the hashes of its tiles, with a proof for each', async () => {
    const checkpoint = checkpointOf('checkpoint');
    const proofNote = valueOf(readNote(bytesOf('checkpoint')));
    expect(
      leavesOf(15)
        .map((leaf) => fromUtf8(leaf))
        .slice(0, 3),
    ).toEqual(['one', 'two', 'three']);
    for (const [index, leaf] of leavesOf(15).entries()) {
      const hashes = await tree.inclusionProofAt(index, 15);
      expect(verifyInclusion({ index, size: 15, leafHash: leafHash(leaf, crypto), proof: hashes, root: checkpoint.root }, crypto)).toBe(true);
      const held = verifyTlogProof({ proof: { index, hashes, checkpoint: proofNote }, leafHash: leafHash(leaf, crypto), keys: [KEY] }, algorithms);
      expect(held).toMatchObject({ kind: 'held', index, log: KEY });
    }
  });

  it('grows from leaf to leaf into exactly its tiles, bundles and roots', () => {
    let edge = EMPTY_EDGE;
    for (const size of SIZES.slice(1)) {
      const leaves = leavesOf(size);
      expect(leaves).toHaveLength(size);
      expect(writeEntryBundle(leaves)).toEqual(bytesOf(writeTilePath({ kind: 'entries', index: 0, width: size })));
      const appended = appendToTiles(edge, [leafHash(leaves.at(-1)!, crypto)], crypto);
      edge = appended.edge;
      expect(appended.tiles.map(({ bytes, ...place }) => [writeTilePath({ kind: 'hashes', ...place }), bytes])).toEqual([
        [`tile/0/000.p/${size}`, bytesOf(`tile/0/000.p/${size}`)],
      ]);
      expect(toHex(rootOfEdge(edge, crypto))).toBe(toHex(checkpointOf(`checkpoint.${size}`).root));
    }
  });

  it('has only files whose paths are those of tiles', () => {
    const paths = readdirSync(join(folder, 'tile'), { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
    expect(paths).toHaveLength(30);
    for (const path of paths) expect(writeTilePath(readTilePath(path)!)).toBe(path);
  });

  it('with any bit of a checkpoint turned is refused', () => {
    const bytes = bytesOf('checkpoint');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const note = readNote(flipped(bytes, bit));
      if (note.kind === 'accepted') expect(verifyCheckpoint(note.value, { keys: [KEY] }, algorithms.verify).kind, `bit ${bit}`).toBe('refused');
    }
  });

  it('with any bit of its largest tile turned has another root, and with any bit of its bundle another leaf', async () => {
    const tile = bytesOf('tile/0/000.p/15');
    const root = toHex(checkpointOf('checkpoint').root);
    for (let bit = 0; bit < tile.length * 8; bit += 1) expect(toHex(await tileTree(() => Promise.resolve(flipped(tile, bit)), crypto).rootOf(15)), `bit ${bit}`).not.toBe(root);
    const bundle = bytesOf('tile/entries/000.p/15');
    for (let bit = 0; bit < bundle.length * 8; bit += 1) {
      const leaves = readEntryBundle(flipped(bundle, bit));
      if (leaves.kind === 'rejected') continue;
      const hashes = leaves.value.map((leaf) => leafHash(leaf, crypto));
      expect(toHex(rootOfEdge(appendToTiles(EMPTY_EDGE, hashes, crypto).edge, crypto)), `bit ${bit}`).not.toBe(root);
    }
  });

  it('is signed by no other key', () => {
    expect(problemOf(readVerifierKey('example.com/log/testdata+33d7b497+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx', crypto))).toMatch(/is not that of the key/);
    const other = valueOf(readVerifierKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', crypto));
    expect(verifyCheckpoint(valueOf(readNote(bytesOf('checkpoint'))), { keys: [other] }, algorithms.verify)).toMatchObject({ kind: 'refused', refusal: 'no-known-signature' });
  });
});
