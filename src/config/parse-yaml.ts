import { Composer, type Document, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, type ParsedNode, Parser, type Scalar, type YAMLMap } from 'yaml';
import { accepted, escapeControl, fromUtf8, type JsonValue, pointerToken, type Problem, type Reading, rejected } from '#base';
import { FORBIDDEN_KEYS, MAX_CONFIG_BYTES, nearestLine, type ParsedSource } from './parsed-source.ts';

/** Deepest nesting: the parser library aborts the whole process on megabytes of brackets. */
const MAX_DEPTH = 64;
const MAX_LEXEMES = 100_000;

/**
 * Reads untrusted bytes as one YAML 1.2 core document without anchors, aliases, tags, directives and duplicate keys.
 * Never throws. Source: yaml.org/spec/1.2.2, §10.3.
 */
export const parseYaml = (bytes: Uint8Array): Reading<ParsedSource> => {
  if (bytes.length > MAX_CONFIG_BYTES) return rejected({ pointer: '', message: `the file has ${bytes.length} bytes; at most ${MAX_CONFIG_BYTES} are read` });
  const text = fromUtf8(bytes);
  if (text === undefined) return rejected({ pointer: '', message: 'the file is not UTF-8' });
  const lineCounter = new LineCounter();
  const composed = compose(text.replace(/^\ufeff/, ''), lineCounter);
  if (composed.kind === 'rejected') return composed;
  const document = composed.value;
  const faults = [...document.errors, ...document.warnings].map((fault) => ({ pointer: '', line: lineCounter.linePos(fault.pos[0]).line, message: sentence(fault.message) }));
  if (document.directives?.yaml.explicit === true) faults.push({ pointer: '', line: 1, message: 'a %YAML directive is not allowed' });
  if (faults.length > 0) return rejected(...faults);
  const reader = new NodeReader(lineCounter);
  const value = document.contents === null ? {} : reader.value(document.contents, '');
  if (reader.problems.length > 0) return rejected(...reader.problems);
  return accepted({ value, numbers: reader.numbers, lineOf: (pointer) => nearestLine(reader.lines, pointer) });
};

/** The document, composed only after its depth and its number of lexemes are known to be harmless. */
const compose = (text: string, lineCounter: LineCounter): Reading<Document.Parsed> => {
  lineCounter.addNewLine(0);
  const parser = new Parser(lineCounter.addNewLine);
  const tokens = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    lexemes += 1;
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > MAX_DEPTH) return rejected({ pointer: '', line: lineCounter.linePos(parser.offset).line, message: `nested deeper than ${MAX_DEPTH} levels` });
    if (lexemes > MAX_LEXEMES) return rejected({ pointer: '', message: `the file has more than ${MAX_LEXEMES} parts` });
  }
  tokens.push(...parser.end());
  const composer = new Composer<ParsedNode>({
    version: '1.2',
    schema: 'core',
    strict: true,
    uniqueKeys: false,
    merge: false,
    customTags: null,
    prettyErrors: false,
    logLevel: 'error',
  });
  const documents = [...composer.compose(tokens, true, text.length)];
  const second = documents[1];
  if (second !== undefined) return rejected({ pointer: '', line: lineCounter.linePos(second.range[0]).line, message: 'the file has more than one document' });
  return accepted(documents[0]!);
};

const sentence = (message: string): string => escapeControl(message.replace(/\n[\s\S]*$/, '')).replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());

/** Turns nodes into JSON and notes every place that is not allowed; owns the lists it fills. */
class NodeReader {
  readonly problems: Problem[] = [];
  readonly numbers = new Map<string, string>();
  readonly lines = new Map<string, number>();
  private readonly lineCounter: LineCounter;

  constructor(lineCounter: LineCounter) {
    this.lineCounter = lineCounter;
  }

  value(node: unknown, pointer: string): JsonValue {
    if (!this.lines.has(pointer)) this.note(node as Node, pointer);
    this.refuseMarks(node as Node, pointer);
    if (isMap(node)) return this.object(node, pointer);
    if (isSeq(node)) return node.items.map((item, index) => this.value(item, `${pointer}/${index}`));
    if (isScalar(node)) return this.scalar(node, pointer);
    if (node !== null) this.fail(pointer, 'an alias (*) is not allowed; write the value again');
    return null;
  }

  private object(node: YAMLMap, pointer: string): JsonValue {
    const object = Object.create(null) as Record<string, JsonValue>;
    for (const pair of node.items) {
      const key = this.key(pair.key, pointer);
      if (key === undefined) continue;
      const place = `${pointer}/${pointerToken(key)}`;
      if (Object.hasOwn(object, key)) {
        this.problems.push({ pointer: place, ...this.lineOf(pair.key as Node), message: `the key '${escapeControl(key)}' stands here a second time` });
        continue;
      }
      this.note(pair.key as Node, place);
      object[key] = this.value(pair.value, place);
    }
    return object;
  }

  private key(node: unknown, pointer: string): string | undefined {
    this.refuseMarks(node as Node, pointer);
    const key = isScalar(node) ? (typeof node.value === 'string' ? node.value : (node.source ?? '')) : undefined;
    if (key !== undefined && !FORBIDDEN_KEYS.has(key) && key.isWellFormed()) return key;
    this.problems.push({ pointer, ...this.lineOf(node as Node), message: key === undefined ? 'a key must be plain text' : `the key '${escapeControl(key)}' is not allowed` });
    return undefined;
  }

  private scalar(node: Scalar, pointer: string): JsonValue {
    const { value, source } = node;
    if (typeof value === 'number' && !Number.isFinite(value)) return source ?? String(value); // JSON has no such numbers; the checks tell it
    if (typeof value === 'number') this.numbers.set(pointer, source ?? String(value));
    if (typeof value === 'string' && !value.isWellFormed()) this.fail(pointer, 'the text holds half of a surrogate pair');
    return value as JsonValue; // the core schema makes nothing but null, booleans, numbers and strings
  }

  private refuseMarks(node: Node | null, pointer: string): void {
    const { anchor, tag } = (node ?? {}) as { anchor?: string; tag?: string };
    if (anchor !== undefined) this.problems.push({ pointer, ...this.lineOf(node), message: `an anchor (&${escapeControl(anchor)}) is not allowed` });
    if (tag !== undefined) this.problems.push({ pointer, ...this.lineOf(node), message: `a tag (${escapeControl(tag)}) is not allowed` });
  }

  private fail(pointer: string, message: string): void {
    const line = this.lines.get(pointer);
    this.problems.push({ pointer, ...(line === undefined ? {} : { line }), message });
  }

  private note(node: Node | null, pointer: string): void {
    const { line } = this.lineOf(node);
    if (line !== undefined) this.lines.set(pointer, line);
  }

  private lineOf(node: Node | null): { line?: number } {
    const offset = node?.range?.[0];
    return offset === undefined ? {} : { line: this.lineCounter.linePos(offset).line };
  }
}
