import fc from 'fast-check';
import { leafHash } from '#digest';
import { describe, expect, it } from 'vitest';
import { toHex, utf8 } from '#base';
import { crypto, logOf } from '../../test/fixtures/log-keys.ts';
import { times } from '../../test/harness/effort.ts';
import { appendToTiles, EMPTY_EDGE, readTreeEdge, rootOfEdge, type TreeEdge } from './append-to-tiles.ts';
import { tileWidth, writeTilePath } from './tile-path.ts';
import { tileTree } from './tile-tree.ts';

/** Sizes are tried to here: beyond the border of a tile. */
const MOST = times(600, 300);
const HASHES = Array.from({ length: 3000 }, (_, i) => leafHash(utf8(`leaf ${i}`), crypto));

/** Appends in batches of these sizes; the last form of each tile by its level and index, and how often full tiles were written. */
const appended = (batches: readonly number[]): { readonly edge: TreeEdge; readonly tiles: ReadonlyMap<string, string>; readonly fullAgain: number } => {
  const tiles = new Map<string, string>();
  let [edge, at, fullAgain] = [EMPTY_EDGE, 0, 0];
  for (const batch of batches) {
    const result = appendToTiles(edge, HASHES.slice(at, at + batch), crypto);
    edge = result.edge;
    at += batch;
    for (const { level, index, width, bytes } of result.tiles) {
      const before = tiles.get(`${level}/${index}`) ?? '';
      expect(bytes).toHaveLength(width * 32);
      expect(toHex(bytes).startsWith(before)).toBe(true);
      if (before.length === 256 * 64) fullAgain += 1;
      tiles.set(`${level}/${index}`, toHex(bytes));
    }
  }
  return { edge, tiles, fullAgain };
};

describe('appending to tiles', () => {
  it('in any batches gives the same tiles, edge and root, and writes no full tile twice', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 8 }), (sizes) => {
        const total = Math.min(
          3000,
          sizes.reduce((sum, size) => sum + size, 0),
        );
        const batched = appended(sizes);
        const once = appended([total]);
        expect(batched.fullAgain).toBe(0);
        expect(Object.fromEntries(batched.tiles)).toEqual(Object.fromEntries(once.tiles));
        expect(batched.edge).toEqual(once.edge);
      }),
      { numRuns: 40 },
    );
  });

  it('one by one gives the same tiles as at once', () => {
    expect(Object.fromEntries(appended(Array.from({ length: 600 }, () => 1)).tiles)).toEqual(Object.fromEntries(appended([600]).tiles));
  });

  it('writes the tiles that the specification names', () => {
    const size = 70_000;
    const { edge, tiles } = appendToTiles(
      EMPTY_EDGE,
      Array.from({ length: size }, () => HASHES[0]!),
      crypto,
    );
    // Source: C2SP tlog-tiles, "Partial Tiles".
    const paths = tiles.map((tile) => writeTilePath({ kind: 'hashes', ...tile }));
    expect(tiles.filter(({ level, width }) => level === 0 && width === 256)).toHaveLength(273);
    expect(paths).toEqual(expect.arrayContaining(['tile/0/272', 'tile/0/273.p/112', 'tile/1/000', 'tile/1/001.p/17', 'tile/2/000.p/1']));
    expect(paths).toHaveLength(273 + 1 + 1 + 1 + 1);
    for (const { level, index, width } of tiles) expect(tileWidth(level, index, size)).toBe(width);
    expect(edge.levels.map((hashes) => hashes.length)).toEqual([112, 17, 1]);
  });

  it('keeps no more than 255 hashes of each level', () => {
    expect(appended([2999]).edge.levels.every((hashes) => hashes.length < 256)).toBe(true);
  });

  it('of nothing changes nothing', () => {
    const { edge } = appendToTiles(EMPTY_EDGE, HASHES.slice(0, 300), crypto);
    expect(appendToTiles(edge, [], crypto)).toEqual({ edge, tiles: [] });
    expect(toHex(rootOfEdge(EMPTY_EDGE, crypto))).toBe(toHex(crypto.sha256(new Uint8Array(0))));
  });

  it('leaves the edge that was given as it was', () => {
    const { edge } = appendToTiles(EMPTY_EDGE, HASHES.slice(0, 10), crypto);
    const root = toHex(rootOfEdge(edge, crypto));
    appendToTiles(edge, HASHES.slice(10, 300), crypto);
    expect(edge.levels.map((hashes) => hashes.length)).toEqual([10]);
    expect(toHex(rootOfEdge(edge, crypto))).toBe(root);
  });

  it(`has the root that the tiles have, at every size to ${MOST}`, async () => {
    const log = logOf(Array.from({ length: MOST }, (_, i) => utf8(`leaf ${i}`)));
    const tree = tileTree(log.readTile, crypto);
    let edge: TreeEdge = EMPTY_EDGE;
    for (let size = 1; size <= MOST; size += 1) {
      edge = appendToTiles(edge, [log.leafHashes[size - 1]!], crypto).edge;
      expect(toHex(rootOfEdge(edge, crypto)), `size ${size}`).toBe(toHex(await tree.rootOf(size)));
      expect(await readTreeEdge(log.readTile, size)).toEqual(edge);
    }
  });

  it('refuses a hash that is none, and an edge whose tiles have the wrong number of bytes', async () => {
    expect(() => appendToTiles(EMPTY_EDGE, [new Uint8Array(31)], crypto)).toThrow(TypeError);
    await expect(readTreeEdge(() => Promise.resolve(new Uint8Array(33)), 300)).rejects.toThrow('the tile tile/0/001.p/44 has 33 bytes, not 1408');
  });
});
