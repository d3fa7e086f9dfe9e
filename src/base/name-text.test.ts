import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes, concatBytes, toBase64, utf8 } from './bytes.ts';
import { escapeControl } from './escape-control.ts';
import { bytesOfNameText, nameText } from './name-text.ts';

const nameOf = (bytes: Uint8Array) => ({ path: 'shown', raw: toBase64(bytes) });

describe('nameText', () => {
  it.each<[string, Uint8Array, string]>([
    ['bytes that are no text', concatBytes(Uint8Array.of(0xff, 0xfe), utf8('.bin')), String.raw`\xff\xfe.bin`],
    ['Latin-1', concatBytes(utf8('caf'), Uint8Array.of(0xe9), utf8('.csv')), String.raw`caf\xe9.csv`],
    ['a cut character', concatBytes(utf8('a'), Uint8Array.of(0xe2, 0x82)), String.raw`a\xe2\x82`],
    ['a backslash', concatBytes(Uint8Array.of(0xff), utf8(String.raw`\x41`)), String.raw`\xff\\x41`],
    ['a noncharacter', utf8('a\ufffe'), String.raw`a\xef\xbf\xbe`],
    ['a control that would look like a byte', concatBytes(utf8('a\u0085'), Uint8Array.of(0xff)), String.raw`a\xc2\x85\xff`],
    ['other letters', concatBytes(utf8('ü/€/😀'), Uint8Array.of(0x80)), String.raw`ü/€/😀\x80`],
  ])('shows %s', (_, bytes, text) => {
    expect(nameText(nameOf(bytes))).toBe(text);
  });

  it('shows a name that is text as it is', () => {
    expect(nameText({ path: String.raw`a\xff` })).toBe(String.raw`a\xff`);
  });

  it('is read back to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
        expect(compareBytes(bytesOfNameText(escapeControl(nameText(nameOf(bytes)))), bytes)).toBe(0);
      }),
    );
  });
});

describe('bytesOfNameText', () => {
  it.each([
    ['plain.csv', 'plain.csv'],
    [String.raw`a\x0ab`, 'a\nb'],
    [String.raw`a\u{202e}b`, 'a\u202eb'],
    [String.raw`a\b\xg`, String.raw`a\b\xg`],
    [String.raw`\u{ffffff}`, String.raw`\u{ffffff}`],
  ])('reads %j', (text, meant) => {
    expect(bytesOfNameText(text)).toEqual(utf8(meant));
  });
});
