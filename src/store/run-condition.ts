import { accepted, type Problem, type Reading, rejected } from '#base';
import { fieldReader, type FieldValue, numberOf } from './run-fields.ts';
import type { RunRecord } from './run-record.ts';

/** Whether a run is meant. */
export type RunCondition = (run: RunRecord) => boolean;

/**
 * Reads a condition on runs: `metric.accuracy>0.9 and tag.team=vision and not (exit=0 or name~test)`. Operators: = != > >= < <=
 * and ~ (contains, whatever the case). A name alone asks whether the run has a value there. Numbers are compared as numbers, the
 * rest as text, so that times compare by day. What a run does not have fits no comparison but !=.
 */
export const readCondition = (text: string): Reading<RunCondition> => {
  const tokens = tokensOf(text);
  if (tokens.kind === 'rejected') return tokens;
  const parser = new Parser(tokens.value);
  try {
    return accepted(parser.whole());
  } catch (error) {
    if (error instanceof Malformed) return rejected(error.problem);
    throw error;
  }
};

/** All of several conditions. */
export const allOf =
  (conditions: readonly RunCondition[]): RunCondition =>
  (run) =>
    conditions.every((condition) => condition(run));

type Token = { readonly kind: 'word' | 'quoted' | 'operator' | 'bracket'; readonly text: string };

const TOKEN = /\s+|(?<bracket>[()])|(?<operator>!=|>=|<=|==|[=<>~])|"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<word>[^\s()=<>~!"']+)/y;

const tokensOf = (text: string): Reading<readonly Token[]> => {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) return rejected({ pointer: '', message: `not understood from ${text.slice(at, at + 20)}`, hint: 'put text with special letters in quotes' });
    const quoted = groups['double'] ?? groups['single'];
    if (groups['bracket'] !== undefined) tokens.push({ kind: 'bracket', text: groups['bracket'] });
    else if (groups['operator'] !== undefined) tokens.push({ kind: 'operator', text: groups['operator'] });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted });
    else if (groups['word'] !== undefined) tokens.push({ kind: 'word', text: groups['word'] });
  }
  return accepted(tokens);
};

class Malformed extends Error {
  readonly problem: Problem;
  constructor(message: string, hint?: string) {
    super(message);
    this.problem = { pointer: '', message, ...(hint === undefined ? {} : { hint }) };
  }
}

const MAX_DEPTH = 50;

/** Recursive descent: or, and, not, brackets, comparison. Owns the position. */
class Parser {
  private at = 0;
  private depth = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): RunCondition {
    if (this.tokens.length === 0) throw new Malformed('the condition is empty');
    const condition = this.either();
    const left = this.tokens[this.at];
    if (left !== undefined) throw new Malformed(`${left.text} was not expected`, 'join conditions with and, or');
    return condition;
  }

  private either(): RunCondition {
    const parts = [this.both()];
    while (this.takes('or')) parts.push(this.both());
    return parts.length === 1 ? parts[0]! : (run) => parts.some((part) => part(run));
  }

  private both(): RunCondition {
    const parts = [this.one()];
    while (this.takes('and')) parts.push(this.one());
    return parts.length === 1 ? parts[0]! : allOf(parts);
  }

  private one(): RunCondition {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new Malformed('the condition is nested too deep');
    const condition = this.negationOrTerm();
    this.depth -= 1;
    return condition;
  }

  private negationOrTerm(): RunCondition {
    if (this.takes('not')) {
      const inner = this.one();
      return (run) => !inner(run);
    }
    if (!this.takesBracket('(')) return this.comparison();
    const inner = this.either();
    if (!this.takesBracket(')')) throw new Malformed('a closing bracket is missing');
    return inner;
  }

  private comparison(): RunCondition {
    const name = this.tokens[this.at];
    if (name === undefined) throw new Malformed('a condition is missing at the end');
    if (name.kind !== 'word' && name.kind !== 'quoted') throw new Malformed(`${name.text} stands where the name of a field was expected`);
    this.at += 1;
    const read = fieldReader(name.text);
    if (typeof read !== 'function') throw new Malformed(read.message, read.hint);
    const operator = this.tokens[this.at];
    if (operator?.kind !== 'operator') return (run) => read(run) !== undefined;
    const value = this.tokens[this.at + 1];
    if (value === undefined || (value.kind !== 'word' && value.kind !== 'quoted')) throw new Malformed(`a value is missing after ${name.text}${operator.text}`);
    this.at += 2;
    const wanted = name.text === 'duration' ? secondsOf(value.text) : value.text;
    return (run) => compares(read(run), operator.text, wanted);
  }

  private takes(word: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== 'word' || token.text !== word) return false;
    this.at += 1;
    return true;
  }

  private takesBracket(bracket: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== 'bracket' || token.text !== bracket) return false;
    this.at += 1;
    return true;
  }
}

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, m: 60, h: 3600 };

/** 10s, 2.5min, 1h and 300ms as seconds; a bare number is seconds. */
const secondsOf = (text: string): string => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|min|m|h)$/.exec(text);
  if (match !== null) return String(Number(match[1]) * SECONDS[match[2]!]!);
  if (numberOf(text) === undefined) throw new Malformed(`${text} is no duration`, 'for example duration>90, duration>1.5min');
  return text;
};

const compares = (value: FieldValue, operator: string, wanted: string): boolean => {
  if (operator === '!=') return !compares(value, '=', wanted);
  if (value === undefined) return false;
  if (operator === '~') return String(value).toLowerCase().includes(wanted.toLowerCase());
  const order = orderOf(value, wanted);
  switch (operator) {
    case '=':
    case '==':
      return order === 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    default:
      return order <= 0;
  }
};

/** Negative, zero or positive; NaN, which fits no comparison, if only one of them is a number. */
const orderOf = (value: FieldValue, wanted: string): number => {
  const [a, b] = [numberOf(value), numberOf(wanted)];
  if (a !== undefined && b !== undefined) return a - b;
  const text = String(value);
  if (text === wanted) return 0;
  if (a !== undefined || b !== undefined) return Number.NaN;
  return text < wanted ? -1 : 1;
};
