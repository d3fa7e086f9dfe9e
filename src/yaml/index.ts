/** Untrusted YAML becomes one document of nodes, within bounds. What its nodes may hold is for whoever reads it. */
export { composeYaml } from './compose-yaml.ts';
export { FORBIDDEN_KEYS, MAX_PLAIN_BYTES, nearestLine, type ParsedSource, placedIn } from './parsed-source.ts';
export { readPlainYaml } from './read-plain-yaml.ts';
