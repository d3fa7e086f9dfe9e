import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createPublicKey } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot as ProtobufRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature, nodeVerifyWith } from '#keys';
import { readBundle, readPublicKeyPem, readTrustedRoot, type TrustedRoot } from '#seal';
import { type AskedSigner, type BundleCheckName, USUAL_THRESHOLDS, verifyBundle } from '#sigstore';
import { vectorsOf } from './foreign-vectors.ts';

const suite = vectorsOf('sigstore-conformance');
const ROOT = join(suite ?? '', 'test/assets/bundle-verify');

const PORTS = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith };

/** The identity that signed everything in the suite that does not say otherwise. Source: sigstore-conformance, test/conftest.py. */
const IDENTITY = 'https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main';
const ISSUER = 'https://token.actions.githubusercontent.com';

/** The trusted root of the public instance, out of the seeds of a package: cases without one of their own are about it. */
const publicRoot = (): Buffer => {
  const seeds = createRequire(import.meta.url)('@sigstore/tuf/seeds.json') as Readonly<Record<string, { readonly targets: Readonly<Record<string, string>> }>>;
  return Buffer.from(seeds['https://tuf-repo-cdn.sigstore.dev']!.targets['trusted_root.json']!, 'base64');
};

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

/** accepted, or what refused it: "unreadable bundle", "unreadable key", or the names of the broken checks with their reasons. */
const ours = ({ bundle, root, artifact, identity, issuer, key }: Case): { readonly kind: 'accepted' | 'refused'; readonly because: string } => {
  const read = readBundle(bundle);
  if (read.kind === 'rejected') return { kind: 'refused', because: `bundle: ${read.problems[0]?.pointer ?? ''} ${read.problems[0]?.message ?? ''}` };
  const named = key === undefined ? undefined : readPublicKeyPem(key, nodeCrypto);
  if (named?.kind === 'rejected') return { kind: 'refused', because: `key: ${named.problems[0]?.message ?? ''}` };
  const by: AskedSigner = named === undefined ? { kind: 'identity', issuer, subject: identity } : { kind: 'key', key: named.value };
  const { kind, checks } = verifyBundle(read.value, { trustedRoot: readRoot(root), by, artifact, thresholds: USUAL_THRESHOLDS }, PORTS);
  return { kind, because: checks.flatMap(({ name, outcome, because }) => (outcome === 'broken' ? [`${name}: ${because}`] : [])).join('; ') };
};

/** What the library of Sigstore for JavaScript says. */
const theirs = ({ bundle, root, artifact, identity, issuer, key }: Case): string => {
  try {
    const material = toTrustMaterial(ProtobufRoot.fromJSON(JSON.parse(root.toString())), key === undefined ? undefined : () => ({ publicKey: createPublicKey(key), validFor: () => true }));
    new Verifier(material, { ctlogThreshold: key === undefined ? 1 : 0 }).verify(
      toSignedEntity(bundleFromJSON(JSON.parse(bundle.toString())), artifact),
      key === undefined ? { subjectAlternativeName: identity, extensions: { issuer } } : undefined,
    );
    return 'accepted';
  } catch (error) {
    return `refused: ${(error as Error).message.split('\n')[0]}`;
  }
};

describe.skipIf(suite === undefined)('sigstore-conformance', () => {
  const names = suite === undefined ? [] : readdirSync(ROOT).filter((name) => existsSync(join(ROOT, name, 'bundle.sigstore.json')));
  it.each(names)('%s', (name) => {
    const one = caseOf(name);
    const o = ours(one); const t = theirs(one);
    console.log(name, o.kind, o.because, '| theirs:', t);
    expect(o.kind).toBe(name.endsWith('_fail') ? 'refused' : 'accepted');
  });
});
