import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, fromUtf8, toBase64, utf8 } from '#base';
import { checkSignature, IN_TOTO_PAYLOAD, preAuthEncoding, readBundle, writeBundle } from '#seal';
import { makeTestKey, ports, signedBy, trustDocument, trustFile } from '../../test/fixtures/trust-files.ts';
import { acceptTrust } from './accept-trust.ts';
import { newTrustEnvelope, readTrustEnvelope, TRUST_PAYLOAD, addTrustSignature, trustBytesToSign, writeTrustEnvelope } from './trust-envelope.ts';

const [ann, ben] = [makeTestKey(), makeTestKey('ed25519')];
const document = trustDocument([ann, ben], { threshold: 2 });
const file = trustFile(document, [ann, ben]);
const pin = { threshold: 2, roots: [ann, ben].map(({ keyId, publicKey }) => ({ keyId, key: publicKey })) };
const now = '2026-06-01T00:00:00Z';

type Json = { payload: string; payloadType: string; signatures: { keyid: string; sig: string; extra?: string }[]; extra?: string };
const edited = (edit: (json: Json) => void): Uint8Array => {
  const json = JSON.parse(fromUtf8(file)!) as Json;
  edit(json);
  return utf8(JSON.stringify(json));
};
const problemOf = (bytes: Uint8Array): string => {
  const reading = readTrustEnvelope(bytes);
  return reading.kind === 'accepted' ? 'accepted' : `${reading.problems[0]!.pointer} ${reading.problems[0]!.message}`;
};

describe('readTrustEnvelope', () => {
  it('reads what is written, byte for byte', () => {
    const reading = readTrustEnvelope(file);
    expect(reading).toMatchObject({ kind: 'accepted', value: { payload: canonicalJson(document), signatures: [{ keyId: ann.keyId }, { keyId: ben.keyId }] } });
    if (reading.kind === 'accepted') expect(writeTrustEnvelope(reading.value)).toEqual(file);
  });

  it.each<readonly [string, (json: Json) => void, RegExp]>([
    ['A12 a member that is not known', (json) => (json.extra = ''), /^\/extra the key "extra" is not known here/],
    ['A12 a member of a signature that is not known', (json) => (json.signatures[0]!.extra = ''), /^\/signatures\/0\/extra the key/],
    ['A06 no signature', (json) => (json.signatures = []), /^\/signatures a list of 0 has fewer than 1 entries/],
    [
      'more than 64 signatures',
      (json) => (json.signatures = Array.from({ length: 65 }, (_, at) => ({ keyid: String(at).padStart(64, '0'), sig: 'MEUC' }))),
      /^\/signatures a list of 65/,
    ],
    ['D12 two signatures with one key id', (json) => (json.signatures[1]!.keyid = json.signatures[0]!.keyid), /^\/signatures\/1\/keyid has signed already/],
    ['A07 a key id that is not one', (json) => (json.signatures[0]!.keyid = '__proto__'), /^\/signatures\/0\/keyid "__proto__" does not have the right form/],
    ['A07 a key id in upper case', (json) => (json.signatures[0]!.keyid = json.signatures[0]!.keyid.toUpperCase()), /^\/signatures\/0\/keyid/],
    ['A04 the payload type of statements', (json) => (json.payloadType = IN_TOTO_PAYLOAD), /^\/payloadType/],
    ['A10 junk behind the payload', (json) => (json.payload += '!!'), /^\/payload is not standard base64/],
    ['A10 white space in a signature', (json) => (json.signatures[0]!.sig = ` ${json.signatures[0]!.sig.slice(1)}`), /^\/signatures\/0\/sig is not standard base64/],
    ['B12 a payload that is not canonical', (json) => (json.payload = toBase64(utf8(JSON.stringify(document, null, 2)))), /^\/payload is not canonical JSON/],
    ['B03 a payload with a fraction', (json) => (json.payload = toBase64(utf8('{"version":1.5}'))), /^\/payload is not canonical JSON/],
    ['B01 a payload with a key twice', (json) => (json.payload = toBase64(utf8('{"version":1,"version":1}'))), /^\/payload is not canonical JSON/],
    ['a payload that is no JSON', (json) => (json.payload = toBase64(utf8('version 1'))), /^\/payload is not canonical JSON/],
  ])('rejects %s', (_, edit, problem) => {
    expect(problemOf(edited(edit))).toMatch(problem);
  });

  it('rejects more than 1 MiB, a key that stands twice and anything that is no object', () => {
    expect(problemOf(new Uint8Array(1024 * 1024 + 1).fill(0x20))).toMatch(/at most 1048576 are read/);
    expect(problemOf(utf8(`{"payload":"","payload":"","payloadType":"${TRUST_PAYLOAD}","signatures":[]}`))).toBe('/payload the key occurs twice');
    expect(problemOf(utf8('[]'))).toMatch(/must be an object/);
    expect(problemOf(new Uint8Array(0))).toMatch(/ends too early/);
  });

  it('never throws on any bytes', () => {
    fc.assert(fc.property(fc.oneof(fc.uint8Array(), fc.json().map(utf8)), (bytes) => readTrustEnvelope(bytes).kind === 'rejected'));
  });
});

