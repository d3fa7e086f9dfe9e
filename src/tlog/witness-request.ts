import { accepted, concatBytes, fromUtf8, type Reading, rejected, toBase64, utf8 } from '#base';
import { HASH_BYTES } from '#digest';
import { type Note, type NoteSignature, readNote, readSignatureLines, writeNote, writeSignatureLines } from './note.ts';
import { readDecimal } from './read-decimal.ts';
import { readHashLines } from './tlog-proof.ts';

/** What a log asks a witness: to sign a checkpoint that continues the one the witness saw last. */
export type WitnessRequest = {
  /** Size of the log when the witness saw it last; 0 for never. */
  readonly oldSize: number;
  /** Proof that the log at `oldSize` is a prefix of the checkpoint. */
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: Note;
};

/** 63 hashes and a checkpoint with many signatures fit; servers read no more. Unit: byte. */
export const WITNESS_REQUEST_BYTES = 256 * 1024;

/** Source: C2SP tlog-witness v1, "add-checkpoint". */
const MOST_HASHES = 63;

/**
 * Reads the body of an `add-checkpoint` request from untrusted bytes. Says nothing about whether anything in it holds: that is for
 * `judgeRequest`. Never throws.
 * Source: C2SP tlog-witness v1, "add-checkpoint".
 */
export const readWitnessRequest = (bytes: Uint8Array): Reading<WitnessRequest> => {
  if (bytes.length > WITNESS_REQUEST_BYTES) return wrong(`the request has ${bytes.length} bytes; at most ${WITNESS_REQUEST_BYTES} are read`);
  const text = fromUtf8(bytes);
  if (text === undefined) return wrong('the request is not UTF-8');
  const end = text.indexOf('\n\n');
  if (end === -1) return wrong('the request has no empty line before the checkpoint');
  const [oldLine = '', ...hashLines] = text.slice(0, end).split('\n');
  const oldSize = oldLine.startsWith('old ') ? readDecimal(oldLine.slice('old '.length)) : undefined;
  if (oldSize === undefined) return wrong('the first line is not the old size: old NUMBER, without leading zeros');
  const proof = readHashLines(hashLines, MOST_HASHES);
  if (proof.kind === 'rejected') return proof;
  const checkpoint = readNote(utf8(text.slice(end + 2)));
  return checkpoint.kind === 'rejected' ? checkpoint : accepted({ oldSize, proof: proof.value, checkpoint: checkpoint.value });
};

/** The body of a request. Throws TypeError for what `readWitnessRequest` would not read back: a fault of the caller. */
export const writeWitnessRequest = ({ oldSize, proof, checkpoint }: WitnessRequest): Uint8Array => {
  if (!Number.isSafeInteger(oldSize) || oldSize < 0) throw new TypeError(`${oldSize} is not the size of a log`);
  if (proof.length > MOST_HASHES || proof.some((hash) => hash.length !== HASH_BYTES)) throw new TypeError(`a proof has at most ${MOST_HASHES} hashes of ${HASH_BYTES} bytes`);
  return concatBytes(utf8(`${[`old ${oldSize}`, ...proof.map(toBase64)].join('\n')}\n\n`), writeNote(checkpoint));
};

/** Reads what a witness answers when it has signed: its signature lines. They are hostile until `openNote` has checked them. Never throws. */
export const readWitnessAnswer = (bytes: Uint8Array): Reading<readonly NoteSignature[]> => {
  const text = bytes.length > WITNESS_REQUEST_BYTES ? undefined : fromUtf8(bytes);
  return text === undefined ? wrong('the answer of the witness is too large or not UTF-8') : readSignatureLines(text);
};

/** What a witness answers when it has signed. */
export const writeWitnessAnswer = (signatures: readonly NoteSignature[]): Uint8Array => utf8(writeSignatureLines(signatures));

/** Type of the body that tells the known size. Source: C2SP tlog-witness v1. */
export const KNOWN_SIZE_TYPE = 'text/x.tlog.size';

/** Reads what a witness answers (409) when it has seen the log at another size than the old one: that size. Never throws. */
export const readKnownSize = (bytes: Uint8Array): number | undefined => {
  const text = bytes.length > 32 ? undefined : fromUtf8(bytes);
  return text?.endsWith('\n') === true ? readDecimal(text.slice(0, -1)) : undefined;
};

/** The body that tells the known size. */
export const writeKnownSize = (size: number): Uint8Array => utf8(`${size}\n`);

const wrong = (message: string): Reading<never> => rejected({ pointer: '', message });
