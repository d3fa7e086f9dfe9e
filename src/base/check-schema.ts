import type { JsonSchema } from './json-schema.ts';
import { pointerOf } from './pointer.ts';
import { makePlan, type Place, placeOf, type SchemaPlan, TYPE_BITS } from './schema-plan.ts';

/** One place at which a value breaks its schema. */
export type SchemaError = {
  /** JSON pointer into the value; for an unknown or a missing member, of the object. */
  readonly pointer: string;
  readonly keyword: keyof JsonSchema;
  /** What the schema says there, or the name of the member that is meant. */
  readonly asked: unknown;
  /** For a choice: why each branch does not fit. */
  readonly branches?: readonly (readonly SchemaError[])[];
};

/** A hostile value can break its schema millions of times: behind so many errors the rest is not looked at. */
export const MOST_ERRORS = 1000;

/**
 * Checks values against one schema: every violation, in no particular order; empty if there is none. More than MOST_ERRORS: the
 * value was not looked at to its end. The schema is made when the first value comes.
 */
export const makeSchemaCheck = (makeSchema: () => JsonSchema): ((value: unknown) => readonly SchemaError[]) => {
  let whole: Place | undefined;
  return (value) => {
    whole ??= placeOf(makeSchema());
    const state: State = { root: whole.schema, path: [], depth: 0, errors: [] };
    check(state, whole, value);
    return state.errors;
  };
};

type State = {
  readonly root: JsonSchema;
  /** Where the value stands that is looked at, as far as depth; it is put into words only on failure. */
  readonly path: (string | number)[];
  depth: number;
  errors: SchemaError[];
};

type Members = Readonly<Record<string, unknown>>;

const here = (state: State): string => pointerOf(state.path.slice(0, state.depth));

const fail = (state: State, keyword: keyof JsonSchema, asked: unknown): void => {
  state.errors.push({ pointer: here(state), keyword, asked });
};

const check = (state: State, place: Place, value: unknown): void => {
  const plan = (place.plan ??= makePlan(state.root, place.schema));
  const bit = bitOf(value);
  if ((plan.types & bit) === 0) return fail(state, 'type', plan.type);
  if (plan.constant !== undefined && value !== plan.constant) fail(state, 'const', plan.constant);
  if (plan.choices !== undefined && !plan.choices.includes(value)) fail(state, 'enum', plan.choices);
  if (typeof value === 'string') checkText(state, plan, value);
  else if (typeof value === 'number') checkNumber(state, plan, value);
  else if (bit === TYPE_BITS.array) checkItems(state, plan, value as readonly unknown[]);
  else if (bit === TYPE_BITS.object) checkMembers(state, plan, value as Members);
  if (plan.branches !== undefined) checkChoice(state, plan, plan.branches, value);
};

/** 0 for what JSON cannot say. */
const bitOf = (value: unknown): number => {
  switch (typeof value) {
    case 'string':
      return TYPE_BITS.string;
    case 'boolean':
      return TYPE_BITS.boolean;
    case 'number':
      return Number.isInteger(value) ? TYPE_BITS.integer : Number.isFinite(value) ? TYPE_BITS.number - TYPE_BITS.integer : 0;
    case 'object':
      return value === null ? TYPE_BITS.null : Array.isArray(value) ? TYPE_BITS.array : TYPE_BITS.object;
    default:
      return 0;
  }
};

const checkText = (state: State, { minLength, maxLength, pattern }: SchemaPlan, value: string): void => {
  if (value.length > maxLength && lettersIn(value) > maxLength) fail(state, 'maxLength', maxLength);
  if (minLength > 0 && lettersIn(value) < minLength) fail(state, 'minLength', minLength);
  if (pattern !== undefined && !pattern.compiled.test(value)) fail(state, 'pattern', pattern.source);
};

/** Unicode code points, which is what the lengths of a schema count. */
const lettersIn = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

const checkNumber = (state: State, { minimum, maximum }: SchemaPlan, value: number): void => {
  if (value < minimum) fail(state, 'minimum', minimum);
  if (value > maximum) fail(state, 'maximum', maximum);
};

const checkItems = (state: State, { items, minItems, maxItems }: SchemaPlan, value: readonly unknown[]): void => {
  if (value.length < minItems) fail(state, 'minItems', minItems);
  if (value.length > maxItems) fail(state, 'maxItems', maxItems);
  if (items === undefined) return;
  for (let index = 0; index < value.length && state.errors.length <= MOST_ERRORS; index += 1) checkBelow(state, items, index, value[index]);
};

const checkBelow = (state: State, place: Place, key: string | number, value: unknown): void => {
  state.path[state.depth] = key;
  state.depth += 1;
  check(state, place, value);
  state.depth -= 1;
};

/** The names of members are hostile: own ones only, and never looked up on an object of ours. */
const checkMembers = (state: State, plan: SchemaPlan, value: Members): void => {
  const names = Object.keys(value);
  if (names.length > plan.maxProperties) fail(state, 'maxProperties', plan.maxProperties);
  for (const name of plan.required) if (value[name] === undefined || !Object.hasOwn(value, name)) fail(state, 'required', name);
  for (const name of names) {
    if (state.errors.length > MOST_ERRORS) return;
    const member = value[name];
    if (member === undefined) continue;
    const place = plan.properties.get(name) ?? plan.others;
    if (place === false) fail(state, 'additionalProperties', name);
    else if (place !== undefined) checkBelow(state, place, name, member);
    if (plan.names !== undefined && misfit(state, plan.names, name).length > 0) fail(state, 'propertyNames', name);
  }
};

const checkChoice = (state: State, { discriminator }: SchemaPlan, branches: readonly Place[], value: unknown): void => {
  if (discriminator !== undefined) return checkNamedChoice(state, discriminator, branches, value);
  const misfits = branches.map((branch) => misfit(state, branch, value));
  if (misfits.filter((errors) => errors.length === 0).length !== 1) state.errors.push({ pointer: here(state), keyword: 'oneOf', asked: branches.length, branches: misfits });
};

const checkNamedChoice = (state: State, member: string, branches: readonly Place[], value: unknown): void => {
  const named = typeof value === 'object' && value !== null && Object.hasOwn(value, member) ? (value as Members)[member] : undefined;
  const branch = named === undefined ? undefined : branches.find((place) => constantOf(state, place, member) === named);
  if (branch === undefined) fail(state, 'discriminator', member);
  else check(state, branch, value);
};

const constantOf = (state: State, place: Place, member: string): unknown => {
  place.plan ??= makePlan(state.root, place.schema);
  return place.plan.properties.get(member)?.schema.const;
};

/** The errors of a check that do not count as they are. */
const misfit = (state: State, place: Place, value: unknown): readonly SchemaError[] => {
  const { errors } = state;
  state.errors = [];
  check(state, place, value);
  const own = state.errors;
  state.errors = errors;
  return own;
};
