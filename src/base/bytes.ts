const HEX = '0123456789abcdef';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Lower-case hexadecimal of bytes. */
export const toHex = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += HEX[byte >> 4]! + HEX[byte & 15]!;
  return text;
};

/** Standard base64 with padding. Source: RFC 4648 §4. */
export const toBase64 = (bytes: Uint8Array): string => {
  // Letters are gathered as bytes: a text that grows letter by letter costs quadratic time.
  const letters = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  const whole = bytes.length - (bytes.length % 3);
  let at = 0;
  for (let i = 0; i < whole; i += 3) {
    const word = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
    letters[at] = LETTERS[word >> 18]!;
    letters[at + 1] = LETTERS[(word >> 12) & 63]!;
    letters[at + 2] = LETTERS[(word >> 6) & 63]!;
    letters[at + 3] = LETTERS[word & 63]!;
    at += 4;
  }
  if (whole < bytes.length) {
    const [first = 0, second] = bytes.subarray(whole);
    const word = (first << 16) | ((second ?? 0) << 8);
    letters.set([LETTERS[word >> 18]!, LETTERS[(word >> 12) & 63]!, second === undefined ? PAD : LETTERS[(word >> 6) & 63]!, PAD], at);
  }
  return new TextDecoder().decode(letters);
};

const PAD = 0x3d;

/** Codes of the letters, by value. */
const LETTERS = Uint8Array.from(BASE64, (letter) => letter.charCodeAt(0));

/** Value of each letter of base64 by its code; 255 for what is no letter. */
const SEXTETS = Uint8Array.from({ length: 256 }, (_, code) => {
  const value = BASE64.indexOf(String.fromCharCode(code));
  return value === -1 ? 255 : value;
});

/** Bytes of standard base64 with padding; undefined for junk, white space, missing padding or non-zero spare bits. */
export const fromBase64 = (text: string): Uint8Array | undefined => {
  if (text.length % 4 !== 0) return undefined;
  const letters = encoder.encode(text);
  // A letter outside ASCII takes more than one byte.
  if (letters.length !== text.length) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((letters.length / 4) * 3 - padding);
  const whole = letters.length - (padding > 0 ? 4 : 0);
  let filled = 0;
  let seen = 0;
  for (let at = 0; at < whole; at += 4) {
    const a = SEXTETS[letters[at]!]!;
    const b = SEXTETS[letters[at + 1]!]!;
    const c = SEXTETS[letters[at + 2]!]!;
    const d = SEXTETS[letters[at + 3]!]!;
    // A letter that is none has the highest bits set.
    seen |= a | b | c | d;
    bytes[filled] = (a << 2) | (b >> 4);
    bytes[filled + 1] = (b << 4) | (c >> 2);
    bytes[filled + 2] = (c << 6) | d;
    filled += 3;
  }
  if ((seen & 0xc0) !== 0) return undefined;
  return padding === 0 || isEnd(letters.subarray(whole), padding, bytes.subarray(filled)) ? bytes : undefined;
};

/** Decodes the last group, which has one or two letters less; false for junk and for spare bits that are not zero. */
const isEnd = (group: Uint8Array, padding: number, into: Uint8Array): boolean => {
  const [a, b, c] = [SEXTETS[group[0]!]!, SEXTETS[group[1]!]!, padding === 2 ? 0 : SEXTETS[group[2]!]!];
  if (((a | b | c) & 0xc0) !== 0 || ((padding === 2 ? b & 15 : c & 3) !== 0)) return false;
  into[0] = (a << 2) | (b >> 4);
  if (padding === 1) into[1] = (b << 4) | (c >> 2);
  return true;
};

const encoder = new TextEncoder();

/** UTF-8 of text; a lone surrogate becomes U+FFFD. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Text of UTF-8 bytes; undefined if they are not UTF-8. A byte-order mark is kept as a character. */
export const fromUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
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
