import { accepted, canonicalJson, compareBytes, escapeControl, type JsonValue, readJson, type Reading, rejected } from '#base';
import { MOST_LEAF_BYTES } from './entry-bundle.ts';

/** What a leaf tells. The list is closed: a reader that meets another word has a log of a newer trainlock. */
export const LEAF_KINDS = [
  'run-recorded',
  'run-signed',
  'approval',
  'withdrawal',
  'amendment',
  'deprecation',
  'promotion',
  'reversion',
  'remediation',
  'exception',
  'exception-review',
  'gate',
  'deployed',
  'trust',
  'log-continued',
  'key',
  'other',
] as const;

export type LeafKind = (typeof LEAF_KINDS)[number];

/** One event in a log of ours. Leaves cannot be taken back: they carry digests, and nothing that is secret or personal. */
export type Leaf = {
  readonly version: 1;
  readonly kind: LeafKind;
  /** When the event happened, by the clock of the machine that wrote it: RFC 3339 in UTC with milliseconds. A claim. */
  readonly time: string;
  /** What it is about, for example the type `run` and the id of the run. */
  readonly object: { readonly type: string; readonly id: string };
  /** SHA-256 of the document that the event is about, in hexadecimal. */
  readonly payloadSha256: string;
  /** SHA-256 of the signed bundle over that document. */
  readonly bundleSha256?: string;
  /** Another log, where the event is about one. */
  readonly origin?: string;
  /** Words of a person. */
  readonly reason?: string;
};

/** A leaf at its place in a log. */
export type LoggedLeaf = { /** From 0. */ readonly index: number; readonly leaf: Leaf };

const LIMITS = { maxBytes: MOST_LEAF_BYTES, maxDepth: 4, maxKeys: 32 };
const MOST_LETTERS = { id: 1024, origin: 1024, reason: 4096 };

/**
 * Reads a leaf from untrusted bytes. It must be canonical JSON, so that one event has one hash, and have no member that is not known.
 * Never throws.
 * Source: RFC 8785.
 */
export const readLeaf = (bytes: Uint8Array): Reading<Leaf> => {
  const json = readJson(bytes, LIMITS);
  if (json.kind === 'rejected') return json;
  const leaf = leafOf(json.value);
  if (leaf.kind === 'accepted' && compareBytes(canonicalJson(leaf.value), bytes) !== 0) return wrong('', 'the leaf is not canonical JSON (RFC 8785)');
  return leaf;
};

/** The bytes of a leaf. Throws TypeError for what `readLeaf` would not read back: a fault of the caller. */
export const writeLeaf = (leaf: Leaf): Uint8Array => {
  const bytes = canonicalJson(leaf);
  const back = readLeaf(bytes);
  if (back.kind === 'rejected') throw new TypeError(`not a leaf: ${back.problems[0]!.pointer} ${back.problems[0]!.message}`);
  return bytes;
};

const KEYS: readonly string[] = ['version', 'kind', 'time', 'object', 'payloadSha256', 'bundleSha256', 'origin', 'reason'];

const leafOf = (value: JsonValue): Reading<Leaf> => {
  if (!isObject(value)) return wrong('', 'a leaf is an object');
  const { version, kind, time, object, payloadSha256, bundleSha256, origin, reason } = value;
  const known = LEAF_KINDS.find((word) => word === kind);
  if (version !== 1) return wrong('/version', 'the leaf is not of version 1');
  if (known === undefined) return wrong('/kind', `the kind is not one of ${LEAF_KINDS.join(', ')}`);
  if (!isTime(time)) return wrong('/time', 'the time is not RFC 3339 in UTC with milliseconds');
  if (!isObject(object)) return wrong('/object', 'the object has no type and id');
  if (typeof object['type'] !== 'string' || !/^[a-z][a-z0-9-]{0,63}$/.test(object['type'])) return wrong('/object/type', 'the type is not one word of lower-case letters');
  if (!isText(object['id'], MOST_LETTERS.id)) return wrong('/object/id', `the id is not a text of 1 to ${MOST_LETTERS.id} letters on one line`);
  if (!isDigest(payloadSha256)) return wrong('/payloadSha256', 'this is not SHA-256 in hexadecimal');
  if (bundleSha256 !== undefined && !isDigest(bundleSha256)) return wrong('/bundleSha256', 'this is not SHA-256 in hexadecimal');
  if (origin !== undefined && !isText(origin, MOST_LETTERS.origin)) return wrong('/origin', `the origin is not a text of 1 to ${MOST_LETTERS.origin} letters on one line`);
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > MOST_LETTERS.reason))
    return wrong('/reason', `the reason is not a text of at most ${MOST_LETTERS.reason} letters`);
  const unknown = [...Object.keys(value).filter((key) => !KEYS.includes(key)), ...Object.keys(object).filter((key) => key !== 'type' && key !== 'id')];
  if (unknown.length > 0) return wrong('', `the leaf has members that are not known: ${unknown.map((key) => escapeControl(key)).join(', ')}`);
  return accepted({
    version,
    kind: known,
    time,
    object: { type: object['type'], id: object['id'] },
    payloadSha256,
    ...(bundleSha256 === undefined ? {} : { bundleSha256 }),
    ...(origin === undefined ? {} : { origin }),
    ...(reason === undefined ? {} : { reason }),
  });
};

const isObject = (value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } => typeof value === 'object' && value !== null && !Array.isArray(value);

const isDigest = (value: JsonValue | undefined): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

const isText = (value: JsonValue | undefined, most: number): value is string =>
  typeof value === 'string' && value !== '' && value.length <= most && !/[\u0000-\u001f\u007f]/.test(value);

const TIME = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z$/;

/** One form for one moment, so that the order of the texts is the order of the times. */
const isTime = (value: JsonValue | undefined): value is string => {
  const [, year, month, day] = (typeof value === 'string' ? TIME.exec(value) : null) ?? [];
  return day !== undefined && Number(day) >= 1 && Number(day) <= daysIn(Number(year), Number(month));
};

const daysIn = (year: number, month: number): number => {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
};

const wrong = (pointer: string, message: string): Reading<never> => rejected({ pointer, message });
