import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { countOf, formatBytes, TrainlockError } from '#base';
import type { OpenBytes } from '../open-bytes.ts';

/** A file inside a ZIP archive. */
export type ZipMember = {
  readonly name: string;
  readonly stored: boolean;
  /** Where its own head lies. Unit: byte. */
  readonly headOffset: number;
  readonly packedBytes: number;
  /** As the archive claims. Unit: byte. */
  readonly sizeBytes: number;
  readonly crc: number;
};

const MOST_MEMBERS = 10_000;

/** A member that grows by more than this factor may not grow beyond MOST_BOMB_BYTES. */
const BOMB_FACTOR = 100;
/** Unit: byte. */
const MOST_BOMB_BYTES = 2 * 1024 ** 3;

const refuse = (reason: string): TrainlockError => new TrainlockError('TL0002', reason);

/**
 * The members of an archive, by its central directory. The bytes are hostile: members that overlap, are encrypted, or are packed in
 * another way than Deflate are refused. Throws TL0002. Source: PKWARE APPNOTE 6.3.10, sections 4.3.12 to 4.3.16 and 4.5.3.
 */
export const zipMembers = async (file: OpenBytes): Promise<readonly ZipMember[]> => {
  const tailBytes = Math.min(file.sizeBytes, 65_557);
  const tail = Buffer.from(await file.read(file.sizeBytes - tailBytes, tailBytes));
  const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (at < 0 || at + 22 > tail.length) throw refuse('it is not a ZIP archive, or it is cut off');
  const directory = await directoryOf(file, { tail, at, end: file.sizeBytes - tailBytes + at });
  if (directory.count > MOST_MEMBERS) throw refuse(`it has ${countOf(directory.count, 'member')}; at most ${MOST_MEMBERS} are read`);
  if (directory.offset + directory.sizeBytes > file.sizeBytes || directory.sizeBytes > MOST_MEMBERS * 1024) throw refuse('its directory does not lie inside it');
  const members = parseDirectory(Buffer.from(await file.read(directory.offset, directory.sizeBytes)), directory.count);
  refuseOverlaps(members, directory.offset);
  return members;
};

type Directory = { readonly count: number; readonly sizeBytes: number; readonly offset: number };

const directoryOf = async (file: OpenBytes, { tail, at, end }: { readonly tail: Buffer; readonly at: number; readonly end: number }): Promise<Directory> => {
  const small = { count: tail.readUInt16LE(at + 10), sizeBytes: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) };
  if (small.count !== 0xffff && small.offset !== 0xffffffff && small.sizeBytes !== 0xffffffff) return small;
  if (end < 20) throw refuse('its directory cannot be found');
  const locator = Buffer.from(await file.read(end - 20, 20));
  if (locator.readUInt32LE(0) !== 0x07064b50) return small;
  const head = Buffer.from(await file.read(safe(locator.readBigUInt64LE(8)), 56));
  if (head.readUInt32LE(0) !== 0x06064b50) throw refuse('its directory cannot be found');
  return { count: safe(head.readBigUInt64LE(32)), sizeBytes: safe(head.readBigUInt64LE(40)), offset: safe(head.readBigUInt64LE(48)) };
};

const safe = (value: bigint): number => {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw refuse('it claims a size that nothing has');
  return Number(value);
};

const parseDirectory = (bytes: Buffer, count: number): readonly ZipMember[] => {
  const members: ZipMember[] = [];
  for (let at = 0, seen = 0; seen < count; seen += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) throw refuse('its directory is damaged');
    const [nameBytes, extraBytes, noteBytes] = [28, 30, 32].map((place) => bytes.readUInt16LE(at + place)) as [number, number, number];
    if (at + 46 + nameBytes + extraBytes + noteBytes > bytes.length) throw refuse('its directory is damaged');
    members.push(memberAt(bytes, at, { nameBytes, extraBytes }));
    at += 46 + nameBytes + extraBytes + noteBytes;
  }
  return members;
};

