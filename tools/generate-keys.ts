import { resolve, type Schema } from './schema.js';

/** Every place of a document that has keys of its own: array items are written as *, members of open objects as {}. */
const walk = (root: Schema, node: Schema, path: string, out: Map<string, readonly string[]>): void => {
  const full = resolve(root, node);
  if (full.properties !== undefined) out.set(path, Object.keys(full.properties));
  for (const [name, property] of Object.entries(full.properties ?? {})) walk(root, property, `${path}/${name}`, out);
  if (full.items !== undefined) walk(root, full.items, `${path}/*`, out);
  if (typeof full.additionalProperties === 'object') walk(root, full.additionalProperties, `${path}/{}`, out);
};

/** Source of the list of known keys, from which the nearest one is told when a key is mistyped. */
export const keysOf = (root: Schema, name: string): string => {
  const places = new Map<string, readonly string[]>();
  walk(root, root, '', places);
  const rows = [...places].map(([path, keys]) => `  [${JSON.stringify(path)}, ${JSON.stringify(keys)}],`).join('\n');
  return `// Generated from ${root.$id} by npm run generate; do not edit.\n\n/** Keys by schema path: array items are *, members of open objects {}. */\nexport const ${name}: ReadonlyMap<string, readonly string[]> = new Map([\n${rows}\n]);\n`;
};
