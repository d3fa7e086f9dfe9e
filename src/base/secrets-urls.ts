import type { SecretHit } from './secrets-tokens.ts';
import { isPlaceholder } from './secrets-values.ts';

/** Longest user information of a URL that is looked at. */
const REACH = 2048;

/** Schemes in which the user name is part of the address and no secret. */
const NAMED_USER = /^(?:ssh|git\+ssh|svn\+ssh|sftp|rsync)$/i;

/** User names and passwords in URLs: scheme://user:password@host. The text is hostile: time is linear in its length. */
export const findUrlCredentials = (text: string): readonly SecretHit[] => {
  const hits: SecretHit[] = [];
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const userinfo = userinfoAt(text, at + 3);
    if (userinfo === undefined) continue;
    const scheme = /[A-Za-z][A-Za-z0-9+.-]{0,20}$/.exec(text.slice(Math.max(0, at - 21), at))?.[0];
    if (scheme === undefined) continue;
    const colon = userinfo.indexOf(':');
    if (colon === -1 && NAMED_USER.test(scheme)) continue;
    const start = at + 3;
    const password = colon === -1 ? undefined : userinfo.slice(colon + 1);
    const sure = password === undefined ? userinfo.length >= 16 && /[0-9].*[0-9].*[0-9]/.test(userinfo) : isPassword(password, scheme);
    hits.push({ kind: 'url-credentials', start, end: start + userinfo.length, sure });
  }
  return hits;
};

/** http(s), ftp and the schemes of databases and brokers: there a user with a password is what it looks like. */
const LOGIN_SCHEME =
  /^(?:https?|s?ftps?|postgres\w*|mysql\w*|mariadb\w*|mongodb\w*|redis\w*|amqps?|mssql\w*|oracle\w*|snowflake|clickhouse\w*|kafka|nats|ldaps?|smtps?|imaps?|socks\w*|wss?|jdbc|rediss|neo4j\w*|bolt\w*)(?:\+\w+)?$/i;

const isPassword = (password: string, scheme: string): boolean => {
  if (password.length < 4 || isPlaceholder(password) || /[{}<>$[\]]/.test(password) || /^%[a-z(]/i.test(password)) return false;
  return LOGIN_SCHEME.test(scheme) || /[0-9]/.test(password);
};

/** What stands between :// and @; a password may hold slashes, if what comes before the slash is no port. */
const userinfoAt = (text: string, from: number): string | undefined => {
  const authority = /^[^/?#\s"'<>`\\,]*/.exec(text.slice(from, from + REACH))![0];
  if (authority.includes('@')) return authority.slice(0, authority.lastIndexOf('@'));
  const colon = authority.indexOf(':');
  if (colon === -1 || !/[/?#]/.test(text[from + authority.length] ?? '') || /^[0-9]{0,5}$/.test(authority.slice(colon + 1)) || authority[0] === '[') return undefined;
  const reach = /^[^\s"'<>`\\,]*/.exec(text.slice(from, from + 256))![0];
  const at = reach.indexOf('@');
  return at === -1 ? undefined : reach.slice(0, at);
};
