import { crc32 } from 'node:zlib';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type CachedBlock, DIGEST_BYTES, FACTS_PER_FILE, type FolderEntry, type LinesPart } from './tree-task.ts';

/**
 * The last known state of a folder, or of a piece of a large one: what it held, and for each file its facts, its digest and its
 * line. One block of a stat cache: marker, length and checksum of the rest, key, names, files.
 */
export type CacheBlock = {
  /** Folder and first entry of the piece; see blockKey. */
  readonly key: string;
  /** See namesOf. */
  readonly names: string;
  readonly count: number;
  /**
   * Files that last changed before this moment may be believed; one that changed later may have changed again within one tick of
   * the clock, after it was read. Unit: ns since 1970.
   */
  readonly trustedBeforeNs: bigint;
  readonly facts: BigInt64Array;
  readonly digests: Uint8Array;
  readonly lengths: Uint32Array;
  readonly lines: Uint8Array;
  /** Digests of the pieces of large files, by the position of the file. */
  readonly chunks: ReadonlyMap<number, readonly string[]>;
};

const MARKER = 0x746c6331;
const HEAD_BYTES = 12;
const COUNTS_BYTES = 24;

/** No block is larger; a length beyond it is damage. Unit: byte. */
const MAX_BLOCK = 256 * 1024 * 1024;

/** Names a block: the folder below the root, and the entry at which the piece begins; both in base64 where they are no text. */
export const blockKey = (folder: string, first: string): string => `${folder}\0${first}`;

/**
 * What a piece of a folder holds, as one text: equal texts mean equal names, types and link targets. No name contains a slash or a
 * zero, so nothing can be taken for something else.
 */
export const namesOf = (entries: readonly FolderEntry[]): string =>
  entries
    .map(({ name, kind, link }) => `${kind === 'folder' ? 'd' : link === undefined ? 'f' : 'l'}${name.raw ?? ''}/${name.path}${link === undefined ? '' : `/${link}`}`)
    .join('\0');

/** The names of the folders among them, without links; the inverse of namesOf for these. */
export const foldersIn = (names: string): readonly { readonly path: string; readonly raw?: string }[] =>
  names
    .split('\0')
    .filter((name) => name.startsWith('d'))
    .map((name) => {
      const [raw, path] = name.slice(1).split('/') as [string, string];
      return raw === '' ? { path } : { path, raw };
    });

/** Where the folders stand: the number of files before each. */
export const folderPlaces = (names: string): readonly number[] => {
  const places: number[] = [];
  let files = 0;
  for (const name of names === '' ? [] : names.split('\0')) {
    if (name.startsWith('d')) places.push(files);
    else files += 1;
  }
  return places;
};

export const encodeBlock = (block: Pick<CacheBlock, 'key' | 'names' | 'trustedBeforeNs'>, parts: readonly LinesPart[]): Uint8Array => {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const [keyBytes, nameBytes] = [Buffer.from(block.key), Buffer.from(block.names)];
  const counts = Buffer.alloc(COUNTS_BYTES);
  counts.writeUInt32LE(keyBytes.length, 0);
  counts.writeUInt32LE(nameBytes.length, 4);
  counts.writeUInt32LE(count, 8);
  counts.writeBigInt64LE(block.trustedBeforeNs, 12);
  const chunkBytes = Buffer.from(chunksText(parts));
  counts.writeUInt32LE(chunkBytes.length, 20);
  const body = [
    counts,
    keyBytes,
    nameBytes,
    chunkBytes,
    ...parts.map((part) => part.facts),
    ...parts.map((part) => part.digests),
    ...parts.map((part) => part.lengths),
    ...parts.map((part) => part.lines),
  ].map((one) => Buffer.from(one.buffer, one.byteOffset, one.byteLength));
  const bytes = Buffer.concat([Buffer.alloc(HEAD_BYTES), ...body]);
  bytes.writeUInt32LE(MARKER, 0);
  bytes.writeUInt32LE(bytes.length - HEAD_BYTES, 4);
  bytes.writeUInt32LE(crc32(bytes.subarray(HEAD_BYTES)), 8);
  return bytes;
};

