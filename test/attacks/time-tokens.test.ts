import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '#files';
import { nodeVerifyWith } from '#keys';
import { checkTimestamp, countAuthorities, readTimestamp, type TimeAuthority, timestampRequest, type TimestampSubject, type TrustedTime } from '#seal';
import { answerRequest, certificateFolder, forgedToken, makeCertificate, SIGNER_EXTENSIONS, type TestCertificate, timeInfo, withoutKeyIds } from '../harness/time-authority.ts';

const { folder, remove } = certificateFolder();
const ports = { crypto: nodeCrypto, verifyWith: nodeVerifyWith };
const SIGNATURE = randomBytes(71);
const NONCE = 0xfedc_ba98_7654_3210n;
const subject: TimestampSubject = { signature: SIGNATURE, nonce: NONCE };

let root: TestCertificate;
let signer: TestCertificate;
let good: Buffer;
let ours: TimeAuthority;

beforeAll(async () => {
  root = makeCertificate(folder, 'root', undefined);
  signer = makeCertificate(folder, 'time authority', root);
  good = await answerRequest(signer, timestampRequest(SIGNATURE, NONCE, nodeCrypto));
  ours = { name: 'ours', certificates: [signer.certificate, root.certificate] };
});

afterAll(remove);

const check = (token: Uint8Array, authorities: readonly TimeAuthority[] = [ours], about: TimestampSubject = { signature: SIGNATURE }) =>
  checkTimestamp(token, about, authorities, ports);

const wordOf = (token: Uint8Array, authorities?: readonly TimeAuthority[], about?: TimestampSubject): string => {
  const found = check(token, authorities, about);
  return found.kind === 'refused' ? found.refusal : found.kind;
};

/** The token inside an answer. */
const tokenIn = (answer: Buffer): Buffer => answer.subarray(answer.indexOf(Buffer.from('06092a864886f70d010702', 'hex')) - 4);

const anyUnder = (certificate: TestCertificate): TimeAuthority => ({ name: 'any signer', certificates: [certificate.certificate] });

const without = (word: string): readonly string[] => SIGNER_EXTENSIONS.filter((line) => !line.includes(word));

describe('a request for a time', () => {
  it('is what openssl reads: SHA-256 of the signature, the nonce, and the wish for the certificate', () => {
    const path = join(folder, 'request.tsq');
    writeFileSync(path, timestampRequest(SIGNATURE, NONCE, nodeCrypto));
    const text = execFileSync('openssl', ['ts', '-query', '-in', path, '-text'], { encoding: 'utf8', stdio: 'pipe' });
    expect(text).toContain('Hash Algorithm: sha256');
    expect(text).toContain('Nonce: 0xFEDCBA9876543210');
    expect(text).toContain('Certificate required: yes');
    const hex = text
      .match(/00[01]0 - [0-9a-f -]{47}/g)
      ?.join('')
      .replace(/00[01]0 - |[ -]/g, '');
    expect(hex).toBe(createHash('sha256').update(SIGNATURE).digest('hex'));
  });
});

