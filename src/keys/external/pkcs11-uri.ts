import { accepted, fromUtf8, type Reading, rejected, toHex } from '#base';

/** A private key on a token, and the library that speaks to the token. */
export type Pkcs11Key = {
  readonly kind: 'pkcs11';
  readonly token: string;
  /** Tells apart tokens of one name. */
  readonly serial?: string;
  /** Label of the key, identifier of the key in lower-case hexadecimal; at least one of them. */
  readonly object?: string;
  readonly id?: string;
  /** Absolute path. */
  readonly modulePath: string;
};

/** Source: RFC 7512 §2.3, pk11-pchar and pk11-qchar. */
const PATH_VALUE = /^(?:[A-Za-z0-9\-._~:[\]@!$'()*+,=&]|%[0-9A-Fa-f]{2})*$/;
const QUERY_VALUE = /^(?:[A-Za-z0-9\-._~:[\]@!$'()*+,=/?|]|%[0-9A-Fa-f]{2})*$/;

const KNOWN = new Set(['token', 'serial', 'object', 'id', 'type', 'module-path']);

/** Longest label, serial number or path that a token or system has. Unit: byte. */
const MOST_BYTES = 1024;

/**
 * Reads what follows `pkcs11:`. The text is hostile and may hold a PIN, so no message repeats a value. Refused are unknown and repeated
 * attributes, PINs, and everything that would leave the key a matter of luck. Source: RFC 7512.
 */
export const readPkcs11Uri = (rest: string): Reading<Pkcs11Key> => {
  const [path = '', query, ...more] = rest.split('?');
  if (more.length > 0) return refused('has more than one "?"');
  const values = new Map<string, Uint8Array>();
  for (const [part, pattern] of [...partsOf(path, ';', PATH_VALUE), ...partsOf(query ?? '', '&', QUERY_VALUE)]) {
    const problem = take(part, pattern, values);
    if (problem !== undefined) return refused(problem);
  }
  return keyOf(values);
};

const partsOf = (text: string, separator: string, pattern: RegExp): readonly (readonly [string, RegExp])[] =>
  text === '' ? [] : text.split(separator).map((part) => [part, pattern] as const);

const take = (part: string, pattern: RegExp, values: Map<string, Uint8Array>): string | undefined => {
  const at = part.indexOf('=');
  const name = at === -1 ? '' : part.slice(0, at);
  if (/^pin-(?:value|source)$/.test(name)) return 'holds a PIN or names its file; a PIN is given in TRAINLOCK_PKCS11_PIN';
  if (!KNOWN.has(name) || (name === 'module-path') !== (pattern === QUERY_VALUE))
    return 'has an attribute that is not known there; known are token, serial, object, id, type and ?module-path';
  if (values.has(name)) return `has ${name} twice`;
  const value = part.slice(at + 1);
  const bytes = pattern.test(value) ? decoded(value) : undefined;
  if (bytes === undefined || bytes.length === 0 || bytes.length > MOST_BYTES) return `has a ${name} that is empty, too long or not percent-encoded`;
  values.set(name, bytes);
  return undefined;
};

/** The pattern has let through ASCII and whole escapes only. */
const decoded = (value: string): Uint8Array => Uint8Array.from(value.match(/%..|./g) ?? [], (one) => (one.length === 3 ? Number.parseInt(one.slice(1), 16) : one.charCodeAt(0)));

const keyOf = (values: ReadonlyMap<string, Uint8Array>): Reading<Pkcs11Key> => {
  const texts: Record<string, string> = {};
  for (const [name, bytes] of values) {
    if (name === 'id') continue;
    const text = fromUtf8(bytes);
    // A line end in a name could pass for another line in what pkcs11-tool prints.
    if (text === undefined || /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text)) return refused(`has a ${name} that is not readable text`);
    texts[name] = text;
  }
  const { token, serial, object, type, 'module-path': modulePath } = texts;
  const id = values.get('id');
  if (type !== undefined && type !== 'private') return refused('has a type other than private');
  if (token === undefined) return refused('names no token');
  if (object === undefined && id === undefined) return refused('names no key: object=LABEL or id=%01 is needed');
  if (modulePath === undefined || !modulePath.startsWith('/')) return refused('needs ?module-path=/path/of/the/library.so, an absolute path');
  return accepted({
    kind: 'pkcs11',
    token,
    ...(serial === undefined ? {} : { serial }),
    ...(object === undefined ? {} : { object }),
    ...(id === undefined ? {} : { id: toHex(id) }),
    modulePath,
  });
};

const refused = (what: string): Reading<never> =>
  rejected({ pointer: '', message: `the reference to a PKCS #11 key ${what}`, hint: 'pkcs11:token=NAME;object=LABEL?module-path=/path/of/the/library.so' });
