import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonReader } from './json-reader.ts';
import { JSON_LIMITS } from './read-json.ts';
import { skimJson } from './skim-json.ts';

const carefully = (text: string, bounds = JSON_LIMITS): unknown => {
  try {
    return new JsonReader(text, bounds).document();
  } catch {
    return undefined;
  }
};

const same = (text: string, bounds = JSON_LIMITS): void => {
  const skimmed = skimJson(text, bounds);
  if (skimmed === undefined) return;
  expect(skimmed).toStrictEqual(carefully(text, bounds));
};

const pieces = fc.array(
  fc.oneof(
    fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"a":', '"b" :', '"\\u0061":', '"":', '"__proto__":', '"constructor":1', '"\\":"', '"\\\\":', '": "', ' ', '\n'),
    fc.constantFrom('0', '-0', '-0.0', '0.5', '1e2', '1e999', '-1e-999', '9007199254740993', '9007199254740993.0', 'true', 'null', '"\\ud800"', '"\ufdd0"', '"\u{1fffe}"', '"é"'),
  ),
  { maxLength: 12 },
);

describe('skimJson', () => {
  it.each([
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"a":1,"a" :2}',
    '{"a":{"b":1},"a":{"b":1}}',
    '{"a":"\\":","a":1}',
    '[-0]',
    '[9007199254740993]',
    '{"__proto__":1}',
    '["\ufdd0"]',
  ])('leaves %s to the careful reader', (text) => {
    expect(skimJson(text, JSON_LIMITS)).toBeUndefined();
  });

  it('leaves what is too deep or has too many members and items to the careful reader', () => {
    expect(skimJson('[[[1]]]', { maxDepth: 2, maxKeys: 9 })).toBeUndefined();
    expect(skimJson('[[1]]', { maxDepth: 2, maxKeys: 9 })).toEqual([[1]]);
    expect(skimJson('{"a":[1]}', { maxDepth: 9, maxKeys: 1 })).toBeUndefined();
    expect(skimJson('{"a":[1]}', { maxDepth: 9, maxKeys: 2 })).toEqual({ a: [1] });
  });

  it('gives what the careful reader gives, or nothing', () => {
    fc.assert(
      fc.property(pieces, (words) => same(words.join(''))),
      { numRuns: 20_000 },
    );
    fc.assert(fc.property(fc.jsonValue(), fc.nat(2), (value, indent) => same(JSON.stringify(value, null, indent))));
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(5), fc.nat(20), (value, maxDepth, maxKeys) => same(JSON.stringify(value), { ...JSON_LIMITS, maxDepth, maxKeys })),
      { numRuns: 2000 },
    );
  });

  it('gives something for an ordinary document', () => {
    const value = { name: 'a: "b"', list: [1, 2.5, null, true, { x: 'é😀', 'k\\': '\n' }] };
    expect(skimJson(JSON.stringify(value, null, 2), JSON_LIMITS)).toEqual(JSON.parse(JSON.stringify(value)));
  });
});
