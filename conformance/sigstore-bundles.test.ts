import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot as ProtobufRoot } from '@sigstore/protobuf-specs';
import seeds from '@sigstore/tuf/seeds.json' with { type: 'json' };
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature, nodeVerifyWith } from '#keys';
import { readBundle, readPublicKeyPem, readTrustedRoot, type TrustedRoot } from '#seal';
import { type AskedSigner, type BundleTime, USUAL_THRESHOLDS, verifyBundle } from '#sigstore';
import { findSigner, identifySigner, type SignerFinding } from '#verify';
import { vectorsOf } from './foreign-vectors.ts';

const suite = vectorsOf('sigstore-conformance');
const ROOT = join(suite ?? '', 'test/assets/bundle-verify');

const PORTS = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith };

/** The identity that signed everything in the suite that does not say otherwise. Source: sigstore-conformance, test/conftest.py. */
const IDENTITY = 'https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main';
const ISSUER = 'https://token.actions.githubusercontent.com';

/** The trusted root of the public instance, out of the seeds of a package: cases without one of their own are about it. */
const publicRoot = (): Buffer => Buffer.from(seeds['https://tuf-repo-cdn.sigstore.dev'].targets['trusted_root.json'], 'base64');

type Case = { readonly bundle: Buffer; readonly root: Buffer; readonly artifact: Buffer; readonly identity: string; readonly issuer: string; readonly key: string | undefined };

const caseOf = (name: string): Case => {
  const at = (leaf: string): string => join(ROOT, name, leaf);
  const text = (leaf: string, otherwise: string): string => (existsSync(at(leaf)) ? readFileSync(at(leaf), 'utf8').trim() : otherwise);
  return {
    bundle: readFileSync(at('bundle.sigstore.json')),
    root: existsSync(at('trusted_root.json')) ? readFileSync(at('trusted_root.json')) : publicRoot(),
    artifact: readFileSync(existsSync(at('artifact')) ? at('artifact') : join(ROOT, 'a.txt')),
    identity: text('identity', IDENTITY),
    issuer: text('issuer', ISSUER),
    key: existsSync(at('key.pub')) ? readFileSync(at('key.pub'), 'utf8') : undefined,
  };
};

const readRoot = (bytes: Uint8Array): TrustedRoot => {
  const reading = readTrustedRoot(bytes, nodeCrypto);
  if (reading.kind === 'rejected') throw new Error(JSON.stringify(reading.problems));
  return reading.value;
};

/** accepted, or what refused it: a bundle or key that cannot be read, or the checks that did not hold with their reasons. */
const ours = (one: Case): { readonly kind: 'accepted' | 'refused'; readonly because: string } => {
  const { kind, because } = judged(one);
  return { kind, because };
};

const judged = ({
  bundle,
  root,
  artifact,
  identity,
  issuer,
  key,
}: Case): { readonly kind: 'accepted' | 'refused'; readonly because: string; readonly times: readonly BundleTime[] } => {
  const read = readBundle(bundle);
  if (read.kind === 'rejected') return { kind: 'refused', because: `bundle: ${read.problems[0]?.pointer ?? ''} ${read.problems[0]?.message ?? ''}`, times: [] };
  const named = key === undefined ? undefined : readPublicKeyPem(key, nodeCrypto);
  if (named?.kind === 'rejected') return { kind: 'refused', because: `key: ${named.problems[0]?.message ?? ''}`, times: [] };
  const by: AskedSigner = named === undefined ? { kind: 'identity', issuer, subject: identity } : { kind: 'key', key: named.value };
  const { kind, checks, times } = verifyBundle(read.value, { trustedRoot: readRoot(root), by, artifact, thresholds: USUAL_THRESHOLDS }, PORTS);
  return { kind, because: checks.flatMap(({ name, outcome, because }) => (outcome === 'broken' || outcome === 'unknown' ? [`${name}: ${because}`] : [])).join('; '), times };
};

/** What the library of Sigstore for JavaScript says. */
const theirs = ({ bundle, root, artifact, identity, issuer, key }: Case): string => {
  try {
    const material = toTrustMaterial(
      ProtobufRoot.fromJSON(JSON.parse(root.toString())),
      key === undefined ? undefined : () => ({ publicKey: createPublicKey(key), validFor: () => true }),
    );
    new Verifier(material, { ctlogThreshold: key === undefined ? 1 : 0 }).verify(
      toSignedEntity(bundleFromJSON(JSON.parse(bundle.toString())), artifact),
      key === undefined ? { subjectAlternativeName: identity, extensions: { issuer } } : undefined,
    );
    return 'accepted';
  } catch (error) {
    return `refused: ${(error as Error).message.split('\n')[0]}`;
  }
};

