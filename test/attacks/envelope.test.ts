import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonValue, utf8 } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature, nodeVerifyWith } from '#keys';
import { checkSignature, ed25519Spki, preAuthEncoding, type PublicKey, readBundle, readPublicKey } from '#seal';
import { findSigner } from '#verify';
import { bundleOver, signWith, testKey } from './signing-keys.ts';

const PAYLOAD = utf8('{"_type":"https://in-toto.io/Statement/v1"}');
const ports = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith };
const ecdsa = testKey();
const edwards = testKey('ed25519');
const rsa = testKey('rsa');

// oxlint-disable-next-line typescript/no-explicit-any -- whatever an attacker makes of it
type Loose = Record<string, any>;
type Change = (document: Loose) => void;

/** A good bundle with one thing changed. */
const changed = (change: Change, key = ecdsa): Uint8Array => {
  const document = JSON.parse(Buffer.from(bundleOver(PAYLOAD, key)).toString()) as Record<string, JsonValue>;
  change(document);
  return utf8(JSON.stringify(document));
};

const refusalOf = (bytes: Uint8Array, keys: readonly PublicKey[] = [ecdsa.publicKey]): string => {
  const found = findSigner(bytes, keys, ports);
  return found.kind === 'refused' || found.kind === 'stranger' ? `${found.kind}: ${found.because}` : found.kind;
};

const withSignature =
  (signature: Uint8Array): Change =>
  (document) => {
    document['dsseEnvelope'].signatures[0].sig = Buffer.from(signature).toString('base64');
  };

