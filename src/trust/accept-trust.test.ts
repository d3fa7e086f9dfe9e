import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type VerifySignature } from '#base';
import { pemOfPublicKey, readPublicKey } from '#seal';
import { makeTestKey, ports, sha256Of, signedBy, type TestKey, trustDocument, trustFile } from '../../test/fixtures/trust-files.ts';
import { acceptTrust, type TrustAnswer } from './accept-trust.ts';
import type { TrustDocument } from './generated/trust-types.ts';
import { type PinnedRoots, pinOf } from './pinned-roots.ts';
import type { Trust } from './trust.ts';
import { newTrustEnvelope, trustBytesToSign, writeTrustEnvelope } from './trust-envelope.ts';

const [ann, ben, cleo, dan, eve] = [makeTestKey(), makeTestKey('ed25519'), makeTestKey(), makeTestKey('ed25519'), makeTestKey()];
const now = '2026-06-01T00:00:00Z';
const pinned = (keys: readonly TestKey[], threshold: number, more: Partial<PinnedRoots> = {}): PinnedRoots => ({
  threshold,
  roots: keys.map(({ keyId, publicKey }) => ({ keyId, key: publicKey })),
  ...more,
});
const pin = pinned([ann, ben, cleo], 2);

const first = trustDocument([ann, ben, cleo], { threshold: 2 });
const next = (more: Partial<TrustDocument> = {}): TrustDocument => ({ ...first, version: 2, previousSha256: sha256Of(canonicalJson(first)), ...more });
const rotated = trustDocument([cleo, dan], { version: 2, threshold: 2 });

const accept = (offered: Uint8Array, more: { pin?: PinnedRoots; current?: Trust; now?: string } = {}): TrustAnswer => acceptTrust({ pin, offered, now, ...more }, ports);
const trustOf = (answer: TrustAnswer): Trust => {
  if (answer.kind === 'refused') throw new Error(answer.because);
  return answer.trust;
};
const current = trustOf(accept(trustFile(first, [ann, ben])));
const wordOf = (answer: TrustAnswer): string => (answer.kind === 'accepted' ? `version ${answer.trust.version}` : answer.refusal);

