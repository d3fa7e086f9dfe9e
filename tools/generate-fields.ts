import { resolve, type Schema } from './schema.js';

type Field = { path: string; title: string; meaning: string; unit?: string; class: string; risk: string; swap: boolean; key?: readonly string[]; property: boolean };

const INHERITED = { class: 'context', risk: 'low', swap: false };

/** Walks the manifest schema; array items are written as *, open objects as {}. A field inherits class, risk and swap from what holds it. */
const walk = (root: Schema, node: Schema, path: string, above: typeof INHERITED, out: Field[]): void => {
  const full = resolve(root, node);
  const own = { class: full['x-class'] ?? above.class, risk: full['x-risk'] ?? above.risk, swap: full['x-swap'] ?? above.swap };
  if (path !== '') {
    out.push({
      path,
      title: full.title ?? '',
      meaning: full.description ?? '',
      ...(full['x-unit'] === undefined ? {} : { unit: full['x-unit'] }),
      ...own,
      ...(full['x-key'] === undefined ? {} : { key: full['x-key'] }),
      property: !path.endsWith('/*') && !path.endsWith('/{}'),
    });
  }
  for (const [name, property] of Object.entries(full.properties ?? {})) walk(root, property, `${path}/${name}`, own, out);
  if (full.items !== undefined) walk(root, full.items, `${path}/*`, own, out);
  if (typeof full.additionalProperties === 'object') walk(root, full.additionalProperties, `${path}/{}`, own, out);
};

/** Source of the field dictionary's data: meaning, unit, class of a change, default risk, swappable, keys of lists. */
export const fieldsOf = (root: Schema): string => {
  const fields: Field[] = [];
  walk(root, root, '', INHERITED, fields);
  const rows = fields.map(({ property: _, ...field }) => `  ${JSON.stringify(field)},`).join('\n');
  return `// Generated from ${root.$id} by npm run generate; do not edit.\nimport type { Field } from '../field-dictionary.ts';\n\n/** Made when it is first asked for: most commands never do. */\nexport const makeFields = (): readonly Field[] => [\n${rows}\n];\n`;
};
