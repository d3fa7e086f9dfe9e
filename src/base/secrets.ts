import { utf8 } from './bytes.ts';
import { findSecrets } from './secrets-find.ts';

/** Replaces secrets in text. */
export type Redactor = {
  /** The text with every secret replaced by ***, and how many were replaced. Masks in case of doubt. */
  readonly redact: (text: string) => { readonly text: string; readonly count: number };
  /** Kinds of secrets found in the text, for example private-key; empty if none. Only what is certain enough to withhold a file. */
  readonly scan: (text: string) => readonly string[];
  /** The secrets that are known by value, in every way they may be written. */
  readonly known: readonly string[];
};

/** What stands in the place of a secret. */
const MASK = '***';

/** Shortest secret that is masked by value: shorter ones would mask half of any text. */
const SHORTEST = 6;

/** Most secrets that are masked by value. */
const MOST_KNOWN = 2000;

/** A redactor that also knows some secrets by value (for example from secret-looking environment variables). Throws nothing. */
export const makeRedactor = (known: Iterable<string> = []): Redactor => {
  const values = [...new Set([...known].filter((value) => value.length >= SHORTEST).flatMap(waysToWrite))].sort((a, b) => b.length - a.length).slice(0, MOST_KNOWN);
  const redact = (text: string): { text: string; count: number } => {
    const hits = findSecrets(text, values);
    if (hits.length === 0) return { text, count: 0 };
    let result = '';
    let from = 0;
    for (const hit of hits) {
      result += text.slice(from, hit.start) + MASK;
      from = hit.end;
    }
    return { text: result + text.slice(from), count: hits.length };
  };
  const scan = (text: string): readonly string[] => [...new Set(findSecrets(text, values).flatMap((hit) => (hit.sure ? [hit.kind] : [])))];
  return { redact, scan, known: values };
};

/** As it is, in a URL, in JSON, and each line of it. */
const waysToWrite = (value: string): readonly string[] => {
  const ways = [value, JSON.stringify(value).slice(1, -1), pythonText(value)];
  // Some texts are bytes read as one character each.
  if (/[^\x00-\x7f]/.test(value)) ways.push(String.fromCharCode(...utf8(value.slice(0, 4096))));
  if (value.isWellFormed()) ways.push(encodeURIComponent(value), encodeURIComponent(value).replace(/%20/g, '+'));
  if (value.includes('\n')) ways.push(...value.split(/\r?\n/).filter((line) => line.length >= 16 && !line.startsWith('-----')));
  return ways;
};

/** As repr() of Python writes it, without the quotes. */
const pythonText = (value: string): string => value.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t');
