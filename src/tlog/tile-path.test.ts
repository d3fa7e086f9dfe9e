import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTilePath, type TilePlace, tileWidth, writeTilePath } from './tile-path.ts';

describe('the path of a tile', () => {
  // Source: C2SP tlog-tiles, "Merkle Tree".
  it.each<[string, TilePlace]>([
    ['tile/0/000', { kind: 'hashes', level: 0, index: 0, width: 256 }],
    ['tile/0/x001/x234/067', { kind: 'hashes', level: 0, index: 1_234_067, width: 256 }],
    ['tile/3/x001/x234/067.p/8', { kind: 'hashes', level: 3, index: 1_234_067, width: 8 }],
    ['tile/63/999.p/255', { kind: 'hashes', level: 63, index: 999, width: 255 }],
    ['tile/entries/x001/000.p/1', { kind: 'entries', index: 1000, width: 1 }],
    ['tile/entries/x009/x007/x199/x254/x740/991', { kind: 'entries', index: 9_007_199_254_740_991, width: 256 }],
  ])('%s is read and written', (path, place) => {
    expect(readTilePath(path)).toEqual(place);
    expect(writeTilePath(place)).toBe(path);
  });

  it.each([
    '',
    'tile/0',
    '/tile/0/000',
    'tile/0/000/',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/00',
    'tile/0/0000',
    'tile/0/x000/001',
    'tile/0/001/x000',
    'tile/0/x001',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/08',
    'tile/0/000.p',
    'tile/0/000.p/',
    'tile/0/000.p/1/2',
    'tile/0/../000',
    'tile/0/000\n',
    'tile/0/x009/x007/x199/x254/x740/992',
    'tile/0/x001/x000/x000/x000/x000/x000/000',
    'tile/data/000',
    'checkpoint',
  ])('%j is not read', (path) => {
    expect(readTilePath(path)).toBeUndefined();
  });

  it('is read back as it was written', () => {
    const place = fc.oneof(
      fc.record({ kind: fc.constant('hashes' as const), level: fc.nat(63), index: fc.maxSafeNat(), width: fc.integer({ min: 1, max: 256 }) }),
      fc.record({ kind: fc.constant('entries' as const), index: fc.maxSafeNat(), width: fc.integer({ min: 1, max: 256 }) }),
    );
    fc.assert(
      fc.property(place, (one) => {
        expect(readTilePath(writeTilePath(one))).toEqual(one);
      }),
    );
  });

  it('of a place that no tile has is not written', () => {
    for (const wrong of [{ level: 64 }, { level: 0.5 }, { index: -1 }, { index: 2 ** 53 }, { width: 0 }, { width: 257 }])
      expect(() => writeTilePath({ kind: 'hashes', level: 0, index: 0, width: 1, ...wrong })).toThrow(RangeError);
  });
});

describe('the width of a tile', () => {
  // Source: C2SP tlog-tiles, "Partial Tiles": a tree of size 70,000.
  it.each([
    [0, 0, 256],
    [0, 272, 256],
    [0, 273, 112],
    [0, 274, 0],
    [1, 0, 256],
    [1, 1, 17],
    [2, 0, 1],
    [3, 0, 0],
  ])('at level %i and index %i of a log of 70000 leaves is %i', (level, index, width) => {
    expect(tileWidth(level, index, 70_000)).toBe(width);
  });
});
