import { canonicalJson, compareBytes, type JsonValue } from '#base';

/** Whether bytes are the canonical form of the value that was read from them; a value with fractions has none. Source: RFC 8785. */
export const isCanonical = (bytes: Uint8Array, value: JsonValue): boolean => {
  try {
    return compareBytes(canonicalJson(value), bytes) === 0;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
};
