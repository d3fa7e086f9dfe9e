import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import { ed25519Spki, readPublicKey, signatureProblem } from '#seal';
import { vectorsOf } from './foreign-vectors.ts';

type Case = {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly msg: string;
  readonly sig: string;
  readonly result: 'valid' | 'invalid';
};
type Suite = { readonly testGroups: readonly { readonly publicKeyDer: string; readonly tests: readonly Case[] }[] };

const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');

/** As a record's signature is checked: the key is read strictly, the form of the signature is checked, then the signature. */
const accepts = (spki: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
  const key = readPublicKey(spki, nodeCrypto);
  return key.kind === 'accepted' && signatureProblem(key.value.algorithm, signature) === undefined && nodeVerifySignature(spki, message, signature);
};

const wycheproof = vectorsOf('wycheproof');

describe.skipIf(wycheproof === undefined)('Wycheproof', () => {
  const suiteOf = (name: string): Suite => JSON.parse(readFileSync(join(wycheproof ?? '', 'testvectors_v1', name), 'utf8')) as Suite;
  const mismatches = (suite: Suite): readonly string[] =>
    suite.testGroups.flatMap((group) =>
      group.tests
        .filter(({ msg, sig, result }) => accepts(hex(group.publicKeyDer), hex(msg), hex(sig)) !== (result === 'valid'))
        .map(({ tcId, result, comment }) => `${tcId} ${result}: ${comment}`),
    );
  const count = (suite: Suite): number => suite.testGroups.reduce((sum, { tests }) => sum + tests.length, 0);

  it.each([
    ['ecdsa_secp256r1_sha256_test.json', 484],
    ['ed25519_test.json', 150],
  ])('agrees with every case of %s', (name, least) => {
    const suite = suiteOf(name);
    expect(count(suite)).toBeGreaterThanOrEqual(least);
    expect(mismatches(suite)).toEqual([]);
  });

  it('has no signature of raw numbers that passes for DER', () => {
    const suite = suiteOf('ecdsa_secp256r1_sha256_p1363_test.json');
    const passed = suite.testGroups.flatMap((group) => group.tests.filter(({ msg, sig }) => accepts(hex(group.publicKeyDer), hex(msg), hex(sig))).map(({ tcId }) => tcId));
    expect(count(suite)).toBeGreaterThanOrEqual(250);
    expect(passed).toEqual([]);
  });

  it('has no key of P-384 that may sign anything', () => {
    const keys = suiteOf('ecdsa_secp384r1_sha384_test.json').testGroups.map(({ publicKeyDer }) => readPublicKey(hex(publicKeyDer), nodeCrypto));
    expect(keys.length).toBeGreaterThan(100);
    expect(keys.filter(({ kind }) => kind === 'accepted')).toEqual([]);
  });
});

type EdgeCase = { readonly number: number; readonly key: string; readonly sig: string; readonly msg: string; readonly flags: readonly string[] | null };

const cctv = vectorsOf('cctv-ed25519');

describe.skipIf(cctv === undefined)('CCTV Ed25519', () => {
  const cases = cctv === undefined ? [] : (JSON.parse(readFileSync(join(cctv, 'ed25519/ed25519vectors.json'), 'utf8')) as readonly EdgeCase[]);
  const acceptedWith = (flag: string): readonly number[] =>
    cases
      .filter(({ flags }) => flags?.includes(flag) === true)
      .filter(({ key, sig, msg }) => accepts(ed25519Spki(hex(key)), Buffer.from(msg), hex(sig)))
      .map(({ number }) => number);

  it('has the cases that we count on', () => {
    expect(cases.length).toBe(914);
  });

  it.each(['low_order_A', 'non_canonical_A', 'low_order_component_A', 'non_canonical_R', 'low_order_residue', 'reencoded_k'])('has no case with %s that is accepted', (flag) => {
    expect(acceptedWith(flag)).toEqual([]);
  });

  it('has only cases that are accepted by every common verifier, or refused', () => {
    const accepted = cases.filter(({ key, sig, msg }) => accepts(ed25519Spki(hex(key)), Buffer.from(msg), hex(sig)));
    // What remains has a sound key; a first half of small order helps nobody but the owner of the key.
    expect(accepted.flatMap(({ flags }) => flags ?? []).filter((flag) => flag !== 'low_order_R')).toEqual([]);
    expect(accepted.length).toBeGreaterThan(0);
  });
});
