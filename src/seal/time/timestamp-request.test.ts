import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Crypto, toHex, utf8 } from '#base';
import { membersOf, onlyElement } from '../x509/der-values.ts';
import { timestampRequest } from './timestamp-request.ts';

const crypto: Crypto = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  hmacSha256: () => {
    throw new Error('not asked for');
  },
};

describe('a request for a time', () => {
  it('is as RFC 3161 has it', () => {
    expect(toHex(timestampRequest(utf8('abc'), 5n, crypto))).toBe(
      `303c0201013031300d060960864801650304020105000420${'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'}0201050101ff`,
    );
  });

  it('has the nonce as a number that is not negative, in its shortest form', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << 64n) - 1n), (nonce) => {
        const bytes = membersOf(onlyElement(timestampRequest(utf8('x'), nonce, crypto)))?.[2]?.content ?? new Uint8Array(0);
        expect(BigInt(`0x${toHex(bytes)}`)).toBe(nonce);
        expect(bytes[0]! < 0x80 && (bytes.length === 1 || bytes[0] !== 0 || bytes[1]! >= 0x80)).toBe(true);
      }),
    );
  });
});
