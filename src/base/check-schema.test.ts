import { describe, expect, it } from 'vitest';
import { makeSchemaCheck, MOST_ERRORS } from './check-schema.ts';
import type { JsonSchema } from './json-schema.ts';

const told = (schema: JsonSchema, value: unknown): readonly string[] =>
  makeSchemaCheck(() => schema)(value).map(({ pointer, keyword, asked }) => `${pointer} ${keyword} ${JSON.stringify(asked)}`);

const PERSON: JsonSchema = {
  $defs: { age: { type: 'integer', minimum: 0, maximum: 150 } },
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 3, pattern: '^[a-z😀]*$' },
    'a/ge': { $ref: '#/$defs/age' },
    tags: { type: 'array', maxItems: 2, items: { enum: ['x', 'y'] } },
  },
};

describe('a check against a schema', () => {
  it.each<readonly [string, unknown, readonly string[]]>([
    ['says nothing about what fits', { name: 'ann', 'a/ge': 3, tags: ['x'] }, []],
    ['counts letters, not code units', { name: '😀😀😀' }, []],
    ['tells a missing member, and an undefined one', { name: undefined }, [' required "name"']],
    [
      'tells every violation with its place',
      { name: 'ANNA', 'a/ge': 151, tags: ['x', 'z', 'x'] },
      ['/name maxLength 3', '/name pattern "^[a-z😀]*$"', '/a~1ge maximum 150', '/tags maxItems 2', '/tags/1 enum ["x","y"]'],
    ],
    ['says of a wrong type only that', { name: 5, 'a/ge': 0.5, tags: {} }, ['/name type "string"', '/a~1ge type "integer"', '/tags type "array"']],
    ['is not misled by names that every object inherits', { name: 'a', toString: 1, constructor: {} }, [' additionalProperties "toString"', ' additionalProperties "constructor"']],
    ['takes no list for an object', [], [' type "object"']],
  ])('%s', (_, value, errors) => {
    expect(told(PERSON, value)).toEqual(errors);
  });

  it('checks the names of all members', () => {
    const schema: JsonSchema = { propertyNames: { maxLength: 2 }, properties: { abc: {} }, additionalProperties: { type: 'null' } };
    expect(told(schema, { abc: 1, abcd: null, ab: 1 })).toEqual([' propertyNames "abc"', ' propertyNames "abcd"', '/ab type "null"']);
  });

  it('tells of a choice why each branch does not fit', () => {
    const schema: JsonSchema = { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'integer' } }] };
    expect(told(schema, [1])).toEqual([]);
    expect(makeSchemaCheck(() => schema)(['x'])).toEqual([
      { pointer: '', keyword: 'oneOf', asked: 2, branches: [[{ pointer: '', keyword: 'type', asked: 'string' }], [{ pointer: '/0', keyword: 'type', asked: 'integer' }]] },
    ]);
  });

  it('takes the branch that a member names', () => {
    const schema: JsonSchema = {
      $defs: { a: { properties: { kind: { const: 'a' }, size: { type: 'integer' } } }, b: { properties: { kind: { const: 'b' } } } },
      oneOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }],
      discriminator: { propertyName: 'kind' },
    };
    expect(told(schema, { kind: 'a', size: 'x' })).toEqual(['/size type "integer"']);
    expect(told(schema, { kind: 'b', size: 'x' })).toEqual([]);
    for (const value of [{ kind: 'c' }, {}, null, 5]) expect(told(schema, value)).toEqual([' discriminator "kind"']);
  });

  it('stops behind so many errors, and starts anew with the next value', () => {
    const check = makeSchemaCheck(() => ({ items: { items: { type: 'null' } } }));
    expect(check(Array.from({ length: 10_000 }, () => Array.from({ length: 10 }, () => 1))).length).toBeLessThan(MOST_ERRORS + 20);
    expect(check([[null]])).toEqual([]);
  });
});
