import { ANNOTATIONS, type Schema } from './schema.js';

/** What the checker of src/base/check-schema.ts knows. */
const KEYWORDS: ReadonlySet<string> = new Set(
  '$defs $ref type const enum oneOf discriminator properties required additionalProperties propertyNames maxProperties items minItems maxItems minLength maxLength pattern minimum maximum'.split(
    ' ',
  ),
);
const PROSE: ReadonlySet<string> = new Set(['$schema', '$id', 'title', 'description', 'examples', ...ANNOTATIONS]);
/** Keywords whose value is an object of schemas by name, a list of schemas, a schema. */
const MAPS: ReadonlySet<string> = new Set(['properties', '$defs']);
const BELOW: ReadonlySet<string> = new Set(['items', 'additionalProperties', 'propertyNames', 'oneOf']);

/** The schema without what decides nothing. Throws where it says more than the checker understands: that would be silently let through. */
const decisive = (node: unknown, place: string): unknown => {
  if (Array.isArray(node)) return node.map((item, index) => decisive(item, `${place}/${index}`));
  if (typeof node !== 'object' || node === null) return node;
  const keys = Object.keys(node).filter((key) => !PROSE.has(key));
  const unknown = keys.find((key) => !KEYWORDS.has(key)) ?? (keys.includes('$ref') && keys.length > 1 ? '$ref with other keywords' : undefined);
  if (unknown !== undefined) throw new Error(`${place}: ${unknown} is not known to the checker of schemas`);
  return Object.fromEntries(
    keys.map((key) => {
      const value = (node as Readonly<Record<string, unknown>>)[key];
      if (MAPS.has(key)) return [key, Object.fromEntries(Object.entries(value as object).map(([name, item]) => [name, decisive(item, `${place}/${key}/${name}`)]))];
      return [key, BELOW.has(key) ? decisive(value, `${place}/${key}`) : value];
    }),
  );
};

/** Source of a module that gives the schema as the checker reads it. Text is parsed faster than the same as code, and only when it is asked for. */
export const schemaModuleOf = (root: Schema): string => {
  const { $defs = {}, ...rest } = decisive(root, root.$id ?? '') as { readonly $defs?: Readonly<Record<string, unknown>> };
  const definitions = Object.entries($defs).map(([name, node]) => `${JSON.stringify(name)}:${JSON.stringify(node)}`);
  const text = `{"$defs":{\n${definitions.join(',\n')}\n},\n${JSON.stringify(rest).slice(1)}`;
  if (/`|\$\{/.test(text)) throw new Error(`${root.$id}: a backtick or a dollar with a brace cannot be written into the module`);
  return [
    `// Generated from ${root.$id} by npm run generate; do not edit.`,
    `import type { JsonSchema } from '#base';`,
    '',
    '/** The schema without its prose. */',
    `export const makeSchema = (): JsonSchema => JSON.parse(String.raw\`${text}\`) as JsonSchema;`,
    '',
  ].join('\n');
};
