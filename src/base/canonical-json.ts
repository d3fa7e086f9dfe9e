import canonicalize from 'canonicalize';
import { utf8 } from './bytes.ts';

/**
 * Canonical bytes of a value: equal values give equal bytes in every language.
 * Accepts what I-JSON can say with safe integers only; throws TypeError (a fault of the caller) for anything else: floats,
 * not-finite numbers, undefined, functions, lone surrogates, objects with a prototype of their own or toJSON, depth over 64.
 * Source: RFC 8785, RFC 7493.
 */
export const canonicalJson = (value: unknown): Uint8Array => {
  refuseForeign(value, '', 0);
  return utf8(canonicalize(value) ?? '');
};

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
    for (const [index, item] of value.entries()) refuseForeign(item, `${pointer}/${index}`, depth + 1);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError(`${pointer}: not a plain object`);
  for (const [key, item] of Object.entries(value)) {
    if (!key.isWellFormed()) throw new TypeError(`${pointer}: half of a surrogate pair in a key`);
    refuseForeign(item, `${pointer}/${key}`, depth + 1);
  }
};
