import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeVerifyWith } from '#keys';
import { type Certificate, type ChainQuestion, checkChain, extensionOf, readCertificate, readCertificatePem } from '#seal';
import { certificateFolder, makeCertificate, ROOT_EXTENSIONS, SIGNER_EXTENSIONS, type TestCertificate, withoutKeyIds } from '../harness/time-authority.ts';

const { folder, remove } = certificateFolder();
afterAll(remove);

const AT = '2026-01-01T00:00:00Z';
const MIDDLE = ['basicConstraints = critical, CA:TRUE', 'keyUsage = critical, keyCertSign', 'subjectKeyIdentifier = hash', 'authorityKeyIdentifier = keyid:always'];

const root = makeCertificate(folder, 'root', undefined);
const middle = makeCertificate(folder, 'middle', root, { extensions: MIDDLE });
const leaf = makeCertificate(folder, 'leaf', middle);

type Chain = {
  readonly leaf: TestCertificate;
  readonly between?: readonly TestCertificate[];
  readonly anchors?: readonly TestCertificate[];
  readonly at?: string;
  readonly purpose?: string;
};

const questionOf = ({ leaf: first, between = [], anchors = [root], at = AT, purpose }: Chain): ChainQuestion => ({
  leaf: first.certificate,
  intermediates: between.map(({ certificate }) => certificate),
  anchors: anchors.map(({ certificate }) => certificate),
  atMs: Date.parse(at),
  ...(purpose === undefined ? {} : { purpose }),
});

const wordOf = (chain: Chain): string => {
  const check = checkChain(questionOf(chain), nodeVerifyWith);
  return check.kind === 'held' ? `held by ${check.path.length}` : check.refusal;
};

