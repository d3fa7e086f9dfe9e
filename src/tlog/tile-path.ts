import { readDecimal } from './read-decimal.ts';

/** Hashes or leaves in a full tile. Source: C2SP tlog-tiles v0.1. */
export const TILE_WIDTH = 256;

/** Where hashes (level 0 are those of the leaves) or leaves lie in a log of tiles. */
export type TilePlace =
  | { readonly kind: 'hashes'; readonly level: number; readonly index: number; /** 1 to 256; less than 256 is a partial tile. */ readonly width: number }
  | { readonly kind: 'entries'; readonly index: number; /** 1 to 256. */ readonly width: number };

const MOST_LEVEL = 63;

/**
 * Path of a tile, relative to the log, with slashes. Throws RangeError for a place that no tile has.
 * Source: C2SP tlog-tiles v0.1, "Merkle Tree", "Log entries".
 */
export const writeTilePath = (place: TilePlace): string => {
  const { index, width } = place;
  if (!Number.isSafeInteger(index) || index < 0 || !isBetween(width, 1, TILE_WIDTH)) throw new RangeError(`no tile has the index ${index} and the width ${width}`);
  if (place.kind === 'hashes' && !isBetween(place.level, 0, MOST_LEVEL)) throw new RangeError(`no tile has the level ${place.level}`);
  const level = place.kind === 'hashes' ? String(place.level) : 'entries';
  return `tile/${level}/${groupsOf(index)}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
};

const isBetween = (value: number, least: number, most: number): boolean => Number.isInteger(value) && value >= least && value <= most;

/** Three digits a group; all but the last start with an x, so that no file has the name of a folder. */
const groupsOf = (index: number): string => {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? [];
  return groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
};

const PATH = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/;

/** The place that a path names; undefined unless `writeTilePath` writes exactly this path. The path is hostile. Never throws. */
export const readTilePath = (path: string): TilePlace | undefined => {
  const [, levelText, groups, widthText] = PATH.exec(path) ?? [];
  if (levelText === undefined || groups === undefined) return undefined;
  const index = readDecimal(groups.replace(/[x/]/g, '').replace(/^0+(?=[0-9])/, ''));
  const width = widthText === undefined ? TILE_WIDTH : readDecimal(widthText);
  const level = levelText === 'entries' ? 0 : readDecimal(levelText);
  if (index === undefined || width === undefined || level === undefined || !isBetween(width, 1, TILE_WIDTH) || level > MOST_LEVEL) return undefined;
  const place: TilePlace = levelText === 'entries' ? { kind: 'entries', index, width } : { kind: 'hashes', level, index, width };
  return writeTilePath(place) === path ? place : undefined;
};

/** How many hashes the tile at this place has in a log of this size: 0 if it has none. */
export const tileWidth = (level: number, index: number, size: number): number => {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
};
