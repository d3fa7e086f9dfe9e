import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex, utf8 } from '#base';
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from '#digest';
import { crypto, flipped, logOf } from '../../test/fixtures/log-keys.ts';
import { times } from '../../test/harness/effort.ts';
import { vectorsOf } from '../../conformance/foreign-vectors.ts';
import { tileTree } from './tile-tree.ts';

const leavesOf = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => utf8(`leaf ${i}`));
/** Sizes are tried to here: beyond the border of a tile. */
const MOST = times(600, 300);
const LEAVES = leavesOf(600);
const LOG = logOf(LEAVES);
const TREE = tileTree(LOG.readTile, crypto);

/** Root by the definition, word for word. Source: RFC 9162 §2.1.1. */
const byDefinition = (hashes: readonly Uint8Array[]): Uint8Array => {
  if (hashes.length === 0) return crypto.sha256(new Uint8Array());
  if (hashes.length === 1) return hashes[0]!;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return crypto.sha256(Uint8Array.of(1, ...byDefinition(hashes.slice(0, k)), ...byDefinition(hashes.slice(k))));
};

const hexes = (hashes: readonly Uint8Array[]): readonly string[] => hashes.map(toHex);

describe('roots and proofs from tiles', () => {
  it(`have the root of the definition at every size to ${MOST}`, async () => {
    for (let size = 0; size <= MOST; size += 1) expect(toHex(await TREE.rootOf(size)), `size ${size}`).toBe(toHex(byDefinition(LOG.leafHashes.slice(0, size))));
  });

  it(`are the inclusion proofs of the whole tree, at every size to ${MOST}`, async () => {
    for (let size = 1; size <= MOST; size += 1) {
      const root = await TREE.rootOf(size);
      for (const index of new Set([Math.floor(size / 3), (size * 7) % 256, size - 1].filter((one) => one < size))) {
        const proof = await TREE.inclusionProofAt(index, size);
        if (size % 11 === 0 || size < 20) expect(hexes(proof), `${index} of ${size}`).toEqual(hexes(inclusionProof(LEAVES.slice(0, size), index, crypto)));
        expect(verifyInclusion({ index, size, leafHash: LOG.leafHashes[index]!, proof, root }, crypto), `${index} of ${size}`).toBe(true);
      }
    }
  });

  it(`are the consistency proofs of the whole tree, at every size to ${MOST}`, async () => {
    for (let size2 = 1; size2 <= MOST; size2 += 1) {
      const root2 = await TREE.rootOf(size2);
      for (const size1 of new Set([Math.ceil(size2 / 3), ((size2 * 7) % 256) + 1, size2 - 1].filter((one) => one >= 1 && one <= size2))) {
        const proof = await TREE.consistencyProofOf(size1, size2);
        if (size2 % 11 === 0 || size2 < 20) expect(hexes(proof), `${size1} in ${size2}`).toEqual(hexes(consistencyProof(LEAVES.slice(0, size2), size1, crypto)));
        expect(verifyConsistency({ size1, size2, root1: await TREE.rootOf(size1), root2, proof }, crypto), `${size1} in ${size2}`).toBe(true);
      }
    }
  });

  it('are right in logs of three levels of tiles', async () => {
    const big = logOf(leavesOf(66_000));
    const tree = tileTree(big.readTile, crypto);
    const size = fc.integer({ min: 65_000, max: 66_000 });
    await fc.assert(
      fc.asyncProperty(size, size, fc.nat(65_999), async (a, b, at) => {
        const [size1, size2] = [Math.min(a, b), Math.max(a, b)];
        const [root1, root2] = [await tree.rootOf(size1), await tree.rootOf(size2)];
        const index = at % size2;
        expect(verifyConsistency({ size1, size2, root1, root2, proof: await tree.consistencyProofOf(size1, size2) }, crypto)).toBe(true);
        expect(verifyInclusion({ index, size: size2, leafHash: big.leafHashes[index]!, proof: await tree.inclusionProofAt(index, size2), root: root2 }, crypto)).toBe(true);
      }),
      { numRuns: 60 },
    );
    expect(toHex(await tree.rootOf(66_000))).toBe(toHex(big.root));
    expect(toHex(await tree.rootOf(65_999))).toBe(toHex(byDefinition(big.leafHashes.slice(0, 65_999))));
  });

  it('read at most two tiles of each level, each once', async () => {
    const read: string[] = [];
    const big = logOf(leavesOf(70_000), (path) => read.push(path));
    const tree = tileTree(big.readTile, crypto);
    for (const question of [
      () => tree.rootOf(69_999),
      () => tree.inclusionProofAt(12_345, 70_000),
      () => tree.inclusionProofAt(69_999, 70_000),
      () => tree.consistencyProofOf(33_333, 70_000),
    ]) {
      read.length = 0;
      await question();
      expect(new Set(read).size).toBe(read.length);
      expect(read.length).toBeLessThanOrEqual(2 * 3);
    }
  });

  it('from a tile with one bit turned prove nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 600 }), fc.nat(599), fc.nat(256 * 32 * 8 - 1), async (size, at, bit) => {
        const index = at % size;
        let touched = false;
        const tree = tileTree(async (level, tile, width) => {
          const bytes = await LOG.readTile(level, tile, width);
          if (touched || bytes.length === 0) return bytes;
          touched = true;
          return flipped(bytes, bit);
        }, crypto);
        const claim = { index, size, leafHash: LOG.leafHashes[index]!, proof: await tree.inclusionProofAt(index, size), root: await TREE.rootOf(size) };
        // The bit may lie in a hash that this proof does not need: then the proof is the true one.
        const honest = hexes(await TREE.inclusionProofAt(index, size));
        expect(verifyInclusion(claim, crypto)).toBe(hexes(claim.proof).every((hash, step) => hash === honest[step]));
        touched = false;
        expect(toHex(await tree.rootOf(size)) === toHex(claim.root)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('refuse a tile with the wrong number of bytes', async () => {
    for (const length of [0, 31, 33, 32 * 6]) {
      const tree = tileTree(() => Promise.resolve(new Uint8Array(length)), crypto);
      await expect(tree.rootOf(5)).rejects.toThrow(`the tile tile/0/000.p/5 has ${length} bytes, not 160`);
    }
  });

  it('are not made for leaves and sizes that are none', async () => {
    for (const [index, size] of [
      [5, 5],
      [-1, 5],
      [0.5, 5],
      [0, 0],
      [0, 2 ** 53],
    ] as const)
      expect(() => TREE.inclusionProofAt(index, size)).toThrow(RangeError);
    await expect(TREE.consistencyProofOf(6, 5)).rejects.toThrow(RangeError);
    expect(await TREE.consistencyProofOf(0, 5)).toEqual([]);
    expect(await TREE.consistencyProofOf(5, 5)).toEqual([]);
  });
});

const vectors = vectorsOf('merkle');

describe.skipIf(vectors === undefined)('the tree of the public Merkle vectors', () => {
  // Source: transparency-dev/merkle, rfc6962: the leaves under its test data.
  const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));
  const tree = tileTree(logOf(leaves).readTile, crypto);
  const happy = (kind: string): readonly Readonly<Record<string, unknown>>[] =>
    readdirSync(join(vectors ?? '', 'testdata', kind), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('happy-path.json') && existsSync(join(vectors ?? '', 'testdata', kind, name)))
      .map((name) => JSON.parse(readFileSync(join(vectors ?? '', 'testdata', kind, name), 'utf8')) as Readonly<Record<string, unknown>>);
  const base64s = (hashes: readonly Uint8Array[]): readonly string[] => hashes.map((hash) => Buffer.from(hash).toString('base64'));

  it('has the published roots and inclusion proofs', async () => {
    const cases = happy('inclusion');
    expect(cases.length).toBeGreaterThanOrEqual(4);
    for (const { leafIdx, treeSize, root, proof } of cases) {
      expect(base64s([await tree.rootOf(Number(treeSize))])).toEqual([root]);
      expect(base64s(await tree.inclusionProofAt(Number(leafIdx), Number(treeSize)))).toEqual(proof ?? []);
    }
  });

  it('has the published consistency proofs', async () => {
    const cases = happy('consistency');
    expect(cases.length).toBeGreaterThanOrEqual(4);
    for (const { size1, size2, root1, root2, proof } of cases) {
      expect(base64s([await tree.rootOf(Number(size1)), await tree.rootOf(Number(size2))])).toEqual([root1, root2]);
      expect(base64s(await tree.consistencyProofOf(Number(size1), Number(size2)))).toEqual(proof ?? []);
    }
  });
});
