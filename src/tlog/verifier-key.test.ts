import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64, toHex } from '#base';
import { crypto, keyOf, problemOf, signerOf } from '../../test/fixtures/log-keys.ts';
import { readVerifierKey, verifierKeyOf, writeVerifierKey } from './verifier-key.ts';

// Source: golang.org/x/mod/sumdb/note, note_test.go.
const NEUMANN = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';

describe('a verifier key', () => {
  it('of Go is read and written', () => {
    const key = keyOf(NEUMANN);
    expect(key).toMatchObject({ name: 'PeterNeumann', keyId: 0xc74f20a3, use: 'signature' });
    expect(toHex(key.publicKey)).toMatch(/^1a5cd907143c384c/);
    expect(writeVerifierKey(key)).toBe(NEUMANN);
  });

  // Source: C2SP signed-note, "Verifier keys".
  it('of the specification has the id of the specification', () => {
    expect(keyOf('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k').keyId).toBe(0x530d903a);
  });

  // Source: transparency-dev/formats, witness_policy_test.go.
  it('of a witness is told from that of a log', () => {
    expect(keyOf('remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2')).toMatchObject({ use: 'cosignature', name: 'remora.n621.de' });
  });

  it('is rejected when any part is missing or any letter is the next one, as in the tests of Go', () => {
    for (let start = 0; start <= NEUMANN.length; start += 1)
      for (let end = start + 1; end <= NEUMANN.length; end += 1)
        if (start !== 0 || end !== NEUMANN.length) expect(readVerifierKey(NEUMANN.slice(start, end), crypto).kind, NEUMANN.slice(start, end)).toBe('rejected');
    for (let at = 0; at < NEUMANN.length; at += 1) {
      const next = NEUMANN.slice(0, at) + String.fromCharCode(NEUMANN.charCodeAt(at) + 1) + NEUMANN.slice(at + 1);
      expect(readVerifierKey(next, crypto).kind, next).toBe('rejected');
    }
  });

  it.each([
    ['a key that is too long, with its id', 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==', /is not a verifier key|32 bytes/],
    ['a type that is not known, with its id', 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', /type 101 are not supported/],
    ['the id in capitals', NEUMANN.replace('c74f20a3', 'C74F20A3'), /not a verifier key/],
    ['the id of another name', NEUMANN.replace('Peter', 'Petra'), /the id c74f20a3 is not that of the key/],
    ['a name with a space', NEUMANN.replace('PeterNeumann', 'Peter Neumann'), /spaces/],
    ['a name with a line feed', NEUMANN.replace('PeterNeumann', 'Peter\nNeumann'), /spaces|control/],
    ['the text of a whole book', `${'a'.repeat(100_000)}${NEUMANN}`, /not a verifier key/],
  ])('with %s is rejected', (_, text, message) => {
    expect(problemOf(readVerifierKey(text, crypto))).toMatch(message);
  });

  // Source: C2SP/CCTV ed25519, low order points.
  it.each([
    ['the point of order one', '0100000000000000000000000000000000000000000000000000000000000000'],
    ['a point of order eight', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
    ['a coordinate beyond the field', 'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
  ])('that is %s is rejected, although its id is right', (_, hex) => {
    const publicKey = Uint8Array.from(Buffer.from(hex, 'hex'));
    for (const use of ['signature', 'cosignature'] as const) expect(verifierKeyOf({ name: 'weak', use, publicKey }, crypto).kind).toBe('rejected');
    const material = Uint8Array.of(1, ...publicKey);
    const id = toHex(crypto.sha256(Buffer.concat([Buffer.from('weak\n'), material])).slice(0, 4));
    expect(problemOf(readVerifierKey(`weak+${id}+${toBase64(material)}`, crypto))).toMatch(/small order|not a canonical point/);
  });

  it('has another id for each use', () => {
    const log = signerOf('one', 'signature', new Uint8Array(32).fill(7)).key;
    const witness = signerOf('one', 'cosignature', new Uint8Array(32).fill(7)).key;
    expect(log.publicKey).toEqual(witness.publicKey);
    expect(log.keyId).not.toBe(witness.keyId);
  });

  it('is read back as it was written, whatever plus signs its base64 has', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.constantFrom('signature', 'cosignature'), (seed, use) => {
        const { key } = signerOf('example.com/log', use, seed);
        expect(keyOf(writeVerifierKey(key))).toEqual(key);
      }),
      { numRuns: 50 },
    );
  });

  it('with one letter of the key changed is rejected', () => {
    const material = NEUMANN.split('+')[2]!;
    fc.assert(
      fc.property(fc.nat(material.length - 1), fc.constantFrom('A', 'B', 'C', 'w', 'x', 'y', 'z', '0', '9', '+', '/'), (at, letter) => {
        const changed = material.slice(0, at) + letter + material.slice(at + 1);
        if (fromBase64(changed) !== undefined && changed !== material) expect(readVerifierKey(`PeterNeumann+c74f20a3+${changed}`, crypto).kind).toBe('rejected');
      }),
    );
  });
});
