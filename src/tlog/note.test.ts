import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, fromUtf8, utf8 } from '#base';
import { problemOf, valueOf } from '../../test/fixtures/log-keys.ts';
import { readNote, writeNote } from './note.ts';

// Source: golang.org/x/mod/sumdb/note, example_test.go.
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const SIGNATURE = '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

describe('a signed note', () => {
  it('of Go is read: its text with the last line feed, the name and id of the key, the signature', () => {
    const note = valueOf(readNote(utf8(`${TEXT}\n${SIGNATURE}`)));
    expect(note.body).toBe(TEXT);
    expect(note.signatures).toHaveLength(1);
    expect(note.signatures[0]).toMatchObject({ name: 'PeterNeumann', keyId: 0xc74f20a3 });
    expect(note.signatures[0]!.signature).toHaveLength(64);
    expect(fromUtf8(writeNote(note))).toBe(`${TEXT}\n${SIGNATURE}`);
  });

  it('may have empty lines in its text', () => {
    expect(valueOf(readNote(utf8(`a\n\nb\n\n\n${SIGNATURE}`))).body).toBe('a\n\nb\n\n');
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ['has no empty line', `${TEXT}${SIGNATURE}`, /no empty line/],
    ['has no signature', `${TEXT}\n`, /no signature/],
    ['has no line feed at the end', `${TEXT}\n${SIGNATURE.trimEnd()}`, /last signature does not end/],
    ['has CRLF', `${TEXT}\n${SIGNATURE}`.replaceAll('\n', '\r\n'), /control character/],
    ['has a NUL', `a\0\n\n${SIGNATURE}`, /control character/],
    ['has a tab', `a\tb\n\n${SIGNATURE}`, /control character/],
    ['is not UTF-8', concatBytes(Uint8Array.of(0xff), utf8(`\n\n${SIGNATURE}`)), /not UTF-8/],
    ['has a half of a surrogate pair', concatBytes(Uint8Array.of(0xed, 0xa0, 0x80), utf8(`\n\n${SIGNATURE}`)), /not UTF-8/],
    ['has a hyphen for the dash', `${TEXT}\n- PeterNeumann AAAAAAA=\n`, /em dash/],
    ['has a name with a plus', `${TEXT}\n\u2014 a+b AAAAAAA=\n`, /has the name 'a\+b'/],
    ['has a name with a Unicode space', `${TEXT}\n\u2014 a\u00a0b AAAAAAA=\n`, /has the name/],
    ['has a name with a next-line character', `${TEXT}\n\u2014 a\u0085b AAAAAAA=\n`, /has the name/],
    ['has an empty name', `${TEXT}\n\u2014  AAAAAAA=\n`, /has the name ''/],
    ['has a name of a thousand letters', `${TEXT}\n\u2014 ${'a'.repeat(1000)} AAAAAAA=\n`, /has the name/],
    ['has no signature after the name', `${TEXT}\n\u2014 name\n`, /no space/],
    ['has two spaces before the signature', `${TEXT}\n\u2014 name  AAAAAAA=\n`, /not standard base64/],
    ['has a signature of four bytes', `${TEXT}\n\u2014 name AAAAAA==\n`, /too short/],
    ['has base64 without padding', `${TEXT}\n\u2014 name AAAAAAA\n`, /not standard base64/],
    ['has base64 for URLs', `${TEXT}\n\u2014 name AAAA-_AA\n`, /not standard base64/],
    ['has spare bits in base64', `${TEXT}\n\u2014 name AAAAAAB=\n`, /not standard base64/],
    ['has words after the signature', `${TEXT}\n\u2014 name AAAAAAA= more\n`, /not standard base64/],
    ['has a hundred and one signatures', `${TEXT}\n${SIGNATURE.repeat(101)}`, /more than 100/],
    ['has more than a mebibyte', `${'a'.repeat(1024 * 1024)}\n\n${SIGNATURE}`, /at most 1048576/],
    ['is empty', '', /no empty line/],
  ])('that %s is rejected', (_, note, message) => {
    expect(problemOf(readNote(typeof note === 'string' ? utf8(note) : note))).toMatch(message);
  });

  it('with a hundred signatures is read', () => {
    expect(valueOf(readNote(utf8(`${TEXT}\n${SIGNATURE.repeat(100)}`))).signatures).toHaveLength(100);
  });

  const letter = fc.constantFrom('a', 'B', '7', '.', '/', '-', 'é', '\u{1f512}', ' ', '\n');
  const signature = fc.record({
    name: fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom('a', 'z', '.', '/', 'é', '\u{1f512}') }),
    keyId: fc.nat(0xffffffff),
    signature: fc.uint8Array({ minLength: 1, maxLength: 80 }),
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: letter, maxLength: 60 }), fc.array(signature, { minLength: 1, maxLength: 5 }), (text, signatures) => {
        const note = { body: `${text}\n`, signatures };
        expect(valueOf(readNote(writeNote(note)))).toEqual(note);
      }),
    );
  });

  it('has one form in bytes: what is read is written the same', () => {
    const bytes = utf8(`${TEXT}\n${SIGNATURE}`);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = value;
        const note = readNote(changed);
        if (note.kind === 'accepted') expect(writeNote(note.value)).toEqual(changed);
      }),
      { numRuns: 2000 },
    );
  });

  it('made of any bytes is read or rejected, without an error', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => ['accepted', 'rejected'].includes(readNote(bytes).kind)));
  });

  it.each([
    ['text without a line feed', { body: 'a', signatures: [{ name: 'n', keyId: 1, signature: Uint8Array.of(1) }] }],
    ['no signature', { body: 'a\n', signatures: [] }],
    ['a name with a space', { body: 'a\n', signatures: [{ name: 'a b', keyId: 1, signature: Uint8Array.of(1) }] }],
    ['an id that is none', { body: 'a\n', signatures: [{ name: 'n', keyId: -1, signature: Uint8Array.of(1) }] }],
  ])('with %s is not written', (_, note) => {
    expect(() => writeNote(note)).toThrow(TypeError);
  });
});
