import { isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import { accepted, escapeControl, type JsonValue, pointerToken, type Problem, type Reading, rejected } from '#base';
import { type ComposedYaml, composeYaml } from './compose-yaml.ts';
import { FORBIDDEN_KEYS, MAX_PLAIN_BYTES, nearestLine, type ParsedSource } from './parsed-source.ts';

const BOUNDS = { maxBytes: MAX_PLAIN_BYTES, maxDepth: 64, maxParts: 100_000 };

/**
 * Reads untrusted bytes as one YAML 1.2 core document without anchors, aliases, tags, directives and duplicate keys.
 * Never throws. Source: yaml.org/spec/1.2.2, §10.3.
 */
export const readPlainYaml = (bytes: Uint8Array): Reading<ParsedSource> => {
  const composed = composeYaml(bytes, 'core', BOUNDS);
  if (composed.kind === 'rejected') return composed;
  const { document, lineAt } = composed.value;
  const faults = [...document.errors, ...document.warnings].map((fault) => ({ pointer: '', line: lineAt(fault.pos[0]), message: sentence(fault.message) }));
  if (document.directives?.yaml.explicit === true) faults.push({ pointer: '', line: 1, message: 'a %YAML directive is not allowed' });
  if (faults.length > 0) return rejected(...told(faults));
  const reader = new NodeReader(lineAt);
  const value = document.contents === null ? {} : reader.value(document.contents, '');
  if (reader.problems.length > 0) return rejected(...told(reader.problems));
  return accepted({ value, numbers: reader.numbers, lineOf: (pointer) => nearestLine(reader.lines, pointer) });
};

/** More problems help nobody: a broken file can have one at every letter. */
const MOST_PROBLEMS = 100;

const told = (problems: readonly Problem[]): readonly Problem[] =>
  problems.length <= MOST_PROBLEMS
    ? problems
    : [...problems.slice(0, MOST_PROBLEMS), { pointer: '', message: `there are more than ${MOST_PROBLEMS} problems; the others are not listed` }];

const sentence = (message: string): string => escapeControl(message.replace(/\n[\s\S]*$/, '')).replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());

/** Turns nodes into JSON and notes every place that is not allowed; owns the lists it fills. */
class NodeReader {
  readonly problems: Problem[] = [];
  readonly numbers = new Map<string, string>();
  readonly lines = new Map<string, number>();
  private readonly lineAt: ComposedYaml['lineAt'];

  constructor(lineAt: ComposedYaml['lineAt']) {
    this.lineAt = lineAt;
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
    return offset === undefined ? {} : { line: this.lineAt(offset) };
  }
}
