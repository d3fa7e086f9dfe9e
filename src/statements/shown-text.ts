import { escapeControl, type JsonValue } from '#base';

/** An untrusted value for a sentence: the first letters of its JSON, control characters escaped. */
export const shownText = (value: JsonValue | undefined): string => (value === undefined ? 'missing' : escapeControl(JSON.stringify(value).slice(0, 120).toWellFormed()));
