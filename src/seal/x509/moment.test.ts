import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { momentOf, readMoment } from './moment.ts';

const utcTime = (text: string) => momentOf({ tag: 0x17, content: utf8(text), whole: utf8('') });
const generalized = (text: string) => momentOf({ tag: 0x18, content: utf8(text), whole: utf8('') });

describe('a time in a certificate or token', () => {
  it.each([
    ['700101000000Z', '1970-01-01T00:00:00Z', 0],
    ['491231235959Z', '2049-12-31T23:59:59Z', 2_524_607_999_000],
    ['500101000000Z', '1950-01-01T00:00:00Z', -631_152_000_000],
    ['240229120000Z', '2024-02-29T12:00:00Z', 1_709_208_000_000],
  ])('short: %s is %s', (text, rfc3339, sinceEpochMs) => {
    expect(utcTime(text)).toEqual({ text: rfc3339, sinceEpochMs });
  });

  it.each([
    ['20260101000000Z', '2026-01-01T00:00:00Z', 1_767_225_600_000],
    ['20260101000000.5Z', '2026-01-01T00:00:00.5Z', 1_767_225_600_500],
    ['20260101000000.123456Z', '2026-01-01T00:00:00.123456Z', 1_767_225_600_123],
    ['99991231235959Z', '9999-12-31T23:59:59Z', 253_402_300_799_000],
    ['20000229000000Z', '2000-02-29T00:00:00Z', 951_782_400_000],
  ])('long: %s is %s', (text, rfc3339, sinceEpochMs) => {
    expect(generalized(text)).toEqual({ text: rfc3339, sinceEpochMs });
  });

  it.each([
    '2601010000Z',
    '260101000000',
    '260101000000+0000',
    '260230000000Z',
    '261301000000Z',
    '260100000000Z',
    '260101240000Z',
    '260101006000Z',
    '260101000060Z',
    '26010100000 Z',
    '',
  ])('short: %j is none', (text) => {
    expect(utcTime(text)).toBeUndefined();
  });

  it.each([
    '20260101000000',
    '20260101000000.Z',
    '20260101000000.50Z',
    '20260101000000,5Z',
    '19000229000000Z',
    '20250229000000Z',
    '19491231235959Z',
    '202601010000Z',
    '2026010100Z',
  ])('long: %j is none', (text) => {
    expect(generalized(text)).toBeUndefined();
  });

  it('is a time of the two types only', () => {
    expect(momentOf({ tag: 0x0c, content: utf8('20260101000000Z'), whole: utf8('') })).toBeUndefined();
    expect(momentOf(undefined)).toBeUndefined();
  });
});

describe('a moment in RFC 3339', () => {
  it.each([
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['2026-01-01t01:30:00.25+01:30', '2026-01-01T00:00:00.25Z'],
    ['2025-12-31T19:00:00-05:00', '2026-01-01T00:00:00Z'],
  ])('%s is %s', (text, utc) => {
    expect(readMoment(text)?.text).toBe(utc);
  });

  it.each(['2026-01-01', '2026-01-01T00:00:00', '2026-01-01 00:00:00Z', '2026-02-29T00:00:00Z', '2026-01-01T00:00:00+24:00', '2026-01-01T00:00:00.Z', ' 2026-01-01T00:00:00Z', ''])(
    '%j is none',
    (text) => {
      expect(readMoment(text)).toBeUndefined();
    },
  );

  it('is what the clock of the language says, for any millisecond', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1951-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }), (date) => {
        expect(readMoment(date.toISOString())).toEqual({ text: date.toISOString(), sinceEpochMs: date.getTime() });
      }),
    );
  });

  it('is never an exception', () => {
    fc.assert(fc.property(fc.string(), (text) => readMoment(text) === undefined));
  });
});
