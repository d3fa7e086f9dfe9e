import { isForbiddenKey } from './json-reader.ts';
import type { JsonValue } from './json-value.ts';

/** What a hostile document costs in memory is told only after it was parsed: in longer ones the elements are counted before. Unit: UTF-16 code unit. */
const LONGEST = 4 * 1024 * 1024;

/** Code points that I-JSON forbids, or halves of one. */
const DOUBTFUL_LETTERS = /[\ufdd0-\ufdef\ufffe\uffff\udffe\udfff]/;
/** A key with space before its colon would not be counted. */
const SPACED = [' :', '\n:', '\r:', '\t:'];
const SPACED_KEY = /"[ \n\r\t]+:/;

/**
 * Whether only the careful reader can tell if a text is allowed: it has an escape that may stand for anything, or one of the above.
 * Searches for words whose first letter is rare, as these are where nothing is indented, are many times faster than one pattern for all.
 */
const isDoubtful = (text: string): boolean => text.includes('\\u') || (SPACED.some((word) => text.includes(word)) && SPACED_KEY.test(text)) || DOUBTFUL_LETTERS.test(text);

type Bounds = { readonly maxDepth: number; readonly maxKeys: number };

/**
 * The value of a document of which nothing is doubtful, by the parser of the engine; undefined if the careful reader must look at
 * it, which is no verdict. What is given here is what the careful reader would give: objects without a prototype, no key twice.
 * The text is hostile; it has no half surrogate pairs, because it was decoded from UTF-8.
 */
export const skimJson = (text: string, bounds: Bounds): JsonValue | undefined => {
  if ((text.length > LONGEST && hasMoreElements(text, bounds.maxKeys)) || isDoubtful(text)) return undefined;
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  const seen = { members: 0, items: 0 };
  if (!isPlain(value, bounds.maxDepth, seen)) return undefined;
  // If a key occurs twice, the text has more members than the value.
  return seen.members === mostMembers(text) && seen.members + seen.items <= bounds.maxKeys ? value : undefined;
};

/** Every member and item stands behind a bracket or a comma; a text may hold the same, so there may be fewer, but never more. */
const hasMoreElements = (text: string, most: number): boolean => {
  let count = 0;
  for (const letter of [',', '[', '{']) for (let at = text.indexOf(letter); at !== -1 && count <= most; at = text.indexOf(letter, at + 1)) count += 1;
  return count > most;
};

const QUOTE = 0x22;

/** Every key ends in a quote and a colon; a text may hold the same, so there may be fewer members, but never more. */
const mostMembers = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) if (text.charCodeAt(at - 1) === QUOTE) count += 1;
  return count;
};

/** Counts and takes the prototypes away; false if a number, a key or the depth is doubtful. */
const isPlain = (value: JsonValue, depth: number, seen: { members: number; items: number }): boolean => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? !Object.is(value, -0) : Number.isFinite(value) && !Number.isInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) {
    seen.items += value.length;
    for (const item of value as readonly JsonValue[]) if (!isPlain(item, depth - 1, seen)) return false;
    return true;
  }
  Object.setPrototypeOf(value, null);
  const members = value as Readonly<Record<string, JsonValue>>;
  for (const key in members) {
    seen.members += 1;
    if (isForbiddenKey(key) || !isPlain(members[key]!, depth - 1, seen)) return false;
  }
  return true;
};
