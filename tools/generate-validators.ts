import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { ANNOTATIONS, type Schema } from './schema.js';

const UCS2_LENGTH = `const ucs2length = (text) => { let length = text.length; for (let i = 0; i < text.length - 1; i += 1) { const unit = text.charCodeAt(i); if (unit >= 0xd800 && unit <= 0xdbff) { const next = text.charCodeAt(i + 1); if (next >= 0xdc00 && next <= 0xdfff) { length -= 1; i += 1; } } } return length; };`;

const TOO_MANY =
  'export const MOST_ERRORS = 1000;\nclass TooMany extends Error { readonly errors: readonly SchemaError[]; constructor(errors: readonly SchemaError[]) { super("too many errors"); this.errors = errors; } }\n' +
  'const noted = (errors: any, error: any): any => { if (errors === null) return [error]; errors.push(error); if (errors.length > MOST_ERRORS) throw new TooMany(errors); return errors; };';

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

/** Source of a module with one function validate(value): it tells every problem, and needs no library at run time. */
export const validatorOf = (schema: Schema): string => {
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
  const validate = ajv.compile(withoutProse(schema) as Record<string, unknown>);
  const write = standalone as unknown as (ajv: unknown, validate: unknown) => string;
  const code = write(ajv, validate)
    .replace(/require\("ajv\/dist\/runtime\/ucs2length"\)\.default/g, 'ucs2length')
    .replace(/export default [^;]+;/, '')
    .replace(/^"use strict";/, '')
    // A hostile document can break the schema millions of times: after MOST_ERRORS the rest is not looked at.
    // The same four lines stand behind every check; as a call they are a sixth of the whole less to compile.
    .replace(/if\(vErrors === null\)\{\nvErrors = \[(err\d+)\];\n\}\nelse \{\nvErrors\.push\(err\d+\);\n\}\nerrors\+\+;/g, 'vErrors = noted(vErrors, $1); errors++;')
    .replace(/errors = vErrors\.length;/g, '$& if (errors > MOST_ERRORS) throw new TooMany(vErrors);');
  if (code.includes('vErrors.push(')) throw new Error('the compiler writes errors down in another form than expected');
  if (code.includes('require(')) throw new Error('the validator would need a library at run time');
  return [
    '// @ts-nocheck',
    `// Generated from ${schema.$id} by npm run generate; do not edit.`,
    UCS2_LENGTH,
    TOO_MANY,
    code,
    'export type SchemaError = { readonly instancePath: string; readonly schemaPath: string; readonly keyword: string; readonly params: Readonly<Record<string, unknown>>; readonly message?: string };',
    'const validator: any = validate;',
    '/** Every violation of the schema, in no particular order; empty if there is none. More than MOST_ERRORS: the document was not read to its end. */',
    'export const schemaErrors = (value: unknown): readonly SchemaError[] => {',
    '  try {',
    '    return validator(value) ? [] : (validator.errors ?? []);',
    '  } catch (error) {',
    '    if (error instanceof TooMany) return error.errors;',
    '    throw error;',
    '  }',
    '};',
    '',
  ].join('\n');
};