/** Digests of pieces as text: nothing for most folders. */
const chunksText = (parts: readonly LinesPart[]): string => {
  const found: [number, readonly string[]][] = [];
  let at = 0;
  for (const part of parts) {
    if (part.chunks !== undefined) found.push([at, part.chunks]);
    at += part.count;
  }
  return found.length === 0 ? '' : JSON.stringify(found);
};

const chunksOf = (text: string): CacheBlock['chunks'] | undefined => {
  try {
    return new Map(text === '' ? [] : (JSON.parse(text) as [number, readonly string[]][]));
  } catch {
    return undefined;
  }
};

/** Length of the block that begins at an offset, and its key; undefined if none does, or a torn one. */
export const blockAt = (descriptor: number, offset: number): { readonly length: number; readonly key: string } | undefined => {
  const head = read(descriptor, offset, HEAD_BYTES + COUNTS_BYTES);
  if (head === undefined || head.readUInt32LE(0) !== MARKER) return undefined;
  const length = head.readUInt32LE(4);
  const keyLength = head.readUInt32LE(HEAD_BYTES);
  if (length > MAX_BLOCK || keyLength > length) return undefined;
  const key = read(descriptor, offset + HEAD_BYTES + COUNTS_BYTES, keyLength);
  return key === undefined ? undefined : { length: HEAD_BYTES + length, key: key.toString() };
};

/** The block at a place of a cache; undefined if it is damaged or gone: then nothing in it counts. */
export const cachedBlock = (cached: CachedBlock): (CacheBlock & { readonly inode: string; readonly bytes: Uint8Array }) | undefined => {
  try {
    const descriptor = openSync(cached.file, 'r');
    try {
      const block = readBlock(descriptor, cached);
      return block === undefined ? undefined : { ...block, inode: inodeOf(descriptor) };
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
};

/** Device and number of an open file: as long as somebody has it open, no other file gets them. */
export const inodeOf = (descriptor: number): string => {
  const { dev, ino } = fstatSync(descriptor, { bigint: true });
  return `${dev}:${ino}`;
};

/** The bytes are those of a file that anybody may have changed. */
const readBlock = (descriptor: number, { key: wanted, offset, length }: CachedBlock): (CacheBlock & { readonly bytes: Uint8Array }) | undefined => {
  if (length < HEAD_BYTES + COUNTS_BYTES || length > MAX_BLOCK) return undefined;
  const bytes = read(descriptor, offset, length);
  if (bytes === undefined || bytes.readUInt32LE(0) !== MARKER || bytes.readUInt32LE(4) !== length - HEAD_BYTES) return undefined;
  const body = bytes.subarray(HEAD_BYTES);
  if (crc32(body) !== bytes.readUInt32LE(8)) return undefined;
  const [keyLength, namesLength, count, chunksLength] = [body.readUInt32LE(0), body.readUInt32LE(4), body.readUInt32LE(8), body.readUInt32LE(20)];
  const factsBytes = count * FACTS_PER_FILE * 8;
  let at = COUNTS_BYTES;
  const next = (size: number): Buffer => body.subarray(at, (at += size));
  if (COUNTS_BYTES + keyLength + namesLength + chunksLength + factsBytes + count * (DIGEST_BYTES + 4) > body.length) return undefined;
  // The file may have been replaced since its blocks were looked up: another block may lie there now.
  const key = next(keyLength).toString();
  if (key !== wanted) return undefined;
  const names = next(namesLength).toString();
  const chunks = chunksOf(next(chunksLength).toString());
  const facts = new BigInt64Array(copied(next(factsBytes)));
  const digests = new Uint8Array(copied(next(count * DIGEST_BYTES)));
  const lengths = new Uint32Array(copied(next(count * 4)));
  const lines = body.subarray(at);
  return chunks !== undefined && lengths.reduce((sum, one) => sum + one, 0) === lines.length
    ? { bytes, chunks, key, names, count, trustedBeforeNs: body.readBigInt64LE(12), facts, digests, lengths, lines }
    : undefined;
};

const copied = (bytes: Buffer): ArrayBuffer => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;

const read = (descriptor: number, offset: number, length: number): Buffer | undefined => {
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const got = readSync(descriptor, bytes, filled, length - filled, offset + filled);
    if (got === 0) return undefined;
    filled += got;
  }
  return bytes;
};
