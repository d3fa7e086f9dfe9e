import { parse, TomlDate, TomlError } from 'smol-toml';
import { accepted, escapeControl, fromUtf8, type JsonValue, pointerToken, type Problem, type Reading, rejected } from '#base';
import { FORBIDDEN_KEYS, MAX_PLAIN_BYTES, nearestLine, type ParsedSource } from '#yaml';

/**
 * Reads `[tool.trainlock]` of an untrusted pyproject.toml; undefined if the file has no such table. Never throws.
 * Numbers are kept as the shortest text that gives the same binary64 number: the TOML reader does not tell how they were written.
 */
export const parsePyproject = (bytes: Uint8Array): Reading<ParsedSource | undefined> => {
  if (bytes.length > MAX_PLAIN_BYTES) return rejected({ pointer: '', message: `the file has ${bytes.length} bytes; at most ${MAX_PLAIN_BYTES} are read` });
  const text = fromUtf8(bytes);
  if (text === undefined) return rejected({ pointer: '', message: 'the file is not UTF-8' });
  const whole = tables(text);
  if (whole.kind === 'rejected') return whole;
  const tool = whole.value['tool'];
  const table = isTable(tool) ? tool['trainlock'] : undefined;
  if (table === undefined) return accepted(undefined);
  const lines = linesOfTables(text);
  const reader = new ValueReader(lines);
  const value = reader.value(table, '');
  if (reader.problems.length > 0) return rejected(...reader.problems);
  return accepted({ value, numbers: reader.numbers, lineOf: (pointer) => nearestLine(lines, pointer) });
};

type Table = { readonly [key: string]: unknown };

/** Deepest table. Dotted keys make tables that the TOML reader does not count. */
const DEEPEST = 64;

const tables = (text: string): Reading<Table> => {
  try {
    return accepted(parse(text, { maxDepth: DEEPEST, integersAsBigInt: 'asNeeded' }) as Table);
  } catch (error) {
    if (error instanceof TomlError)
      return rejected({ pointer: '', line: error.line, message: escapeControl(error.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '')) });
    if (error instanceof RangeError) return rejected({ pointer: '', message: 'nested too deep' });
    throw error;
  }
};

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof TomlDate);

/** Turns TOML values into JSON; owns the lists it fills. */
class ValueReader {
  readonly problems: Problem[] = [];
  readonly numbers = new Map<string, string>();
  private readonly lines: ReadonlyMap<string, number>;

  constructor(lines: ReadonlyMap<string, number>) {
    this.lines = lines;
  }

  value(value: unknown, pointer: string, depth: number = 0): JsonValue {
    if (depth > DEEPEST) {
      this.fail('', `nested deeper than ${DEEPEST} levels`);
      return null;
    }
    if (Array.isArray(value)) return value.map((item, index) => this.value(item, `${pointer}/${index}`, depth + 1));
    if (isTable(value)) return this.object(value, pointer, depth);
    if (typeof value === 'number' || typeof value === 'bigint') return this.number(value, pointer);
    if (value instanceof TomlDate) this.fail(pointer, 'a date is written as text, in quotes');
    return typeof value === 'string' || typeof value === 'boolean' ? value : null;
  }

  private object(table: Table, pointer: string, depth: number): JsonValue {
    const object = Object.create(null) as Record<string, JsonValue>;
    for (const [key, value] of Object.entries(table)) {
      const place = `${pointer}/${pointerToken(key)}`;
      if (FORBIDDEN_KEYS.has(key)) this.fail(place, `the key '${key}' is not allowed`);
      else object[key] = this.value(value, place, depth + 1);
    }
    return object;
  }

  private number(value: number | bigint, pointer: string): JsonValue {
    this.numbers.set(pointer, String(value));
    return Number(value);
  }

  private fail(pointer: string, message: string): void {
    const line = nearestLine(this.lines, pointer);
    this.problems.push({ pointer, ...(line === undefined ? {} : { line }), message });
  }
}

/**
 * Lines of the tables and keys below [tool.trainlock], found by reading line by line: the TOML reader tells none. Only messages
 * depend on it; a key inside a text of several lines can mislead it.
 */
const linesOfTables = (text: string): ReadonlyMap<string, number> => {
  const lines = new Map<string, number>();
  let above: readonly string[] | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const header = /^\s*\[\[?([^\]]+)\]\]?\s*(#.*)?$/.exec(line)?.[1];
    if (header !== undefined) above = pathOf(header).slice(0, DEEPEST);
    // Every letter fits one alternative only: else a line of dots would cost exponential time.
    const assigned = header === undefined ? /^((?:"[^"]*"|'[^']*'|[A-Za-z0-9_.\s-])+)=/.exec(line)?.[1] : undefined;
    const path = header === undefined ? (assigned === undefined ? undefined : [...(above ?? []), ...pathOf(assigned)]) : above;
    if (path === undefined || path[0] !== 'tool' || path[1] !== 'trainlock') continue;
    for (let length = 2; length <= Math.min(path.length, DEEPEST); length += 1) {
      const pointer = path
        .slice(2, length)
        .map((key) => `/${pointerToken(key)}`)
        .join('');
      if (!lines.has(pointer)) lines.set(pointer, index + 1);
    }
  }
  return lines;
};

/** The keys of a dotted name. */
const pathOf = (dotted: string): readonly string[] => (dotted.match(/"[^"]*"|'[^']*'|[A-Za-z0-9_-]+/g) ?? []).map((key) => key.replace(/^["']|["']$/g, ''));
