import { exhaustive } from './exhaustive.ts';
import { secretNameStrength, type SecretNameStrength } from './secrets-names.ts';
import type { SecretHit } from './secrets-tokens.ts';
import { isJumbled, isLikelySecret } from './secrets-values.ts';

/** Words that the name of a secret holds; every match is looked at closely. */
const KEYWORD = /pass|pwd|secret|token|key|cred|auth|cookie|jwt|kennwort|contrasena|motdepasse|conn(?:ection)?[_ -]?str|webhook|[_.-](?:pat|pw|sas|dsn)\b|\b(?:PAT|pw)\b/gi;

const NAME = /[A-Za-z0-9_.\-$]/;
const MOST_NAME = 96;
/** How much of a quoted value is looked at, and of a bare one; an accepted value is masked to its real end. */
const MOST_VALUE = 4096;
const MOST_BARE = 512;

/**
 * Where the value of an assignment stands and how it is written: quoted; listed behind a comma; alone to the end of its line;
 * a word that a variable could be too (INI file or code); bare in the middle of something.
 */
type Value = { readonly start: number; readonly end: number; readonly written: 'quoted' | 'listed' | 'line' | 'word' | 'bare' };

/**
 * Values assigned to names of secrets in code, YAML, JSON, INI, .env, XML, shell and query strings.
 * The text is hostile: every match looks at a bounded piece of it, so that time is linear in its length.
 */
export const findAssignments = (text: string): readonly SecretHit[] => {
  const hits: SecretHit[] = [];
  // The same few names come again and again.
  const strengths = new Map<string, SecretNameStrength>();
  KEYWORD.lastIndex = 0;
  for (let match = KEYWORD.exec(text); match !== null; match = KEYWORD.exec(text)) {
    let left = match.index;
    while (left > 0 && match.index - left < MOST_NAME && NAME.test(text[left - 1]!)) left -= 1;
    let right = match.index + match[0].length;
    while (right < text.length && right - match.index < MOST_NAME && NAME.test(text[right]!)) right += 1;
    KEYWORD.lastIndex = right;
    const hit = assignmentAt(text, left, right, strengths);
    if (hit === undefined) continue;
    hits.push(hit);
    KEYWORD.lastIndex = Math.max(right, hit.end);
  }
  return hits;
};

const assignmentAt = (text: string, left: number, right: number, strengths: Map<string, SecretNameStrength>): SecretHit | undefined => {
  const name = text.slice(left, right).replace(/^[-.$]+|[-.]+$/g, '');
  const strength = strengths.get(name) ?? secretNameStrength(name);
  if (strengths.size < 1000) strengths.set(name, strength);
  if (strength === 'none') return undefined;
  const value = valueBehind(text, left, right);
  if (value === undefined) return undefined;
  const written = text.slice(value.start, value.end);
  if (!isAssigned(written, value.written, strength, name)) return undefined;
  return { kind: 'assigned-secret', start: value.start, end: realEnd(text, value), sure: true };
};

