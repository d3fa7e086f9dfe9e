import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { normalName, ownRows, readRecord, recordDigest, type RecordRow } from '#capture';
import { memberPieces, withBytes, zipMembers, type OpenBytes, type ZipMember } from '#content';

/** A wheel whose files were hashed and are those of its own RECORD. */
export type ProvenWheel = {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly file: string;
  /** Name of the distribution as the folder of its description says, normalised. */
  readonly name: string;
  /** Digest of the rows that an installation of it has. Source: capture, distribution-record. */
  readonly recordSha256: string;
};

/** Largest RECORD that is read. Unit: byte. */
const MOST_RECORD = 16 * 1024 * 1024;

/**
 * Proves that a file is the wheel of a recorded installation: its RECORD, as an installer writes it, has a wanted digest, and every file
 * in it is as its RECORD says. Undefined if it is none, whatever the reason. The bytes are hostile, and nothing is unpacked to disk.
 */
export const proveWheel = async (path: string, isWanted: (recordSha256: string) => boolean): Promise<ProvenWheel | undefined> => {
  try {
    return await withBytes(path, async (file) => {
      const members = await zipMembers(file);
      const [info, rows] = (await rowsOf(file, members)) ?? [];
      const recordSha256 = rows === undefined ? undefined : recordDigest(ownRows(installedRows(rows)));
      if (info === undefined || rows === undefined || recordSha256 === undefined || !isWanted(recordSha256) || !(await areAsRecorded(file, members, rows))) return undefined;
      return { sha256: await hashOf(file), sizeBytes: file.sizeBytes, file: basename(path), ...info, recordSha256 };
    });
  } catch {
    // Damaged, cut off, no archive at all: it proves nothing.
    return undefined;
  }
};

const RECORD = /^([^/-]+)-[^/-]+\.dist-info\/RECORD$/;

type Info = Pick<ProvenWheel, 'name'>;

const rowsOf = async (file: OpenBytes, members: readonly ZipMember[]): Promise<readonly [Info, readonly RecordRow[]] | undefined> => {
  const records = members.filter(({ name }) => RECORD.test(name));
  const [record] = records;
  if (record === undefined || records.length > 1 || record.sizeBytes > MOST_RECORD) return undefined;
  const pieces: Uint8Array[] = [];
  for await (const piece of memberPieces(file, record)) pieces.push(piece);
  return [{ name: normalName(RECORD.exec(record.name)?.[1] ?? '') }, readRecord(Buffer.concat(pieces).toString('utf8'))];
};

/** Rows as they stand after an installation: parts of NAME.data lie elsewhere then. Source: PEP 427, "Spread". */
const installedRows = (rows: readonly RecordRow[]): readonly RecordRow[] =>
  rows.flatMap((row) => {
    const spread = /^[^/]+\.data\/(purelib|platlib|scripts|headers|data)\/(.+)$/.exec(row.path);
    if (spread === null) return [row];
    return spread[1] === 'purelib' || spread[1] === 'platlib' ? [{ ...row, path: spread[2]! }] : [];
  });

/** Every file of the archive has a row with its digest, and every row with a digest has its file. */
const areAsRecorded = async (file: OpenBytes, members: readonly ZipMember[], rows: readonly RecordRow[]): Promise<boolean> => {
  const byPath = new Map(rows.map((row) => [row.path, row]));
  const files = members.filter(({ name }) => !name.endsWith('/') && !/^[^/]+\.dist-info\/RECORD(?:\.jws|\.p7s)?$/.test(name));
  const names = new Set(files.map(({ name }) => name));
  if (names.size !== files.length || rows.some(({ path, digest }) => digest !== '' && !names.has(path))) return false;
  for (const member of files) {
    const digest = /^(sha256|sha384|sha512)=([A-Za-z0-9_-]+)$/.exec(byPath.get(member.name)?.digest ?? '');
    if (digest === null) return false;
    const hash = createHash(digest[1]!);
    for await (const piece of memberPieces(file, member)) hash.update(piece);
    if (hash.digest('base64url') !== digest[2]) return false;
  }
  return true;
};

const PIECE = 1 << 20;

const hashOf = async (file: OpenBytes): Promise<string> => {
  const hash = createHash('sha256');
  for (let at = 0; at < file.sizeBytes; at += PIECE) hash.update(await file.read(at, Math.min(PIECE, file.sizeBytes - at)));
  return hash.digest('hex');
};
