import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonicalJson, concatBytes, toBase64, toHex, utf8 } from '#base';
import { ed25519Raw, pemOf } from '#seal';
import { makeTestKey, ports, rootOf, trustDocument } from '../../test/fixtures/trust-files.ts';
import type { TrustDocument } from './generated/trust-types.ts';
import { readTrust } from './read-trust.ts';

const [ann, ben, kim] = [makeTestKey(), makeTestKey('ed25519'), makeTestKey()];
const noteKeyOf = (name: string, kind: number, raw: Uint8Array): string => {
  const bytes = concatBytes(Uint8Array.of(kind), raw);
  return `${name}+${toHex(ports.crypto.sha256(concatBytes(utf8(`${name}\n`), bytes))).slice(0, 8)}+${toBase64(bytes)}`;
};
const [logRaw, witnessRaw] = [ed25519Raw(makeTestKey('ed25519').publicKey), ed25519Raw(makeTestKey('ed25519').publicKey)];
const certificate = pemOf('CERTIFICATE', Uint8Array.of(0x30, 0));
const otherCertificate = pemOf('CERTIFICATE', Uint8Array.of(0x30, 1, 0));

const full: TrustDocument = trustDocument([ann, ben], {
  threshold: 2,
  version: 2,
  previousSha256: 'a'.repeat(64),
  signers: [
    {
      name: 'kim',
      person: 'kim@example.com',
      kind: 'person',
      keys: [{ publicKey: kim.pem, validFrom: '2026-01-01T00:00:00Z', validUntil: '2026-12-31T00:00:00Z' }],
      roles: ['approver-data'],
      statementTypes: ['https://example.com/approval/v0'],
      environments: ['production'],
    },
    {
      name: 'ci',
      kind: 'service',
      identities: [
        { issuer: 'https://issuer.example.com', subject: 'train.yml@main', revoked: { at: '2026-05-01T00:00:00Z', reason: 'moved', compromisedSince: '2026-04-01T00:00:00Z' } },
      ],
      roles: ['signer'],
      statementTypes: ['https://trainlock.dev/training-run/v0'],
    },
  ],
  timeAuthorities: [{ name: 'tsa', url: 'https://tsa.example.com', certificateChain: [certificate, otherCertificate] }],
  logs: [{ origin: 'example.com/log', key: noteKeyOf('example.com/log', 1, logRaw) }],
  witnesses: [{ name: 'audit', key: noteKeyOf('audit', 4, witnessRaw) }],
});

type Draft<T> = T extends readonly (infer Item)[] ? Draft<Item>[] : T extends object ? { -readonly [K in keyof T]: Draft<T[K]> } : T;
const problemsAfter = (edit: (document: Draft<TrustDocument>) => void): readonly string[] => {
  const copy = structuredClone(full) as unknown as Draft<TrustDocument>;
  edit(copy);
  const reading = readTrust(canonicalJson(copy), ports.crypto);
  return reading.kind === 'accepted' ? ['accepted'] : reading.problems.map(({ pointer, message }) => `${pointer} ${message}`);
};
const setKey = (document: Draft<TrustDocument>, publicKey: string): void => void (document.signers[0]!.keys![0]!.publicKey = publicKey);
const p384 = createPublicKey(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey).export({ type: 'spki', format: 'pem' }) as string;
const rsa2048 = createPublicKey(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey).export({ type: 'spki', format: 'pem' }) as string;

