import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { ANNOTATIONS, type Schema } from './schema.js';

const UCS2_LENGTH = `const ucs2length = (text) => { let length = text.length; for (let i = 0; i < text.length - 1; i += 1) { const unit = text.charCodeAt(i); if (unit >= 0xd800 && unit <= 0xdbff) { const next = text.charCodeAt(i + 1); if (next >= 0xdc00 && next <= 0xdfff) { length -= 1; i += 1; } } } return length; };`;

const TOO_MANY =
  'export const MOST_ERRORS = 1000;\nlet most = MOST_ERRORS;\nclass TooMany extends Error { readonly errors: readonly SchemaError[]; constructor(errors: readonly SchemaError[]) { super("too many errors"); this.errors = errors; } }\n' +
  'const noted = (errors: any, error: any): any => { if (errors === null) return [error]; errors.push(error); if (errors.length > most) throw new TooMany(errors); return errors; };';

/** Keywords whose value is an object of schemas by name. */
const MAPS: ReadonlySet<string> = new Set(['properties', '$defs', 'patternProperties']);
const PROSE: ReadonlySet<string> = new Set(['title', 'description', 'examples', ...ANNOTATIONS]);

/** The schema without what decides nothing: the compiler would write it into the validator, and every start would pay for it. */
const withoutProse = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(withoutProse);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, value]): [string, unknown][] => {
      if (PROSE.has(key)) return [];
      if (MAPS.has(key)) return [[key, Object.fromEntries(Object.entries(value as object).map(([name, item]) => [name, withoutProse(item)]))]];
      return [[key, key === 'const' || key === 'enum' ? value : withoutProse(value)]];
    }),
  );
};

/**
 * The schema of now, holding an earlier one as a definition of its own: what both have in common is compiled once. `OLDER` names the
 * earlier one; definitions that differ are there under another name.
 */
const withOlder = (now: Schema, older: Schema): Schema => {
  const differing = Object.keys(older.$defs ?? {}).filter((name) => JSON.stringify(older.$defs?.[name]) !== JSON.stringify(now.$defs?.[name]));
  // Whoever refers to a definition that differs differs as well.
  for (let before = -1; before !== differing.length;) {
    before = differing.length;
    for (const [name, node] of Object.entries(older.$defs ?? {}))
      if (!differing.includes(name) && differing.some((one) => JSON.stringify(node).includes(`"#/$defs/${one}"`))) differing.push(name);
  }
  const renamed = (node: unknown): unknown =>
    JSON.parse(JSON.stringify(node).replaceAll(/"#\/\$defs\/([^"]+)"/g, (ref, name: string) => (differing.includes(name) ? `"#/$defs/${OLDER}-${name}"` : ref)));
  const { $defs, $id: _, $schema: __, ...root } = older as Schema & { readonly $schema?: string };
  const own = Object.fromEntries(differing.map((name) => [`${OLDER}-${name}`, renamed($defs?.[name])]));
  return { ...now, $defs: { ...now.$defs, ...own, [OLDER]: renamed(root) } as Readonly<Record<string, Schema>> };
};
const OLDER = 'older';

type Compiled = { readonly code: string; readonly functions: Readonly<Record<string, string>> };

const compiled = (schema: Schema, older: Schema | undefined): Compiled => {
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allErrors: true,
    discriminator: true,
    inlineRefs: false,
    verbose: false,
    messages: false,
    code: { source: true, esm: true, lines: true },
  });
  for (const keyword of ANNOTATIONS) ajv.addKeyword(keyword);
  const whole = withoutProse(schema) as Schema;
  const functions = older === undefined ? { validateNow: schema.$id! } : { validateNow: schema.$id!, validateOlder: `${schema.$id!}#/$defs/${OLDER}` };
  ajv.addSchema((older === undefined ? whole : withOlder(whole, withoutProse(older) as Schema)) as Record<string, unknown>);
  const write = standalone as unknown as (ajv: unknown, functions: Readonly<Record<string, string>>) => string;
  return { code: write(ajv, functions), functions };
};

/**
 * Source of a module with the function schemaErrors(value), and, with an earlier schema, olderSchemaErrors(value): each tells every
 * problem, and needs no library at run time.
 */
export const validatorOf = (schema: Schema, older?: Schema): string => {
  const { code: written, functions } = compiled(schema, older);
  const code = written
    .replace(/require\("ajv\/dist\/runtime\/ucs2length"\)\.default/g, 'ucs2length')
    .replaceAll(/export const (validate[A-Z]\w+) = /g, 'const $1 = ')
    .replace(/^"use strict";/, '')
    // A hostile document can break the schema millions of times: after so many the rest is not looked at.
    // The same four lines stand behind every check; as a call they are a sixth of the whole less to compile.
    .replace(/if\(vErrors === null\)\{\nvErrors = \[(err\d+)\];\n\}\nelse \{\nvErrors\.push\(err\d+\);\n\}\nerrors\+\+;/g, 'vErrors = noted(vErrors, $1); errors++;')
    .replace(/errors = vErrors\.length;/g, '$& if (errors > most) throw new TooMany(vErrors);');
  if (code.includes('vErrors.push(')) throw new Error('the compiler writes errors down in another form than expected');
  if (code.includes('require(') || code.includes('export ')) throw new Error('the validator would need a library at run time, or gives away more than it should');
  return [
    '// @ts-nocheck',
    `// Generated from ${schema.$id} by npm run generate; do not edit.`,
    UCS2_LENGTH,
    TOO_MANY,
    code,
    'export type SchemaError = { readonly instancePath: string; readonly schemaPath: string; readonly keyword: string; readonly params: Readonly<Record<string, unknown>>; readonly message?: string };',
    'const errorsOf = (validator: any, value: unknown, bound: number): readonly SchemaError[] => {',
    '  most = bound;',
    '  try {',
    '    return validator(value) ? [] : (validator.errors ?? []);',
    '  } catch (error) {',
    '    if (error instanceof TooMany) return error.errors;',
    '    throw error;',
    '  }',
    '};',
    '/** Every violation of the schema, in no particular order; empty if there is none. More than `bound`: the document was not read to its end. */',
    'export const schemaErrors = (value: unknown, bound: number = MOST_ERRORS): readonly SchemaError[] => errorsOf(validateNow, value, bound);',
    ...(functions['validateOlder'] === undefined
      ? []
      : [
          '/** The same for the earlier schema. */',
          'export const olderSchemaErrors = (value: unknown, bound: number = MOST_ERRORS): readonly SchemaError[] => errorsOf(validateOlder, value, bound);',
        ]),
    '',
  ].join('\n');
};
