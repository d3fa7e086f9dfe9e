import { concatBytes, fromBase64, fromUtf8, utf8 } from './bytes.ts';

/**
 * The name of a file for people. Of a name that is no text (`raw`: its bytes in base64), bytes that are none are shown as \xNN, and a
 * backslash is doubled, so that bytesOfNameText gives the name back. Control characters are left to whoever prints it.
 */
export const nameText = ({ path, raw }: { readonly path: string; readonly raw?: string }): string => {
  const bytes = raw === undefined ? undefined : fromBase64(raw);
  if (bytes === undefined) return path;
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = lengthOf(bytes[at]!);
    const letter = length === 0 || at + length > bytes.length ? undefined : fromUtf8(bytes.subarray(at, at + length));
    const isText = letter !== undefined && isPlain(letter.codePointAt(0)!);
    for (const byte of isText ? [] : bytes.subarray(at, at + (letter === undefined ? 1 : length))) text += `\\x${byte.toString(16).padStart(2, '0')}`;
    if (isText) text += letter === '\\' ? '\\\\' : letter;
    at += letter === undefined ? 1 : length;
  }
  return text;
};

/** Bytes of a UTF-8 character by its first one; 0 if none begins with it. */
const lengthOf = (first: number): number => (first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0);

/** Neither a noncharacter nor one of the controls U+0080 to U+009F, which would be printed like a byte. */
const isPlain = (code: number): boolean => (code & 0xfffe) !== 0xfffe && !(code >= 0xfdd0 && code <= 0xfdef) && !(code >= 0x80 && code <= 0x9f);

/** The bytes that a printed name means: \xNN is a byte, \u{N} a character, \\ a backslash, everything else itself. */
export const bytesOfNameText = (text: string): Uint8Array => {
  const parts = text.split(/(\\x[0-9a-fA-F]{2}|\\u\{[0-9a-fA-F]{1,6}\}|\\\\)/);
  return concatBytes(...parts.map((part, i) => (i % 2 === 0 ? utf8(part) : bytesOfEscape(part))));
};

const bytesOfEscape = (escape: string): Uint8Array => {
  if (escape === '\\\\') return utf8('\\');
  const code = Number.parseInt(escape.replace(/[^0-9a-fA-F]/g, ''), 16);
  if (escape.startsWith('\\x')) return Uint8Array.of(code);
  return utf8(code <= 0x10ffff ? String.fromCodePoint(code) : escape);
};
