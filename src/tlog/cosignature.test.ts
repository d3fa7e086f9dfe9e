import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUtf8, utf8 } from '#base';
import { algorithms, checkpointNote, crypto, flipped, problemOf, signerOf, valueOf } from '../../test/fixtures/log-keys.ts';
import { cosignatureMessage, readCosignature, verifyCosignature, writeCosignature } from './cosignature.ts';

const { verify } = algorithms;
const witness = signerOf('witness.example/w1', 'cosignature');
const { body } = checkpointNote(signerOf('example.com/log', 'signature'), 7, crypto.sha256(utf8('root')));

describe('a cosignature', () => {
  // Source: C2SP tlog-cosignature, "Ed25519 signed message".
  it('is made over two lines and the whole checkpoint', () => {
    const sofa = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
    expect(fromUtf8(cosignatureMessage(sofa, 1_679_315_147))).toBe(`cosignature/v1\ntime 1679315147\n${sofa}`);
  });

  it('holds over its own checkpoint and time, and over no other', () => {
    const time = 1_700_000_000;
    const signature = witness.sign(cosignatureMessage(body, time));
    expect(verifyCosignature(body, { time, signature }, witness.key, verify)).toBe(true);
    expect(verifyCosignature(body, { time: time + 1, signature }, witness.key, verify)).toBe(false);
    expect(verifyCosignature(`${body}more\n`, { time, signature }, witness.key, verify)).toBe(false);
    expect(verifyCosignature(body, { time, signature }, signerOf('witness.example/w2', 'cosignature').key, verify)).toBe(false);
    expect(verifyCosignature(body, { time, signature }, { ...witness.key, use: 'signature' }, verify)).toBe(false);
  });

  it('with any bit turned does not hold', () => {
    const time = 1_700_000_000;
    const bytes = writeCosignature({ time, signature: witness.sign(cosignatureMessage(body, time)) });
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const read = readCosignature(flipped(bytes, bit));
        expect(read.kind === 'accepted' && verifyCosignature(body, read.value, witness.key, verify)).toBe(false);
      }),
      { numRuns: 600 },
    );
  });

  it.each([
    ['of 71 bytes', new Uint8Array(71), /72 bytes, not 71/],
    ['of 73 bytes', new Uint8Array(73), /72 bytes, not 73/],
    ['with a time beyond 2^53-1', Uint8Array.from([0, 0x20, ...new Uint8Array(70)]), /beyond/],
    ['with a time beyond 2^63-1', new Uint8Array(72).fill(255), /beyond/],
  ])('%s is rejected', (_, bytes, message) => {
    expect(problemOf(readCosignature(bytes))).toMatch(message);
  });

  it('is read back as it was written, also from the middle of other bytes', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.uint8Array({ minLength: 64, maxLength: 64 }), (time, signature) => {
        const around = Uint8Array.of(9, 9, 9, ...writeCosignature({ time, signature }), 9);
        expect(valueOf(readCosignature(around.subarray(3, 75)))).toEqual({ time, signature });
      }),
    );
  });
});
