import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUtf8, utf8 } from '#base';
import { problemOf, valueOf } from '../../test/fixtures/log-keys.ts';
import { type Leaf, LEAF_KINDS, readLeaf, writeLeaf } from './leaf.ts';

const DIGEST = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const leaf: Leaf = {
  version: 1,
  kind: 'run-recorded',
  time: '2026-11-24T08:00:00.000Z',
  object: { type: 'run', id: '0b5a1f0e-8f3c-4c56-9a43-0c7f1f2b3d4e' },
  payloadSha256: DIGEST,
};
const TEXT = `{"kind":"run-recorded","object":{"id":"0b5a1f0e-8f3c-4c56-9a43-0c7f1f2b3d4e","type":"run"},"payloadSha256":"${DIGEST}","time":"2026-11-24T08:00:00.000Z","version":1}`;

const withChange = (change: object): Uint8Array => {
  const whole: Record<string, unknown> = { ...leaf, ...change };
  // Canonical order, so that only what was changed is wrong.
  return utf8(
    JSON.stringify(Object.fromEntries(Object.entries(whole).sort(([a], [b]) => (a < b ? -1 : 1)))).replace(
      /"object":\{"type":("[^"]*"),"id":("[^"]*")\}/,
      '"object":{"id":$2,"type":$1}',
    ),
  );
};

describe('a leaf', () => {
  it('is canonical JSON', () => {
    expect(fromUtf8(writeLeaf(leaf))).toBe(TEXT);
    expect(valueOf(readLeaf(utf8(TEXT)))).toEqual(leaf);
    expect(fromUtf8(withChange({}))).toBe(TEXT);
  });

  it.each([
    ['D05 white space', TEXT.replace(',', ', '), /not canonical JSON/],
    ['D05 another order', TEXT.replace('"kind":"run-recorded",', '').replace('"version":1', '"version":1,"kind":"run-recorded"'), /not canonical JSON/],
    ['D05 an escape that is not needed', TEXT.replace('run-recorded', 'run\\u002drecorded'), /not canonical JSON/],
    ['a member twice', TEXT.replace('"version":1', '"version":1,"version":1'), /./],
    ['D05 a number with a point', TEXT.replace('"version":1', '"version":1.0'), /not canonical JSON|version/],
    ['D05 a line feed at the end', `${TEXT}\n`, /not canonical JSON/],
    ['nothing', '', /./],
    ['a list', '[]', /a leaf is an object/],
  ])('with %s is rejected', (_, text, message) => {
    expect(problemOf(readLeaf(utf8(text)))).toMatch(message);
  });

  it.each<[string, object, RegExp]>([
    ['another version', { version: 2 }, /version 1/],
    ['a kind that is not known', { kind: 'deleted' }, /not one of run-recorded/],
    ['a time without milliseconds', { time: '2026-11-24T08:00:00Z' }, /RFC 3339/],
    ['a time of another zone', { time: '2026-11-24T08:00:00.000+01:00' }, /RFC 3339/],
    ['the thirtieth of February', { time: '2026-02-30T08:00:00.000Z' }, /RFC 3339/],
    ['the twenty-ninth of February of 2100', { time: '2100-02-29T08:00:00.000Z' }, /RFC 3339/],
    ['the sixtieth second', { time: '2026-11-24T08:00:60.000Z' }, /RFC 3339/],
    ['a digest in capitals', { payloadSha256: DIGEST.toUpperCase() }, /SHA-256/],
    ['a short digest', { payloadSha256: DIGEST.slice(1) }, /SHA-256/],
    ['a bundle digest that is none', { bundleSha256: 'none' }, /SHA-256/],
    ['an object without an id', { object: { type: 'run' } }, /id/],
    ['a type of two words', { object: { type: 'a run', id: 'x' } }, /one word/],
    ['an id of two lines', { object: { type: 'run', id: 'x\ny' } }, /one line/],
    ['a member more in the object', { object: { type: 'run', id: 'x', more: 1 } }, /not known: more/],
    ['a member that is not known', { extra: 1 }, /not known: extra/],
    ['null for a reason', { reason: null }, /reason/],
    ['a reason that is too long', { reason: 'a'.repeat(4097) }, /reason/],
  ])('with %s is rejected', (_, change, message) => {
    expect(problemOf(readLeaf(withChange(change)))).toMatch(message);
  });

  it('of more than 65535 bytes is rejected before it is read', () => {
    expect(problemOf(readLeaf(new Uint8Array(65_536).fill(32)))).toMatch(/at most 65535/);
  });

  it('on the twenty-ninth of February of a leap year is read', () => {
    expect(readLeaf(withChange({ time: '2028-02-29T23:59:59.999Z' })).kind).toBe('accepted');
  });

  const text = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }).filter((one) => one.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(one));
  const anyLeaf = fc.record(
    {
      version: fc.constant(1 as const),
      kind: fc.constantFrom(...LEAF_KINDS),
      time: fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
      object: fc.record({ type: fc.constantFrom('run', 'model', 'key'), id: text }),
      payloadSha256: fc.constant(DIGEST),
      bundleSha256: fc.constant(DIGEST),
      origin: text,
      reason: text,
    },
    { requiredKeys: ['version', 'kind', 'time', 'object', 'payloadSha256'] },
  );

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anyLeaf, (one) => {
        expect(valueOf(readLeaf(writeLeaf(one as Leaf)))).toEqual(one);
      }),
    );
  });

  it('with a wrong part is not written', () => {
    expect(() => writeLeaf({ ...leaf, payloadSha256: 'x' })).toThrow(/payloadSha256/);
    expect(() => writeLeaf({ ...leaf, reason: 'a'.repeat(70_000) })).toThrow(TypeError);
  });
});