describe('a token of a time authority', () => {
  it('gives its time, whether it comes as an answer or bare', () => {
    const held = check(good, [ours], subject);
    expect(held).toMatchObject({ kind: 'held', authority: 'ours', accuracyMs: 1501, certificateSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(check(tokenIn(good), [ours], subject)).toEqual(held);
  });

  it('is found under any of several authorities', () => {
    const stranger = makeCertificate(folder, 'elsewhere', undefined);
    expect(check(good, [anyUnder(stranger), ours])).toMatchObject({ kind: 'held', authority: 'ours' });
  });

  it('may leave out its certificate if that is configured', () => {
    const bare = forgedToken(signer, { signature: SIGNATURE, certificates: [] });
    expect(check(bare)).toMatchObject({ kind: 'held', time: '2026-01-01T00:00:00Z' });
    expect(wordOf(bare, [anyUnder(root)])).toBe('unknown-authority');
  });

  it('may come through an authority in between, from the token or configured', () => {
    const middle = makeCertificate(folder, 'middle', root, {
      extensions: ['basicConstraints = critical, CA:TRUE, pathlen:0', 'keyUsage = critical, keyCertSign', 'subjectKeyIdentifier = hash'],
    });
    const below = makeCertificate(folder, 'below', middle, { key: 'p384' });
    const withMiddle = forgedToken(below, { signature: SIGNATURE, certificates: [below, middle] });
    const alone = forgedToken(below, { signature: SIGNATURE });
    expect(wordOf(withMiddle, [anyUnder(root)])).toBe('held');
    expect(wordOf(alone, [anyUnder(root)])).toBe('unknown-authority');
    expect(wordOf(alone, [{ name: 'below', certificates: [middle.certificate, root.certificate] }])).toBe('held');
    expect(wordOf(withMiddle, [{ name: 'below', certificates: [below.certificate, root.certificate] }])).toBe('held');
  });

  it('may name its certificate by key id, and be signed by RSA or on a larger curve', () => {
    expect(wordOf(forgedToken(signer, { signature: SIGNATURE, flags: ['-cades', '-keyid'] }))).toBe('held');
    for (const key of ['rsa', 'p384', 'p521'] as const) {
      const other = makeCertificate(folder, `signer with ${key}`, root, { key });
      expect(wordOf(forgedToken(other, { signature: SIGNATURE }), [anyUnder(root)])).toBe('held');
    }
  });

  it('keeps the fraction of its time', () => {
    expect(check(forgedToken(signer, { signature: SIGNATURE, time: '20260203040506.789012Z' }))).toMatchObject({
      time: '2026-02-03T04:05:06.789012Z',
      timeMs: Date.UTC(2026, 1, 3, 4, 5, 6, 789),
    });
  });
});

describe('D07 a token is refused', () => {
  it('D07 that dates other data', () => {
    expect(wordOf(good, [ours], { signature: randomBytes(71) })).toBe('other-imprint');
    expect(wordOf(good, [ours], { signature: SIGNATURE.subarray(0, 70) })).toBe('other-imprint');
  });

  it('D07 that answers another request', () => {
    expect(wordOf(good, [ours], { signature: SIGNATURE, nonce: NONCE + 1n })).toBe('other-nonce');
    expect(wordOf(forgedToken(signer, { signature: SIGNATURE }), [ours], subject)).toBe('other-nonce');
  });

  it.each([
    ['has no purpose', without('extendedKeyUsage')],
    ['is for servers', [...without('extendedKeyUsage'), 'extendedKeyUsage = critical, serverAuth']],
    ['is for anything', [...without('extendedKeyUsage'), 'extendedKeyUsage = critical, anyExtendedKeyUsage']],
    ['is for time stamps and more', [...without('extendedKeyUsage'), 'extendedKeyUsage = critical, timeStamping, codeSigning']],
    ['is for time stamps, but not critically', [...without('extendedKeyUsage'), 'extendedKeyUsage = timeStamping']],
    [
      'has a key that may not sign',
      [...without('keyUsage').filter((line) => !line.startsWith('keyUsage')), 'extendedKeyUsage = critical, timeStamping', 'keyUsage = critical, keyAgreement'],
    ],
  ])('D07 whose certificate %s', (_what, extensions) => {
    const other = makeCertificate(folder, 'not for time stamps', root, { extensions: [...new Set(extensions)] });
    expect(wordOf(forgedToken(other, { signature: SIGNATURE }), [anyUnder(root)])).toBe('not-for-timestamps');
    expect(wordOf(forgedToken(other, { signature: SIGNATURE }), [{ name: 'pinned', certificates: [other.certificate] }])).toBe('not-for-timestamps');
  });

  it.each([
    ['was expired', '20250101000001Z', 'expired'],
    ['was expired by half a second', '20250101000000.5Z', 'expired'],
    ['was in its last second', '20250101000000Z', 'held'],
    ['was in its first second', '20240601000000Z', 'held'],
    ['was not yet valid', '20240531235959Z', 'not-yet-valid'],
  ])('D07 whose certificate %s', (_what, time, word) => {
    const short = makeCertificate(folder, 'short', root, { from: '20240601000000Z', until: '20250101000000Z' });
    expect(wordOf(forgedToken(short, { signature: SIGNATURE, time }), [anyUnder(root)])).toBe(word);
    expect(wordOf(forgedToken(short, { signature: SIGNATURE, time }), [{ name: 'pinned', certificates: [short.certificate] }])).toBe(word);
  });

  it('D07 whose root was expired, even if its own certificate was not', () => {
    const old = makeCertificate(folder, 'old root', undefined, { until: '20250101000000Z' });
    const young = makeCertificate(folder, 'outlives its root', old);
    expect(wordOf(forgedToken(young, { signature: SIGNATURE }), [anyUnder(old)])).toBe('expired');
    expect(wordOf(forgedToken(young, { signature: SIGNATURE, time: '20241231000000Z' }), [anyUnder(old)])).toBe('held');
  });

  it.each([
    [{ validFrom: '2026-01-01T00:00:00Z', validUntil: '2026-01-01T00:00:00Z' }, 'held'],
    [{ validFrom: '2026-01-01T01:00:00+01:00' }, 'held'],
    [{ validFrom: '2026-01-01T00:00:00.001Z' }, 'outside-window'],
    [{ validUntil: '2025-12-31T23:59:59.999Z' }, 'outside-window'],
    [{ validUntil: 'for ever' }, 'outside-window'],
    [{ validFrom: '' }, 'outside-window'],
  ] as const)('D07 at a time outside the window of the authority: %j is %s', (window, word) => {
    expect(wordOf(forgedToken(signer, { signature: SIGNATURE }), [{ ...ours, ...window }])).toBe(word);
  });

  it('D07 of another authority', () => {
    const otherRoot = makeCertificate(folder, 'other root', undefined);
    const other = makeCertificate(folder, 'time authority', otherRoot);
    expect(wordOf(forgedToken(other, { signature: SIGNATURE, certificates: [other, otherRoot] }))).toBe('unknown-authority');
    expect(wordOf(good, [])).toBe('unknown-authority');
    expect(wordOf(good, [{ name: 'empty', certificates: [] }])).toBe('unknown-authority');
  });

  it('D07 of another authority that has the name of ours', () => {
    const twin = makeCertificate(folder, 'root', undefined);
    const other = makeCertificate(folder, 'time authority', twin);
    expect(wordOf(forgedToken(other, { signature: SIGNATURE, certificates: [other, twin] }))).toBe('unknown-authority');
    expect(wordOf(forgedToken(other, { signature: SIGNATURE, certificates: [other, twin] }), [anyUnder(root)])).toBe('unknown-authority');
    // Without key ids only the signature tells the two apart.
    const plain = makeCertificate(folder, 'time authority', twin, { extensions: withoutKeyIds(SIGNER_EXTENSIONS) });
    expect(wordOf(forgedToken(plain, { signature: SIGNATURE, certificates: [plain, twin] }), [anyUnder(root)])).toBe('unknown-authority');
  });

  it('D07 of another signer than the one that is configured, under the same root', () => {
    const sibling = makeCertificate(folder, 'sibling', root);
    expect(wordOf(forgedToken(sibling, { signature: SIGNATURE }))).toBe('unknown-authority');
    expect(wordOf(forgedToken(sibling, { signature: SIGNATURE }), [anyUnder(root)])).toBe('held');
  });

  it('D07 of a stranger who signs for himself', () => {
    const stranger = makeCertificate(folder, 'stranger', undefined, { extensions: SIGNER_EXTENSIONS.filter((line) => !line.startsWith('authority')) });
    expect(wordOf(forgedToken(stranger, { signature: SIGNATURE }))).toBe('unknown-authority');
    expect(wordOf(forgedToken(stranger, { signature: SIGNATURE }), [{ name: 'he', certificates: [stranger.certificate] }])).toBe('held');
  });

  it('D07 of a signer whose certificate was issued by one that may not issue any', () => {
    const below = makeCertificate(folder, 'issued by a signer', signer);
    expect(wordOf(forgedToken(below, { signature: SIGNATURE, certificates: [below, signer] }), [anyUnder(root)])).toBe('bad-certificate');
  });

  it('D07 that was signed for another certificate of the same key', () => {
    const twin = makeCertificate(folder, 'twin', root, { keyPath: signer.keyPath });
    const bound = forgedToken(signer, { signature: SIGNATURE });
    const loose = forgedToken(signer, { signature: SIGNATURE, flags: ['-keyid'], certificates: [twin] });
    expect(wordOf(loose, [anyUnder(root)])).toBe('held');
    expect(wordOf(bound, [anyUnder(root)])).toBe('held');
    expect(wordOf(forgedToken(signer, { signature: SIGNATURE, flags: ['-cades', '-keyid'], certificates: [twin] }), [anyUnder(root)])).toBe('other-certificate');
  });

  it.each([
    ['bytes behind it', () => Buffer.concat([good, Buffer.of(0)])],
    ['another answer behind it', () => Buffer.concat([good, good])],
    ['its last byte cut off', () => good.subarray(0, -1)],
    ['no bytes', () => Buffer.alloc(0)],
    ['more bytes than any token', () => Buffer.alloc(70_000, 0x30)],
    ['another type of content', () => forgedToken(signer, { signature: SIGNATURE, contentType: '1.2.840.113549.1.7.1' })],
    ['a signature that was made over another type of content', () => retyped(forgedToken(signer, { signature: SIGNATURE, contentType: '1.2.840.113549.1.9.16.1.5' }))],
    ['no signed attributes', () => forgedToken(signer, { signature: SIGNATURE, flags: ['-noattr'] })],
    ['two signers', () => forgedToken(signer, { signature: SIGNATURE, flags: ['-cades', '-signer', root.pemPath, '-inkey', root.keyPath] })],
    ['BER instead of DER', () => forgedToken(signer, { signature: SIGNATURE, flags: ['-cades', '-stream', '-indef'] })],
    ['a time that does not exist', () => forgedToken(signer, { signature: SIGNATURE, time: '20260229000000Z' })],
    ['a time in a zone', () => forgedToken(signer, { signature: SIGNATURE, time: '20260101000000+0100' })],
    ['a critical extension', () => forgedToken(signer, { signature: SIGNATURE, more: Buffer.from('a10e300c06032a03040101ff0402' + '0500', 'hex') })],
    ['junk in its TSTInfo', () => forgedToken(signer, { signature: SIGNATURE, content: Buffer.concat([timeInfo({ signature: SIGNATURE }), Buffer.of(0)]) })],
    ['a weak digest', () => forgedToken(signer, { signature: SIGNATURE, flags: ['-cades', '-md', 'sha1'] })],
  ])('D07 that has %s', (_what, token) => {
    expect(wordOf(token())).toBe('malformed');
  });

  it.each([
    ['in what is signed, where the certificate is configured', true],
    ['anywhere but in the status, where only the root is configured', false],
  ])('D07 with any bit changed %s, and never with an exception', (_where, isConfigured) => {
    const authorities = [isConfigured ? ours : anyUnder(root)];
    const isSigned = isConfigured ? signedPart(good) : (at: number): boolean => at !== STATUS_AT;
    const held: string[] = [];
    for (let at = 0; at < good.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const copy = Buffer.from(good);
        copy[at]! ^= 1 << bit;
        if (check(copy, authorities, subject).kind === 'held' && isSigned(at)) held.push(`byte ${at} bit ${bit}`);
      }
    }
    expect(held).toEqual([]);
  });

  it('D07 counted once, if it is there twice or is of one certificate or authority', async () => {
    const again = await answerRequest(signer, timestampRequest(SIGNATURE, 1n, nodeCrypto));
    const second = makeCertificate(folder, 'second signer', root);
    const elsewhere = makeCertificate(folder, 'elsewhere', undefined);
    const independent = makeCertificate(folder, 'independent', elsewhere);
    const authorities = [anyUnder(root), { name: 'independent', certificates: [independent.certificate, elsewhere.certificate] }];
    const held = (token: Uint8Array): TrustedTime => {
      const found = check(token, authorities);
      if (found.kind === 'refused') throw new Error(found.because);
      return found;
    };
    const other = held(forgedToken(independent, { signature: SIGNATURE }));
    expect(countAuthorities([])).toBe(0);
    expect(countAuthorities([held(good), held(good)])).toBe(1);
    expect(countAuthorities([held(good), held(again)])).toBe(1);
    expect(countAuthorities([held(good), held(forgedToken(second, { signature: SIGNATURE }))])).toBe(1);
    expect(countAuthorities([held(good), { ...held(good), authority: 'the same under another name' }])).toBe(1);
    expect(countAuthorities([held(good), other, held(again)])).toBe(2);
  });
});

/** The type of the content is named twice, and only the second time in what is signed: the first is changed. */
const retyped = (token: Buffer): Buffer => {
  const hex = token.toString('hex');
  const at = hex.indexOf('060b2a864886f70d0109100105');
  return Buffer.from(`${hex.slice(0, at)}060b2a864886f70d0109100104${hex.slice(at + 26)}`, 'hex');
};

/** Granted, and granted with changes, differ in one bit in front of the token, which nobody signs. */
const STATUS_AT = 8;

/** Which bytes of an answer the signer's signature protects: everything except the status and what is not signed beside it. */
const signedPart = (answer: Buffer): ((at: number) => boolean) => {
  const read = readTimestamp(answer);
  if (read.kind === 'rejected') throw new Error(read.problems[0]?.message);
  const { content, signer: info } = read.value.signed;
  const ranges = [Buffer.from(content), Buffer.from(info.attributes.subarray(1)), Buffer.from(info.signature)].map((part) => [answer.indexOf(part), part.length] as const);
  if (ranges.some(([start]) => start < 0)) throw new Error('a signed part was not found in the answer');
  return (at) => ranges.some(([start, length]) => at >= start && at < start + length);
};

describe('the reader of tokens', () => {
  it('never throws on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(readTimestamp(bytes).kind).toBe('rejected');
      }),
    );
  });

  it('never throws on a good token that was changed in several places, cut or grown', () => {
    const change = fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'insert', 'remove'));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = [...good];
        for (const [where, value, how] of changes) bytes.splice(where % bytes.length, how === 'insert' ? 0 : 1, ...(how === 'remove' ? [] : [value]));
        expect(['held', 'refused']).toContain(check(Uint8Array.from(bytes)).kind);
      }),
      { numRuns: 1500 },
    );
  });
});
