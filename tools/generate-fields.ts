import { resolve, type Schema } from './schema.js';

type Field = {
  path: string;
  title: string;
  meaning: string;
  unit?: string;
  class: string;
  risk: string;
  swap: boolean;
  key?: readonly string[];
  deprecated?: Schema['x-deprecated'];
};

const INHERITED = { class: 'context', risk: 'low', swap: false };

/** Walks the manifest schema; array items are written as *, open objects as {}. A field inherits class, risk and swap from what holds it. */
const fieldsBelow = (root: Schema, node: Schema, path: string, above: typeof INHERITED): readonly Field[] => {
  const full = resolve(root, node);
  const own = { class: full['x-class'] ?? above.class, risk: full['x-risk'] ?? above.risk, swap: full['x-swap'] ?? above.swap };
  const field: Field = {
    path,
    title: full.title ?? '',
    meaning: full.description ?? '',
    ...(full['x-unit'] === undefined ? {} : { unit: full['x-unit'] }),
    ...own,
    ...(full['x-key'] === undefined ? {} : { key: full['x-key'] }),
    ...(full['x-deprecated'] === undefined ? {} : { deprecated: full['x-deprecated'] }),
  };
  return [
    ...(path === '' ? [] : [field]),
    ...Object.entries(full.properties ?? {}).flatMap(([name, property]) => fieldsBelow(root, property, `${path}/${name}`, own)),
    ...(full.items === undefined ? [] : fieldsBelow(root, full.items, `${path}/*`, own)),
    ...(typeof full.additionalProperties === 'object' ? fieldsBelow(root, full.additionalProperties, `${path}/{}`, own) : []),
  ];
};

/** Source of the field dictionary's data: meaning, unit, class of a change, default risk, swappable, keys of lists. */
export const fieldsOf = (root: Schema): string => {
  const rows = fieldsBelow(root, root, '', INHERITED)
    .map((field) => `  ${JSON.stringify(field)},`)
    .join('\n');
  return `// Generated from ${root.$id} by npm run generate; do not edit.\nimport type { Field } from '../field-dictionary.ts';\n\n/** Made when it is first asked for: most commands never do. */\nexport const makeFields = (): readonly Field[] => [\n${rows}\n];\n`;
};