describe('the envelope', () => {
  it('of every kind of key that may sign is accepted', () => {
    for (const key of [ecdsa, edwards, rsa])
      expect(findSigner(bundleOver(PAYLOAD, key), [key.publicKey], ports)).toMatchObject({ kind: 'signed', key: { keyId: key.publicKey.keyId } });
  });

  it.each<[string, () => Uint8Array, RegExp]>([
    [
      'A01 an HMAC with the public key as secret',
      () => changed(withSignature(createHmac('sha256', ecdsa.publicKey.spki).update(preAuthEncoding('application/vnd.in-toto+json', PAYLOAD)).digest())),
      /^refused: the signature is not ECDSA in DER$/,
    ],
    [
      'A01 a signature of another kind of key under the hint of this one',
      () => changed(withSignature(signWith(edwards, preAuthEncoding('application/vnd.in-toto+json', PAYLOAD)))),
      /^refused: the signature is not ECDSA in DER$/,
    ],
    [
      'A03 an algorithm named in the document',
      () => changed((d) => (d['dsseEnvelope'].signatures[0].alg = 'none')),
      /^refused: the bundle cannot be read: \/dsseEnvelope\/signatures\/0/,
    ],
    ['A03 an empty signature', () => changed((d) => (d['dsseEnvelope'].signatures[0].sig = '')), /^refused: the bundle cannot be read: \/dsseEnvelope\/signatures\/0\/sig/],
    [
      'A04 another payload type, with a signature over it',
      () => bundleWithType('application/json'),
      /^refused: the payload has the type application\/json, not application\/vnd\.in-toto\+json$/,
    ],
    ['A04 a payload type that only looks the same', () => bundleWithType('application/vnd.in-toto+json '), /^refused: the payload has the type/],
    ['A06 no signature', () => changed((d) => (d['dsseEnvelope'].signatures = [])), /^refused: the bundle cannot be read: \/dsseEnvelope\/signatures/],
    [
      'A06 two signatures',
      () => changed((d) => d['dsseEnvelope'].signatures.push(d['dsseEnvelope'].signatures[0])),
      /^refused: the bundle cannot be read: \/dsseEnvelope\/signatures/,
    ],
    ['A06 the signatures stripped with their member', () => changed((d) => delete d['dsseEnvelope'].signatures), /^refused: the bundle cannot be read: \/dsseEnvelope/],
    ['A09 raw r and s in place of DER', () => changed(withSignature(rawSignature())), /^refused: the signature is not ECDSA in DER$/],
    ['A09 a byte behind the DER', () => changed(withSignature(Buffer.concat([derSignature(), Buffer.of(0)]))), /^refused: the signature is not ECDSA in DER$/],
    ['A09 zero for r', () => changed(withSignature(der(0n, 1n))), /^refused: the numbers of the signature are outside the group$/],
    ['A09 the order of the group for s', () => changed(withSignature(der(1n, p256.Point.CURVE().n))), /^refused: the numbers of the signature are outside the group$/],
    [
      'A09 a length that is not the shortest',
      () => changed(withSignature(Buffer.concat([Buffer.of(0x30, 0x81, derSignature()[1]!), derSignature().subarray(2)]))),
      /^refused: the signature is not ECDSA in DER$/,
    ],
    [
      'A10 junk behind the base64 of the payload',
      () => changed((d) => (d['dsseEnvelope'].payload += '!!')),
      /^refused: the bundle cannot be read: \/dsseEnvelope\/payload: is not standard base64$/,
    ],
    [
      'A10 URL-safe base64',
      () => changed((d) => (d['dsseEnvelope'].payload = Buffer.from('{"a":"~~~???"}').toString('base64url'))),
      /^refused: the bundle cannot be read: \/dsseEnvelope\/payload: is not standard base64$/,
    ],
    [
      'A10 white space in base64',
      () => changed((d) => (d['dsseEnvelope'].payload = d['dsseEnvelope'].payload.replace(/^(.{8})/, '$1\n'))),
      /^refused: the bundle cannot be read: \/dsseEnvelope\/payload: is not standard base64$/,
    ],
    [
      'A10 spare bits that are not zero',
      () => changed((d) => (d['dsseEnvelope'].payload = 'e31=')),
      /^refused: the bundle cannot be read: \/dsseEnvelope\/payload: is not standard base64$/,
    ],
    [
      'A11 other bytes in the payload than were signed',
      () => changed((d) => (d['dsseEnvelope'].payload = Buffer.from('{"_type":"x"}').toString('base64'))),
      /^refused: the signature is not of the key [0-9a-f]{12}… over these bytes$/,
    ],
    [
      'A12 both kinds of content',
      () => changed((d) => (d['messageSignature'] = { signature: 'MEUC' })),
      /^refused: the bundle cannot be read: the bundle has both dsseEnvelope and messageSignature/,
    ],
    ['A12 a member that is not known', () => changed((d) => (d['verificationMaterial'].note = 'x')), /^refused: the bundle cannot be read: \/verificationMaterial/],
    [
      'A12 a version that is not known',
      () => changed((d) => (d['mediaType'] = 'application/vnd.dev.sigstore.bundle.v0.9+json')),
      /^refused: the bundle cannot be read: \/mediaType/,
    ],
    [
      'A12 an older version',
      () => changed((d) => (d['mediaType'] = 'application/vnd.dev.sigstore.bundle+json;version=0.1')),
      /^refused: the bundle has version 0\.1; records are signed in version 0\.3$/,
    ],
    [
      'A12 a key and a certificate',
      () => changed((d) => (d['verificationMaterial'].certificate = { rawBytes: 'MIIB' })),
      /^refused: the bundle cannot be read: \/verificationMaterial: names more than one signer/,
    ],
  ])('%s is refused', (_, bytes, refusal) => {
    expect(refusalOf(bytes())).toMatch(refusal);
  });

  it('A07 a hint that points to another known key is a broken signature only if no known key made it', () => {
    const other = testKey();
    const pointed = changed((d) => (d['verificationMaterial'].publicKey.hint = other.hint));
    expect(refusalOf(pointed, [other.publicKey])).toMatch(/^refused: the signature is not of the key/);
    expect(findSigner(pointed, [other.publicKey, ecdsa.publicKey], ports)).toMatchObject({ kind: 'signed', key: { keyId: ecdsa.publicKey.keyId } });
  });

  it.each(['__proto__', 'constructor', 'toString', '', 'x'.repeat(1024), '../../etc/passwd'])('A07 the hint %j finds no key and breaks nothing', (hint) => {
    const bytes = changed((d) => (d['verificationMaterial'].publicKey.hint = hint));
    expect(findSigner(bytes, [ecdsa.publicKey], ports)).toMatchObject({ kind: 'signed' });
    expect(refusalOf(bytes, [testKey().publicKey])).toMatch(/^stranger: it was signed with a key that is not known here/);
  });

  it('A07 a keyid is read and decides nothing', () => {
    expect(refusalOf(changed((d) => (d['dsseEnvelope'].signatures[0].keyid = edwards.publicKey.keyId)))).toBe('signed');
  });

  it('A15 the mirrored signature is as good as the other, and the record is the same', () => {
    const { r, s } = numbersOf(derSignature());
    const mirrored = changed(withSignature(der(r, p256.Point.CURVE().n - s)));
    const [first, second] = [findSigner(bundleOver(PAYLOAD, ecdsa), [ecdsa.publicKey], ports), findSigner(mirrored, [ecdsa.publicKey], ports)];
    expect([first.kind, second.kind]).toEqual(['signed', 'signed']);
    // What a record is called comes from its payload alone.
    expect(first.kind === 'signed' && second.kind === 'signed' && Buffer.compare(first.payload, second.payload)).toBe(0);
  });

  it('with one bit changed anywhere in payload, type or signature is refused', () => {
    for (const key of [ecdsa, edwards]) {
      const reading = readBundle(bundleOver(PAYLOAD, key));
      if (reading.kind === 'rejected' || reading.value.content.kind !== 'dsse') throw new Error('not a bundle');
      const { content } = reading.value;
      fc.assert(
        fc.property(fc.constantFrom('payload', 'signature', 'payloadType'), fc.nat(), fc.nat(7), (part, at, bit) => {
          const original = part === 'payloadType' ? utf8(content.payloadType) : content[part];
          const bytes = Uint8Array.from(original);
          bytes[at % bytes.length]! ^= 1 << bit;
          const value = part === 'payloadType' ? Buffer.from(bytes).toString('latin1') : bytes;
          expect(checkSignature({ ...reading.value, content: { ...content, [part]: value } }, key.publicKey, nodeVerifySignature).kind).toBe('refused');
        }),
        { numRuns: 400 },
      );
    }
  });

  it('is read from arbitrary bytes without an error', () => {
    const good = Buffer.from(bundleOver(PAYLOAD, ecdsa));
    fc.assert(
      fc.property(fc.nat(), fc.nat(255), fc.nat(20), (at, byte, cut) => {
        const bytes = Uint8Array.from(good);
        bytes[at % bytes.length] = byte;
        readBundle(bytes.subarray(0, bytes.length - (cut % 3 === 0 ? cut : 0)));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a key', () => {
  const spkiOf = (pair: { readonly publicKey: { export: (options: { type: 'spki'; format: 'der' }) => Buffer } }): Uint8Array =>
    pair.publicKey.export({ type: 'spki', format: 'der' });
  const low = [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ];

  it.each<[string, () => Uint8Array, RegExp]>([
    ['A02 of P-384', () => spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-384' })), /is on the curve P-384, which is not allowed/],
    ['A02 of P-521', () => spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-521' })), /is on the curve P-521, which is not allowed/],
    ['A02 of secp256k1', () => spkiOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })), /is on the curve secp256k1, which is not allowed/],
    ['A02 of RSA with 2048 bits', () => spkiOf(generateKeyPairSync('rsa', { modulusLength: 2048 })), /has 2048 bits of RSA; 3072 to 8192 are allowed/],
    ['A02 of RSA with the exponent 3', () => spkiOf(generateKeyPairSync('rsa', { modulusLength: 3072, publicExponent: 3 })), /has an RSA exponent that is not allowed/],
    ['A02 of Ed448', () => spkiOf(generateKeyPairSync('ed448')), /has an algorithm that is not allowed/],
    ['A02 of X25519', () => spkiOf(generateKeyPairSync('x25519')), /has an algorithm that is not allowed/],
    ['A02 of DSA', () => spkiOf(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 })), /has an algorithm that is not allowed/],
    ...low.map((point): [string, () => Uint8Array, RegExp] => [
      `A02 of small order ${point.slice(0, 4)}…`,
      () => ed25519Spki(Buffer.from(point, 'hex')),
      /has small order: it would accept forged signatures/,
    ]),
    [
      'A02 that is not canonical',
      () => ed25519Spki(Buffer.from('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', 'hex')),
      /is not a canonical point|small order/,
    ],
    [
      'A02 that is not on the curve',
      () => Buffer.concat([ecdsa.publicKey.spki.subarray(0, -1), Buffer.of(ecdsa.publicKey.spki.at(-1)! ^ 1)]),
      /is not an uncompressed point of the curve P-256/,
    ],
    ['A02 with a byte behind it', () => Buffer.concat([ecdsa.publicKey.spki, Buffer.of(0)]), /is not a public key in DER/],
  ])('%s is refused', (_, spki, refusal) => {
    const read = readPublicKey(spki(), nodeCrypto);
    expect(read.kind === 'rejected' ? read.problems[0]?.message : read.kind).toMatch(refusal);
  });
});

const bundleWithType = (payloadType: string): Uint8Array => {
  const document = JSON.parse(Buffer.from(bundleOver(PAYLOAD, ecdsa, payloadType)).toString()) as Loose;
  document['dsseEnvelope'].payloadType = payloadType;
  return utf8(JSON.stringify(document));
};

const MESSAGE = preAuthEncoding('application/vnd.in-toto+json', PAYLOAD);
const derSignature = (): Buffer => sign('sha256', MESSAGE, ecdsa.privateKey);
const rawSignature = (): Buffer => sign('sha256', MESSAGE, { key: ecdsa.privateKey, dsaEncoding: 'ieee-p1363' });

const numbersOf = (signature: Buffer): { readonly r: bigint; readonly s: bigint } => {
  const length = signature[3]!;
  const number = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);
  return { r: number(signature.subarray(4, 4 + length)), s: number(signature.subarray(6 + length)) };
};

const integer = (value: bigint): Buffer => {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  const padded = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return Buffer.concat([Buffer.of(2, padded.length), padded]);
};

const der = (r: bigint, s: bigint): Buffer => {
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
};