describe('readTrust', () => {
  it('reads everything a trust document can say', () => {
    const reading = readTrust(canonicalJson(full), ports.crypto);
    if (reading.kind === 'rejected') throw new Error(JSON.stringify(reading.problems));
    const trust = reading.value;
    expect(trust).toMatchObject({ version: 2, threshold: 2, previousSha256: 'a'.repeat(64), sha256: toHex(ports.crypto.sha256(canonicalJson(full))) });
    expect(trust.roots.map(({ key }) => key.keyId)).toEqual([ann.keyId, ben.keyId]);
    expect(trust.keys.get(kim.keyId)).toMatchObject({ signer: { name: 'kim', person: 'kim@example.com' }, bounds: { validUntil: '2026-12-31T00:00:00Z' } });
    expect([...trust.identities.values()]).toMatchObject([{ signer: { name: 'ci' }, bounds: { revoked: { reason: 'moved' } } }]);
    expect(trust.timeAuthorities).toEqual([{ name: 'tsa', url: 'https://tsa.example.com', certificates: [Uint8Array.of(0x30, 0), Uint8Array.of(0x30, 1, 0)] }]);
    expect(trust.logs[0]!.key).toMatchObject({ name: 'example.com/log', use: 'signature', publicKey: logRaw });
    expect(trust.witnesses[0]!.key).toMatchObject({ name: 'audit', use: 'cosignature', publicKey: witnessRaw });
  });

  it('reads the example of its schema, and a document as a person writes it', () => {
    const { examples } = JSON.parse(readFileSync('schema/trust/v0.schema.json', 'utf8')) as { examples: unknown[] };
    expect(readTrust(utf8(JSON.stringify(examples[0], null, 2)), ports.crypto).kind).toBe('accepted');
  });

  it.each<readonly [string, (document: Draft<TrustDocument>) => void, string]>([
    ['a member that is not known', (document) => Object.assign(document, { treshold: 1 }), '/treshold the key "treshold" is not known here'],
    ['a role that is not known', (document) => (document.signers[0]!.roles = ['approver' as 'signer']), '/signers/0/roles/0 "approver" is not one of initiator, signer'],
    ['a newer major version', (document) => (document.schemaVersion = '1.0'), '/schemaVersion "1.0" does not have the right form'],
    ['a version of zero', (document) => (document.version = 0), '/version 0 must be at least 1'],
    ['D12 a threshold of zero', (document) => (document.threshold = 0), '/threshold 0 must be at least 1'],
    ['D12 a threshold above the number of roots', (document) => (document.threshold = 3), '/threshold asks for 3 roots, but there are 2'],
    ['D12 a root that stands there twice', (document) => (document.roots[1] = rootOf(ann, 'other')), '/roots/1/publicKey is a root already'],
    ['two roots with one name', (document) => (document.roots[1]!.name = document.roots[0]!.name), '/roots/1/name is the name of a root already'],
    ['A07 a key id of another key', (document) => (document.roots[0]!.keyId = ben.keyId), `/roots/0/keyId is not the id of the key beside it, which is ${ann.keyId}`],
    ['a time that the calendar lacks', (document) => (document.issuedAt = '2026-02-30T00:00:00Z'), '/issuedAt is no moment of the calendar'],
    ['D12 a file that expires before it is issued', (document) => (document.expiresAt = document.issuedAt), '/expiresAt is not after 2026-01-01T00:00:00Z'],
    ['a first version with one before it', (document) => (document.version = 1), '/previousSha256 the first version has none before it'],
    ['A02 a key on the curve P-384', (document) => setKey(document, p384), '/signers/0/keys/0/publicKey the key is on the curve P-384'],
    ['A02 a key of RSA with 2048 bits', (document) => setKey(document, rsa2048), '/signers/0/keys/0/publicKey the key has 2048 bits of RSA'],
    [
      'a private key',
      (document) => setKey(document, '-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n'),
      '/signers/0/keys/0/publicKey the key is not one block of PEM with the label PUBLIC KEY',
    ],
    ['a key of two signers', (document) => (document.signers[1]!.keys = [{ publicKey: kim.pem }]), '/signers/1/keys/0/publicKey belongs to the signer kim already'],
    ['a key twice for one signer', (document) => document.signers[0]!.keys!.push({ publicKey: kim.pem }), '/signers/0/keys/1/publicKey belongs to this signer already'],
    [
      'an identity of two signers',
      (document) => (document.signers[0]!.identities = [{ issuer: 'https://issuer.example.com', subject: 'train.yml@main' }]),
      '/signers/1/identities/0 belongs to the signer kim already',
    ],
    ['a signer with nothing to sign with', (document) => delete document.signers[0]!.keys, '/signers/0 has neither a key nor an identity'],
    ['two signers with one name', (document) => (document.signers[1]!.name = 'kim'), '/signers/1/name is the name of a signer already'],
    ['E06 no role', (document) => (document.signers[0]!.roles = []), '/signers/0/roles a list of 0 has fewer than 1 entries'],
    ['E06 no statement type', (document) => (document.signers[0]!.statementTypes = []), '/signers/0/statementTypes a list of 0 has fewer than 1 entries'],
    ['E06 an empty list of environments', (document) => (document.signers[0]!.environments = []), '/signers/0/environments a list of 0 has fewer than 1 entries'],
    ['a role twice', (document) => document.signers[0]!.roles.push('approver-data'), '/signers/0/roles/1 stands here twice'],
    ['a pattern instead of a statement type', (document) => (document.signers[0]!.statementTypes = ['.*']), '/signers/0/statementTypes/0 ".*" does not have the right form'],
    [
      'D07 a key that ends before it begins',
      (document) => (document.signers[0]!.keys![0]!.validUntil = '2025-12-31T00:00:00Z'),
      '/signers/0/keys/0/validUntil is not after 2026-01-01T00:00:00Z',
    ],
    [
      'a compromise after the revocation',
      (document) => (document.signers[1]!.identities![0]!.revoked!.compromisedSince = '2026-06-01T00:00:00Z'),
      '/signers/1/identities/0/revoked/compromisedSince is after 2026-05-01T00:00:00Z',
    ],
    [
      'a revocation at no moment',
      (document) => (document.signers[1]!.identities![0]!.revoked!.at = '2026-05-32T00:00:00Z'),
      '/signers/1/identities/0/revoked/at is no moment of the calendar',
    ],
    [
      'D07 one authority under two names',
      (document) => document.timeAuthorities!.push({ name: 'other', certificateChain: [certificate] }),
      '/timeAuthorities/1/certificateChain/0 is the certificate of a time authority already',
    ],
    [
      'a certificate that is none',
      (document) => (document.timeAuthorities![0]!.certificateChain[1] = kim.pem),
      '/timeAuthorities/0/certificateChain/1 is not one block of PEM with the label CERTIFICATE',
    ],
    ['D03 a note key with the key id of another', (document) => (document.logs![0]!.key = document.logs![0]!.key.replace('example.com', 'example.org')), '/logs/0/key the id '],
    [
      'D03 a note key with a wide space in its name',
      (document) => (document.logs![0]!.key = noteKeyOf('my\u3000log', 1, logRaw)),
      '/logs/0/key the name of the key is empty or has spaces, a plus or control characters',
    ],
    [
      'D03 a note key with a name of more than 255 bytes',
      (document) => (document.logs![0]!.key = noteKeyOf('ä'.repeat(128), 1, logRaw)),
      '/logs/0/key the name of the key is empty or has spaces, a plus or control characters',
    ],
    [
      'D03 a note key with a space in its name',
      (document) => (document.logs![0]!.key = noteKeyOf('my log', 1, logRaw)),
      '/logs/0/key the name of the key is empty or has spaces, a plus or control characters',
    ],
    ['A02 a note key of small order', (document) => (document.logs![0]!.key = noteKeyOf('log', 1, new Uint8Array(32))), '/logs/0/key the key has small order'],
    ['a note key of a kind that is not known', (document) => (document.logs![0]!.key = noteKeyOf('log', 2, logRaw)), '/logs/0/key keys of type 2 are not supported'],
    ['a log with a key for cosignatures', (document) => (document.logs![0]!.key = noteKeyOf('log', 4, logRaw)), '/logs/0/key is a key for cosignatures'],
    [
      'a witness with the key of a log',
      (document) => (document.witnesses![0]!.key = noteKeyOf('audit', 1, witnessRaw)),
      '/witnesses/0/key is a key of a log, not for cosignatures',
    ],
    [
      'D04 one witness under two names',
      (document) => document.witnesses!.push({ name: 'other', key: noteKeyOf('other', 4, witnessRaw) }),
      '/witnesses/1/key is the key of a witness already',
    ],
    ['D04 a log that is its own witness', (document) => (document.witnesses![0]!.key = noteKeyOf('audit', 4, logRaw)), '/witnesses/0/key is the key of a log'],
  ])('rejects %s', (_, edit, problem) => {
    expect(problemsAfter(edit).map((text) => text.slice(0, problem.length))).toContain(problem);
  });

  it('tells every problem at once, with its line', () => {
    const document = { ...full, threshold: 9, expiresAt: full.issuedAt };
    const reading = readTrust(utf8(JSON.stringify(document, null, 2)), ports.crypto);
    expect(reading.kind === 'rejected' && reading.problems.map(({ pointer, line }) => [pointer, line])).toEqual([
      ['/expiresAt', 5],
      ['/threshold', 6],
    ]);
  });

  it('takes a broken key for broken, and not also for one that stands there twice', () => {
    expect(
      problemsAfter((document) => {
        document.roots[0]!.publicKey = 'junk';
        document.roots[1]!.publicKey = 'junk';
      }),
    ).toEqual(['/roots/0/publicKey the key is not one block of PEM with the label PUBLIC KEY', '/roots/1/publicKey the key is not one block of PEM with the label PUBLIC KEY']);
  });

  it('B04 looks at no more than 1024 keys of signers', () => {
    const keys = Array.from({ length: 64 }, () => ({ publicKey: 'x' }));
    const signers = Array.from({ length: 17 }, (_, at) => ({ name: `signer ${at}`, kind: 'machine', keys, roles: ['signer'], statementTypes: ['a:b'] }));
    expect(readTrust(utf8(JSON.stringify({ ...full, signers })), ports.crypto)).toEqual({
      kind: 'rejected',
      problems: [{ pointer: '/signers', message: 'the signers have 1088 keys; at most 1024 are read' }],
    });
  });

  it('allows the key of a root for a signer: a person alone has one key', () => {
    expect(problemsAfter((document) => setKey(document, ann.pem))).toEqual(['accepted']);
  });
});
