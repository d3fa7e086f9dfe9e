import { performance } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { canonicalJson, escapeControl, readJson, utf8 } from '#base';
import { readConfig } from '#config';
import { nodeCrypto } from '#files';
import { readManifest } from '#manifest';
import { renderManifest, renderRunCsv } from '#report';
import { readBundle, readPublicKeyPem } from '#seal';
import { readNote, readTlogProof } from '#tlog';
import { readTrust } from '#trust';
import { edited, trainingManifest } from '../fixtures/training-manifest.ts';

const refusalOf = (bytes: Uint8Array): string => {
  const reading = readJson(bytes);
  return reading.kind === 'rejected' ? (reading.problems[0]?.message ?? '') : 'accepted';
};

const json = (text: string): Uint8Array => utf8(text);

describe('JSON', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['B01 with a key that occurs twice', json('{"a":1,"a":2}'), /the key occurs twice/],
    ['B01 with a key that occurs twice behind an escape', json('{"a":1,"\\u0061":2}'), /the key occurs twice/],
    ['B02 with half of a surrogate pair', json('["\\ud800"]'), /half of a surrogate pair/],
    ['B02 that is not UTF-8', Uint8Array.of(0x22, 0xff, 0x22), /not UTF-8/],
    ['B02 with a byte-order mark', Uint8Array.of(0xef, 0xbb, 0xbf, 0x31), /byte-order mark/],
    ['B02 with a noncharacter', json('"\\uffff"'), /noncharacter/],
    ['B03 with a whole number beyond 2^53', json('[9007199254740993]'), /would be rounded/],
    ['B03 with minus zero', json('[-0]'), /-0 is not allowed/],
    ['B03 with a number that overflows', json('[1e999]'), /is too large/],
    ['B03 with NaN', json('[NaN]'), /not JSON/],
    ['B03 with Infinity', json('[Infinity]'), /not JSON/],
    ['B04 that is nested too deep', json('['.repeat(100_000)), /nested deeper than 64 levels/],
    ['B04 with too many members', json(`[${'0,'.repeat(1_000_001)}0]`), /more than 1000000 members and items/],
    ['B04 that is too large', new Uint8Array(16 * 1024 * 1024 + 1), /at most 16777216 are read/],
    ['B05 with a key that poisons prototypes', json('{"__proto__":{"admin":true}}'), /this key is not allowed/],
    ['B05 with the constructor', json('{"constructor":{"prototype":{"admin":true}}}'), /this key is not allowed/],
    ['B06 with something behind it', json('{} {}'), /something follows the document/],
    ['B06 with a comment', json('{"a":1 /* why */}'), /a comma or } is expected here/],
  ])('%s is refused', (_, bytes, refusal) => {
    expect(refusalOf(bytes)).toMatch(refusal);
  });

  it('B05 gives objects without a prototype, so that nothing is inherited', () => {
    const reading = readJson(json('{"a":{"b":1}}'));
    if (reading.kind === 'rejected') throw new Error('rejected');
    expect(Object.getPrototypeOf(reading.value)).toBeNull();
    expect(Object.getPrototypeOf((reading.value as { readonly a: object }).a)).toBeNull();
  });

  it('B12 is canonical in one form only', () => {
    const reading = readJson(json('{"b":1,"a":[true,null,"\\u00e9"]}'));
    if (reading.kind === 'rejected') throw new Error('rejected');
    expect(Buffer.from(canonicalJson(reading.value)).toString()).toBe('{"a":[true,null,"é"],"b":1}');
  });
});

