import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonicalJson, utf8 } from '#base';
import { makeTestKey, ports, trustDocument } from '../../test/fixtures/trust-files.ts';
import { pinOf, type TrustPin } from './pinned-roots.ts';
import { readTrust } from './read-trust.ts';
import { readTrustPin, writeTrustPin } from './trust-pin.ts';

const [ann, ben] = [makeTestKey(), makeTestKey('ed25519')];
const pin: TrustPin = {
  name: 'example.com',
  threshold: 2,
  roots: [ann, ben].map(({ keyId, publicKey }, at) => ({ keyId, name: `root ${at}`, key: publicKey })),
  lastSeen: { version: 3, sha256: 'a'.repeat(64) },
};
const document = { schemaVersion: '0.1', threshold: 1, roots: [{ name: 'ann', publicKey: ann.pem }] };

describe('a pin file', () => {
  it('is read as it was written, with and without what may be left out', () => {
    const { name: _, lastSeen: __, ...least } = pin;
    for (const one of [pin, least]) expect(readTrustPin(writeTrustPin(one), ports.crypto)).toEqual({ kind: 'accepted', value: one });
  });

  it('reads the example of its schema', () => {
    const { examples } = JSON.parse(readFileSync('schema/trust-pin/v0.schema.json', 'utf8')) as { examples: unknown[] };
    expect(readTrustPin(utf8(JSON.stringify(examples[0])), ports.crypto).kind).toBe('accepted');
  });

  it.each<readonly [string, object, string]>([
    ['a member that is not known', { ...document, treshold: 2 }, '/treshold the key "treshold" is not known here'],
    ['E06 a threshold of zero', { ...document, threshold: 0 }, '/threshold 0 must be at least 1'],
    ['E06 no roots', { ...document, roots: [] }, '/roots a list of 0 has fewer than 1 entries'],
    ['D12 a threshold above the number of roots', { ...document, threshold: 2 }, '/threshold asks for 2 roots, but there are 1'],
    ['D12 a key that is pinned twice', { ...document, roots: [...document.roots, { name: 'other', publicKey: ann.pem }] }, '/roots/1/publicKey is pinned already'],
    ['A02 a key that is none', { ...document, roots: [{ name: 'ann', publicKey: 'x' }] }, '/roots/0/publicKey the key is not one block of PEM'],
    ['a newer major version', { ...document, schemaVersion: '1.0' }, '/schemaVersion "1.0" does not have the right form'],
    ['a last version without its digest', { ...document, lastSeen: { version: 1 } }, '/lastSeen the key sha256 is missing'],
  ])('is rejected with %s', (_, json, problem) => {
    const reading = readTrustPin(utf8(JSON.stringify(json)), ports.crypto);
    expect(reading.kind === 'rejected' && reading.problems.map(({ pointer, message }) => `${pointer} ${message}`.slice(0, problem.length))).toContain(problem);
  });

  it('never makes the reader throw', () => {
    fc.assert(fc.property(fc.oneof(fc.uint8Array(), fc.json().map(utf8)), (bytes) => readTrustPin(bytes, ports.crypto).kind === 'rejected'));
  });
});

describe('pinOf', () => {
  it('pins the roots of a trust file and remembers its version', () => {
    const reading = readTrust(canonicalJson(trustDocument([ann, ben], { version: 4, threshold: 2 })), ports.crypto);
    if (reading.kind === 'rejected') throw new Error('not read');
    const made = pinOf(reading.value, 'example.com');
    expect(made).toMatchObject({ name: 'example.com', threshold: 2, roots: [{ keyId: ann.keyId }, { keyId: ben.keyId }], lastSeen: { version: 4, sha256: reading.value.sha256 } });
    expect(readTrustPin(writeTrustPin(made), ports.crypto)).toEqual({ kind: 'accepted', value: made });
  });
});