/** Every case that must be refused, with the check that must say so: a refusal for another reason would prove nothing. */
const REASONS: Readonly<Record<string, string>> = {
  'bundle-empty-certificate-chain_fail': 'bundle: /verificationMaterial/x509CertificateChain/certificates',
  'bundle-invalid-base64-signature_fail': 'bundle: /messageSignature/signature is not standard base64',
  'bundle-negative-log-index_fail': 'bundle: /verificationMaterial/tlogEntries/0/logIndex',
  'bundle-unknown-version_fail': 'bundle: /mediaType',
  'checkpoint-wrong-roothash_fail': 'log: the proof is about a log of another size than its checkpoint',
  'dsse-invalid-sig_fail': 'signature: the signature is not over these bytes',
  'inclusion-proof-corrupted-hash_fail': 'log: the proof does not show that the log https://rekor.sigstore.dev has the entry',
  'incorrect-public-key_fail': 'log: the promise of the log https://rekor.sigstore.dev does not hold',
  'integrated-time-in-future_fail': 'was valid only until 2026-05-07T15:28:10Z',
  'intoto-expired-certificate_fail': 'is valid only from 2030-01-01T00:00:00Z',
  'intoto-log-entry-mismatch_fail': 'log: the entry is about another signature',
  'managed-key-no-key_fail': 'signer: the bundle is signed with a key, and an identity was asked for',
  'managed-key-wrong-key_fail': 'key: the key is not one block of PEM',
  'rekor2-checkpoint-missing-origin_fail': 'log: the signature of the log https://log2025-alpha1.rekor.sigstage.dev under the checkpoint does not hold',
  'rekor2-checkpoint-missing-root-hash_fail': 'log: the signature of the log https://log2025-alpha1.rekor.sigstage.dev under the checkpoint does not hold',
  'rekor2-checkpoint-missing-size_fail': 'log: the signature of the log https://log2025-alpha1.rekor.sigstage.dev under the checkpoint does not hold',
  'rekor2-dsse-invalid-sig_fail': 'signature: the signature is not over these bytes',
  'rekor2-dsse-mismatch-sig_fail': 'log: the entry is about another signature',
  'rekor2-no-timestamp_fail': 'time: the bundle shows no source of time that counts here',
  'rekor2-timestamp-payload-mismatch_fail': 'time: the token dates other bytes than this signature',
  // The token of this case has line breaks in its base64; what is wrong behind them is tested below.
  'rekor2-timestamp-with-incorrect-time_fail': 'signedTimestamp is not standard base64',
  'wrong-material_fail': 'signature: the signature is not over these bytes',
};

/** Where the library of Sigstore decides otherwise, and why. Everywhere else it must agree. */
const THEY_DIFFER: Readonly<Record<string, string>> = {
  // A statement logged as hashedrekord 0.0.2 (rekor-v2-spec §6.1.4): version 3.1.1 compares the digest with that of the payload.
  'rekor2-dsse-happy-path': 'refused: digest mismatch',
};

/** What the suite holds at least; a suite that has shrunk proves less. */
const LEAST_CASES = 32;

describe.skipIf(suite === undefined)('sigstore-conformance', () => {
  const names = suite === undefined ? [] : readdirSync(ROOT).filter((name) => existsSync(join(ROOT, name, 'bundle.sigstore.json')));

  it('has the cases that we count on, and a reason for each that must be refused', () => {
    expect(names.length).toBeGreaterThanOrEqual(LEAST_CASES);
    expect(Object.keys(REASONS).toSorted()).toEqual(names.filter((name) => name.endsWith('_fail')).toSorted());
  });

  it.each(names)('%s', (name) => {
    const found = ours(caseOf(name));
    if (name.endsWith('_fail')) {
      expect(found).toMatchObject({ kind: 'refused', because: expect.stringContaining(REASONS[name] ?? 'a reason') });
    } else expect(found).toEqual({ kind: 'accepted', because: '' });
    const second = theirs(caseOf(name));
    if (THEY_DIFFER[name] === undefined) expect(second.startsWith('refused') ? 'refused' : second).toBe(found.kind);
    else expect(second).toBe(THEY_DIFFER[name]);
  });

  it('refuses rekor2-timestamp-with-incorrect-time_fail for its time, where its base64 is mended', () => {
    const one = caseOf('rekor2-timestamp-with-incorrect-time_fail');
    const mended = Buffer.from(
      one.bundle
        .toString()
        .replaceAll('\\n"', '"')
        .replace(/("signedTimestamp": *")([^"]*)/, (_, head: string, text: string) => head + text.replaceAll('\\n', '')),
    );
    expect(ours({ ...one, bundle: mended })).toMatchObject({
      kind: 'refused',
      because: expect.stringMatching(/certificate: the certificate .* was valid only until 2025-06-12T12:12:16Z/),
    });
  });

  it('refuses managed-key-wrong-key_fail with a sound key of somebody else too', () => {
    const one = { ...caseOf('managed-key-and-trusted-root') };
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(ours({ ...one, key })).toMatchObject({ kind: 'refused', because: expect.stringContaining('signature: the signature is not over these bytes') });
  });

  it('refuses a trusted root whose log has no beginning (trust-root-tlog-missing-validity-start_fail)', () => {
    const root = JSON.parse(caseOf('rekor2-checkpoint-cosigned').root.toString()) as { tlogs: { publicKey: { validFor: { start?: string } } }[] };
    delete root.tlogs[1]!.publicKey.validFor.start;
    const reading = readTrustedRoot(utf8(JSON.stringify(root)), nodeCrypto);
    expect(reading).toMatchObject({ kind: 'rejected', problems: [{ pointer: '/tlogs/1/publicKey/validFor/start', message: 'is missing' }] });
  });
});

