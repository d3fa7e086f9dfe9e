import { definitionName, type Schema } from './schema.js';

const pascal = (name: string): string => name[0]!.toUpperCase() + name.slice(1);

const comment = (node: Schema, indent: string): string => {
  const unit = node['x-unit'] === undefined ? '' : ` Unit: ${node['x-unit']}.`;
  const text = `${node.description ?? ''}${unit}`.replaceAll('*/', '* /');
  return text === '' ? '' : `${indent}/** ${text} */\n`;
};

const literal = (value: unknown): string => (typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : JSON.stringify(value));

const primitive = (type: string): string => ({ string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' })[type] ?? 'unknown';

const objectType = (node: Schema, indent: string): string => {
  const inner = `${indent}  `;
  const lines = Object.entries(node.properties ?? {}).map(([name, property]) => {
    const optional = node.required?.includes(name) === true ? '' : '?';
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
    return `${comment(property, inner)}${inner}readonly ${key}${optional}: ${typeOf(property, inner)};\n`;
  });
  return lines.length > 0 ? `{\n${lines.join('')}${indent}}` : recordType(node, indent);
};

const recordType = (node: Schema, indent: string): string => {
  const extra = node.additionalProperties;
  return typeof extra === 'object' ? `Readonly<Record<string, ${typeOf(extra, indent)}>>` : 'Readonly<Record<string, unknown>>';
};

const typeOf = (node: Schema, indent: string): string => {
  if (node.$ref !== undefined) return pascal(definitionName(node.$ref));
  if (node.const !== undefined) return literal(node.const);
  if (node.enum !== undefined) return node.enum.map(literal).join(' | ');
  if (node.oneOf !== undefined) return node.oneOf.map((one) => typeOf(one, indent)).join(' | ');
  if (Array.isArray(node.type)) return node.type.map((type) => primitive(String(type))).join(' | ');
  if (node.type === 'array') return `readonly (${node.items === undefined ? 'unknown' : typeOf(node.items, indent)})[]`;
  if (node.type === 'object') return objectType(node, indent);
  return primitive(String(node.type));
};

/** TypeScript types of a schema: one exported type per definition, and one named after the whole. */
export const typesOf = (root: Schema, name: string): string => {
  const definitions = Object.entries(root.$defs ?? {}).map(([key, node]) => `${comment(node, '')}export type ${pascal(key)} = ${typeOf(node, '')};\n`);
  const header = `// Generated from ${root.$id ?? name} by npm run generate; do not edit.\n\n`;
  return `${header}${comment(root, '')}export type ${name} = ${typeOf(root, '')};\n\n${definitions.join('\n')}`;
};
