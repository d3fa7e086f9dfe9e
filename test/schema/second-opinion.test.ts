import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonSchema, makeSchemaCheck } from '#base';
import { makeSchema as configSchema } from '../../src/config/generated/config-schema.ts';
import { makeSchema as eventSchema } from '../../src/assembly/generated/event-schema.ts';
import { makeSchema as manifestSchema } from '../../src/manifest/generated/manifest-schema.ts';

/** Values that a schema allows, most of the time; some rules between keywords are left to chance. */
const valuesOf = (root: JsonSchema, node: JsonSchema): fc.Arbitrary<unknown> => {
  if (node.$ref !== undefined) return valuesOf(root, root.$defs![node.$ref.slice('#/$defs/'.length)]!);
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum !== undefined) return fc.constantFrom(...node.enum);
  if (node.oneOf !== undefined) return fc.oneof(...node.oneOf.map((one) => valuesOf(root, one)));
  switch (typeof node.type === 'string' ? node.type : node.type?.[0]) {
    case 'string':
      return node.pattern === undefined ? fc.string({ minLength: node.minLength ?? 0, maxLength: Math.min(node.maxLength ?? 8, 8) }) : fc.stringMatching(new RegExp(node.pattern));
    case 'integer':
    case 'number':
      return fc.integer({ min: node.minimum ?? -9, max: node.maximum ?? 9 });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valuesOf(root, node.items ?? {}), { minLength: node.minItems ?? 0, maxLength: 2 });
    case 'object':
      return objectsOf(root, node);
    default:
      return fc.constant(null);
  }
};

const objectsOf = (root: JsonSchema, node: JsonSchema): fc.Arbitrary<unknown> => {
  const members = Object.fromEntries(Object.entries(node.properties ?? {}).map(([name, property]) => [name, valuesOf(root, property)]));
  const known = fc.record(members, { requiredKeys: [...(node.required ?? [])].filter((name) => name in members) });
  if (typeof node.additionalProperties !== 'object') return known;
  const names = node.propertyNames?.pattern === undefined ? fc.string({ minLength: 1, maxLength: 5 }) : fc.stringMatching(new RegExp(node.propertyNames.pattern));
  return fc.tuple(known, fc.dictionary(names, valuesOf(root, node.additionalProperties), { maxKeys: 2 })).map(([own, more]) => ({ ...more, ...(own as object) }));
};

/** Every object and list inside a value. */
const holders = (value: unknown): readonly object[] => (typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(holders)] : []);

type Damage = { readonly where: number; readonly member: number; readonly how: 'remove' | 'replace' | 'add' | 'lengthen'; readonly by: unknown };
const damages = fc.array(
  fc.record<Damage>({
    where: fc.nat(),
    member: fc.nat(),
    how: fc.constantFrom('remove', 'replace', 'add', 'lengthen'),
    by: fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom(0.5, -1, 1e300, '', 'é😀', 'x'.repeat(5000), { kind: 'int' }, [])),
  }),
  { maxLength: 3 },
);

const damaged = (whole: unknown, list: readonly Damage[]): unknown => {
  const value: unknown = structuredClone(whole);
  for (const { where, member, how, by } of list) {
    const all = holders(value);
    const holder = all[where % Math.max(1, all.length)] as Record<string, unknown> | undefined;
    if (holder === undefined) return by;
    const names = Object.keys(holder);
    const name = names[member % Math.max(1, names.length)] ?? 'toString';
    if (how === 'add') holder[Array.isArray(holder) ? String(holder.length) : 'toString'] = structuredClone(by);
    else if (how === 'replace') holder[name] = structuredClone(by);
    else if (how === 'lengthen' && typeof holder[name] === 'string') holder[name] = holder[name].repeat(50);
    else if (Array.isArray(holder)) holder.pop();
    else delete holder[name];
  }
  return value;
};

const second = (name: string): ((value: unknown) => readonly ErrorObject[]) => {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true, discriminator: true });
  for (const keyword of ['x-unit', 'x-class', 'x-risk', 'x-swap', 'x-key']) ajv.addKeyword(keyword);
  const validate = ajv.compile(JSON.parse(readFileSync(`schema/${name}/v0.schema.json`, 'utf8')) as object);
  return (value) => (validate(value) ? [] : (validate.errors ?? []));
};

/** What both say of a value: Ajv also tells why each branch of a choice and each name does not fit, and what else is wrong with a value of the wrong type. */
const placesOf = (errors: readonly ErrorObject[]): readonly string[] => {
  const typed = new Set(errors.filter((error) => error.keyword === 'type').map((error) => error.instancePath));
  const own = errors.filter((error) => error.propertyName === undefined && (error.keyword === 'type' || !typed.has(error.instancePath)));
  return [...new Set(own.map((error) => `${error.instancePath} ${error.keyword}`))].sort();
};

describe.each([
  ['manifest', manifestSchema],
  ['events', eventSchema],
  ['config', configSchema],
] as const)('the check of %s', (name, makeSchema) => {
  const check = makeSchemaCheck(makeSchema);
  const opinion = second(name);

  it('agrees with Ajv on which values are valid, and where the others are not', () => {
    let valid = 0;
    fc.assert(
      fc.property(valuesOf(makeSchema(), makeSchema()), damages, (whole, list) => {
        const value = damaged(whole, list);
        const [ours, theirs] = [check(value), opinion(value)];
        expect(ours.length === 0).toBe(theirs.length === 0);
        valid += ours.length === 0 ? 1 : 0;
        if (ours.some((error) => error.keyword === 'oneOf') || theirs.some((error) => error.keyword === 'oneOf')) return;
        expect([...new Set(ours.map((error) => `${error.pointer} ${error.keyword}`))].sort()).toEqual(placesOf(theirs));
      }),
      { numRuns: 1000 },
    );
    expect(valid).toBeGreaterThan(100);
  });
});
