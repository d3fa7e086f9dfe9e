/** Services that lie to whoever signs with an identity. No real one does that, so these are made by the test; the honest ones are in test/foreign/keyless.test.ts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonValue, utf8, valueAt } from '#base';
import { nodeCrypto } from '#files';
import { type KeylessOptions, nodeVerifySignature, nodeVerifyWith, signKeyless } from '#keys';
import { readBundle, readTrustedRoot, type TrustedRoot, writeBundle } from '#seal';
import { thresholdsOf, verifyBundle } from '#sigstore';
import { trainingRun } from '../fixtures/training-run.ts';
import {
  certify,
  IDENTITY,
  type JsonAnswer,
  type JsonService,
  oneEntryLog,
  pemIn,
  SIGNER_LINES,
  startJsonService,
  strangeKeyPem,
  trustedRootJson,
} from '../harness/identity-services.ts';
import { answerRequest, certificateFolder, makeCertificate, startTimeServer, type TestCertificate, type TimeServer } from '../harness/time-authority.ts';

const { folder, remove } = certificateFolder();
const CLAIMS = { iss: IDENTITY.issuer, aud: 'sigstore', sub: 'repo:lab/model', exp: 4_000_000_000 };
const TOKEN = [{ alg: 'RS256' }, CLAIMS, {}].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
const log = oneEntryLog();

let authority: TestCertificate;
let stranger: TestCertificate;
let time: readonly TestCertificate[];
let trustedRoot: TrustedRoot;
let timeServer: TimeServer;
let strangeTime: TimeServer;
let services: { readonly fulcio: JsonService; readonly rekor: JsonService };

/** What the services answer; each test may have its own. */
let fulcioSays: (request: JsonValue) => JsonAnswer;
let rekorSays: (request: JsonValue) => JsonAnswer;

const keyIn = (request: JsonValue): string => valueAt(request, '/publicKeyRequest/publicKey/content') as string;
const chain = (...pems: readonly string[]): JsonAnswer => ({ body: JSON.stringify({ signedCertificateDetachedSct: { chain: { certificates: pems } } }) });
const honestFulcio = (request: JsonValue): JsonAnswer => chain(certify(authority, keyIn(request)), pemIn(authority));
const honestRekor = (request: JsonValue): JsonAnswer => ({ status: 201, body: JSON.stringify(log.entry(request)) });

beforeAll(async () => {
  authority = makeCertificate(folder, 'authority', undefined);
  stranger = makeCertificate(folder, 'stranger', undefined);
  const timeRoot = makeCertificate(folder, 'time root', undefined);
  time = [makeCertificate(folder, 'time', timeRoot), timeRoot];
  const reading = readTrustedRoot(utf8(trustedRootJson({ authority: [authority], time, log })), nodeCrypto);
  if (reading.kind === 'rejected') throw new Error(JSON.stringify(reading.problems));
  trustedRoot = reading.value;
  timeServer = await startTimeServer(async (request) => ({ body: await answerRequest(time[0]!, request) }));
  const other = makeCertificate(folder, 'strange time', stranger);
  strangeTime = await startTimeServer(async (request) => ({ body: await answerRequest(other, request) }));
  services = { fulcio: await startJsonService((_, request) => fulcioSays(request)), rekor: await startJsonService((_, request) => rekorSays(request)) };
});

afterAll(async () => {
  await Promise.all([timeServer.stop(), strangeTime.stop(), services.fulcio.stop(), services.rekor.stop()]);
  remove();
});

const signing = (says: { readonly fulcio?: typeof fulcioSays; readonly rekor?: typeof rekorSays } = {}, more: Partial<KeylessOptions> = {}): ReturnType<typeof signKeyless> => {
  fulcioSays = says.fulcio ?? honestFulcio;
  rekorSays = says.rekor ?? honestRekor;
  const urls = { fulcioUrl: services.fulcio.url, rekorUrl: services.rekor.url, timestampUrls: [timeServer.url] };
  return signKeyless(trainingRun(), { ...urls, trustedRoot, env: { SIGSTORE_ID_TOKEN: TOKEN }, ...more });
};

