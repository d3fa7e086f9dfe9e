import canonicalize from 'canonicalize';
import { utf8 } from './bytes.ts';

/**
 * Canonical bytes of a value: equal values give equal bytes in every language.
 * Accepts what I-JSON can say with safe integers only; throws TypeError (a fault of the caller) for anything else: floats,
 * not-finite numbers, undefined, functions, lone surrogates, objects with a prototype of their own or toJSON, depth over 64.
 * Source: RFC 8785, RFC 7493.
 */
export const canonicalJson = (value: unknown): Uint8Array => {
  const seen: Seen = { foreign: false, needsCare: false };
  const sorted = sortedValue(value, 0, seen);
  if (seen.foreign) {
    refuseForeign(value, '', 0);
    throw new TypeError('the value changed while it was written');
  }
  return utf8(seen.needsCare ? (canonicalize(value) ?? '') : JSON.stringify(sorted));
};

/** The engine's writer is fast and keeps the order of members, but for the names below. */
type Seen = { /** Something that has no canonical form. */ foreign: boolean; /** Names that the engine moves to the front, or takes for a prototype. */ needsCare: boolean };

/** Names that begin with a digit may be indices; the others are told by their first letter. */
const needsCare = (key: string): boolean => {
  const first = key.charCodeAt(0);
  return (first >= 0x30 && first <= 0x39) || (first === 0x5f && key === '__proto__');
};

/** The value with the members of every object in canonical order: itself where they are, a copy only where they are not. */
const sortedValue = (value: unknown, depth: number, seen: Seen): unknown => {
  if (depth > 64) seen.foreign = true;
  if (seen.foreign) return undefined;
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) seen.foreign = true;
      return value;
    case 'number':
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) seen.foreign = true;
      return value;
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      return Array.isArray(value) ? sortedItems(value, depth, seen) : sortedMembers(value, depth, seen);
    default:
      seen.foreign = true;
      return undefined;
  }
};

const sortedItems = (values: readonly unknown[], depth: number, seen: Seen): readonly unknown[] => {
  // The writer would ask it.
  if ('toJSON' in values) seen.foreign = true;
  let copy: unknown[] | undefined;
  for (let at = 0; at < values.length; at += 1) {
    const sorted = sortedValue(values[at], depth + 1, seen);
    if (sorted !== values[at]) (copy ??= values.slice())[at] = sorted;
  }
  return copy ?? values;
};

const sortedMembers = (value: object, depth: number, seen: Seen): object => {
  const prototype: unknown = Object.getPrototypeOf(value);
  // The writer would ask it, also where it is no member.
  if ((prototype !== Object.prototype && prototype !== null) || typeof (value as { readonly toJSON?: unknown }).toJSON === 'function') seen.foreign = true;
  const members = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(members);
  const inOrder = isInOrder(keys);
  let copy: Record<string, unknown> | undefined = inOrder ? undefined : {};
  for (const key of inOrder ? keys : keys.sort()) {
    if (!key.isWellFormed()) seen.foreign = true;
    if (needsCare(key)) seen.needsCare = true;
    const sorted = sortedValue(members[key], depth + 1, seen);
    // With such a name the other writer takes over, and the copy is not used.
    if (seen.needsCare) continue;
    if (sorted !== members[key]) copy ??= { ...members };
    if (copy !== undefined) copy[key] = sorted;
  }
  return copy ?? members;
};

/** The order of UTF-16 code units, which RFC 8785 asks for. Many objects are written in it. */
const isInOrder = (keys: readonly string[]): boolean => {
  for (let i = 1; i < keys.length; i += 1) if (keys[i - 1]! > keys[i]!) return false;
  return true;
};

/** Finds the first place without a canonical form, and says why. */
const refuseForeign = (value: unknown, pointer: string, depth: number): void => {
  if (depth > 64) throw new TypeError(`${pointer}: nested too deep`);
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new TypeError(`${pointer}: half of a surrogate pair`);
      return;
    case 'number':
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError(`${pointer}: ${value} is not a safe integer`);
      return;
    case 'boolean':
      return;
    case 'object':
      refuseForeignObject(value, pointer, depth);
      return;
    default:
      throw new TypeError(`${pointer}: ${typeof value} cannot be written as JSON`);
  }
};

const refuseForeignObject = (value: object | null, pointer: string, depth: number): void => {
  if (value === null) return;
  if (Array.isArray(value)) {
    if ('toJSON' in value) throw new TypeError(`${pointer}: not a plain list`);
    for (const [index, item] of value.entries()) refuseForeign(item, `${pointer}/${index}`, depth + 1);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || ('toJSON' in value && typeof value.toJSON === 'function' && !Object.keys(value).includes('toJSON')))
    throw new TypeError(`${pointer}: not a plain object`);
  for (const [key, item] of Object.entries(value)) {
    if (!key.isWellFormed()) throw new TypeError(`${pointer}: half of a surrogate pair in a key`);
    refuseForeign(item, `${pointer}/${key}`, depth + 1);
  }
};
