import type { JsonValue } from '#base';

export type JsonObject = Readonly<Record<string, JsonValue>>;

export const isObject = (value: JsonValue | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first member that is not among the known ones. */
export const unknownMember = (value: JsonObject, known: readonly string[]): string | undefined => Object.keys(value).find((key) => !known.includes(key));
