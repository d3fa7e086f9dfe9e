import { concatBytes, escapeControl, fromBase64, fromUtf8, type Reading, accepted, rejected, toBase64, utf8 } from '#base';
import { isKeyName } from './key-name.ts';

/** One signature line. Who made it is a claim until `openNote` has checked it. */
export type NoteSignature = {
  readonly name: string;
  /** Number that tells keys of the same name apart: four bytes, big-endian. Not a proof of anything. */
  readonly keyId: number;
  readonly signature: Uint8Array;
};

/** A text with signatures. `body` are the signed bytes, with the last line feed. */
export type Note = { readonly body: string; readonly signatures: readonly NoteSignature[] };

/** Bounds against notes that are made to cost time. Source: golang.org/x/mod/sumdb/note (100), sumdb client (1 MiB). */
const MOST = { bytes: 1024 * 1024, signatures: 100 };

const DASH = '\u2014 ';

/**
 * Reads a signed note from untrusted bytes: UTF-8 without control characters but line feeds, the signatures after the last empty
 * line. Base64 must be canonical, so that one note has one form in bytes. Says nothing about whether a signature is good. Never throws.
 * Source: C2SP signed-note v1, "Format".
 */
export const readNote = (bytes: Uint8Array): Reading<Note> => {
  if (bytes.length > MOST.bytes) return wrong(`the note has ${bytes.length} bytes; at most ${MOST.bytes} are read`);
  const text = fromUtf8(bytes);
  if (text === undefined) return wrong('the note is not UTF-8');
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) return wrong('the note has a control character; only line feeds are allowed');
  const split = text.lastIndexOf('\n\n');
  if (split === -1) return wrong('the note has no empty line between its text and its signatures');
  const signatures = readSignatureLines(text.slice(split + 2));
  return signatures.kind === 'rejected' ? signatures : accepted({ body: text.slice(0, split + 1), signatures: signatures.value });
};

/** Reads the signature lines of a note, or of the answer of a witness: at least one. The text is hostile. Never throws. */
export const readSignatureLines = (text: string): Reading<readonly NoteSignature[]> => {
  if (!text.endsWith('\n')) return wrong(text === '' ? 'the note has no signature' : 'the last signature does not end with a line feed');
  const lines = text.slice(0, -1).split('\n', MOST.signatures + 1);
  if (lines.length > MOST.signatures) return wrong(`the note has more than ${MOST.signatures} signatures`);
  const signatures: NoteSignature[] = [];
  for (const [at, line] of lines.entries()) {
    const signature = signatureIn(line);
    if (typeof signature === 'string') return wrong(`signature ${at + 1} ${signature}`);
    signatures.push(signature);
  }
  return accepted(signatures);
};

/** The signature in one line, or what is wrong with the line. */
const signatureIn = (line: string): NoteSignature | string => {
  if (!line.startsWith(DASH)) return 'does not start with an em dash and a space';
  const space = line.indexOf(' ', DASH.length);
  if (space === -1) return 'has no space between name and signature';
  const name = line.slice(DASH.length, space);
  if (!isKeyName(name)) return `has the name '${escapeControl(name)}', which no key may have`;
  const bytes = fromBase64(line.slice(space + 1));
  if (bytes === undefined) return 'is not standard base64';
  if (bytes.length < 5) return 'is too short';
  return { name, keyId: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), signature: bytes.subarray(4) };
};

const wrong = (message: string): Reading<never> => rejected({ pointer: '', message });

/** The bytes of a note. Throws TypeError for what `readNote` would not read back: a fault of the caller. */
export const writeNote = (note: Note): Uint8Array => {
  const bytes = utf8(`${note.body}\n${writeSignatureLines(note.signatures)}`);
  const back = readNote(bytes);
  if (back.kind === 'rejected') throw new TypeError(`not a note: ${back.problems[0]!.message}`);
  if (back.value.body !== note.body) throw new TypeError('not a note: its text does not end with exactly one line feed before the signatures');
  return bytes;
};

/** Signature lines, each with its line feed. */
export const writeSignatureLines = (signatures: readonly NoteSignature[]): string =>
  signatures.map(({ name, keyId, signature }) => `${DASH}${name} ${toBase64(concatBytes(bigEndian(keyId), signature))}\n`).join('');

const bigEndian = (keyId: number): Uint8Array => {
  if (!Number.isInteger(keyId) || keyId < 0 || keyId > 0xffffffff) throw new TypeError(`${keyId} is not the id of a key`);
  return Uint8Array.of(keyId >>> 24, keyId >>> 16, keyId >>> 8, keyId);
};