describe('names and reasons', () => {
  it.each<[string, string]>([
    ['B07 letters that run from right to left', 'safe\u202etxt.exe'],
    ['B07 letters without width', 'ad\u200bmin'],
    ['B07 an isolate', '\u2066approve\u2069'],
    ['B11 commands to the terminal', '\u001b[2Jproven'],
    ['B11 a carriage return', 'broken\rproven'],
    ['B11 a bell and a backspace', 'no\u0007\b\b'],
  ])('%s cannot disguise what is shown', (_, text) => {
    // oxlint-disable-next-line no-control-regex -- these are what must not be left
    expect(escapeControl(text)).not.toMatch(/[\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
    const shown = renderManifest(edited(trainingManifest(), { '/run/purpose': text }));
    // oxlint-disable-next-line no-control-regex -- the same
    expect(shown.replaceAll('\n', '')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
  });

  it('B11 that look like formulas stay texts in a table for spreadsheets', () => {
    const csv = renderRunCsv({ columns: ['why'], rows: ['=1+1', '+cmd', '-cmd', '@SUM(A1)', '\t=1', 'a,"b"'].map((text) => [text]) });
    for (const cell of csv.split('\r\n').slice(1)) expect(cell).not.toMatch(/^"?[=+@\t-]/);
  });

  it('B11 cannot become markup in a page', () => {
    const page = renderManifest(edited(trainingManifest(), { '/run/purpose': '<script>alert(1)</script> [x](javascript:alert(1)) | @all' }), { format: 'markdown' });
    expect(page).not.toContain('<script>');
    expect(page).not.toMatch(/\]\(javascript:/);
  });
});

describe('YAML', () => {
  const config = (text: string): string => {
    const reading = readConfig(utf8(text));
    return reading.kind === 'rejected' ? reading.problems.map(({ message }) => message).join('; ') : 'accepted';
  };

  it.each<[string, string, RegExp]>([
    ['B08 with an anchor and an alias', 'tags: &t\n  a: b\nrun: *t\n', /anchor|alias/i],
    ['B08 with a billion laughs', 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n', /anchor|alias/i],
    ['B08 with a merge key', 'tags:\n  <<: { a: b }\n', /an object must be text/],
    ['B08 with a tag of its own', 'store: !!js/function "x"\n', /tag/i],
    ['B08 with a key twice', 'store: a\nstore: b\n', /stands here a second time/],
  ])('%s is refused', (_, text, refusal) => {
    expect(config(text)).toMatch(refusal);
  });

  it('B08 does not turn words and octal numbers into something else', () => {
    const reading = readConfig(utf8('tags:\n  country: NO\n  mode: 0o10\n  yes: on\n'));
    // A tag is text: what YAML 1.2 reads as a number is refused and not rewritten.
    if (reading.kind === 'accepted') expect(reading.value.tags).toMatchObject({ country: 'NO', yes: 'on' });
    else expect(reading.problems.map(({ pointer }) => pointer)).toEqual(['/tags/mode']);
  });
});

describe('patterns', () => {
  it.each<[string, (text: string) => unknown, string]>([
    ['of names in a manifest', (text) => readManifest(utf8(JSON.stringify({ ...trainingManifest(), schemaVersion: text }))), '0'],
    ['of PEM', (text) => readPublicKeyPem(`-----BEGIN PUBLIC KEY-----\n${text}`, nodeCrypto), 'A\n'],
    ['of notes', (text) => readNote(utf8(`${text}\n\n\u2014 ${text}`)), ' x'],
    ['of proofs', (text) => readTlogProof(utf8(`c2sp.org/tlog-proof@v1\nindex ${text}`)), '0'],
    ['of trust files', (text) => readTrust(utf8(JSON.stringify({ expiresAt: text })), nodeCrypto), '2026-'],
    ['of bundles', (text) => readBundle(utf8(JSON.stringify({ mediaType: text }))), 'application/vnd.dev.sigstore.bundle+json;version=0.'],
  ])('B09 %s take no more than linear time', (_, read, piece) => {
    const time = (length: number): number => {
      const text = piece.repeat(length);
      const began = performance.now();
      read(text);
      return performance.now() - began;
    };
    time(500);
    // A pattern that goes back over the text would take four times as much for twice the length, thousands of times here.
    expect(time(20_000)).toBeLessThan(2000);
  });
});

describe('archives', () => {
  it('B10 in place of a document are not unpacked: they are no JSON', () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    expect(readBundle(bomb).kind).toBe('rejected');
    expect(readManifest(bomb).kind).toBe('rejected');
    expect(readTrust(bomb, nodeCrypto).kind).toBe('rejected');
  });
});
