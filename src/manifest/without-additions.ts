import { type JsonValue, pointerKeys, pointerToken } from '#base';
import type { SchemaError } from './generated/manifest-validator.ts';

export type Additions = {
  /** JSON pointers of the keys that the schema does not have, each once, in order. */
  readonly additions: readonly string[];
  /** What breaks the schema otherwise. */
  readonly errors: readonly SchemaError[];
  /** Whether looking ended before all was looked at. */
  readonly hasMore: boolean;
};

/**
 * Tells keys that a schema does not have from everything else that breaks it. In a choice (oneOf) one key more breaks every branch: there
 * the keys are taken out that the branch of the value's kind does not have, and the rest is checked again.
 */
export const withoutAdditions = (value: JsonValue, check: (value: JsonValue) => readonly SchemaError[], most: number): Additions => {
  const first = check(value);
  const inChoices = additionsInChoices(first);
  const errors = inChoices.length === 0 ? first : check(without(value, inChoices));
  const choices = errors.filter(isChoice);
  const isAddition = (error: SchemaError): boolean => error.keyword === 'additionalProperties' && !choices.some((choice) => isWithin(error.instancePath, choice.instancePath));
  return {
    additions: [...new Set([...inChoices, ...errors.filter(isAddition).map(pointerOf)])].toSorted(),
    errors: errors.filter((error) => !isAddition(error)),
    hasMore: first.length > most || errors.length > most,
  };
};

const isChoice = ({ keyword }: SchemaError): boolean => keyword === 'oneOf';

const isWithin = (pointer: string, place: string): boolean => pointer === place || pointer.startsWith(`${place}/`);

const pointerOf = ({ instancePath, params }: SchemaError): string => `${instancePath}/${pointerToken(String(params['additionalProperty']))}`;

/** Our choices are told apart by their member kind: the branch is meant whose kind is not refused. */
const additionsInChoices = (errors: readonly SchemaError[]): readonly string[] => {
  const choices = errors.filter(isChoice);
  if (choices.length === 0) return [];
  const keys = errors.filter(({ keyword }) => keyword === 'additionalProperties');
  const refused = new Set(
    errors.filter(({ keyword, instancePath }) => keyword === 'const' && instancePath.endsWith('/kind')).map(({ instancePath, schemaPath }) => `${instancePath} ${schemaPath}`),
  );
  const isMeant = ({ instancePath, schemaPath }: SchemaError): boolean =>
    !refused.has(`${instancePath}/kind ${schemaPath.replace(/\/additionalProperties$/, '/properties/kind/const')}`);
  const places = new Set(choices.map(({ instancePath }) => instancePath));
  return keys.filter((error) => places.has(error.instancePath) && isMeant(error)).map(pointerOf);
};

/** The same without some places, none of which is in a list. */
const without = (value: JsonValue, pointers: readonly string[]): JsonValue => {
  const copy = structuredClone(value) as JsonValue;
  for (const pointer of pointers) {
    const keys = pointerKeys(pointer);
    const holder = keys.slice(0, -1).reduce((here: unknown, key) => (here as Record<string, unknown> | undefined)?.[key], copy);
    if (typeof holder === 'object' && holder !== null) delete (holder as Record<string, unknown>)[keys.at(-1)!];
  }
  return copy;
};