const memberAt = (bytes: Buffer, at: number, { nameBytes, extraBytes }: { readonly nameBytes: number; readonly extraBytes: number }): ZipMember => {
  const method = bytes.readUInt16LE(at + 10);
  if ((bytes.readUInt16LE(at + 8) & 1) !== 0) throw refuse('it is encrypted');
  if (method !== 0 && method !== 8) throw refuse(`it is packed by method ${method}, which is not read`);
  const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes));
  const wide = wideFields(bytes.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes));
  // The wide values follow in this order, each only if its narrow one is full.
  const take = (narrow: number): number => (narrow === 0xffffffff ? safe(wide.shift() ?? BigInt(narrow)) : narrow);
  const sizeBytes = take(bytes.readUInt32LE(at + 24));
  const packedBytes = take(bytes.readUInt32LE(at + 20));
  const headOffset = take(bytes.readUInt32LE(at + 42));
  return { name, stored: method === 0, headOffset, packedBytes, sizeBytes, crc: bytes.readUInt32LE(at + 16) };
};

const wideFields = (extra: Buffer): bigint[] => {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const own = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
    return Array.from({ length: Math.floor(own.length / 8) }, (_, i) => own.readBigUInt64LE(i * 8));
  }
  return [];
};

/** Members that share bytes are how a small archive claims to be a huge one. */
const refuseOverlaps = (members: readonly ZipMember[], end: number): void => {
  const sorted = [...members].sort((a, b) => a.headOffset - b.headOffset);
  for (const [at, member] of sorted.entries()) {
    if (member.headOffset + 30 + member.packedBytes > (sorted[at + 1]?.headOffset ?? end)) throw refuse('its members overlap: it is a bomb, or damaged');
    if (member.sizeBytes > Math.max(MOST_BOMB_BYTES, member.packedBytes * BOMB_FACTOR)) {
      throw refuse(`a member grows from ${formatBytes(member.packedBytes)} to ${formatBytes(member.sizeBytes)}: it may be a bomb`);
    }
  }
};

/** Where the bytes of a member begin. Throws TL0002. */
export const memberOffset = async (file: OpenBytes, member: ZipMember): Promise<number> => {
  const head = Buffer.from(await file.read(member.headOffset, 30));
  if (head.readUInt32LE(0) !== 0x04034b50) throw refuse('the head of a member is damaged');
  return member.headOffset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
};

/**
 * The bytes of a member from its beginning to its end, unpacked piece by piece: never more than it claims, and at the end exactly
 * what its checksum says. Throws TL0002.
 */
export async function* memberPieces(file: OpenBytes, member: ZipMember): AsyncGenerator<Uint8Array> {
  const start = await memberOffset(file, member);
  let seen = 0;
  let sum = 0;
  for await (const piece of member.packedBytes === 0 ? [] : unpackedPieces(file, member, start)) {
    seen += piece.length;
    if (seen > member.sizeBytes) throw refuse('a member is larger than it claims');
    sum = crc32(piece, sum);
    yield piece;
  }
  if (seen !== member.sizeBytes || sum !== member.crc) throw refuse('a member is not what its checksum says: the archive is damaged');
}

async function* unpackedPieces(file: OpenBytes, member: ZipMember, start: number): AsyncGenerator<Uint8Array> {
  // A stream of the handle would close it at its end, and the caller reads on.
  const packed = Readable.from(packedPieces(file, start, member.packedBytes), { objectMode: false });
  const unpacked = member.stored ? packed : packed.pipe(createInflateRaw({ chunkSize: PIECE }));
  packed.on('error', (error) => unpacked.destroy(error));
  try {
    yield* unpacked as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (error instanceof TrainlockError) throw error;
    throw new TrainlockError('TL0002', 'a member cannot be unpacked: the archive is damaged', { cause: error });
  } finally {
    packed.destroy();
  }
}

/** Read and unpacked at once. Unit: byte. */
const PIECE = 1 << 20;

async function* packedPieces(file: OpenBytes, start: number, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += PIECE) yield await file.read(start + at, Math.min(PIECE, length - at));
}
