/** Untrusted YAML becomes one document of nodes, within bounds. What its nodes may hold is for whoever reads it. */
export { type ComposedYaml, composeYaml } from './compose-yaml.ts';
