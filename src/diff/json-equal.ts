import type { JsonValue } from '#base';

/** Whether two JSON values are the same; the order of keys does not matter. */
export const jsonEqual = (a: JsonValue | undefined, b: JsonValue | undefined): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item: JsonValue, i) => jsonEqual(item, (b as readonly JsonValue[])[i]));
  if (Array.isArray(b)) return false;
  const keys = Object.keys(a);
  const [left, right] = [a as JsonObject, b as JsonObject];
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(right, key) && jsonEqual(left[key], right[key]));
};

export type JsonObject = { readonly [key: string]: JsonValue };

export const isObject = (value: JsonValue | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of a dotted path below an object: site.file. */
export const memberAt = (value: JsonValue | undefined, dotted: string): JsonValue | undefined =>
  dotted.split('.').reduce<JsonValue | undefined>((here, key) => (isObject(here) ? here[key] : undefined), value);

/** The item in a cell, also where what it says is not comparable. */
export const itemOf = (cell: { readonly kind: string; readonly value?: JsonValue; readonly of?: JsonValue }): JsonValue | undefined => cell.value ?? cell.of;

/** The text of a dotted path below an object; empty if there is none or it is no text or number. */
export const textAt = (value: JsonValue | undefined, dotted: string): string => {
  const member = memberAt(value, dotted);
  return typeof member === 'string' ? member : typeof member === 'number' ? String(member) : '';
};
