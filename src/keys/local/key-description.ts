import { type JsonValue, readJson, type Reading, rejected, accepted, utf8 } from '#base';
import type { KeyAlgorithm } from '#seal';

/** What a key is for: a key of one kind is never taken for another. */
export type KeyPurpose = 'statements' | 'log' | 'root';

/** What is known of a key from its beginning; written once beside it and never changed. */
export type KeyDescription = {
  readonly schemaVersion: '1.0';
  readonly name: string;
  /** SHA-256 of the public key (SubjectPublicKeyInfo) in hexadecimal. */
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  /** When it was made here, or came here. RFC 3339. */
  readonly createdAt: string;
  readonly purpose: KeyPurpose;
  /** Key that this one replaces. */
  readonly replaces?: string;
  readonly comment?: string;
};

/** The end of a key; written once beside it and never changed. */
export type KeyRevocation = {
  readonly schemaVersion: '1.0';
  readonly keyId: string;
  /** When it was revoked. RFC 3339. */
  readonly at: string;
  readonly reason: string;
  /** Since when somebody else may have had the key; what it signed later is worth nothing. RFC 3339. */
  readonly compromisedSince?: string;
};

const KEY_PURPOSES: readonly KeyPurpose[] = ['statements', 'log', 'root'];
const ALGORITHMS: readonly KeyAlgorithm[] = ['ecdsa-p256', 'ed25519', 'rsa'];

/** Longest comment or reason. Unit: UTF-16 unit. */
export const LONGEST_TEXT = 1024;
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z$/;
const KEY_ID = /^[0-9a-f]{64}$/;

/** Whether text is a moment in the form that trainlock writes: RFC 3339 in UTC. */
export const isMoment = (text: string): boolean => TIME.test(text) && !Number.isNaN(Date.parse(text));

type Rule = (value: JsonValue) => boolean;
const word =
  (test: (text: string) => boolean): Rule =>
  (value) =>
    typeof value === 'string' && test(value);
const text = word((value) => value.length <= LONGEST_TEXT);
const keyId = word((value) => KEY_ID.test(value));

const DESCRIPTION: Readonly<Record<keyof KeyDescription, Rule>> = {
  schemaVersion: word((value) => value === '1.0'),
  name: word((value) => value.length <= 64),
  keyId,
  algorithm: word((value) => (ALGORITHMS as readonly string[]).includes(value)),
  createdAt: word(isMoment),
  purpose: word((value) => (KEY_PURPOSES as readonly string[]).includes(value)),
  replaces: keyId,
  comment: text,
};
const REVOCATION: Readonly<Record<keyof KeyRevocation, Rule>> = {
  schemaVersion: DESCRIPTION.schemaVersion,
  keyId,
  at: word(isMoment),
  reason: text,
  compromisedSince: word(isMoment),
};

/** Reads the description of a key. The bytes are hostile: closed, bounded, never throws. */
export const readKeyDescription = (bytes: Uint8Array): Reading<KeyDescription> => readClosed<KeyDescription>(bytes, DESCRIPTION, ['replaces', 'comment']);

/** Reads the revocation of a key. The bytes are hostile: closed, bounded, never throws. */
export const readKeyRevocation = (bytes: Uint8Array): Reading<KeyRevocation> => readClosed<KeyRevocation>(bytes, REVOCATION, ['compromisedSince']);

const readClosed = <T>(bytes: Uint8Array, rules: Readonly<Record<string, Rule>>, optional: readonly string[]): Reading<T> => {
  const json = readJson(bytes, { maxBytes: 16_384, maxDepth: 2, maxKeys: 32 });
  if (json.kind === 'rejected') return json;
  const { value } = json;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return rejected({ pointer: '', message: 'is not an object' });
  const members = value as Readonly<Record<string, JsonValue>>;
  const unknown = Object.keys(members).find((key) => !Object.hasOwn(rules, key));
  if (unknown !== undefined) return rejected({ pointer: '', message: `the key ${JSON.stringify(unknown.slice(0, 60))} is not known here` });
  for (const [key, rule] of Object.entries(rules)) {
    const member = members[key];
    if (member === undefined && !optional.includes(key)) return rejected({ pointer: '', message: `the key ${key} is missing` });
    if (member !== undefined && !rule(member)) return rejected({ pointer: `/${key}`, message: 'does not have the right form' });
  }
  return accepted(members as T);
};

/** The bytes of a description or revocation, readable for people. */
export const documentBytes = (document: KeyDescription | KeyRevocation): Uint8Array => utf8(`${JSON.stringify(document, null, 2)}\n`);
