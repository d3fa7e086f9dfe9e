import { accepted, concatBytes, fromBase64, fromUtf8, type Reading, rejected, toBase64, utf8 } from '#base';
import { HASH_BYTES } from '#digest';
import { readHashLine } from './hash-line.ts';
import { type Note, readNote, writeNote } from './note.ts';
import { readDecimal } from './read-decimal.ts';

/** That a leaf is in a log, to be checked without the log. */
export type TlogProof = {
  /** Index of the leaf, from 0. */
  readonly index: number;
  /** Bytes that travel with the proof. Nothing proves them. */
  readonly extra?: Uint8Array;
  /** Inclusion proof, from the leaf up. */
  readonly hashes: readonly Uint8Array[];
  /** The signed checkpoint with its cosignatures. */
  readonly checkpoint: Note;
};

const HEADER = 'c2sp.org/tlog-proof@v1';

/** A note may have 1 MiB; a proof of the largest log has 63 hashes. */
const MOST = { bytes: 2 * 1024 * 1024, hashes: 63 };

/**
 * Reads a proof from untrusted bytes, strictly: one form in bytes for one proof. Says nothing about whether it holds. Never throws.
 * Source: C2SP tlog-proof, "Format".
 */
export const readTlogProof = (bytes: Uint8Array): Reading<TlogProof> => {
  if (bytes.length > MOST.bytes) return wrong(`the proof has ${bytes.length} bytes; at most ${MOST.bytes} are read`);
  const text = fromUtf8(bytes);
  if (text === undefined) return wrong('the proof is not UTF-8');
  const end = text.indexOf('\n\n');
  if (end === -1) return wrong('the proof has no empty line before the checkpoint');
  const head = readHead(text.slice(0, end).split('\n'));
  if (head.kind === 'rejected') return head;
  const checkpoint = readNote(utf8(text.slice(end + 2)));
  return checkpoint.kind === 'rejected' ? checkpoint : accepted({ ...head.value, checkpoint: checkpoint.value });
};

const readHead = (lines: readonly string[]): Reading<Omit<TlogProof, 'checkpoint'>> => {
  if (lines[0] !== HEADER) return wrong(`the first line is not ${HEADER}`);
  const hasExtra = lines[1]?.startsWith('extra ') ?? false;
  const extra = hasExtra ? fromBase64(lines[1]!.slice('extra '.length)) : undefined;
  if (hasExtra && extra === undefined) return wrong('the extra data is not standard base64');
  const [indexLine = '', ...hashLines] = lines.slice(hasExtra ? 2 : 1);
  const index = indexLine.startsWith('index ') ? readDecimal(indexLine.slice('index '.length)) : undefined;
  if (index === undefined) return wrong('the proof has no line with the index of the leaf, a decimal number without leading zeros');
  const hashes = readHashLines(hashLines, MOST.hashes);
  return hashes.kind === 'rejected' ? hashes : accepted({ index, ...(extra === undefined ? {} : { extra }), hashes: hashes.value });
};

/** Lines of one hash each; they are hostile. Never throws. */
export const readHashLines = (lines: readonly string[], most: number): Reading<readonly Uint8Array[]> => {
  if (lines.length > most) return wrong(`there are ${lines.length} hashes; no proof needs more than ${most}`);
  const hashes = lines.map(readHashLine);
  const bad = hashes.indexOf(undefined);
  return bad === -1 ? accepted(hashes.filter((hash) => hash !== undefined)) : wrong(`hash ${bad + 1} is not 32 bytes in standard base64`);
};

/** The bytes of a proof. Throws TypeError for what `readTlogProof` would not read back: a fault of the caller. */
export const writeTlogProof = ({ index, extra, hashes, checkpoint }: TlogProof): Uint8Array => {
  if (!Number.isSafeInteger(index) || index < 0) throw new TypeError(`${index} is not the index of a leaf`);
  if (hashes.length > MOST.hashes || hashes.some((hash) => hash.length !== HASH_BYTES)) throw new TypeError(`a proof has at most ${MOST.hashes} hashes of ${HASH_BYTES} bytes`);
  const lines = [HEADER, ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]), `index ${index}`, ...hashes.map(toBase64)];
  return concatBytes(utf8(`${lines.join('\n')}\n\n`), writeNote(checkpoint));
};

const wrong = (message: string): Reading<never> => rejected({ pointer: '', message });