describe.skipIf(suite === undefined)('whose signature a statement has', () => {
  const finding = (name: string, root: (bytes: Buffer) => TrustedRoot | undefined): SignerFinding => {
    const one = caseOf(name);
    return identifySigner(findSigner(one.bundle, [], PORTS), root(one.root), PORTS);
  };

  it('is known by a trusted root, with the time that proves it, and open without one', () => {
    expect(finding('rekor2-dsse-happy-path', readRoot)).toMatchObject({
      kind: 'identified',
      identity: { issuer: ISSUER, subject: IDENTITY },
      times: [{ kind: 'authority', at: '2026-05-13T19:23:33Z' }],
    });
    expect(finding('happy-path-intoto-in-dsse-v3', readRoot)).toMatchObject({ kind: 'identified', times: [{ kind: 'witness', at: '2024-12-16T18:42:56Z' }] });
    expect(finding('rekor2-dsse-happy-path', () => undefined)).toMatchObject({ kind: 'certified' });
  });

  it('stays open where the root is of another instance', () => {
    expect(finding('rekor2-dsse-happy-path', () => readRoot(publicRoot()))).toMatchObject({ kind: 'stranger' });
  });

  it.each(['rekor2-dsse-invalid-sig_fail', 'rekor2-dsse-mismatch-sig_fail', 'dsse-invalid-sig_fail'])('is refused in %s', (name) => {
    expect(finding(name, readRoot)).toMatchObject({ kind: 'refused' });
  });
});

type Root = {
  tlogs: { publicKey: { rawBytes: string; validFor: { start: string; end?: string } } }[];
  ctlogs: { publicKey: { rawBytes: string; validFor: { start: string; end?: string } } }[];
  certificateAuthorities: { validFor: { start: string; end?: string } }[];
  timestampAuthorities: { validFor: { start: string; end?: string } }[];
};

const someKey = (): string => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

const ENDED = '2021-06-01T00:00:00Z';