describe('acceptTrust, the first time', () => {
  it('accepts what enough pinned roots signed, whichever they are', () => {
    for (const keys of [
      [ann, ben],
      [ben, cleo],
      [cleo, ann],
      [ann, ben, cleo],
    ])
      expect(wordOf(accept(trustFile(first, keys)))).toBe('version 1');
  });

  it('takes the key of a root that is pinned by its id alone from the file', () => {
    const byId: PinnedRoots = { threshold: 2, roots: [ann, ben].map(({ keyId }) => ({ keyId })) };
    expect(wordOf(accept(trustFile(first, [ann, ben]), { pin: byId }))).toBe('version 1');
    expect(wordOf(accept(trustFile(first, [ann, cleo]), { pin: byId }))).toBe('below-threshold');
  });

  it.each<readonly [string, Uint8Array, PinnedRoots, string, RegExp]>([
    ['one signature too few', trustFile(first, [ann]), pin, 'below-threshold', /signed by 1 of the pinned roots; 2 must sign$/],
    ['roots that nobody pinned', trustFile(trustDocument([eve]), [eve]), pin, 'below-threshold', /signed by 0 of the pinned roots/],
    ['a pin without roots', trustFile(first, [ann, ben]), pinned([], 1), 'below-threshold', /signed by 0 of the pinned roots; 1 must sign/],
    ['E06 a pin whose threshold is zero', trustFile(trustDocument([eve]), [eve]), pinned([], 0), 'below-threshold', /0 must sign/],
    ['E06 a pin whose threshold is no number', trustFile(trustDocument([eve]), [eve]), pinned([ann], Number.NaN), 'below-threshold', /NaN must sign/],
    ['D12 a pin that names one key twice', trustFile(first, [ann, eve]), pinned([ann, ann], 2), 'below-threshold', /signed by 1 of the pinned roots; 2 must sign/],
    ['a pin with the key of another id', trustFile(first, [ann, ben]), { threshold: 1, roots: [{ keyId: ann.keyId, key: eve.publicKey }] }, 'below-threshold', /signed by 0/],
    ['too few of its own roots', trustFile(trustDocument([ann, dan], { threshold: 2 }), [ann, ben]), pin, 'below-threshold', /signed by 1 of its own roots; 2 must sign/],
    ['D12 a version below the least of the pin', trustFile(first, [ann, ben]), { ...pin, minVersion: 2 }, 'rollback', /has version 1, but version 2 was seen/],
    [
      'D12 a version below the last one seen',
      trustFile(first, [ann, ben]),
      { ...pin, lastSeen: { version: 5, sha256: 'a'.repeat(64) } },
      'rollback',
      /has version 1, but version 5 was seen/,
    ],
    [
      'D12 the last version seen, with other content',
      trustFile(first, [ann, ben]),
      { ...pin, lastSeen: { version: 1, sha256: 'a'.repeat(64) } },
      'same-version-other-content',
      /says something else/,
    ],
    [
      'D12 a version that follows another than the one seen',
      trustFile(next(), [ann, ben]),
      { ...pin, lastSeen: { version: 1, sha256: 'a'.repeat(64) } },
      'not-linked',
      /follows another version 1/,
    ],
    ['D12 an expired file', trustFile({ ...first, expiresAt: now }, [ann, ben]), pin, 'expired', /expired on 2026-06-01T00:00:00Z/],
    ['bytes that are no trust file', new Uint8Array(9), pin, 'malformed', /the trust file cannot be read/],
    ['a document that is none', writeTrustEnvelope(signedBy(newTrustEnvelope({ ...first, threshold: 4 }), [ann, ben])), pin, 'malformed', /\/threshold: asks for 4 roots/],
  ])('refuses %s', (_, offered, roots, refusal, because) => {
    expect(accept(offered, { pin: roots })).toMatchObject({ kind: 'refused', refusal, because: expect.stringMatching(because) as string });
  });

  it('A09 counts no ECDSA signature in another form than DER, even with a verifier that takes it', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const reading = readPublicKey(Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' })), ports.crypto);
    if (reading.kind === 'rejected') throw new Error('not a key');
    const { keyId } = reading.value;
    const root = {
      keyId,
      pem: pemOfPublicKey(reading.value),
      publicKey: reading.value,
      sign: (message: Uint8Array) => sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
    };
    const verifySignature: VerifySignature = (_, message, signature) => verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
    const answer = acceptTrust({ pin: pinned([root], 1), offered: trustFile(trustDocument([root]), [root]), now }, { ...ports, verifySignature });
    expect(wordOf(answer)).toBe('below-threshold');
  });

  it('A07 counts no key under the id of another one', () => {
    const envelope = newTrustEnvelope(trustDocument([eve]));
    const signature = eve.sign(trustBytesToSign(envelope));
    const offered = writeTrustEnvelope({ ...envelope, signatures: [ann, eve].map(({ keyId }) => ({ keyId, signature })) });
    expect(wordOf(accept(offered, { pin: { threshold: 1, roots: [{ keyId: ann.keyId, key: eve.publicKey }] } }))).toBe('below-threshold');
  });

  it('says that a signature in the name of a root does not hold', () => {
    const envelope = signedBy(newTrustEnvelope(first), [ann]);
    const forged = { ...envelope, signatures: [...envelope.signatures, { keyId: ben.keyId, signature: eve.sign(envelope.payload) }] };
    expect(accept(writeTrustEnvelope(forged))).toMatchObject({ refusal: 'below-threshold', because: expect.stringContaining('a signature in their name does not hold') as string });
  });

  it('accepts an expired file for a past moment', () => {
    const offered = trustFile({ ...first, expiresAt: '2026-03-01T00:00:00Z' }, [ann, ben]);
    expect([wordOf(accept(offered)), wordOf(accept(offered, { now: '2026-02-28T23:59:59.999Z' }))]).toEqual(['expired', 'version 1']);
  });

  it('D12 freeze: a file that was seen before is refused once it has expired, and says that a newer one may be held back', () => {
    const answer = accept(trustFile(first, [ann, ben]), { pin: { ...pin, lastSeen: { version: 1, sha256: current.sha256 } }, now: '2027-01-01T00:00:00Z' });
    expect(answer).toMatchObject({ refusal: 'expired', because: expect.stringContaining('may have been held back') as string });
  });

  it('throws for a moment that is none, before anything counts', () => {
    expect(() => accept(trustFile(first, [ann, ben]), { now: 'now' })).toThrow(TypeError);
  });
});

