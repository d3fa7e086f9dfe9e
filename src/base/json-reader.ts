import type { JsonValue } from './json-value.ts';
import { pointerOf } from './pointer.ts';

/** What the reader stops at; stays inside this room. */
export class Malformed extends Error {
  readonly offset: number;
  readonly pointer: string;
  constructor(message: string, offset: number, pointer: string) {
    super(message);
    this.offset = offset;
    this.pointer = pointer;
  }
}

/** The places of a document whose offsets are wanted: a tree of reference tokens. */
export type Watch = {
  readonly below: Map<string, Watch>;
  /** Set at a wanted place: receives the offset of its key, or of its value inside an array. */
  found?: (offset: number) => void;
};

const ESCAPES: ReadonlyMap<number, string> = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }).map(([letter, text]) => [letter.charCodeAt(0), text]),
);
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

/** Anything that needs a second look inside a text: controls, escapes, surrogates, noncharacters. */
const SPECIAL = /[\u0000-\u001f\\\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/g;
const SPACE = /[ \n\r\t]*/y;

const isNoncharacter = (code: number): boolean => (code & 0xfffe) === 0xfffe || (code >= 0xfdd0 && code <= 0xfdef);

const isIntegerText = (digits: string): boolean => !/[.eE]/.test(digits);

/** Keys that poison prototypes when an object is copied carelessly. */
export const isForbiddenKey = (key: string): boolean => key === '__proto__' || key === 'constructor' || key === 'prototype';

/**
 * Recursive descent over the text; owns the position. The input is hostile: every step checks before it takes.
 * Throws Malformed. It is hot: strings are sliced, not built letter by letter, and the place is only put into words on failure.
 */
export class JsonReader {
  private at = 0;
  private keys = 0;
  /** The next special letter at or behind the position, as far as it is known. */
  private special = -1;
  private readonly path: (string | number)[] = [];
  private readonly text: string;
  private readonly limits: { readonly maxDepth: number; readonly maxKeys: number };

  constructor(text: string, limits: { readonly maxDepth: number; readonly maxKeys: number }) {
    this.text = text;
    this.limits = limits;
  }

  /** The whole document. With `watch`, tells the offsets of the wanted places on the way, in the order of the text. */
  document(watch?: Watch): JsonValue {
    this.space();
    watch?.found?.(this.at);
    const value = this.value(watch);
    this.space();
    if (this.at < this.text.length) this.fail('something follows the document');
    return value;
  }

  private fail(message: string, offset: number = this.at): never {
    throw new Malformed(message, offset, pointerOf(this.path));
  }

  private space(): void {
    if (this.text.charCodeAt(this.at) > 0x20) return;
    SPACE.lastIndex = this.at;
    SPACE.test(this.text);
    this.at = SPACE.lastIndex;
  }

  private value(watch: Watch | undefined): JsonValue {
    switch (this.text.charCodeAt(this.at)) {
      case 0x7b:
        return this.object(watch);
      case 0x5b:
        return this.array(watch);
      case 0x22:
        return this.string();
      case 0x74:
        return this.word('true', true);
      case 0x66:
        return this.word('false', false);
      case 0x6e:
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private word<T extends JsonValue>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.fail('this is not JSON');
    this.at += word.length;
    return value;
  }

  private number(): number {
    if (this.at >= this.text.length) this.fail('the document ends too early');
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (match === null) this.fail('this is not JSON');
    const digits = match[0];
    const value = Number(digits);
    if (!Number.isFinite(value)) this.fail(`the number ${digits.slice(0, 40)} is too large`);
    if (Object.is(value, -0)) this.fail('-0 is not allowed');
    // Also one with a fraction that no double holds: it would be written again as a whole number.
    if (!Number.isSafeInteger(value) && (isIntegerText(digits) || (Number.isInteger(value) && Math.abs(value) < 1e21)))
      this.fail(`the number ${digits.slice(0, 40)} is beyond 2^53-1 and would be rounded`);
    this.at += digits.length;
    return value;
  }

  /** Most texts are plain: they end at the next quote, and nothing special comes before it. Two native searches find that out. */
  private string(): string {
    const from = this.at + 1;
    const end = this.text.indexOf('"', from);
    if (this.special < from) this.special = this.nextSpecial(from);
    if (end === -1 || this.special < end) return this.anyString();
    this.at = end + 1;
    return this.text.slice(from, end);
  }

  private nextSpecial(from: number): number {
    SPECIAL.lastIndex = from;
    return SPECIAL.test(this.text) ? SPECIAL.lastIndex - 1 : this.text.length;
  }

  private anyString(): string {
    const { text } = this;
    const start = this.at;
    let from = start + 1;
    let done = '';
    let quote = text.indexOf('"', from);
    for (;;) {
      let at = this.nextSpecial(from);
      // Looked up again only behind an escaped quote: else a text of escapes would cost quadratic time.
      if (quote !== -1 && quote < from) quote = text.indexOf('"', from);
      if (quote !== -1 && quote < at) {
        this.at = quote + 1;
        return done + text.slice(from, quote);
      }
      done += text.slice(from, at);
      this.at = at;
      if (text.charCodeAt(at) === 0x5c) done += this.escape();
      else {
        at = this.afterRare(at, start);
        done += text.slice(this.at, at);
        this.at = at;
      }
      from = this.at;
    }
  }

  /** The offset behind a letter that is neither plain nor an escape: a surrogate pair, a high letter, or something that is not allowed. */
  private afterRare(at: number, start: number): number {
    const code = this.text.codePointAt(at);
    if (code === undefined) this.fail('a text does not end', start);
    if (code < 0x20) this.fail('a text has a control character that is not escaped', at);
    if (code >= 0xd800 && code <= 0xdfff) this.fail('the text has half of a surrogate pair', at);
    if (isNoncharacter(code)) this.fail('the text has a Unicode noncharacter', at);
    return at + (code > 0xffff ? 2 : 1);
  }

  private escape(): string {
    const code = this.text.charCodeAt(this.at + 1);
    if (code === 0x75) return this.unicodeEscape();
    const letter = ESCAPES.get(code);
    if (letter === undefined) this.fail('this escape is not JSON');
    this.at += 2;
    return letter;
  }

  private unicodeEscape(): string {
    let code = this.hex4(this.at + 2);
    let length = 6;
    if (code >= 0xd800 && code <= 0xdbff && this.text.startsWith('\\u', this.at + 6)) {
      const low = this.hex4(this.at + 8);
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        length = 12;
      }
    }
    if (code >= 0xd800 && code <= 0xdfff) this.fail('the text has half of a surrogate pair');
    if (isNoncharacter(code)) this.fail('the text has a Unicode noncharacter');
    this.at += length;
    return String.fromCodePoint(code);
  }

  private hex4(offset: number): number {
    const digits = this.text.slice(offset, offset + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail('this escape is not JSON');
    return Number.parseInt(digits, 16);
  }

  private enter(): void {
    if (this.path.length >= this.limits.maxDepth) this.fail(`nested deeper than ${this.limits.maxDepth} levels`);
    this.at += 1;
    this.space();
  }

  private array(watch: Watch | undefined): readonly JsonValue[] {
    this.enter();
    const values: JsonValue[] = [];
    if (this.text.charCodeAt(this.at) === 0x5d) {
      this.at += 1;
      return values;
    }
    const depth = this.path.length;
    for (;;) {
      this.path[depth] = values.length;
      this.count();
      const inner = watch?.below.get(String(values.length));
      inner?.found?.(this.at);
      values.push(this.value(inner));
      this.path.length = depth;
      if (this.more(0x5d, ']')) return values;
    }
  }

  private object(watch: Watch | undefined): JsonValue {
    this.enter();
    const value = Object.create(null) as Record<string, JsonValue>;
    if (this.text.charCodeAt(this.at) === 0x7d) {
      this.at += 1;
      return value;
    }
    const depth = this.path.length;
    for (;;) {
      const offset = this.at;
      if (this.text.charCodeAt(offset) !== 0x22) this.fail('a key in double quotes is expected here');
      const key = this.string();
      this.path[depth] = key;
      this.refuseKey(key, value, offset);
      this.colon();
      const inner = watch?.below.get(key);
      inner?.found?.(offset);
      value[key] = this.value(inner);
      this.path.length = depth;
      if (this.more(0x7d, '}')) return value;
    }
  }

  /** Counts members and items: small ones cost much more memory than text. */
  private count(): void {
    this.keys += 1;
    if (this.keys > this.limits.maxKeys) this.fail(`more than ${this.limits.maxKeys} members and items`);
  }

  private refuseKey(key: string, into: Readonly<Record<string, JsonValue>>, offset: number): void {
    this.count();
    if (into[key] !== undefined) this.fail('the key occurs twice', offset);
    if (isForbiddenKey(key)) this.fail('this key is not allowed', offset);
  }

  private colon(): void {
    this.space();
    if (this.text.charCodeAt(this.at) !== 0x3a) this.fail('a colon is expected here');
    this.at += 1;
    this.space();
  }

  /** After an element: true at the closing bracket, false after a comma and the space behind it. */
  private more(close: number, bracket: string): boolean {
    this.space();
    const code = this.text.charCodeAt(this.at);
    if (code !== close && code !== 0x2c) this.fail(this.at >= this.text.length ? 'the document ends too early' : `a comma or ${bracket} is expected here`);
    this.at += 1;
    if (code === close) return true;
    this.space();
    return false;
  }
}