describe.skipIf(suite === undefined)('a bundle under another trusted root', () => {
  const changed = (name: string, change: (root: Root) => void): ReturnType<typeof ours> => {
    const one = caseOf(name);
    const root = JSON.parse(one.root.toString()) as Root;
    change(root);
    return ours({ ...one, root: Buffer.from(JSON.stringify(root)) });
  };

  it.each<readonly [string, string, (root: Root) => void, string]>([
    ['no log', 'rekor2-checkpoint-cosigned', (root) => (root.tlogs = []), ''],
    [
      'a log that counted only before',
      'rekor2-checkpoint-cosigned',
      ({ tlogs }) => tlogs.forEach(({ publicKey }) => Object.assign(publicKey.validFor, { start: '2020-01-01T00:00:00Z', end: ENDED })),
      'counts only from',
    ],
    [
      'a log with another key',
      'rekor2-checkpoint-cosigned',
      ({ tlogs }) => tlogs.forEach(({ publicKey }) => (publicKey.rawBytes = someKey())),
      'under the checkpoint does not hold',
    ],
    [
      'a log with promises and another key',
      'happy-path-intoto-in-dsse-v3',
      ({ tlogs }) => tlogs.forEach(({ publicKey }) => (publicKey.rawBytes = someKey())),
      'the promise of the log',
    ],
    [
      'a log with promises that counted only before',
      'happy-path-intoto-in-dsse-v3',
      ({ tlogs }) => tlogs.forEach(({ publicKey }) => Object.assign(publicKey.validFor, { start: '2020-01-01T00:00:00Z', end: ENDED })),
      'counts only from',
    ],
    ['no log of certificates', 'bundle-with-sct-with-extensions', (root) => (root.ctlogs = []), ''],
    [
      'a log of certificates that counted only before',
      'bundle-with-sct-with-extensions',
      ({ ctlogs }) => Object.assign(ctlogs[0]!.publicKey.validFor, { start: '2020-01-01T00:00:00Z', end: ENDED }),
      'the log of certificates http://tesseract counts only from',
    ],
    [
      'a log of certificates with another key',
      'bundle-with-sct-with-extensions',
      ({ ctlogs }) => (ctlogs[0]!.publicKey.rawBytes = someKey()),
      'the promise of the log of certificates http://tesseract does not hold',
    ],
    ['no authority', 'rekor2-dsse-happy-path', (root) => (root.certificateAuthorities = []), ''],
    [
      'an authority that counted only before',
      'rekor2-dsse-happy-path',
      ({ certificateAuthorities: [authority] }) => Object.assign(authority!.validFor, { start: '2020-01-01T00:00:00Z', end: ENDED }),
      'the certificate authority https://fulcio.sigstage.dev counts only from',
    ],
    ['no time authority', 'rekor2-dsse-happy-path', (root) => (root.timestampAuthorities = []), ''],
    [
      'a time authority that counted only before',
      'rekor2-dsse-happy-path',
      ({ timestampAuthorities: [authority] }) => Object.assign(authority!.validFor, { start: '2020-01-01T00:00:00Z', end: ENDED }),
      'counted only until',
    ],
  ])('with %s is refused', (_, name, change, because) => {
    expect(changed(name, () => undefined)).toMatchObject({ kind: 'accepted' });
    expect(changed(name, change)).toMatchObject({ kind: 'refused', because: expect.stringContaining(because) });
  });

  it('counts one log once, however many entries it gave', () => {
    const one = caseOf('rekor2-checkpoint-cosigned');
    const bundle = JSON.parse(one.bundle.toString()) as { verificationMaterial: { tlogEntries: unknown[] } };
    bundle.verificationMaterial.tlogEntries.push(bundle.verificationMaterial.tlogEntries[0]);
    const read = readBundle(Buffer.from(JSON.stringify(bundle)));
    if (read.kind === 'rejected') throw new Error(JSON.stringify(read.problems));
    const question = { trustedRoot: readRoot(one.root), by: { kind: 'any-identity' }, artifact: one.artifact } as const;
    expect(verifyBundle(read.value, { ...question, thresholds: { ...USUAL_THRESHOLDS, logs: 1 } }, PORTS).kind).toBe('accepted');
    expect(verifyBundle(read.value, { ...question, thresholds: { ...USUAL_THRESHOLDS, logs: 2 } }, PORTS).kind).toBe('refused');
  });
});

describe.skipIf(suite === undefined)('a bundle with a changed bit', () => {
  const one = (): Case => caseOf('rekor2-checkpoint-cosigned');

  /** The case with one bit of the base64 at a pointer turned over. */
  const flipped = (pointer: string, at: number): Case => {
    const bundle = JSON.parse(one().bundle.toString()) as Record<string, never>;
    const path = pointer.split('/').slice(1);
    const holder = path.slice(0, -1).reduce<Record<string, never>>((here, key) => here[key]!, bundle);
    const bytes = Buffer.from(holder[path.at(-1)!]!, 'base64');
    bytes[Math.floor(at / 8) % bytes.length]! ^= 1 << (at % 8);
    Object.assign(holder, { [path.at(-1)!]: bytes.toString('base64') });
    return { ...one(), bundle: Buffer.from(JSON.stringify(bundle)) };
  };

  it.each([
    '/messageSignature/signature',
    '/verificationMaterial/certificate/rawBytes',
    '/verificationMaterial/tlogEntries/0/canonicalizedBody',
    '/verificationMaterial/tlogEntries/0/inclusionProof/rootHash',
    '/verificationMaterial/tlogEntries/0/inclusionProof/hashes/0',
  ])('at %s is refused, and never throws', (pointer) => {
    fc.assert(
      fc.property(fc.nat(), (at) => {
        expect(judged(flipped(pointer, at)).kind).toBe('refused');
      }),
      { numRuns: 60 },
    );
  });

  it('in its token never has another time: what is not signed there, as certificates that come along, decides nothing', () => {
    const { times } = judged(one());
    fc.assert(
      fc.property(fc.nat(), (at) => {
        const found = judged(flipped('/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp', at));
        if (found.kind === 'accepted') expect(found.times).toEqual(times);
      }),
      { numRuns: 200 },
    );
  });
});
