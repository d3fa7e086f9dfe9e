import { createHash, createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Crypto, toHex, utf8 } from '#base';
import { leafHash } from './merkle-hash.ts';
import { consistencyProof, inclusionProof } from './merkle-proof.ts';
import { merkleRoot } from './merkle-root.ts';
import { verifyConsistency, verifyInclusion } from './verify-merkle-proof.ts';

const crypto: Crypto = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  hmacSha256: (key, bytes) => createHmac('sha256', key).update(bytes).digest(),
};

const leavesOf = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => utf8(`leaf ${i}`));

/** The definition, word for word: MTH of RFC 9162 §2.1.1. */
const byDefinition = (leaves: readonly Uint8Array[]): Uint8Array => {
  if (leaves.length === 0) return crypto.sha256(new Uint8Array());
  if (leaves.length === 1) return crypto.sha256(Uint8Array.of(0, ...leaves[0]!));
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return crypto.sha256(Uint8Array.of(1, ...byDefinition(leaves.slice(0, k)), ...byDefinition(leaves.slice(k))));
};

describe('the root of a tree', () => {
  it('is the hash of nothing without leaves', () => {
    expect(toHex(merkleRoot([], crypto))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('is that of the definition for every size to 70', () => {
    for (let size = 0; size <= 70; size += 1) expect(toHex(merkleRoot(leavesOf(size), crypto)), `size ${size}`).toBe(toHex(byDefinition(leavesOf(size))));
  });

  // Source: certificate-transparency test leaves, transparency-dev/merkle rfc6962.
  it('is that of the published example tree', () => {
    const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) => Buffer.from(hex, 'hex'));
    expect(toHex(merkleRoot(leaves, crypto))).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });
});

describe('proofs', () => {
  it('of every leaf of every small tree are accepted, and only at their own place', () => {
    for (let size = 1; size <= 17; size += 1) {
      const leaves = leavesOf(size);
      const root = merkleRoot(leaves, crypto);
      for (let index = 0; index < size; index += 1) {
        const claim = { index, size, leafHash: leafHash(leaves[index]!, crypto), proof: inclusionProof(leaves, index, crypto), root };
        for (let other = 0; other <= size; other += 1) expect(verifyInclusion({ ...claim, index: other }, crypto), `${index} as ${other} of ${size}`).toBe(other === index);
        expect(verifyInclusion({ ...claim, leafHash: leafHash(utf8('forged'), crypto) }, crypto)).toBe(false);
      }
    }
  });

  it('of every prefix of every small tree are accepted', () => {
    for (let size2 = 1; size2 <= 17; size2 += 1) {
      const leaves = leavesOf(size2);
      for (let size1 = 1; size1 <= size2; size1 += 1) {
        const claim = { size1, size2, root1: merkleRoot(leaves.slice(0, size1), crypto), root2: merkleRoot(leaves, crypto), proof: consistencyProof(leaves, size1, crypto) };
        expect(verifyConsistency(claim, crypto), `${size1} in ${size2}`).toBe(true);
        expect(verifyConsistency({ ...claim, root1: merkleRoot([utf8('other')], crypto) }, crypto)).toBe(false);
      }
    }
  });

  it('with one bit changed anywhere are refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.nat(), fc.nat(), fc.nat(), (size, at, byte, bit) => {
        const leaves = leavesOf(size);
        const index = at % size;
        const proof = inclusionProof(leaves, index, crypto).map((hash) => Uint8Array.from(hash));
        const claim = { index, size, leafHash: leafHash(leaves[index]!, crypto), proof, root: merkleRoot(leaves, crypto) };
        expect(verifyInclusion(claim, crypto)).toBe(true);
        const target = proof[byte % proof.length]!;
        target[byte % 32]! ^= 1 << (bit % 8);
        expect(verifyInclusion(claim, crypto)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('of hostile shape are refused without an error', () => {
    const hash = crypto.sha256(utf8('x'));
    const base = { index: 0n, size: 1n, leafHash: hash, proof: [], root: hash };
    const hostile = [
      { ...base, size: 0n },
      { ...base, index: -1n },
      { ...base, index: 0.5 },
      { ...base, size: Number.NaN },
      { ...base, size: 2 ** 60 },
      { ...base, size: 1n << 200n },
      { ...base, leafHash: new Uint8Array(31) },
      { ...base, root: new Uint8Array(0) },
      { ...base, size: 2n, proof: [new Uint8Array(33)] },
      { ...base, size: 2n, proof: Array.from({ length: 100_000 }, () => hash) },
    ];
    for (const claim of hostile) expect(verifyInclusion(claim, crypto)).toBe(false);
    for (const claim of hostile)
      expect(verifyConsistency({ size1: claim.index, size2: claim.size, root1: claim.leafHash, root2: claim.root, proof: claim.proof }, crypto)).toBe(false);
  });

  it('work in trees larger than 2^32 leaves', () => {
    // A tree of 2^40 equal leaves: every inner node of one level is the same hash.
    const levels = 40;
    let hash = leafHash(utf8('same'), crypto);
    const proof: Uint8Array[] = [];
    for (let level = 0; level < levels; level += 1) {
      proof.push(hash);
      hash = crypto.sha256(Uint8Array.of(1, ...hash, ...hash));
    }
    const claim = { index: (1n << 33n) + 5n, size: 1n << 40n, leafHash: proof[0]!, proof, root: hash };
    expect(verifyInclusion(claim, crypto)).toBe(true);
    expect(verifyInclusion({ ...claim, index: 2 ** 33 + 5, size: 2 ** 40 }, crypto)).toBe(true);
    expect(verifyInclusion({ ...claim, size: 1n << 39n }, crypto)).toBe(false);
  });
});

const VECTORS = join(process.env['TRAINLOCK_VECTORS'] ?? join(import.meta.dirname, '../../../shared/vectors'), 'merkle/testdata');

type Vector = Readonly<Record<string, unknown>> & { readonly wantErr: boolean; readonly desc: string };

/** Numbers beyond 2^53 are kept by turning them into text before they are parsed. */
const readVector = (path: string): Vector => JSON.parse(readFileSync(path, 'utf8').replace(/: (\d{16,})/g, ': "$1"')) as Vector;

const vectorsOf = (kind: string): Vector[] =>
  readdirSync(join(VECTORS, kind), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => readVector(join(VECTORS, kind, name)));

const bytes = (value: unknown): Uint8Array => Buffer.from((value as string | null) ?? '', 'base64');
const hashes = (value: unknown): Uint8Array[] => ((value as string[] | null) ?? []).map(bytes);
const size = (value: unknown): bigint => BigInt(value as string | number);

describe('the public vectors', () => {
  if (!existsSync(VECTORS)) console.log(`no vectors at ${VECTORS}: the test of public Merkle vectors says nothing`);

  it.runIf(existsSync(VECTORS))('of inclusion proofs are decided as published', () => {
    const vectors = vectorsOf('inclusion');
    expect(vectors.length).toBeGreaterThan(60);
    const wrong = vectors.filter(
      (v) =>
        verifyInclusion({ index: size(v['leafIdx']), size: size(v['treeSize']), leafHash: bytes(v['leafHash']), proof: hashes(v['proof']), root: bytes(v['root']) }, crypto) ===
        v.wantErr,
    );
    expect(wrong).toEqual([]);
  });

  it.runIf(existsSync(VECTORS))('of consistency proofs are decided as published', () => {
    const vectors = vectorsOf('consistency');
    expect(vectors.length).toBeGreaterThan(80);
    const wrong = vectors.filter(
      (v) =>
        verifyConsistency({ size1: size(v['size1']), size2: size(v['size2']), root1: bytes(v['root1']), root2: bytes(v['root2']), proof: hashes(v['proof']) }, crypto) ===
        v.wantErr,
    );
    expect(wrong).toEqual([]);
  });
});
