import type { JsonValue } from '#base';
import type { JsonObject } from './migration.ts';

export const isObject = (value: JsonValue | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

export const objectIn = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : {});

/** An object without some of its keys. */
export const without = (value: JsonObject, keys: readonly string[]): JsonObject => Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));

/** The values of an object or list with another text in place of each that a rule names; the rest as it is. */
export const textsIn = (value: JsonValue | undefined, rewrite: (text: string) => string): JsonValue | undefined =>
  Array.isArray(value) ? value.map((one: JsonValue) => (typeof one === 'string' ? rewrite(one) : one)) : value;
