import { findAssignments } from './secrets-assignments.ts';
import { findTokens, type SecretHit } from './secrets-tokens.ts';
import { findUrlCredentials } from './secrets-urls.ts';

/** A private key block is taken to be at most this long, so that an unfinished one does not swallow a file. */
const MOST_KEY = 65_536;

const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[0-9]:/g;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|Private-MAC: [0-9a-f]{1,128}/g;

/**
 * Every secret in a text, in order, without overlaps. `known` are secrets that are known by value.
 * The text is hostile: time is linear in its length (times the number of known values).
 */
export const findSecrets = (text: string, known: readonly string[] = []): readonly SecretHit[] => {
  const hits = [...findKeys(text), ...findTokens(text), ...findUrlCredentials(text), ...findLogins(text), ...findAssignments(text), ...findKnown(text, known)];
  return merged(hits);
};

const findKnown = (text: string, known: readonly string[]): readonly SecretHit[] => {
  const hits: SecretHit[] = [];
  for (const value of known) {
    for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length)) hits.push({ kind: 'known-secret', start: at, end: at + value.length, sure: true });
  }
  return hits;
};

const findKeys = (text: string): readonly SecretHit[] => {
  const hits: SecretHit[] = [];
  const ends = keyEnds(text);
  KEY_BEGIN.lastIndex = 0;
  for (let match = KEY_BEGIN.exec(text); match !== null; match = KEY_BEGIN.exec(text)) {
    const start = match.index + match[0].length;
    // A header without a body is documentation, or code that looks for keys.
    if (!/[A-Za-z0-9+/]{16}/.test(text.slice(start, start + 512))) continue;
    const end = ends(start);
    hits.push({ kind: 'private-key', start: match.index, end, sure: true });
    KEY_BEGIN.lastIndex = end;
  }
  return hits;
};

/** Gives the end of the key that starts at a place; places must ascend, so that the text is searched once. */
const keyEnds = (text: string): ((start: number) => number) => {
  let known = -1;
  let none = false;
  return (start) => {
    if (!none && known < start) {
      KEY_END.lastIndex = start;
      const ending = KEY_END.exec(text);
      if (ending === null) none = true;
      else known = ending.index + ending[0].length;
    }
    if (!none && known - start <= MOST_KEY) return known;
    return start + /^(?:[A-Za-z0-9+/=\s,:.-]|\\[nr])*/.exec(text.slice(start, start + MOST_KEY))![0].length;
  };
};

const USER = /[ \t](?:-u|--user)[ =]?["']?[^\s:"'@/]{1,128}:([^\s"']{4,256})/g;
const MYSQL = /[ \t]-p["']?([^\s"'-][^\s"']{3,255})/g;

/** curl -u user:password, mysql -ppassword. */
const findLogins = (text: string): readonly SecretHit[] => [
  ...loginsOf(text, USER, /\b(?:curl|wget|https?|xh|lftp)\b/),
  ...loginsOf(text, MYSQL, /\b(?:mysql\w{0,10}|mariadb|sshpass|mongo\w{0,10})\b/),
];

const loginsOf = (text: string, pattern: RegExp, command: RegExp): readonly SecretHit[] => {
  const hits: SecretHit[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const before = text.slice(Math.max(0, match.index - 300), match.index);
    if (!command.test(before.slice(before.lastIndexOf('\n') + 1))) continue;
    const secret = match[1]!;
    const end = match.index + match[0].length;
    if (!/^[$<{%]|^\d{1,5}(?::\d{1,5})?$/.test(secret)) hits.push({ kind: 'login', start: end - secret.length, end, sure: /\d/.test(secret) });
  }
  return hits;
};

const merged = (hits: readonly SecretHit[]): readonly SecretHit[] => {
  const sorted = hits.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const result: SecretHit[] = [];
  for (const hit of sorted) {
    const before = result.at(-1);
    if (before === undefined || hit.start >= before.end) result.push(hit);
    else result[result.length - 1] = { ...before, end: Math.max(before.end, hit.end), sure: before.sure || hit.sure };
  }
  return result;
};
