import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { crypto, problemOf, valueOf } from '../../test/fixtures/log-keys.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';

// Source: C2SP tlog-checkpoint, example.
const SOFA = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';

describe('a checkpoint', () => {
  it('of the specification is read and written', () => {
    const checkpoint = valueOf(readCheckpoint(SOFA));
    expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163, extensions: [] });
    expect(writeCheckpoint(checkpoint)).toBe(SOFA);
  });

  it('keeps the lines it does not understand', () => {
    expect(valueOf(readCheckpoint(`${SOFA}one\ntwo words\n`)).extensions).toEqual(['one', 'two words']);
  });

  it.each([
    ['without a last line feed', SOFA.trimEnd(), /line feed/],
    ['without an origin', SOFA.replace('example.com/behind-the-sofa', ''), /no origin/],
    ['of two lines', 'a\n5\n', /fewer than three/],
    ['that is empty', '', /line feed/],
    ['with a zero before the size', `a\n05\n${ROOT}\n`, /size/],
    ['with a plus before the size', `a\n+5\n${ROOT}\n`, /size/],
    ['with a minus before the size', `a\n-5\n${ROOT}\n`, /size/],
    ['with a size in hexadecimal', `a\n0x5\n${ROOT}\n`, /size/],
    ['with a space after the size', `a\n5 \n${ROOT}\n`, /size/],
    ['with digits of another script', `a\n\u0665\n${ROOT}\n`, /size/],
    ['with a size of 2^53', `a\n9007199254740992\n${ROOT}\n`, /size/],
    ['with a root of 31 bytes', `a\n5\n${Buffer.alloc(31).toString('base64')}\n`, /root/],
    ['with a root of 33 bytes', `a\n5\n${Buffer.alloc(33).toString('base64')}\n`, /root/],
    ['with spare bits in the root', `a\n5\n${ROOT.replace('2I=', '2J=')}\n`, /root/],
    ['with an empty line', `${SOFA}\nmore\n`, /empty line/],
  ])('%s is rejected', (_, body, message) => {
    expect(problemOf(readCheckpoint(body))).toMatch(message);
  });

  it('of the largest size is read', () => {
    expect(valueOf(readCheckpoint(`a\n9007199254740991\n${ROOT}\n`)).size).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('is read back as it was written', () => {
    const line = fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom('a', ' ', '/', 'é', '+', '\u2014') });
    fc.assert(
      fc.property(line, fc.maxSafeNat(), fc.nat(), fc.array(line, { maxLength: 3 }), (origin, size, seed, extensions) => {
        const checkpoint = { origin, size, root: crypto.sha256(utf8(String(seed))), extensions };
        expect(valueOf(readCheckpoint(writeCheckpoint(checkpoint)))).toEqual(checkpoint);
      }),
    );
  });

  it.each([
    ['a size that is none', { size: -1 }],
    ['a size beyond 2^53-1', { size: 2 ** 53 }],
    ['a short root', { root: new Uint8Array(31) }],
    ['no origin', { origin: '' }],
    ['an origin of two lines', { origin: 'a\nb' }],
    ['an empty extension', { extensions: [''] }],
  ])('with %s is not written', (_, change) => {
    expect(() => writeCheckpoint({ origin: 'a', size: 1, root: new Uint8Array(32), extensions: [], ...change })).toThrow(TypeError);
  });
});
