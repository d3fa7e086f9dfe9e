import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUtf8, utf8 } from './bytes.ts';
import { canonicalJson } from './canonical-json.ts';
import { readJson } from './read-json.ts';

const text = (value: unknown): string | undefined => fromUtf8(canonicalJson(value));

/** Values of the payload: safe integers, text, lists, objects. */
const payload = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.maxSafeInteger().filter((n) => !Object.is(n, -0)),
    fc.string({ unit: 'binary' }).filter((s) => !hasNoncharacter(s)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    tie('object'),
  ),
  object: fc.dictionary(
    fc.string().filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key)),
    tie('value'),
    { maxKeys: 5 },
  ),
})).value;

const hasNoncharacter = (value: string): boolean => Array.from(value).some((letter) => (letter.codePointAt(0)! & 0xfffe) === 0xfffe || /[\ufdd0-\ufdef]/.test(letter));

describe('canonicalJson', () => {
  it('sorts keys by UTF-16 units and writes nothing that is not needed', () => {
    expect(text({ b: [1, { z: null, y: true }], a: 'é\n', '\ud83d\ude00': 1, '\ufb33': 2, 10: 3, 9: 4 })).toBe(
      '{"10":3,"9":4,"a":"é\\n","b":[1,{"y":true,"z":null}],"😀":1,"\ufb33":2}',
    );
  });

  it.each([
    ['a float', { a: [0.5] }, '/a/0: 0.5 is not a safe integer'],
    ['an integer that is not safe', 2 ** 53, ': 9007199254740992 is not a safe integer'],
    ['minus zero', [-0], '/0: 0 is not a safe integer'],
    ['not a number', [Number.NaN], '/0: NaN is not a safe integer'],
    ['undefined', { a: undefined }, '/a: undefined cannot be written as JSON'],
    ['a bigint', { a: 1n }, '/a: bigint cannot be written as JSON'],
    ['a lone surrogate', { a: '\ud800' }, '/a: half of a surrogate pair'],
    ['a lone surrogate in a key', { '\udfff': 1 }, ': half of a surrogate pair in a key'],
    ['a date', { a: new Map() }, '/a: not a plain object'],
    ['toJSON', { toJSON: () => 1 }, '/toJSON: function cannot be written as JSON'],
    ['toJSON that is no member', [Object.defineProperty({ a: 1 }, 'toJSON', { value: () => 0.5 })], '/0: not a plain object'],
    ['a list with toJSON', { a: Object.assign([1], { toJSON: () => 2 }) }, '/a: not a plain list'],
    ['a list with a hole', Object.assign([1], { length: 2 }), '/1: undefined cannot be written as JSON'],
  ])('refuses %s', (_, value, message) => {
    expect(() => canonicalJson(value)).toThrow(message);
  });

  it('leaves the value as it is, also where members must be sorted', () => {
    const value = { b: [{ d: 1, c: 2 }], a: { f: 1, e: [] } };
    const before = JSON.stringify(value);
    expect(text(value)).toBe('{"a":{"e":[],"f":1},"b":[{"c":2,"d":1}]}');
    expect(JSON.stringify(value)).toBe(before);
  });

  it('refuses a value that is nested too deep or holds itself', () => {
    const ring: unknown[] = [];
    ring.push(ring);
    expect(() => canonicalJson(ring)).toThrow('nested too deep');
  });

  it('writes what the library writes', () => {
    fc.assert(
      fc.property(payload, (value) => {
        expect(text(value)).toBe(canonicalize(value));
      }),
      { numRuns: 500 },
    );
    // Names that the engine's own writer would move, or take for a prototype.
    for (const value of [{ b: 1, 10: 2, 9: 3 }, JSON.parse('{"__proto__":{"b":1,"a":2},"a":[]}'), frozenPrototype(), { a: { 4294967295: 1, 4294967294: 2, 0: 3, '01': 4 } }])
      expect(text(value)).toBe(canonicalize(value));
  });

  it('writes what is nested 64 levels deep, and refuses one more', () => {
    const nested = (levels: number): unknown => (levels === 0 ? [] : [nested(levels - 1)]);
    expect(text(nested(64))).toBe(`${'['.repeat(65)}${']'.repeat(65)}`);
    expect(() => canonicalJson(nested(65))).toThrow('nested too deep');
  });

  it('writes what it read unchanged, and the order of keys does not matter', () => {
    fc.assert(
      fc.property(payload, (value) => {
        const bytes = canonicalJson(value);
        const reading = readJson(bytes);
        expect(reading.kind).toBe('accepted');
        if (reading.kind === 'accepted') expect(fromUtf8(canonicalJson(reading.value))).toBe(fromUtf8(bytes));
        const shuffled = readJson(utf8(JSON.stringify(reversed(value))));
        if (shuffled.kind === 'accepted') expect(fromUtf8(canonicalJson(shuffled.value))).toBe(fromUtf8(bytes));
        expect(shuffled.kind).toBe('accepted');
      }),
      { numRuns: 500 },
    );
  });
});

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
};

/** A member with the name __proto__ that cannot be written into. */
const frozenPrototype = (): unknown => {
  const value = JSON.parse('{"b":1,"__proto__":{"b":2,"a":1}}') as object;
  Object.freeze(Object.getOwnPropertyDescriptor(value, '__proto__')!.value);
  return value;
};
