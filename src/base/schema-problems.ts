import { escapeControl } from './escape-control.ts';
import type { JsonValue } from './json-value.ts';
import { nearest as nearestWord } from './nearest.ts';
import { pointerToken, valueAt } from './pointer.ts';
import type { Problem } from './reading.ts';

/** An error as the compiled validators report it. */
export type ValidatorError = {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
};

/**
 * What a person needs to know of validator errors: each place once, unknown keys with the nearest known one.
 * `known` lists the keys that a place may have; `nearest` finds the closest.
 */
export const problemsOf = (
  errors: readonly ValidatorError[],
  value: JsonValue,
  nearest: (word: string, known: Iterable<string>) => string | undefined,
  knownKeys: (pointer: string) => readonly string[] = () => [],
): readonly Problem[] => {
  const problems = new Map<string, Problem>();
  for (const error of withoutEchoes(errors)) {
    const problem = error.keyword === 'additionalProperties' ? unknownKey(error, nearest, knownKeys) : problemOf(error, value, errors);
    problems.set(`${problem.pointer} ${problem.message}`, problem);
  }
  return [...problems.values()].sort((a, b) => (a.pointer < b.pointer ? -1 : a.pointer > b.pointer ? 1 : 0));
};

/** A choice (oneOf) that fails reports the errors of every branch; only the choice itself is told. */
const withoutEchoes = (errors: readonly ValidatorError[]): readonly ValidatorError[] => {
  const choices = new Set(errors.filter((error) => error.keyword === 'oneOf').map((error) => error.instancePath));
  if (choices.size === 0) return errors;
  return errors.filter((error) => error.keyword === 'oneOf' || !isWithin(error.instancePath, choices));
};

const isWithin = (pointer: string, places: ReadonlySet<string>): boolean => {
  for (let here = pointer; ; here = here.slice(0, here.lastIndexOf('/'))) {
    if (places.has(here)) return true;
    if (here === '') return false;
  }
};

const unknownKey = (error: ValidatorError, nearest: (word: string, known: Iterable<string>) => string | undefined, knownKeys: (pointer: string) => readonly string[]): Problem => {
  const key = String(error.params['additionalProperty']);
  const near = nearest(key, knownKeys(error.instancePath));
  return {
    pointer: `${error.instancePath}/${pointerToken(key)}`,
    message: `the key ${shown(key)} is not known here`,
    ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
  };
};

const problemOf = (error: ValidatorError, value: JsonValue, errors: readonly ValidatorError[]): Problem => {
  const { instancePath: pointer, keyword, params } = error;
  const here = (): string => shown(valueAt(value, pointer));
  switch (keyword) {
    case 'required':
      return { pointer, message: `the key ${String(params['missingProperty'])} is missing` };
    case 'enum':
      return { pointer, message: `${here()} is not one of ${listed(params['allowedValues'])}`, ...didYouMean(valueAt(value, pointer), params['allowedValues']) };
    case 'const':
      return { pointer, message: `${here()} must be ${JSON.stringify(params['allowedValue'])}` };
    case 'type':
      return { pointer, message: `${here()} must be ${TYPE_NAMES[String(params['type'])] ?? String(params['type'])}` };
    case 'pattern':
      return { pointer, message: `${here()} does not have the right form (${String(params['pattern'])})` };
    case 'propertyNames':
      return { pointer, message: `the name ${shown(params['propertyName'])} is not allowed here` };
    case 'oneOf':
      return choiceProblem(error, valueAt(value, pointer), errors);
    default:
      return { pointer, message: `${here()} ${limitText(keyword, params['limit'])}` };
  }
};

/** What a limit of the schema asks for, in words. */
const limitText = (keyword: string, limit: unknown): string => {
  const words = LIMITS[keyword];
  return words === undefined ? `does not hold the rule ${keyword}` : words.replace('N', String(limit));
};

const LIMITS: Readonly<Record<string, string>> = {
  maxLength: 'has more than N letters',
  minLength: 'has fewer than N letters',
  maximum: 'must be at most N',
  minimum: 'must be at least N',
  exclusiveMinimum: 'must be greater than N',
  exclusiveMaximum: 'must be less than N',
  maxItems: 'has more than N entries',
  minItems: 'has fewer than N entries',
  maxProperties: 'has more than N members',
  minProperties: 'has fewer than N members',
  uniqueItems: 'has the same entry twice',
};

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

const listed = (values: unknown): string => (Array.isArray(values) ? values.map(String).join(', ') : '');

const didYouMean = (value: unknown, values: unknown): { readonly hint?: string } => {
  const near = typeof value === 'string' && Array.isArray(values) ? nearestWord(value, values.map(String)) : undefined;
  return near === undefined ? {} : { hint: `did you mean ${near}?` };
};

/** Our choices are told apart by their member kind: either the kind is not known, or the value lacks what its kind needs. */
const choiceProblem = (choice: ValidatorError, value: unknown, errors: readonly ValidatorError[]): Problem => {
  const pointer = choice.instancePath;
  const kind = valueAt(value, '/kind');
  if (typeof kind !== 'string') return { pointer, message: `${shown(value)} fits none of the allowed forms` };
  const here = errors.filter((error) => error.instancePath === pointer || error.instancePath.startsWith(`${pointer}/`));
  const others = here.filter((error) => error.keyword === 'const' && error.instancePath === `${pointer}/kind`).map((error) => String(error.params['allowedValue']));
  const branches = new Set(
    here.flatMap((error) => (error.schemaPath.startsWith(`${choice.schemaPath}/`) ? [error.schemaPath.slice(choice.schemaPath.length + 1).split('/')[0]] : [])),
  );
  if (others.length < branches.size || here.some((error) => !error.schemaPath.startsWith(choice.schemaPath)))
    return { pointer, message: `${shown(value)} does not have what its kind ${shown(kind)} needs` };
  return { pointer: `${pointer}/kind`, message: `${shown(kind)} is not one of ${others.join(', ')}`, ...didYouMean(kind, others) };
};

/** A value in a message: short, on one line, without control characters. */
const shown = (value: unknown): string => {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, 100) : value) ?? 'nothing';
  return escapeControl(text.length > 60 ? `${text.slice(0, 57)}…` : text);
};
