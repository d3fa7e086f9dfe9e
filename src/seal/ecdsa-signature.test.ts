import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derOfNumbers, derOfRawSignature } from './ecdsa-signature.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const bytes32 = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

describe('the DER form of raw ECDSA signatures', () => {
  it('is what OpenSSL makes of the same numbers and verifies', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (message) => {
        const raw = sign('sha256', message, { key: createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })), dsaEncoding: 'ieee-p1363' });
        const der = derOfRawSignature(raw);
        return der !== undefined && verify('sha256', message, createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), der);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['short numbers', 1n, 0x7fn, '3006020101' + '02017f'],
    ['a number whose first bit is set', 0x80n, 1n, '300702020080' + '020101'],
    ['the largest numbers', N - 1n, N - 1n, undefined],
  ] as const)('knows %s', (_, r, s, hex) => {
    const der = derOfRawSignature(Buffer.concat([bytes32(r), bytes32(s)]));
    expect(der).toBeDefined();
    if (hex !== undefined) expect(Buffer.from(der!).toString('hex')).toBe(hex);
  });

  it.each([
    ['r = 0', Buffer.concat([bytes32(0n), bytes32(1n)])],
    ['s = 0', Buffer.concat([bytes32(1n), bytes32(0n)])],
    ['r = order', Buffer.concat([bytes32(N), bytes32(1n)])],
    ['s = order', Buffer.concat([bytes32(1n), bytes32(N)])],
    ['s above the order', Buffer.concat([bytes32(1n), Buffer.alloc(32, 0xff)])],
    ['63 bytes', Buffer.alloc(63, 1)],
    ['65 bytes', Buffer.alloc(65, 1)],
    ['nothing', Buffer.alloc(0)],
    ['a signature that is DER already', sign('sha256', Buffer.from('x'), privateKey)],
    ['the numbers of a larger curve', Buffer.alloc(96, 1)],
  ])('does not take %s', (_, raw) => {
    expect(derOfRawSignature(raw)).toBeUndefined();
  });

  it('does not take numbers that are far too long', () => {
    expect(derOfNumbers(Buffer.alloc(200, 0), Buffer.from([1]))).toBeUndefined();
    expect(derOfNumbers(new Uint8Array(0), Buffer.from([1]))).toBeUndefined();
  });
});