describe('addTrustSignature', () => {
  it('keeps the payload, replaces an earlier signature of the same key and has no room for a 65th', () => {
    const once = signedBy(newTrustEnvelope(document), [ann]);
    const again = addTrustSignature(once, { keyId: ann.keyId, signature: Uint8Array.of(1) });
    expect(again).toEqual({ kind: 'accepted', value: { payload: once.payload, signatures: [{ keyId: ann.keyId, signature: Uint8Array.of(1) }] } });
    const full = { ...once, signatures: Array.from({ length: 64 }, (_, at) => ({ keyId: String(at), signature: Uint8Array.of(1) })) };
    expect(addTrustSignature(full, { keyId: '0', signature: Uint8Array.of(2) }).kind).toBe('accepted');
    expect(addTrustSignature(full, { keyId: 'new', signature: Uint8Array.of(2) }).kind).toBe('rejected');
  });
});

describe('A13 signatures over trust files and over statements', () => {
  const payload = canonicalJson(document);

  it('does not take a signature over a trust file for one over a statement', () => {
    const bundle = readBundle(writeBundle({ payload, signature: ann.sign(trustBytesToSign({ payload })), signer: { kind: 'key', hint: '' } }));
    if (bundle.kind === 'rejected') throw new Error('not a bundle');
    expect(checkSignature(bundle.value, ann.publicKey, ports.verifySignature)).toMatchObject({ kind: 'refused', refusal: 'wrong-signature' });
  });

  it('does not take a trust file for a statement, even where its signature holds', () => {
    const json = JSON.parse(fromUtf8(writeBundle({ payload, signature: ann.sign(trustBytesToSign({ payload })), signer: { kind: 'key', hint: '' } }))!) as { dsseEnvelope: Json };
    json.dsseEnvelope.payloadType = TRUST_PAYLOAD;
    const bundle = readBundle(utf8(JSON.stringify(json)));
    if (bundle.kind === 'rejected') throw new Error('not a bundle');
    expect(checkSignature(bundle.value, ann.publicKey, ports.verifySignature)).toMatchObject({ kind: 'refused', refusal: 'payload-type' });
  });

  it('does not take a signature over a statement for one over a trust file', () => {
    const signatures = [ann, ben].map((key) => ({ keyId: key.keyId, signature: key.sign(preAuthEncoding(IN_TOTO_PAYLOAD, payload)) }));
    const answer = acceptTrust({ pin, offered: writeTrustEnvelope({ payload, signatures }), now }, ports);
    expect(answer).toMatchObject({ kind: 'refused', refusal: 'below-threshold' });
  });

  it('does not take a signature over the bare payload', () => {
    const signatures = [ann, ben].map((key) => ({ keyId: key.keyId, signature: key.sign(payload) }));
    expect(acceptTrust({ pin, offered: writeTrustEnvelope({ payload, signatures }), now }, ports)).toMatchObject({ refusal: 'below-threshold' });
  });
});

describe('a flipped bit', () => {
  it('makes an envelope count no more that has just enough signatures', () => {
    expect(acceptTrust({ pin, offered: file, now }, ports).kind).toBe('accepted');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: file.length * 8 - 1 }), (bit) => {
        const offered = Uint8Array.from(file);
        offered[bit >> 3]! ^= 1 << (bit & 7);
        return acceptTrust({ pin, offered, now }, ports).kind === 'refused';
      }),
      { numRuns: 2000 },
    );
  });
});
