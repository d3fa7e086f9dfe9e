import type { JsonSchema, JsonType } from './json-schema.ts';

/** What is to be checked at one place of a value, always in the same shape: it is read for every member of every value. */
export type SchemaPlan = {
  /** Bits of TYPE_BITS that are allowed. */
  readonly types: number;
  readonly type: JsonSchema['type'];
  readonly constant: unknown;
  readonly choices: readonly unknown[] | undefined;
  readonly minLength: number;
  readonly maxLength: number;
  readonly pattern: { readonly source: string; readonly compiled: RegExp } | undefined;
  readonly minimum: number;
  readonly maximum: number;
  readonly minItems: number;
  readonly maxItems: number;
  readonly items: Place | undefined;
  readonly maxProperties: number;
  readonly required: readonly string[];
  readonly properties: ReadonlyMap<string, Place>;
  /** Of members that are not listed; false if there may be none. */
  readonly others: Place | undefined | false;
  readonly names: Place | undefined;
  readonly branches: readonly Place[] | undefined;
  readonly discriminator: string | undefined;
};

/** A part of the schema; its plan is made when a value first has something there. */
export type Place = { readonly schema: JsonSchema; plan: SchemaPlan | undefined };

export const TYPE_BITS: Readonly<Record<JsonType | 'any', number>> = { string: 1, integer: 2, number: 2 | 4, boolean: 8, array: 16, object: 32, null: 64, any: 127 };

const NONE: readonly never[] = [];
const NO_MEMBERS: ReadonlyMap<string, Place> = new Map();

export const placeOf = (schema: JsonSchema): Place => ({ schema, plan: undefined });

export const makePlan = (root: JsonSchema, node: JsonSchema): SchemaPlan => {
  const schema = node.$ref === undefined ? node : root.$defs![node.$ref.slice('#/$defs/'.length)]!;
  const { additionalProperties } = schema;
  return {
    types: bitsOf(schema.type),
    type: schema.type,
    constant: schema.const,
    choices: schema.enum,
    minLength: schema.minLength ?? 0,
    maxLength: schema.maxLength ?? Infinity,
    pattern: schema.pattern === undefined ? undefined : { source: schema.pattern, compiled: new RegExp(schema.pattern, 'u') },
    minimum: schema.minimum ?? -Infinity,
    maximum: schema.maximum ?? Infinity,
    minItems: schema.minItems ?? 0,
    maxItems: schema.maxItems ?? Infinity,
    items: schema.items === undefined ? undefined : placeOf(schema.items),
    maxProperties: schema.maxProperties ?? Infinity,
    required: schema.required ?? NONE,
    properties: schema.properties === undefined ? NO_MEMBERS : new Map(Object.entries(schema.properties).map(([name, property]) => [name, placeOf(property)])),
    others: additionalProperties === false ? false : typeof additionalProperties === 'object' ? placeOf(additionalProperties) : undefined,
    names: schema.propertyNames === undefined ? undefined : placeOf(schema.propertyNames),
    branches: schema.oneOf?.map(placeOf),
    discriminator: schema.discriminator?.propertyName,
  };
};

const bitsOf = (type: JsonSchema['type']): number => {
  if (type === undefined) return TYPE_BITS.any;
  return typeof type === 'string' ? TYPE_BITS[type] : type.reduce((bits, one) => bits | TYPE_BITS[one], 0);
};
