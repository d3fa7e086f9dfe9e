import { fromUtf8 } from './bytes.ts';
import { JsonReader, Malformed } from './json-reader.ts';
import type { JsonValue } from './json-value.ts';
import { accepted, type Problem, type Reading, rejected } from './reading.ts';
import { skimJson } from './skim-json.ts';

export type JsonLimits = {
  /** Largest input. Unit: byte. */
  readonly maxBytes: number;
  /** Deepest nesting of arrays and objects. */
  readonly maxDepth: number;
  /** Most members of all objects and items of all arrays together. */
  readonly maxKeys: number;
};

export const JSON_LIMITS: JsonLimits = { maxBytes: 16 * 1024 * 1024, maxDepth: 64, maxKeys: 1_000_000 };

/**
 * Reads untrusted bytes as I-JSON. Rejects what JSON.parse lets through: duplicate keys (after unescaping), bytes that are
 * not UTF-8, a byte-order mark, lone surrogates, noncharacters, -0, integers beyond 2^53-1, numbers that overflow, keys that
 * poison prototypes, input that is too large, too deep or has too many members. Never throws.
 * Source: RFC 8259, RFC 7493.
 */
export const readJson = (bytes: Uint8Array, limits: JsonLimits = JSON_LIMITS): Reading<JsonValue> => {
  if (bytes.length > limits.maxBytes) return rejected({ pointer: '', message: `the document has ${bytes.length} bytes; at most ${limits.maxBytes} are read` });
  const text = fromUtf8(bytes);
  if (text === undefined) return rejected({ pointer: '', message: 'the document is not UTF-8' });
  if (text.startsWith('\ufeff')) return rejected({ pointer: '', line: 1, message: 'the document starts with a byte-order mark' });
  const skimmed = skimJson(text, limits);
  if (skimmed !== undefined) return accepted(skimmed);
  try {
    return accepted(new JsonReader(text, limits).document());
  } catch (error) {
    if (error instanceof Malformed) return rejected(problemOf(error, text));
    throw error;
  }
};

const problemOf = (error: Malformed, text: string): Problem => ({ pointer: error.pointer, line: lineAt(text, error.offset), message: error.message });

/** Line number, from 1, of an offset in text. */
const lineAt = (text: string, offset: number): number => {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) line += 1;
  return line;
};
