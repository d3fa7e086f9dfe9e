import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import { accepted, type Reading, rejected } from '#base';
import { composeYaml } from '#yaml';

/** YAML whose scalars are all text: a digest such as 12e4567… must not become a number. */
export type YamlText = string | readonly YamlText[] | { readonly [key: string]: YamlText };

/** Bounds for files that a tool writes. */
const BOUNDS = { maxBytes: 32 * 1024 * 1024, maxDepth: 32, maxParts: 4_000_000 };

/** Reads one untrusted YAML document without anchors, aliases, tags and duplicate keys. Never throws. Source: yaml.org/spec/1.2.2, §10.1 (failsafe schema). */
export const readYaml = (bytes: Uint8Array): Reading<YamlText> => {
  const composed = composeYaml(bytes, 'failsafe', BOUNDS);
  if (composed.kind === 'rejected') return composed;
  const { document } = composed.value;
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) return rejected({ pointer: '', message: error.message.split('\n')[0]! });
  const value = valueOf(document.contents);
  return value === undefined ? rejected({ pointer: '', message: 'the file has an anchor, alias, tag or key that is not allowed' }) : accepted(value);
};

/** undefined if something is not allowed in it. */
const valueOf = (node: unknown): YamlText | undefined => {
  if (node === null) return '';
  const { anchor, tag } = node as { anchor?: string; tag?: string };
  if (isAlias(node) || anchor !== undefined || (tag !== undefined && !tag.startsWith('tag:yaml.org,2002:'))) return undefined;
  if (isScalar(node)) return typeof node.value === 'string' ? node.value : String(node.source ?? '');
  if (isSeq(node)) {
    const items = node.items.map(valueOf);
    return items.includes(undefined) ? undefined : (items as YamlText[]);
  }
  if (!isMap(node)) return undefined;
  const map = Object.create(null) as Record<string, YamlText>;
  for (const pair of node.items) {
    const key = valueOf(pair.key);
    const value = valueOf(pair.value);
    if (typeof key !== 'string' || value === undefined || key in map || key === '__proto__') return undefined;
    map[key] = value;
  }
  return map;
};

/** A member of a map; undefined for everything else. */
export const memberOf = (value: YamlText | undefined, key: string): YamlText | undefined =>
  typeof value === 'object' && !Array.isArray(value) && Object.hasOwn(value, key) ? (value as { readonly [key: string]: YamlText })[key] : undefined;

/** The text of a member; undefined if it is none. */
export const textOf = (value: YamlText | undefined, key: string): string | undefined => {
  const member = memberOf(value, key);
  return typeof member === 'string' ? member : undefined;
};

/** The items of a member that is a list; empty for everything else. */
export const itemsOf = (value: YamlText | undefined, key: string): readonly YamlText[] => {
  const member = memberOf(value, key);
  return Array.isArray(member) ? member : [];
};