/** A value that was cut for judging goes on to its blank or quote. */
const realEnd = (text: string, value: Value): number => {
  let { end } = value;
  if (end - value.start < (value.written === 'quoted' ? MOST_VALUE : MOST_BARE)) return end;
  while (end < text.length && !/[\s"'`]/.test(text[end]!)) end += 1;
  return end;
};

/** Whether what was assigned is a secret, given how it is written. */
const isAssigned = (value: string, written: Value['written'], strength: 'weak' | 'medium' | 'strong', name: string): boolean => {
  // Upper-case names are variables of the environment: a token there is a credential, not a word of a language model.
  const variable = /^[A-Z][A-Z0-9_]*_(?:TOKEN|KEY|AUTH|PAT|PASS)$/.test(name) && written !== 'quoted' && written !== 'bare';
  const sure = variable ? 'strong' : written === 'listed' && strength === 'strong' ? 'medium' : strength;
  if (written === 'listed' && /^[A-Za-z_]+[0-9]{0,2}$/.test(value)) return false;
  if (!isLikelySecret(value, sure)) return /phrase/i.test(name) && written !== 'bare' && isPhrase(value);
  switch (written) {
    case 'quoted':
    case 'listed':
      return true;
    case 'line':
      if (/^[A-Z][A-Z0-9_]*$/.test(name)) return !/^[\w.]+[([].*[)\]]$/.test(value);
      return !isExpression(value) && (!/^[A-Za-z]+$/.test(value) || (value.length >= 8 && !/^[A-Z][a-z]+(?:[A-Z][a-z]+)+$/.test(value)));
    case 'word':
      return !isExpression(value) && isNoIdentifier(value, true);
    case 'bare':
      return !isExpression(value) && isNoIdentifier(value, false);
    default:
      return exhaustive(written);
  }
};

/** Code that computes a value: calls, members, conditions. */
const isExpression = (value: string): boolean =>
  /[()[\]{}]|\?\.|&&|\|\||[=!]=[^=\s]|::|^!|^(?:os|sys|self|cls|this|config|settings|args|opts|options|params|request|process|env|environ|getpass|kwargs)\./.test(value) &&
  !/^[^\s()[\]{}=]{6,}!+$/.test(value);

/** correct horse battery staple: several words without the words of an explanation. */
const isPhrase = (value: string): boolean =>
  /^[A-Za-z0-9]+(?: [A-Za-z0-9]+){2,11}$/.test(value) && !/\b(?:the|your|a|an|is|to|for|of|must|please|enter|pass\w*|and|or|with|no|not)\b/i.test(value);

/** Not the name of a variable or attribute: it has letters that names do not have, or (alone) digits inside, or it is hexadecimal. */
const isNoIdentifier = (value: string, alone: boolean): boolean => {
  if (isJumbled(value)) return true;
  if (!/^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/.test(value)) return /[0-9]/.test(value) || /[!@#$%^&*+~?]/.test(value);
  if (/^[0-9a-f]{16,}$/i.test(value) && /[0-9]/.test(value)) return true;
  return alone && !/[_.]/.test(value) && /[0-9][A-Za-z]/.test(value) && value.length >= 8;
};

const OPERATOR = /(?::=|=>|==?|:|->|>|,)/y;
const ANNOTATION = /:[ \t]{0,4}(?:(?:[A-Za-z_][\w.[\], |]{0,60}|"[^"\n=]{1,60}"|'[^'\n=]{1,60}')[ \t]{1,4}=(?![=])|[A-Za-z_][\w.[\]]{0,60}=(?=["']))/y;
const BLOCK = /[|>][+-]?[ \t]{0,8}\r?\n[ \t]{1,32}/y;
const CALL = /[A-Za-z_][\w.]{0,60}\(\s{0,16}/y;
const OPENING = /(?:[bBrRuUfF]{1,2})?(?:\\?["'`])/y;

/** The value behind a name that ends at `right`; undefined if nothing is assigned there. */
const valueBehind = (text: string, left: number, right: number): Value | undefined => {
  let at = right;
  const quoted = /["'`]/.test(text[left - 1] ?? '');
  if (text[at] === '\\' && /["']/.test(text[at + 1] ?? '')) at += 2;
  else if (/["'`]/.test(text[at] ?? '')) at += 1;
  if (text[at] === ']') at += 1;
  at = skipBlanks(text, at);
  const annotation = matchAt(ANNOTATION, text, at);
  const operator = annotation ?? matchAt(OPERATOR, text, at);
  if (operator === undefined) return spaced(text, left, right);
  if (
    operator.endsWith('==') ||
    operator === '->' ||
    (operator === ',' && !quoted) ||
    (operator === '>' && text[left - 1] !== '<' && !/<[\w:-]{0,40}[ \t]?$/.test(text.slice(Math.max(0, left - 42), left)))
  )
    return undefined;
  at = skipBlanks(text, at + operator.length);
  if (operator === ':' && text[at] === ':') return undefined;
  at += matchAt(BLOCK, text, at)?.length ?? 0;
  if (/[\r\n]/.test(text[at] ?? '') && /["']\s*:$/.test(text.slice(right, at).trimEnd())) at = skipSpace(text, at);
  if (operator === ',') return listedAt(text, left, at);
  const call = matchAt(CALL, text, at);
  if (call !== undefined && WRAPPER.test(call.trimEnd())) {
    const inner = stringAt(text, at + call.length);
    if (inner !== undefined) return inner;
  }
  return stringAt(text, at) ?? bareAt(text, at, { left, xml: operator === '>' });
};

/** Calls whose argument is still the secret. */
const WRAPPER = /(?:secret\w*|quote\w*|b64decode|bytes|str|string|fromhex|unhexlify|\w*credentials?|\w*token|\w*key|\w*auth|\w*password)\($/i;

/** ("DB_PASSWORD", "value"): a pair in a list is one only if the value looks like it; behind setdefault and the like it is one. */
const listedAt = (text: string, left: number, at: number): Value | undefined => {
  const value = stringAt(text, at);
  if (value === undefined) return defaultOf(text, left, at);
  const setter = /(?:setdefault|putenv|setenv|getenv|environ\.get|setItem|set_key|set_env|add_secret)\(\s{0,8}["']$/i.test(text.slice(Math.max(0, left - 40), left));
  return setter ? value : { ...value, written: 'listed' };
};

/** .netrc and the arguments of commands: the value stands behind a blank. */
const spaced = (text: string, left: number, right: number): Value | undefined => {
  const flag = /(?:^|[\s"'[(])--?$/.test(text.slice(Math.max(0, left - 4), left)) || text.startsWith('--', left);
  const netrc = /\blogin\s+\S{1,128}\s+$/.test(text.slice(Math.max(0, left - 160), left));
  if (!flag && !netrc) return undefined;
  const at = netrc ? skipSpace(text, right) : skipBlanks(text, right);
  if (at === right || text[at] === '-') return undefined;
  const value = stringAt(text, at) ?? bareAt(text, at, { left, xml: false });
  return value === undefined || value.written === 'quoted' ? value : { ...value, written: netrc ? 'line' : value.written };
};

/** add_argument("--api-key", default="value") */
const defaultOf = (text: string, left: number, at: number): Value | undefined => {
  if (!text.startsWith('--', left)) return undefined;
  const found = /^[^()\n]{0,200}?\bdefault\s{0,4}=\s{0,4}/.exec(text.slice(at, at + 256))?.[0];
  return found === undefined ? undefined : stringAt(text, at + found.length);
};

const stringAt = (text: string, at: number): Value | undefined => {
  const opening = matchAt(OPENING, text, at);
  if (opening === undefined) return undefined;
  const quote = /\\?["'`]$/.exec(opening)![0];
  const triple = quote.length === 1 && text.startsWith(quote.repeat(2), at + opening.length);
  const start = at + opening.length + (triple ? 2 : 0);
  const limit = Math.min(text.length, start + MOST_VALUE);
  let end = start;
  while (end < limit && !text.startsWith(quote, end)) {
    if (!triple && text[end] === '\n') break;
    // An escaped quote does not end the text; in doubly escaped text the quote itself begins with a backslash.
    end += text[end] === '\\' && quote.length === 1 ? 2 : 1;
  }
  end = Math.min(end, limit);
  // f-strings are filled in by the program.
  if (/[fF]/.test(opening) && text.slice(start, end).includes('{')) return undefined;
  return { start, end, written: 'quoted' };
};

const bareAt = (text: string, at: number, context: { readonly left: number; readonly xml: boolean }): Value | undefined => {
  const near = text.slice(at, at + MOST_BARE);
  if (context.xml) {
    const end = near.search(/[<\n]/);
    return end < 1 || near[end + 1] !== '/' ? undefined : { start: at, end: at + end, written: 'quoted' };
  }
  const before = text[context.left - 1] ?? '\n';
  const word = /^[^\s"'`<>]+/.exec(near)?.[0];
  if (word === undefined) return undefined;
  if (/[?&]/.test(before)) return sliceOf(at, /^[^&#;)\],]+/.exec(word)?.[0], 'line');
  if ((before === ';' && /^[^;\s]+(?:;|["'\s]|$)/.test(near)) || /^[^;\s]+;[A-Za-z ]{1,40}=/.test(near.slice(0, 256))) return sliceOf(at, /^[^;]+/.exec(word)?.[0], 'line');
  const behind = near.slice(word.length, word.length + 256);
  const unspaced = text[at - 1] === '=' || text[at - 1] === ':';
  if (/^[ \t]*(?:#.*|\/\/.*)?(?:\r?\n|$)/.test(behind) && !/[,;([{]$/.test(word) && startsLine(text, context.left))
    return sliceOf(at, word, spacedEquals(text, at) ? 'word' : 'line');
  const piece = /^[^,;)\]}\\]+/.exec(word)?.[0];
  const alone = piece !== undefined && piece.length === word.length && unspaced && !/[(,]/.test(before) && /^(?:\s|$)/.test(behind);
  return sliceOf(at, piece, alone ? 'word' : 'bare');
};

const sliceOf = (start: number, word: string | undefined, written: Value['written']): Value | undefined =>
  word === undefined ? undefined : { start, end: start + word.length, written };

/** name = value: in INI files a value, in programs most often the name of a variable. */
const spacedEquals = (text: string, at: number): boolean => /=[ \t]+$/.test(text.slice(Math.max(0, at - 8), at));

/** Whether a name is the first thing on its line, behind nothing but blanks, list dashes, marks of a patch, quotes or export. */
const startsLine = (text: string, left: number): boolean => {
  const near = text.slice(Math.max(0, left - 48), left);
  const line = near.slice(near.lastIndexOf('\n') + 1);
  return /^[ \t]*[+-]?[ \t]*(?:-[ \t]+)?(?:(?:export|set|setx|env|ENV|ARG|declare -x|Environment=)[ \t]*)?["']?$/.test(line);
};

const skipBlanks = (text: string, from: number): number => {
  let at = from;
  while (at - from < 64 && (text[at] === ' ' || text[at] === '\t')) at += 1;
  return at;
};

const skipSpace = (text: string, from: number): number => {
  let at = from;
  while (at - from < 64 && /\s/.test(text[at] ?? '')) at += 1;
  return at;
};

const matchAt = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
};
