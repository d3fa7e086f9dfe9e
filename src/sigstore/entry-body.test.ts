import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64, toHex, utf8 } from '#base';
import { pemOf } from '#seal';
import { entryProblem } from './entry-body.ts';
import type { LoggedContent } from './logged-content.ts';

const sha256 = (text: string): Uint8Array => createHash('sha256').update(text).digest();

const SIGNATURE = utf8('signature');
const SIGNER = utf8('certificate');
const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

const statement: LoggedContent = {
  kind: 'dsse',
  payloadType: PAYLOAD_TYPE,
  signature: SIGNATURE,
  signer: SIGNER,
  sha256: { signed: sha256('encoded'), payload: sha256('payload') },
};
const file: LoggedContent = { kind: 'message', signature: SIGNATURE, signer: SIGNER, sha256: { signed: sha256('file'), payload: sha256('file') } };

const pem = toBase64(utf8(pemOf('CERTIFICATE', SIGNER)));
const verifier = { x509Certificate: { rawBytes: toBase64(SIGNER) }, keyDetails: 'PKIX_ECDSA_P256_SHA_256' };
const sig = toBase64(SIGNATURE);

type Entry = { readonly kind: string; readonly apiVersion: string; readonly spec: unknown };

const hashedRekord1 = (of: LoggedContent): Entry => ({
  kind: 'hashedrekord',
  apiVersion: '0.0.1',
  spec: { data: { hash: { algorithm: 'sha256', value: toHex(of.sha256.signed) } }, signature: { content: sig, publicKey: { content: pem } } },
});
const hashedRekord2 = (of: LoggedContent): Entry => ({
  kind: 'hashedrekord',
  apiVersion: '0.0.2',
  spec: { hashedRekordV002: { data: { algorithm: 'SHA2_256', digest: toBase64(of.sha256.signed) }, signature: { content: sig, verifier } } },
});
const dsse1 = (of: LoggedContent): Entry => ({
  kind: 'dsse',
  apiVersion: '0.0.1',
  spec: { payloadHash: { algorithm: 'sha256', value: toHex(of.sha256.payload) }, signatures: [{ signature: sig, verifier: pem }] },
});
const dsse2 = (of: LoggedContent): Entry => ({
  kind: 'dsse',
  apiVersion: '0.0.2',
  spec: { dsseV002: { payloadHash: { algorithm: 'SHA2_256', digest: toBase64(of.sha256.payload) }, signatures: [{ content: sig, verifier }] } },
});
const intoto2 = (of: LoggedContent): Entry => ({
  kind: 'intoto',
  apiVersion: '0.0.2',
  spec: {
    content: {
      envelope: { payloadType: PAYLOAD_TYPE, signatures: [{ sig: toBase64(utf8(sig)), publicKey: pem }] },
      payloadHash: { algorithm: 'sha256', value: toHex(of.sha256.payload) },
    },
  },
});

const problem = (entry: Entry, content: LoggedContent, stated?: { readonly name: string; readonly version: string }): string | undefined =>
  entryProblem(utf8(JSON.stringify(entry)), stated, content);

const KINDS: readonly (readonly [string, (of: LoggedContent) => Entry, LoggedContent])[] = [
  ['hashedrekord 0.0.1', hashedRekord1, file],
  ['hashedrekord 0.0.2', hashedRekord2, file],
  ['hashedrekord 0.0.2 of a statement', hashedRekord2, statement],
  ['dsse 0.0.1', dsse1, statement],
  ['dsse 0.0.2', dsse2, statement],
  ['intoto 0.0.2', intoto2, statement],
];

describe.each(KINDS)('an entry of the kind %s', (_, entryOf, content) => {
  const entry = entryOf(content);

  it('is about its bundle', () => {
    expect(problem(entry, content)).toBeUndefined();
    expect(problem(entry, content, { name: entry.kind, version: entry.apiVersion })).toBeUndefined();
  });

  it.each<readonly [string, Partial<LoggedContent>, string]>([
    ['another signature', { signature: utf8('other') }, 'the entry is about another signature'],
    ['another signer', { signer: utf8('other') }, 'the entry names another key or certificate'],
    ['other bytes', { sha256: { signed: sha256('other'), payload: sha256('other') } }, 'the entry is about another'],
  ])('is refused for a bundle with %s', (__, change, because) => {
    expect(problem(entry, { ...content, ...change })).toContain(because);
  });

  it('is refused where the bundle calls it something else', () => {
    expect(problem(entry, content, { name: entry.kind, version: '0.0.9' })).toBe('the entry is of another kind than the bundle says');
  });
});

describe('an entry', () => {
  it.each<readonly [string, Entry, LoggedContent, string]>([
    ['of a file, for a statement', hashedRekord1(statement), statement, 'is about a file, not a statement'],
    ['of a statement, for a file', dsse1(file), file, 'is about a statement, not a file'],
    ['of a statement in the second form, for a file', dsse2(file), file, 'is about a statement, not a file'],
    ['of a kind that nobody knows', { ...hashedRekord2(file), kind: 'rpm' }, file, 'entries of the kind rpm 0.0.2 are not read'],
    ['with two signatures', { ...dsse1(statement), spec: { signatures: [{}, {}] } }, statement, 'exactly one signature'],
    ['with a weak digest', { ...hashedRekord1(file), spec: { data: { hash: { algorithm: 'sha1', value: '00' } } } }, file, 'a digest other than SHA-256'],
    ['without anything', { ...hashedRekord2(file), spec: {} }, file, 'a digest other than SHA-256'],
    ['with the type of another statement', intoto2({ ...statement, payloadType: 'text/plain' }), { ...statement, payloadType: 'text/plain' }, 'another type of statement'],
  ])('%s is refused', (_, entry, content, because) => {
    expect(problem(entry, content)).toContain(because);
  });

  it('is never thrown at', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => utf8(text)),
        ),
        (bytes) => {
          expect(entryProblem(bytes, undefined, statement)).toBeTypeOf('string');
        },
      ),
    );
  });
});