describe('acceptTrust, when a file was accepted before', () => {
  it.each<readonly [string, Uint8Array, string]>([
    ['the same file', trustFile(first, [ann, ben]), 'version 1'],
    ['the same document with other signatures', trustFile(first, [ben, cleo]), 'version 1'],
    ['the next version', trustFile(next(), [ann, ben]), 'version 2'],
    ['the next version without a link', trustFile({ ...first, version: 2 }, [ann, ben]), 'version 2'],
    ['a version further on, whose predecessor is not here', trustFile(next({ version: 7, previousSha256: 'b'.repeat(64) }), [ann, ben]), 'version 7'],
    ['a rotation that enough old and new roots signed', trustFile(rotated, [ann, cleo, dan]), 'version 2'],
    ['D12 an older version', trustFile({ ...first, issuedAt: '2026-01-02T00:00:00Z' }, [ann, ben]), 'same-version-other-content'],
    ['D12 a rotation that only the new roots signed', trustFile(rotated, [cleo, dan]), 'below-threshold'],
    ['D12 a rotation that only the old roots signed', trustFile(rotated, [ann, ben, cleo]), 'below-threshold'],
    ['D12 a next version that follows another one', trustFile(next({ previousSha256: 'c'.repeat(64) }), [ann, ben]), 'not-linked'],
    ['D12 a next version that lowers its threshold, signed by that few', trustFile(next({ threshold: 1 }), [ann]), 'below-threshold'],
    ['D12 a next version with a new root alone', trustFile(trustDocument([eve], { version: 2 }), [eve]), 'below-threshold'],
    ['a next version that has expired', trustFile(next({ expiresAt: '2026-05-01T00:00:00Z' }), [ann, ben]), 'expired'],
  ])('%s: %s', (_, offered, expected) => {
    expect(wordOf(accept(offered, { current }))).toBe(expected);
  });

  it('D12 rollback: refuses an older version that the same roots signed', () => {
    const second = trustOf(accept(trustFile(next(), [ann, ben]), { current }));
    expect(accept(trustFile(first, [ann, ben]), { current: second })).toMatchObject({
      refusal: 'rollback',
      because: 'the trust file has version 1, but version 2 was accepted before',
    });
  });

  it('goes on from the new roots after a rotation, with and without the pin that follows from it', () => {
    const second = trustOf(accept(trustFile(rotated, [ann, cleo, dan]), { current }));
    const byNew = trustFile({ ...rotated, version: 3 }, [cleo, dan]);
    const byOld = trustFile({ ...first, version: 3 }, [ann, ben]);
    expect([wordOf(accept(byNew, { current: second })), wordOf(accept(byOld, { current: second }))]).toEqual(['version 3', 'below-threshold']);
    expect([wordOf(accept(byNew, { pin: pinOf(second) })), wordOf(accept(byOld, { pin: pinOf(second) }))]).toEqual(['version 3', 'below-threshold']);
  });
});

describe('acceptTrust, whatever is offered', () => {
  const people = [ann, ben, cleo, dan, eve];
  const offer = fc.record({
    version: fc.integer({ min: 1, max: 6 }),
    threshold: fc.integer({ min: 1, max: 2 }),
    roots: fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 3 }),
    // Often by everybody: else hardly anything is ever accepted.
    signers: fc.oneof({ weight: 2, arbitrary: fc.constant<number[]>([0, 1, 2, 3, 4]) }, fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 })),
    expiresAt: fc.constantFrom('2026-05-01T00:00:00Z', '2027-01-01T00:00:00Z'),
  });
  const keysOf = (places: readonly number[]): readonly TestKey[] => places.map((place) => people[place]!);
  const fileOf = ({ version, threshold, roots, signers, expiresAt }: typeof offer extends fc.Arbitrary<infer Offer> ? Offer : never): Uint8Array =>
    trustFile(trustDocument(keysOf(roots), { version, threshold, expiresAt }), keysOf(signers));

  it('D12 never lowers the accepted version, and always keeps one content for a version', () => {
    let steps = 0;
    fc.assert(
      fc.property(fc.array(offer, { minLength: 1, maxLength: 8 }), (offers) => {
        let held: Trust | undefined;
        for (const one of offers) {
          const answer = acceptTrust({ pin, current: held, offered: fileOf(one), now }, ports);
          if (answer.kind === 'refused') continue;
          if (held !== undefined && (answer.trust.version < held.version || (answer.trust.version === held.version && answer.trust.sha256 !== held.sha256))) return false;
          if (held !== undefined && answer.trust.version > held.version) steps += 1;
          held = answer.trust;
        }
        return true;
      }),
      { numRuns: 60 },
    );
    // Else nothing was looked at.
    expect(steps).toBeGreaterThan(5);
  });

  it('answers the same with a signature of a key that is no root', () => {
    const stranger = makeTestKey('ed25519');
    fc.assert(
      fc.property(offer, (one) => {
        const without = fileOf(one);
        const document = trustDocument(keysOf(one.roots), { version: one.version, threshold: one.threshold, expiresAt: one.expiresAt });
        const withStranger = trustFile(document, [...keysOf(one.signers), stranger]);
        expect(wordOf(accept(withStranger))).toBe(wordOf(accept(without)));
        expect(wordOf(accept(withStranger, { current }))).toBe(wordOf(accept(without, { current })));
      }),
      { numRuns: 60 },
    );
  });

  it('never accepts with fewer signatures what it refuses with more', () => {
    fc.assert(
      fc.property(offer, fc.nat(), (one, at) => {
        const fewer = { ...one, signers: one.signers.filter((_, place) => place !== at % one.signers.length) };
        fc.pre(fewer.signers.length > 0);
        for (const held of [undefined, current]) {
          const [more, less] = [one, fewer].map((some) => acceptTrust({ pin, current: held, offered: fileOf(some), now }, ports).kind);
          if (more === 'refused' && less === 'accepted') return false;
        }
        return true;
      }),
      { numRuns: 60 },
    );
  });
});