/** The second opinion: whether openssl finds a path. */
const opensslAccepts = ({ leaf: first, between = [], anchors = [root], at = AT }: Chain): boolean => {
  const bundle = (name: string, list: readonly TestCertificate[]): string => {
    const path = join(first.folder, name);
    writeFileSync(path, list.map(({ pemPath }) => readFileSync(pemPath, 'utf8')).join(''));
    return path;
  };
  const untrusted = between.length === 0 ? [] : ['-untrusted', bundle('between.pem', between)];
  const trusted = ['-no-CApath', '-no-CAstore', '-CAfile', bundle('anchors.pem', anchors), '-partial_chain'];
  try {
    execFileSync('openssl', ['verify', ...trusted, ...untrusted, '-x509_strict', '-attime', String(Date.parse(at) / 1000), first.pemPath], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
};

const under = (parent: TestCertificate, name: string, extensions: readonly string[] = SIGNER_EXTENSIONS, more: object = {}): TestCertificate =>
  makeCertificate(folder, name, parent, { extensions, ...more });

describe('a path of certificates', () => {
  it.each<readonly [string, () => Chain, string]>([
    ['straight under the root', () => ({ leaf: middle }), 'held by 2'],
    ['through one in between', () => ({ leaf, between: [middle] }), 'held by 3'],
    ['to one in between that is trusted itself', () => ({ leaf, anchors: [middle] }), 'held by 2'],
    ['of one that is trusted itself', () => ({ leaf, anchors: [leaf] }), 'held by 1'],
    [
      'among strangers',
      () => ({ leaf, between: [under(root, 'other', MIDDLE), leaf, middle, root], anchors: [makeCertificate(folder, 'elsewhere', undefined), root] }),
      'held by 3',
    ],
    ['without the one in between', () => ({ leaf }), 'no-path'],
    ['to nobody', () => ({ leaf, between: [middle, root], anchors: [] }), 'no-path'],
    ['to another root of the same name', () => ({ leaf, between: [middle], anchors: [makeCertificate(folder, 'root', undefined)] }), 'no-path'],
  ])('%s', (_what, chain, word) => {
    const question = chain();
    expect(wordOf(question)).toBe(word);
    expect(opensslAccepts(question)).toBe(word.startsWith('held'));
  });

  it.each(['p256', 'p384', 'p521', 'rsa', 'ed25519'] as const)('may be signed with %s', (key) => {
    for (const digest of key === 'ed25519' ? ['sha256'] : ['sha256', 'sha384', 'sha512']) {
      const own = makeCertificate(folder, `root with ${key}`, undefined, { key, digest });
      const chain = { leaf: makeCertificate(folder, 'below', own, { digest }), anchors: [own] };
      expect(own.certificate.key.algorithm).toBe(key);
      expect(wordOf(chain)).toBe('held by 2');
      expect(opensslAccepts(chain)).toBe(true);
    }
  });

  it.each<readonly [string, readonly string[], string]>([
    ['is not an authority', [...MIDDLE.slice(1), 'basicConstraints = critical, CA:FALSE'], 'not-an-authority'],
    ['does not say that it is an authority', MIDDLE.slice(1), 'not-an-authority'],
    ['has a key that may not sign certificates', ['keyUsage = critical, digitalSignature', ...MIDDLE.filter((line) => !line.startsWith('keyUsage'))], 'not-an-authority'],
    ['has a critical extension that nobody knows', [...MIDDLE, '1.2.3.4 = critical, ASN1:NULL'], 'unknown-critical-extension'],
    ['restricts names', [...MIDDLE, 'nameConstraints = critical, permitted;email:example.com'], 'unknown-critical-extension'],
  ])('through one that %s is refused', (_what, extensions, word) => {
    const bad = under(root, 'bad', extensions);
    expect(wordOf({ leaf: under(bad, 'below'), between: [bad] })).toBe(word);
  });

  it('through one for another purpose is refused where there is one', () => {
    const servers = under(root, 'for servers', [...MIDDLE, 'extendedKeyUsage = serverAuth']);
    const chain = { leaf: under(servers, 'below'), between: [servers] };
    expect(wordOf(chain)).toBe('held by 3');
    expect(wordOf({ ...chain, purpose: '1.3.6.1.5.5.7.3.8' })).toBe('wrong-purpose');
    expect(wordOf({ ...chain, purpose: '1.3.6.1.5.5.7.3.1' })).toBe('held by 3');
  });

  it('longer than an authority allows is refused', () => {
    const short = under(root, 'short', ['basicConstraints = critical, CA:TRUE, pathlen:0', ...MIDDLE.slice(1)]);
    const below = under(short, 'below short', MIDDLE);
    const last = under(below, 'last');
    const [good, bad]: readonly Chain[] = [
      { leaf: under(short, 'direct'), between: [short] },
      { leaf: last, between: [below, short] },
    ];
    expect([wordOf(good!), opensslAccepts(good!)]).toEqual(['held by 3', true]);
    expect([wordOf(bad!), opensslAccepts(bad!)]).toEqual(['path-too-long', false]);
  });

  it('of eight certificates is the longest', () => {
    const chain: TestCertificate[] = [root];
    for (let i = 0; i < 7; i += 1) chain.unshift(under(chain[0]!, `level ${i}`, MIDDLE));
    expect(wordOf({ leaf: chain[0]!, between: chain.slice(1, -1) })).toBe('held by 8');
    expect(wordOf({ leaf: under(chain[0]!, 'ninth'), between: chain.slice(0, -1) })).toBe('path-too-long');
  });

  it.each([
    ['the leaf', { leafUntil: '20251231235959Z' }, 'expired'],
    ['the one in between', { middleUntil: '20251231235959Z' }, 'expired'],
    ['the root', { rootUntil: '20251231235959Z' }, 'expired'],
    ['the leaf, not yet', { leafFrom: '20260101000001Z' }, 'not-yet-valid'],
    ['the root, not yet', { rootFrom: '20260101000001Z' }, 'not-yet-valid'],
    ['none, to the second', { leafUntil: '20260101000000Z', middleFrom: '20260101000000Z', rootUntil: '20260101000000Z' }, 'held by 3'],
  ] as const)('of which not every one is valid at the time (%s) is refused', (_what, times: Record<string, string>, word) => {
    const dates = (who: string): object => ({
      ...(times[`${who}From`] === undefined ? {} : { from: times[`${who}From`] }),
      ...(times[`${who}Until`] === undefined ? {} : { until: times[`${who}Until`] }),
    });
    const own = makeCertificate(folder, 'own root', undefined, dates('root'));
    const between = under(own, 'own middle', MIDDLE, dates('middle'));
    const chain = { leaf: under(between, 'own leaf', SIGNER_EXTENSIONS, dates('leaf')), between: [between], anchors: [own] };
    expect(wordOf(chain)).toBe(word);
    // To openssl the last second of a certificate is past already.
    if (!word.startsWith('held')) expect(opensslAccepts(chain)).toBe(false);
  });

  it('whose names fit and whose signatures do not is refused', () => {
    const twin = makeCertificate(folder, 'middle', root, { extensions: withoutKeyIds(MIDDLE) });
    const chain = { leaf: makeCertificate(folder, 'below', middle, { extensions: withoutKeyIds(SIGNER_EXTENSIONS) }), between: [twin] };
    expect(wordOf(chain)).toBe('wrong-signature');
    expect(opensslAccepts(chain)).toBe(false);
    expect(wordOf({ ...chain, between: [twin, middle] })).toBe('held by 3');
  });

  it('with SHA-1 in it is refused, except in the signature of the root over itself', () => {
    const old = makeCertificate(folder, 'old root', undefined, { digest: 'sha1' });
    expect(old.certificate.signatureAlgorithm).toBeUndefined();
    expect(wordOf({ leaf: makeCertificate(folder, 'below', old), anchors: [old] })).toBe('held by 2');
    expect(wordOf({ leaf: under(root, 'weak', SIGNER_EXTENSIONS, { digest: 'sha1' }) })).toBe('unsupported-algorithm');
  });

  it('that never ends, of certificates that all name each other, costs few signatures', () => {
    const plain = withoutKeyIds(ROOT_EXTENSIONS);
    const first = makeCertificate(folder, 'ring', undefined, { extensions: plain });
    const ring = Array.from({ length: 11 }, () => makeCertificate(folder, 'ring', first, { extensions: plain, keyPath: first.keyPath }));
    let signatures = 0;
    const counted: typeof nodeVerifyWith = (...all) => {
      signatures += 1;
      return nodeVerifyWith(...all);
    };
    expect(checkChain(questionOf({ leaf: first, between: ring }), counted).kind).toBe('refused');
    expect(signatures).toBeGreaterThan(3);
    expect(signatures).toBeLessThanOrEqual(32);
  });

  it('with any bit changed in the leaf is refused', () => {
    const der = leaf.certificate.der;
    const held: number[] = [];
    for (let at = 0; at < der.length; at += 1) {
      const copy = Buffer.from(der);
      copy[at]! ^= 1 << (at % 8);
      const read = readCertificate(copy);
      if (read.kind === 'accepted' && checkChain({ ...questionOf({ leaf, between: [middle] }), leaf: read.value }, nodeVerifyWith).kind === 'held') held.push(at);
    }
    expect(held).toEqual([]);
  });
});

describe('the reader of certificates', () => {
  it('reads every root that Node trusts, and agrees with Node', () => {
    expect(rootCertificates.length).toBeGreaterThan(100);
    for (const pem of rootCertificates) {
      const read = readCertificatePem(pem);
      if (read.kind === 'rejected') throw new Error(`${new X509Certificate(pem).subject}: ${read.problems[0]?.message}`);
      expect(factsOf(read.value)).toEqual(factsOfNode(new X509Certificate(pem)));
    }
  });

  it('reads the names of a signer', () => {
    const names =
      'subjectAltName = critical, email:someone@example.com, URI:https://example.com/workflow, DNS:example.com, otherName:1.3.6.1.4.1.57264.1.7;UTF8:someone!example, IP:10.0.0.1';
    const { certificate } = under(root, 'names', [...SIGNER_EXTENSIONS, names, '1.3.6.1.4.1.57264.1.8 = ASN1:UTF8String:https://issuer.example.com']);
    expect(certificate.alternativeNames).toMatchObject([
      { kind: 'email', text: 'someone@example.com' },
      { kind: 'uri', text: 'https://example.com/workflow' },
      { kind: 'dns', text: 'example.com' },
      { kind: 'other', oid: '1.3.6.1.4.1.57264.1.7', text: 'someone!example' },
      { kind: 'unread', tag: 0x87 },
    ]);
    expect(extensionOf(certificate, '2.5.29.17')).toMatchObject({ isCritical: true });
    expect(Buffer.from(extensionOf(certificate, '1.3.6.1.4.1.57264.1.8')?.value ?? []).toString()).toContain('https://issuer.example.com');
    expect(certificate.extKeyUsage).toEqual(['1.3.6.1.5.5.7.3.8']);
    expect(certificate.issuer.text).toBe('O=trainlock test, CN=root');
    expect(certificate.notBefore.text).toBe('2024-01-01T00:00:00Z');
    expect(wordOf({ leaf: { ...leaf, certificate } })).toBe('held by 2');
  });

  it.each([
    ['bytes behind it', (der: Buffer) => Buffer.concat([der, Buffer.of(0)])],
    ['nothing', () => Buffer.alloc(0)],
    ['too many bytes', () => Buffer.alloc(70_000, 0x30)],
    ['its last byte missing', (der: Buffer) => der.subarray(0, -1)],
    ['a length in more bytes than it needs', (der: Buffer) => Buffer.concat([Buffer.of(0x30, 0x83, 0), der.subarray(2)])],
    [
      'another algorithm outside than inside',
      (der: Buffer) =>
        Buffer.from(
          der.toString('hex').replace(/04030230(?!.*04030230)|2a8648ce3d040302(?!.*2a8648ce3d040302)/, (found) => found.replace('040302', '040303')),
          'hex',
        ),
    ],
  ])('refuses one that has %s', (_what, change) => {
    expect(readCertificate(change(Buffer.from(leaf.certificate.der))).kind).toBe('rejected');
  });

  it('refuses one that has an extension twice', () => {
    // Two object identifiers of the same length: the key id of the authority is renamed to that of the subject.
    const twice = Buffer.from(Buffer.from(leaf.certificate.der).toString('hex').replace('0603551d23', '0603551d0e'), 'hex');
    expect(readCertificate(twice).kind).toBe('rejected');
  });

  it('never throws on random or changed bytes', () => {
    const der = [...leaf.certificate.der];
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => readCertificate(bytes).kind === 'rejected'));
    const change = fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'insert', 'remove'));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = [...der];
        for (const [where, value, how] of changes) bytes.splice(where % bytes.length, how === 'insert' ? 0 : 1, ...(how === 'remove' ? [] : [value]));
        expect(['accepted', 'rejected']).toContain(readCertificate(Uint8Array.from(bytes)).kind);
      }),
      { numRuns: 3000 },
    );
  });
});

const factsOf = (certificate: Certificate): object => ({
  serial: certificate.serial.replace(/^00?(?=.)/, ''),
  notBefore: certificate.notBefore.sinceEpochMs,
  notAfter: certificate.notAfter.sinceEpochMs,
  isAuthority: certificate.basicConstraints?.isAuthority ?? false,
  key: Buffer.from(certificate.key.spki).toString('hex'),
  isIssuedByItself: Buffer.compare(certificate.subject.der, certificate.issuer.der) === 0,
});

const factsOfNode = (certificate: X509Certificate): object => ({
  serial: certificate.serialNumber.toLowerCase().replace(/^0(?=.)/, ''),
  notBefore: Date.parse(certificate.validFrom),
  notAfter: Date.parse(certificate.validTo),
  isAuthority: certificate.ca,
  key: certificate.publicKey.export({ type: 'spki', format: 'der' }).toString('hex'),
  isIssuedByItself: certificate.subject === certificate.issuer,
});
