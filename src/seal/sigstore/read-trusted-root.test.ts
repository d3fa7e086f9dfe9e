import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Crypto, utf8 } from '#base';
import { readTrustedRoot } from './read-trusted-root.ts';

const crypto: Crypto = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  hmacSha256: (key, bytes) => createHmac('sha256', key).update(bytes).digest(),
};

const spki = (kind: 'ed25519' | 'p256' | 'rsa'): string => {
  const { publicKey } =
    kind === 'ed25519' ? generateKeyPairSync('ed25519') : kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
};

type Member = Readonly<Record<string, unknown>>;

const key = (more: Member = {}, kind: 'ed25519' | 'p256' | 'rsa' = 'ed25519'): Member => ({
  rawBytes: spki(kind),
  keyDetails: 'PKIX_ED25519',
  validFor: { start: '2025-01-01T00:00:00Z' },
  ...more,
});
const log = (more: Member = {}): Member => ({
  baseUrl: 'https://rekor.example',
  hashAlgorithm: 'SHA2_256',
  publicKey: key(),
  logId: { keyId: Buffer.alloc(32, 7).toString('base64') },
  ...more,
});
const root = (more: Member = {}): Member => ({ mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1', tlogs: [log()], ...more });

const read = (document: unknown): ReturnType<typeof readTrustedRoot> => readTrustedRoot(utf8(JSON.stringify(document)), crypto);

describe('a trusted root', () => {
  it.each([
    'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    'application/vnd.dev.sigstore.trustedroot.v0.1+json',
    'application/vnd.dev.sigstore.trustedroot.v0.2+json',
  ])('of the form %s is read', (mediaType) => {
    const reading = read(root({ mediaType, tlogs: [log({ operator: 'lab.example', checkpointKeyId: { keyId: 'AAECAw==' } })] }));
    expect(reading).toMatchObject({
      kind: 'accepted',
      value: { logs: [{ name: 'https://rekor.example', operator: 'lab.example', window: { from: { text: '2025-01-01T00:00:00Z' } } }], certificateLogs: [] },
    });
    expect(reading.kind === 'accepted' && [...reading.value.logs[0]!.checkpointKeyId]).toEqual([0, 1, 2, 3]);
  });

  it('keeps a key that nothing is checked with any more, and says why', () => {
    expect(read(root({ ctlogs: [log({ publicKey: key({}, 'rsa') })] }))).toMatchObject({
      kind: 'accepted',
      value: { certificateLogs: [{ key: { kind: 'unusable', because: expect.stringContaining('2048 bits') } }] },
    });
  });

  it.each<readonly [string, Member, string, string]>([
    ['another form', root({ mediaType: 'application/json' }), '/mediaType', 'is not that of a trusted root'],
    ['a member that is not known', root({ tlog: [] }), '/tlog', 'is not known'],
    ['a log with a member that is not known', root({ tlogs: [log({ baseURL: 'x' })] }), '/tlogs/0/baseURL', 'is not known'],
    ['a log without a beginning', root({ tlogs: [log({ publicKey: key({ validFor: { end: '2026-01-01T00:00:00Z' } }) })] }), '/tlogs/0/publicKey/validFor/start', 'is missing'],
    ['a log without a time', root({ tlogs: [log({ publicKey: { rawBytes: spki('p256'), keyDetails: 'x' } })] }), '/tlogs/0/publicKey/validFor', 'is missing'],
    [
      'a log that ends before it begins',
      root({ tlogs: [log({ publicKey: key({ validFor: { start: '2026-01-01T00:00:00Z', end: '2025-01-01T00:00:00Z' } }) })] }),
      '/tlogs/0/publicKey/validFor',
      'ends before it begins',
    ],
    ['a moment that is none', root({ tlogs: [log({ publicKey: key({ validFor: { start: 'soon' } }) })] }), '/tlogs/0/publicKey/validFor/start', 'is not a moment'],
    ['a log of another digest', root({ tlogs: [log({ hashAlgorithm: 'SHA2_384' })] }), '/tlogs/0/hashAlgorithm', 'is not SHA2_256'],
    ['junk in base64', root({ tlogs: [log({ logId: { keyId: 'AAAA!' } })] }), '/tlogs/0/logId/keyId', 'is not standard base64'],
    ['an id that is too short', root({ tlogs: [log({ logId: { keyId: 'AAA=' } })] }), '/tlogs/0/logId/keyId', 'length of an id'],
    [
      'an authority without certificates',
      root({ certificateAuthorities: [{ uri: 'x', certChain: { certificates: [] }, validFor: { start: '2025-01-01T00:00:00Z' } }] }),
      '/certificateAuthorities/0/certChain/certificates',
      'holds no certificate',
    ],
    [
      'an authority without a beginning',
      root({ timestampAuthorities: [{ uri: 'x', certChain: { certificates: [{ rawBytes: 'MAA=' }] } }] }),
      '/timestampAuthorities/0/validFor',
      'is missing',
    ],
    [
      'a certificate that is none',
      root({ certificateAuthorities: [{ uri: 'x', certChain: { certificates: [{ rawBytes: 'MAA=' }] }, validFor: { start: '2025-01-01T00:00:00Z' } }] }),
      '/certificateAuthorities/0/certChain/certificates/0',
      'is not X.509',
    ],
    ['control characters in a name', root({ tlogs: [log({ baseUrl: 'https://a\u001b[31m' })] }), '/tlogs/0/baseUrl', 'is not text of one line'],
    ['a list that is none', root({ tlogs: {} }), '/tlogs', 'is not an array'],
  ])('with %s is refused', (_, document, pointer, because) => {
    const reading = read(document);
    expect(reading).toMatchObject({ kind: 'rejected', problems: expect.arrayContaining([expect.objectContaining({ pointer, message: expect.stringContaining(because) })]) });
  });

  it('is never thrown at', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => utf8(text)),
        ),
        (bytes) => void readTrustedRoot(bytes, crypto),
      ),
    );
  });
});
