const HEX = '0123456789abcdef';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Lower-case hexadecimal of bytes. */
export const toHex = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += HEX[byte >> 4]! + HEX[byte & 15]!;
  return text;
};

/** Standard base64 with padding. Source: RFC 4648 §4. */
export const toBase64 = (bytes: Uint8Array): string => new TextDecoder().decode(toBase64Letters(bytes));

/** The same in ASCII: a long one is joined faster as bytes. */
export const toBase64Letters = (bytes: Uint8Array): Uint8Array => {
  // Two letters at a time, gathered as bytes: a text that grows letter by letter costs quadratic time.
  const pairs = new Uint16Array(2 * Math.ceil(bytes.length / 3));
  const whole = bytes.length - (bytes.length % 3);
  let at = 0;
  for (let i = 0; i < whole; i += 3) {
    const word = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
    pairs[at] = PAIRS[word >> 12]!;
    pairs[at + 1] = PAIRS[word & 0xfff]!;
    at += 2;
  }
  const letters = new Uint8Array(pairs.buffer);
  if (whole < bytes.length) {
    const [first = 0, second] = bytes.subarray(whole);
    const word = (first << 16) | ((second ?? 0) << 8);
    letters.set([LETTERS[word >> 18]!, LETTERS[(word >> 12) & 63]!, second === undefined ? PAD : LETTERS[(word >> 6) & 63]!, PAD], 2 * at);
  }
  return letters;
};

const PAD = 0x3d;

/** Codes of the letters, by value. */
const LETTERS = Uint8Array.from(BASE64, (letter) => letter.charCodeAt(0));

/** Two letters as they lie in memory, by the twelve bits that they stand for; the order of bytes is that of the machine. */
const PAIRS = new Uint16Array(Uint8Array.from({ length: 8192 }, (_, at) => LETTERS[at % 2 === 0 ? at >> 7 : (at >> 1) & 63]!).buffer);

/** The twelve bits of two letters as they lie in memory; 0xffff for what are none. Made when it is needed: it takes 128 KiB. */
let bitsOfPairs: Uint16Array | undefined;
const makeBits = (): Uint16Array => {
  const bits = new Uint16Array(65_536).fill(0xffff);
  for (let value = 0; value < PAIRS.length; value += 1) bits[PAIRS[value]!] = value;
  return bits;
};

/** Bytes of standard base64 with padding; undefined for junk, white space, missing padding or non-zero spare bits. */
export const fromBase64 = (text: string): Uint8Array | undefined => {
  if (text.length % 4 !== 0) return undefined;
  const letters = encoder.encode(text);
  // A letter outside ASCII takes more than one byte.
  if (letters.length !== text.length) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const whole = letters.length - (padding > 0 ? 4 : 0);
  const bytes = new Uint8Array((letters.length / 4) * 3 - padding);
  if (!decodeGroups(letters.byteOffset % 2 === 0 ? letters : letters.slice(), whole, bytes)) return undefined;
  return padding === 0 || isEnd(text.slice(whole), bytes.subarray((whole / 4) * 3)) ? bytes : undefined;
};

/** Decodes groups of four letters; false if one is none. */
const decodeGroups = (letters: Uint8Array, length: number, into: Uint8Array): boolean => {
  const bits = (bitsOfPairs ??= makeBits());
  const pairs = new Uint16Array(letters.buffer, letters.byteOffset, length / 2);
  let seen = 0;
  let filled = 0;
  for (let at = 0; at < pairs.length; at += 2) {
    const first = bits[pairs[at]!]!;
    const second = bits[pairs[at + 1]!]!;
    // What is no pair of letters has bits above the twelfth.
    seen |= first | second;
    into[filled] = first >> 4;
    into[filled + 1] = (first << 4) | (second >> 8);
    into[filled + 2] = second;
    filled += 3;
  }
  return seen <= 0xfff;
};

/** Decodes the last group, which has one or two letters less; false for junk and for spare bits that are not zero. */
const isEnd = (group: string, into: Uint8Array): boolean => {
  const values = Array.from(group.replace(/=+$/, ''), (letter) => BASE64.indexOf(letter));
  if (values.includes(-1) || values.length !== into.length + 1) return false;
  const word = values.reduce((sum, value, at) => sum | (value << (18 - 6 * at)), 0);
  into[0] = word >> 16;
  if (into.length === 2) into[1] = word >> 8;
  return (word & (into.length === 2 ? 0xff : 0xffff)) === 0;
};

const encoder = new TextEncoder();

/** UTF-8 of text; a lone surrogate becomes U+FFFD. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of UTF-8 bytes; undefined if they are not UTF-8. A byte-order mark is kept as a character. */
export const fromUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
};

/** Order of bytes: negative, zero or positive, as memcmp. */
export const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
};

export const concatBytes = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
