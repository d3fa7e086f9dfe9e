import { canonicalJson, fromBase64, fromUtf8, JSON_LIMITS, type JsonValue, makeRedactor, readJson, scanBytes, toBase64, utf8 } from '#base';
import { JsonReader, Malformed } from '../../../src/base/json-reader.ts';
import { findAssignments } from '../../../src/base/secrets-assignments.ts';
import { findSecrets } from '../../../src/base/secrets-find.ts';
import { makeMasker } from '../../../src/base/secrets-scan.ts';
import { findTokens } from '../../../src/base/secrets-tokens.ts';
import { findUrlCredentials } from '../../../src/base/secrets-urls.ts';
import { skimJson } from '../../../src/base/skim-json.ts';
import { anyText, checkReading, demand, demandBytes, demandSame, type Target } from '../engine/target.ts';
import { foreignFiles } from '../seeds/foreign.ts';

/** What the careful reader alone says; undefined for what it refuses. */
const carefully = (text: string): { readonly value: JsonValue } | undefined => {
  try {
    return { value: new JsonReader(text, JSON_LIMITS).document() };
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
};

const canonicalOf = (value: JsonValue): Uint8Array | undefined => {
  try {
    return canonicalJson(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
};

/** Reading, skimming, the parser of the engine and canonicalising agree about the value. */
const checkJson = (value: JsonValue, bytes: Uint8Array): void => {
  const text = fromUtf8(bytes)!;
  demandSame(carefully(text)?.value, value, 'the careful reader says something else');
  const skimmed = skimJson(text, JSON_LIMITS);
  if (skimmed !== undefined) demandSame(skimmed, value, 'the quick reader says something else');
  const written = JSON.stringify(value);
  demand(written === JSON.stringify(JSON.parse(text)), 'JSON.parse says something else');
  const again = readJson(utf8(written));
  demand(again.kind === 'accepted', 'what was read is refused when it is written again');
  if (again.kind === 'accepted') demandSame(again.value, value, 'what was read is another value when it is written again');
  const canonical = canonicalOf(value);
  if (canonical === undefined) return;
  const reread = readJson(canonical);
  demand(reread.kind === 'accepted', 'the canonical form is refused');
  if (reread.kind !== 'accepted') return;
  demandBytes(canonicalJson(reread.value), canonical, 'the canonical form has another canonical form');
  demandSame(sorted(reread.value), sorted(value), 'the canonical form is another value');
};

/** The value without an order of members. */
const sorted = (value: JsonValue): unknown =>
  Array.isArray(value)
    ? value.map((item: JsonValue) => sorted(item))
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([key, member]) => [key, sorted(member as JsonValue)] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1))
      : value;

const texts = (...all: readonly string[]): readonly Uint8Array[] => all.map(utf8);

const json: Target = {
  name: 'json',
  grammar: 'json',
  seeds: () =>
    texts(
      '{"a":[1,-2,0.5,1e3,true,null,"x\\u00e9\\n"],"b":{"":0,"10":1,"9":2}}',
      '[]',
      '"\\ud83d\\ude00"',
      '{"a":1,"\\u0061":2}',
      '-0',
      '9007199254740993',
      '{"toString":{"constructor1":[[[[]]]]}}',
      ' {"a" : 1 , "b":":\\":"}\n',
    ),
  foreign: () => foreignFiles('json-test-suite', 'test_parsing', /\.json$/, 400).filter(({ length }) => length < 2000),
  run: (bytes) => {
    const text = fromUtf8(bytes);
    const answer = checkReading(readJson, bytes, (value) => checkJson(value, bytes));
    if (answer !== 'accepted' && text !== undefined && !text.startsWith('\ufeff'))
      demand(carefully(text) === undefined && skimJson(text, JSON_LIMITS) === undefined, 'refused, though one of the readers accepts it');
    return answer;
  },
};

const base64: Target = {
  name: 'base64',
  grammar: 'bytes',
  seeds: () => texts('', 'AA==', 'AAE=', 'AAEC', '/+/+', 'AB==', 'A===', 'AAA', 'AA=A', '-_-_', 'AA\nA', 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo='),
  run: (bytes) => {
    const text = anyText(bytes);
    const read = fromBase64(text);
    if (read !== undefined) {
      demand(toBase64(read) === text, 'another text gives the same bytes');
      demandBytes(read, Buffer.from(text, 'base64'), 'Node reads other bytes');
      return 'read';
    }
    demand(Buffer.from(text, 'base64').toString('base64') !== text, 'standard base64 is refused');
    return 'refused';
  },
};

const SECRETS = texts(
  'https://user:hunter2@example.org/x?token=abcdef0123456789abcdef',
  'export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzKEY',
  'password: "correct horse battery staple"\napi_key = \'0123456789abcdef0123456789abcdef\'',
  'ghp_0123456789abcdefghijABCDEFGHIJ012345 hf_abcdefghijklmnopqrstuvwxyzABCDEFGH',
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----\n',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
);

const redactor = makeRedactor(['known-secret-value']);

const secrets: Target = {
  name: 'secrets',
  grammar: 'lines',
  seeds: () => SECRETS,
  run: (bytes) => {
    const text = anyText(bytes);
    const hits = [findSecrets(text, ['known-secret-value']), findAssignments(text), findTokens(text), findUrlCredentials(text)];
    const isInside = hits.flat().every(({ start, end }) => Number.isInteger(start) && start >= 0 && start < end && end <= text.length);
    demand(isInside, 'a secret was found outside the text');
    const scan = scanBytes(bytes, redactor);
    const whole = makeMasker(redactor);
    const pieces = makeMasker(redactor);
    const once = Buffer.concat([whole.push(bytes), whole.end()]);
    const split = Math.floor(bytes.length / 2);
    const twice = Buffer.concat([pieces.push(bytes.subarray(0, split)), pieces.push(bytes.subarray(split)), pieces.end()]);
    demandBytes(once, twice, 'bytes that come in pieces are masked in another way');
    return `${scan.kinds.join(' ')} ${hits.map(({ length }) => Math.min(length, 3)).join('')}`;
  },
};

export const BASE: readonly Target[] = [json, base64, secrets];
