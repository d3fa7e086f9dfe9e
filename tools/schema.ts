import { readFileSync } from 'node:fs';

/** The part of JSON Schema 2020-12 that our contracts use. */
export type Schema = {
  readonly $id?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly 'x-unit'?: string;
  readonly 'x-class'?: string;
  readonly 'x-risk'?: string;
  readonly 'x-swap'?: boolean;
  readonly 'x-key'?: readonly string[];
  readonly 'x-deprecated'?: { readonly since: string; readonly because: string; readonly use?: string };
};

/** The annotations of ours, named so that the strict validator compiler knows them. */
export const ANNOTATIONS = ['x-unit', 'x-class', 'x-risk', 'x-swap', 'x-key', 'x-deprecated'] as const;

type SchemaName =
  | 'manifest'
  | 'events'
  | 'config'
  | 'snapshot'
  | 'erasure'
  | 'delivery'
  | 'bundle'
  | 'trust'
  | 'trust-envelope'
  | 'trust-pin'
  | 'policy'
  | 'policy-tests'
  | 'approval'
  | 'withdrawal'
  | 'exception'
  | 'exception-review'
  | 'amendment'
  | 'deprecation'
  | 'promotion'
  | 'deployment'
  | 'reversion'
  | 'remediation'
  | 'mapping'
  | 'policy-approval';

/** A contract in the major version that is written now; the others stay as they are for ever. */
export const readSchema = (name: SchemaName, major = CURRENT[name] ?? 0): Schema => JSON.parse(readFileSync(`schema/${name}/v${major}.schema.json`, 'utf8')) as Schema;

const CURRENT: Readonly<Partial<Record<SchemaName, number>>> = { manifest: 1 };

export const definitionName = (ref: string): string => ref.replace('#/$defs/', '');

/** A node with the keywords of the definition it refers to; its own keywords win. */
export const resolve = (root: Schema, node: Schema): Schema => {
  if (node.$ref === undefined) return node;
  const target = root.$defs?.[definitionName(node.$ref)];
  if (target === undefined) throw new Error(`unknown reference ${node.$ref}`);
  const { $ref: _, ...own } = node;
  return { ...resolve(root, target), ...own };
};