describe('whoever signs with an identity', () => {
  it('gets a bundle that holds, from services that are honest', async () => {
    const sealed = await signing();
    expect(sealed.identity).toEqual(IDENTITY);
    const read = readBundle(writeBundle(sealed));
    if (read.kind === 'rejected') throw new Error(JSON.stringify(read.problems));
    const ports = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith };
    const ask = (by: { readonly issuer: string; readonly subject: string }) =>
      verifyBundle(read.value, { trustedRoot, by: { kind: 'identity', ...by }, thresholds: thresholdsOf(trustedRoot) }, ports);
    expect(ask(IDENTITY).kind).toBe('accepted');
    expect(ask({ ...IDENTITY, issuer: `${IDENTITY.issuer}/` })).toMatchObject({
      kind: 'refused',
      checks: expect.arrayContaining([expect.objectContaining({ name: 'identity', outcome: 'broken' })]),
    });
    expect(ask({ ...IDENTITY, subject: IDENTITY.subject.slice(0, -1) }).kind).toBe('refused');
    expect(ask({ ...IDENTITY, subject: '.*' }).kind).toBe('refused');
  });

  it.each<readonly [string, () => Parameters<typeof signing>, string]>([
    ['another key', () => [{ fulcio: () => chain(certify(authority, strangeKeyPem())) }], 'the certificate authority answers with a certificate for another key'],
    [
      'another authority',
      () => [{ fulcio: (request) => chain(certify(stranger, keyIn(request))) }],
      'does not hold against the trusted root: certificate: the certificate is not of the authority https://authority.example',
    ],
    ['the authority itself', () => [{ fulcio: () => chain(pemIn(authority)) }], 'is one of an authority, not of a signer'],
    [
      'another purpose',
      () => [{ fulcio: (request) => chain(certify(authority, keyIn(request), [SIGNER_LINES[0]!, 'extendedKeyUsage = clientAuth', ...SIGNER_LINES.slice(2)])) }],
      'is not for code signing',
    ],
    [
      'two identities',
      () => [
        {
          fulcio: (request) =>
            chain(
              certify(authority, keyIn(request), [
                ...SIGNER_LINES.filter((line) => !line.startsWith('subjectAltName')),
                'subjectAltName = critical, URI:https://a.example, email:b@lab.example',
              ]),
            ),
        },
      ],
      'names 2 identities',
    ],
    [
      'no issuer of the identity',
      () => [{ fulcio: (request) => chain(certify(authority, keyIn(request), SIGNER_LINES.slice(0, 3))) }],
      'does not say who vouches for its identity',
    ],
    [
      'two issuers of the identity',
      () => [{ fulcio: (request) => chain(certify(authority, keyIn(request), [...SIGNER_LINES, '1.3.6.1.4.1.57264.1.1 = DER:61'])) }],
      'names two issuers of its identity',
    ],
    ['no certificate', () => [{ fulcio: () => ({ body: '{}' }) }], 'answers without a certificate'],
    ['junk', () => [{ fulcio: () => ({ body: 'junk' }) }], 'the certificate authority answers what is no JSON'],
    [
      'words that take the terminal',
      () => [{ fulcio: () => ({ status: 400, body: '{"message":"no\\u001b[2J"}' }) }],
      'the certificate authority refuses (HTTP status 400): no\\x1b[2J',
    ],
    ['an address that everybody can listen to', () => [{}, { fulcioUrl: 'http://authority.example' }], 'the identity token is not sent over http'],
  ])('refuses a certificate authority with %s', async (_, attempt, because) => {
    await expect(signing(...attempt())).rejects.toMatchObject({ code: 'TL1104' });
    await expect(signing(...attempt())).rejects.toThrow(because);
  });

  it.each<readonly [string, (request: JsonValue) => JsonAnswer, string]>([
    [
      'another signature',
      (request) => ({ body: JSON.stringify(log.entry(request, (body) => Object.assign(body['signature'] as object, { content: 'AAAA' }))) }),
      'log: the entry is about another signature',
    ],
    [
      'other bytes',
      (request) => ({ body: JSON.stringify(log.entry(request, (body) => Object.assign(body['data'] as object, { digest: Buffer.alloc(32).toString('base64') }))) }),
      'log: the entry is about another file or statement',
    ],
    ['a log of its own', (request) => ({ body: JSON.stringify(oneEntryLog().entry(request)) }), 'log: the trusted root knows no log'],
    [
      'a place in a larger log',
      (request) => ({ body: JSON.stringify({ ...log.entry(request), logIndex: '1' }) }),
      'log: the entry and its proof are about different places in the log',
    ],
    ['no proof', (request) => ({ body: JSON.stringify({ ...log.entry(request), inclusionProof: null }) }), 'the log answers without an entry and its proof'],
    ['a number that is none', (request) => ({ body: JSON.stringify({ ...log.entry(request), logIndex: '-1' }) }), 'what the services answer makes no bundle'],
  ])('refuses a log that answers with %s', async (_, rekor, because) => {
    await expect(signing({ rekor })).rejects.toThrow(because);
  });

  it.each<readonly [string, () => Partial<KeylessOptions>, string]>([
    ['is nowhere', () => ({ timestampUrls: [] }), 'no time authority is named'],
    ['is not there', () => ({ timestampUrls: ['http://127.0.0.1:1/'] }), 'no time authority dates the signature'],
    ['is one that the root does not know', () => ({ timestampUrls: [strangeTime.url] }), 'does not hold against the trusted root: time'],
  ])('refuses to go without a proven time: the authority %s', async (_, more, because) => {
    await expect(signing({}, more())).rejects.toThrow(because);
  });

  it('E04 signs nothing that trainlock has not built', async () => {
    const copy = { ...trainingRun(), payload: utf8('{}') };
    await expect(signKeyless(copy as never, { fulcioUrl: services.fulcio.url, timestampUrls: [timeServer.url], trustedRoot, env: { SIGSTORE_ID_TOKEN: TOKEN } })).rejects.toThrow(
      TypeError,
    );
  });
});
