import { describe, expect, it } from 'vitest';
import { canonicalJson, fromUtf8, utf8 } from '#base';
import { nodeCrypto } from '#files';
import { preAuthEncoding } from '#seal';
import { acceptTrust, newTrustEnvelope, pinOf, readTrust, type Trust, TRUST_PAYLOAD, addTrustSignature, writeTrustEnvelope } from '#trust';
import { makeTestKey, ports, type TestKey, trustDocument } from '../../test/fixtures/trust-files.ts';
import { signTrust } from './sign-trust.ts';
import type { Signer } from './signer.ts';

const [ann, ben, eve] = [makeTestKey(), makeTestKey('ed25519'), makeTestKey()];
const signerOf = (key: TestKey, seen: Uint8Array[] = []): Signer => ({
  publicKey: key.publicKey,
  place: 'the test',
  sign: async (message) => {
    seen.push(message);
    return key.sign(message);
  },
});
const trustOf = (bytes: Uint8Array): Trust => {
  const reading = readTrust(bytes, nodeCrypto);
  if (reading.kind === 'rejected') throw new Error(reading.problems[0]?.message);
  return reading.value;
};

const document = trustDocument([ann]);
const envelope = newTrustEnvelope(document);

describe('signTrust', () => {
  it('signs a trust document as one of its roots, over bytes that are no statement', async () => {
    const seen: Uint8Array[] = [];
    const signature = await signTrust(signerOf(ann, seen), envelope, undefined, nodeCrypto);
    const signed = addTrustSignature(envelope, signature);
    if (signed.kind === 'rejected') throw new Error('no room');
    expect(fromUtf8(seen[0]!)).toContain('DSSEv1 36 application/vnd.trainlock.trust+json ');
    expect(seen[0]).toEqual(preAuthEncoding(TRUST_PAYLOAD, envelope.payload));
    const offered = writeTrustEnvelope(signed.value);
    expect(acceptTrust({ pin: pinOf(trustOf(envelope.payload)), offered, now: '2026-06-01T00:00:00Z' }, ports)).toMatchObject({ kind: 'accepted' });
  });

  it('signs as a root of the version before', async () => {
    const before = trustOf(canonicalJson(trustDocument([ann, ben])));
    await expect(signTrust(signerOf(ben), envelope, before, nodeCrypto)).resolves.toMatchObject({ keyId: ben.keyId });
  });

  it('lets no other key sign, and asks it nothing', async () => {
    const seen: Uint8Array[] = [];
    await expect(signTrust(signerOf(eve, seen), envelope, trustOf(canonicalJson(trustDocument([ann, ben]))), nodeCrypto)).rejects.toThrow(
      'is no root of version 1 of the trust file, nor of the one before it',
    );
    expect(seen).toEqual([]);
  });

  it.each([
    ['no JSON', utf8('hello')],
    ['a statement', utf8('{"_type":"https://in-toto.io/Statement/v1"}')],
    ['a trust document with a threshold that no roots can reach', canonicalJson({ ...document, threshold: 2 })],
  ])('signs no bytes that are not a trust document: %s', async (_, payload) => {
    const seen: Uint8Array[] = [];
    await expect(signTrust(signerOf(ann, seen), { payload, signatures: [] }, undefined, nodeCrypto)).rejects.toThrow(TypeError);
    expect(seen).toEqual([]);
  });

  it('notices a signer that signs with another key than it says', async () => {
    const liar: Signer = { ...signerOf(ann), sign: async (message) => eve.sign(message) };
    await expect(signTrust(liar, envelope, undefined, nodeCrypto)).rejects.toThrow('the signature does not fit the public key');
  });
});
