import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import type { JsonValue } from './json-value.ts';
import { linesOf } from './lines-of.ts';
import { readJson } from './read-json.ts';

const rejectedAs = (text: string): string => {
  const reading = readJson(utf8(text));
  return reading.kind === 'rejected' ? `${reading.problems[0]!.pointer} ${reading.problems[0]!.line} ${reading.problems[0]!.message}` : 'accepted';
};

const isPlain = (value: unknown): boolean => {
  if (typeof value === 'string')
    return value.isWellFormed() && !/[\ufdd0-\ufdef]|[\u{fffe}\u{ffff}]/u.test(value) && !Array.from(value).some((letter) => (letter.codePointAt(0)! & 0xfffe) === 0xfffe);
  if (typeof value === 'number') return !Object.is(value, -0) && (Number.isSafeInteger(value) || !/^-?[0-9]+$/.test(String(value)));
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => isPlain(key) && !['__proto__', 'constructor', 'prototype'].includes(key) && isPlain(item));
};

describe('readJson', () => {
  it.each([
    ['{"a":1,"a":2}', '/a 1 the key occurs twice'],
    ['{"a":1,\n"\\u0061":2}', '/a 2 the key occurs twice'],
    ['{"x":{"__proto__":{}}}', '/x/__proto__ 1 this key is not allowed'],
    ['{"x":[1,{"\\u005f_proto__":{}}]}', '/x/1/__proto__ 1 this key is not allowed'],
    ['{"constructor":1}', '/constructor 1 this key is not allowed'],
    ['[1,2] []', ' 1 something follows the document'],
    ['{"a":1}\n// comment', ' 2 something follows the document'],
    ['["\\ud800"]', '/0 1 the text has half of a surrogate pair'],
    ['["\\ud800\\u0041"]', '/0 1 the text has half of a surrogate pair'],
    ['["\\uffff"]', '/0 1 the text has a Unicode noncharacter'],
    ['["\ufdd0"]', '/0 1 the text has a Unicode noncharacter'],
    ['[9007199254740993]', '/0 1 the number 9007199254740993 is beyond 2^53-1 and would be rounded'],
    ['[-0]', '/0 1 -0 is not allowed'],
    ['[-0.0]', '/0 1 -0 is not allowed'],
    ['[1e999]', '/0 1 the number 1e999 is too large'],
    ['[NaN]', '/0 1 this is not JSON'],
    ['[01]', ' 1 a comma or ] is expected here'],
    ['["a\tb"]', '/0 1 a text has a control character that is not escaped'],
    ['{"a":"b', '/a 1 a text does not end'],
    ['{"a":', '/a 1 the document ends too early'],
    ['', ' 1 the document ends too early'],
    ['[1,]', '/1 1 this is not JSON'],
    ['{"a":1,}', ' 1 a key in double quotes is expected here'],
    ['\ufeff{}', ' 1 the document starts with a byte-order mark'],
    [`{"a/b~c":${'['.repeat(70)}`, `/a~1b~0c${'/0'.repeat(63)} 1 nested deeper than 64 levels`],
  ])('rejects %s', (text, problem) => {
    expect(rejectedAs(text)).toBe(problem);
  });

  it('rejects bytes that are not UTF-8, too many bytes and too many members', () => {
    expect(readJson(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ kind: 'rejected', problems: [{ message: 'the document is not UTF-8' }] });
    expect(readJson(utf8('[1,2,3]'), { maxBytes: 6, maxDepth: 9, maxKeys: 9 })).toMatchObject({
      kind: 'rejected',
      problems: [{ message: 'the document has 7 bytes; at most 6 are read' }],
    });
    expect(readJson(utf8('{"a":{"b":1}}'), { maxBytes: 99, maxDepth: 9, maxKeys: 1 })).toMatchObject({ kind: 'rejected', problems: [{ pointer: '/a/b' }] });
    expect(readJson(utf8('[0,0,0]'), { maxBytes: 99, maxDepth: 9, maxKeys: 2 })).toMatchObject({
      kind: 'rejected',
      problems: [{ pointer: '/2', message: 'more than 2 members and items' }],
    });
  });

  it('gives objects without a prototype, so that no name is inherited', () => {
    const reading = readJson(utf8('{"toString":1}'));
    expect(reading.kind === 'accepted' && Object.getPrototypeOf(reading.value)).toBe(null);
  });

  it('reads escapes as JSON.parse does', () => {
    const text = String.raw`["\"\\\/\b\f\n\r\t", "\u00e9\ud83d\ude00", "é😀", "a\nb"]`;
    expect(readJson(utf8(text))).toEqual({ kind: 'accepted', value: JSON.parse(text) });
  });

  it('agrees with JSON.parse on every document that I-JSON allows', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(4), (value, indent) => {
        fc.pre(isPlain(value));
        const text = JSON.stringify(value, null, indent);
        const reading = readJson(utf8(text));
        expect(reading.kind === 'accepted' ? JSON.stringify(reading.value) : reading).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });

  it('rejects any document in which a key occurs twice', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (key, one, other) => {
        fc.pre(isPlain({ key, one, other }));
        const name = JSON.stringify(key);
        expect(readJson(utf8(`[{${name}:${JSON.stringify(one)},"between":0,${name}:${JSON.stringify(other)}}]`)).kind).toBe('rejected');
      }),
    );
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readJson(bytes)));
    fc.assert(fc.property(fc.stringMatching(/^[[\]{}",:0-9eE.\\u+-]{0,60}$/), (text) => void readJson(utf8(text))));
  });

  it('rejects every cut of a document', () => {
    const text = JSON.stringify({ a: [1, 'é', { b: null }], c: true });
    for (let end = 0; end < text.length; end += 1) expect(readJson(utf8(text.slice(0, end))).kind, text.slice(0, end)).toBe('rejected');
  });
});

describe('linesOf', () => {
  it('tells the line of each place, of its key for members, and nothing for places that are not there', () => {
    const text = '{\n "a": [\n  1,\n  {"b~/c":\n  2}\n ],\n "d": 3\n}';
    expect([...linesOf(utf8(text), new Set(['', '/a', '/a/0', '/a/1/b~0~1c', '/d', '/e']))]).toEqual([
      ['', 1],
      ['/a', 2],
      ['/a/0', 3],
      ['/a/1/b~0~1c', 4],
      ['/d', 7],
    ]);
  });

  it('costs one pass, however many places are asked for', () => {
    const value: JsonValue = { rows: Array.from({ length: 20_000 }, (_, i) => ({ i })) };
    const bytes = utf8(JSON.stringify(value, null, 1));
    const lines = linesOf(bytes, new Set(Array.from({ length: 20_000 }, (_, i) => `/rows/${i}/i`)));
    expect(lines.get('/rows/0/i')).toBe(4);
    expect(lines.get('/rows/19999/i')).toBe(4 + 19_999 * 3);
  });
});
