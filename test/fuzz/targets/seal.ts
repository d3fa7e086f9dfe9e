import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { concatBytes, utf8 } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature, nodeVerifyWith } from '#keys';
import {
  checkChain,
  checkTimestamp,
  derElements,
  pemOf,
  pemOfPublicKey,
  readBundle,
  readCertificate,
  readCertificatePem,
  readPem,
  readPublicKey,
  readPublicKeyPem,
  readSigningCertificate,
  readTimestamp,
  readTrustedRoot,
  signatureProblem,
  writeBundle,
} from '#seal';
import { thresholdsOf, verifyBundle } from '#sigstore';
import { findSigner } from '../../../src/verify/find-signer.ts';
import { readScts } from '../../../src/seal/sigstore/read-scts.ts';
import { readSignedData } from '../../../src/seal/time/signed-data.ts';
import { readTimeInfo } from '../../../src/seal/time/time-info.ts';
import { readMoment } from '../../../src/seal/x509/moment.ts';
import { entryProblem } from '../../../src/sigstore/entry-body.ts';
import { valueOf } from '../../fixtures/log-keys.ts';
import { anyText, demand, demandBytes, demandSame, kindOfMessage, readingTarget, type Target } from '../engine/target.ts';
import { fixedCertificates, fixedTimeInfo, fixedTimestamp } from '../seeds/certificates.ts';
import { bundleBytes, json, statementBytes } from '../seeds/documents.ts';
import { ecdsaShape, fixedBytes, fixedKey, fixedP256, fixedRsaSpki } from '../seeds/fixed-keys.ts';
import { foreignBundles, foreignDer, foreignFiles } from '../seeds/foreign.ts';

const ports = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith };
const PAYLOAD = utf8('{"a":1}');
const SIGNATURE = fixedBytes('signature', 64);

const certificateBundle = (): Uint8Array =>
  writeBundle({ payload: PAYLOAD, signature: SIGNATURE, signer: { kind: 'certificate', certificate: fixedCertificates().leaf }, timestamps: [fixedTimestamp(SIGNATURE)] });

const KEY = fixedKey('signer').publicKey;

const bundle: Target = readingTarget('bundle', 'json', {
  seeds: () => [bundleBytes(PAYLOAD), bundleBytes(PAYLOAD, { isDated: true }), certificateBundle()],
  foreign: foreignBundles,
  read: readBundle,
  holds: (value, bytes) => {
    if (
      value.version === '0.3' &&
      value.content.kind === 'dsse' &&
      value.content.payloadType === 'application/vnd.in-toto+json' &&
      value.logEntries.length === 0 &&
      value.signer.kind === 'certificate'
    ) {
      const { payload, signature } = value.content;
      const again = readBundle(writeBundle({ payload, signature, signer: { kind: 'certificate', certificate: value.signer.certificates[0]! }, timestamps: value.timestamps }));
      demandSame(again, { kind: 'accepted', value }, 'the bundle is another when it is written again');
    }
    const found = findSigner(bytes, [KEY], ports);
    if (found.kind === 'signed') demand(value.content.kind === 'dsse' && Buffer.from(found.payload).equals(value.content.payload), 'other bytes were signed than are read');
  },
});

const publicKey: Target = readingTarget('public-key', 'der', {
  seeds: () => [KEY.spki, fixedP256('a').publicKey.spki, fixedRsaSpki(3072), fixedRsaSpki(2048)],
  read: (bytes) => readPublicKey(bytes, nodeCrypto),
  holds: (key, bytes) => {
    const node = createPublicKey({ key: Buffer.from(bytes), format: 'der', type: 'spki' });
    demandBytes(node.export({ format: 'der', type: 'spki' }), bytes, 'OpenSSL writes the key in another form');
    demand(key.keyId === createHash('sha256').update(bytes).digest('hex'), 'the key has another name');
    demandSame(readPublicKeyPem(pemOfPublicKey(key), nodeCrypto), { kind: 'accepted', value: key }, 'the key is another in PEM');
  },
});

const pem: Target = {
  name: 'pem',
  grammar: 'lines',
  seeds: () => [
    utf8(pemOfPublicKey(KEY)),
    utf8(pemOf('CERTIFICATE', fixedCertificates().root)),
    utf8(`text\n${pemOfPublicKey(KEY)}`),
    utf8(pemOfPublicKey(KEY).replaceAll('\n', '\r\n')),
  ],
  run: (bytes) => {
    const text = anyText(bytes);
    const block = readPem(text);
    const key = readPublicKeyPem(text, nodeCrypto);
    const certificate = readCertificatePem(text);
    // Line feeds that were not there can make it longer than what is read.
    if (block !== undefined && text.length < 60_000) demandSame(readPem(pemOf(block.label, block.der)), block, 'the block is another when it is written again');
    demand(block !== undefined || (key.kind === 'rejected' && certificate.kind === 'rejected'), 'something is read from what is no PEM');
    return `${block?.label === undefined ? 'none' : 'block'} ${key.kind === 'rejected' ? kindOfMessage(key.problems[0]!.message) : 'key'} ${certificate.kind}`;
  },
};

const der: Target = {
  name: 'der',
  grammar: 'der',
  seeds: () => [KEY.spki, fixedCertificates().leaf, ecdsaShape('a'), Uint8Array.of(0x30, 0x81, 0x80), Uint8Array.of(0x05, 0)],
  run: (bytes) => {
    const elements = derElements(bytes);
    if (elements === undefined) return 'refused';
    demandBytes(concatBytes(...elements.map(({ whole }) => whole)), bytes, 'the elements are not all of the bytes');
    return `read ${Math.min(elements.length, 3)}`;
  },
};

const signature: Target = {
  name: 'signature-form',
  grammar: 'der',
  seeds: () => [ecdsaShape('a'), SIGNATURE, fixedBytes('rsa', 384), fixedP256Signature()],
  run: (bytes) => {
    const key = fixedP256('a').publicKey;
    const [ecdsa, ed25519, rsa] = (['ecdsa-p256', 'ed25519', 'rsa'] as const).map((algorithm) => signatureProblem(algorithm, bytes));
    demand(!nodeVerifySignature(key.spki, PAYLOAD, bytes) || ecdsa === undefined, 'a good signature is called malformed');
    return [ecdsa, ed25519, rsa].map((problem) => kindOfMessage(problem ?? 'formed')).join(' ');
  },
};

const fixedP256Signature = (): Uint8Array => ecdsaShape('another');

const certificate: Target = readingTarget('certificate', 'der', {
  seeds: () => Object.values(fixedCertificates()),
  foreign: () => foreignDer('rawBytes'),
  read: readCertificate,
  holds: (read, bytes) => {
    demandBytes(read.der, bytes, 'the certificate has other bytes');
    const scts = readScts(read);
    demand(scts === undefined || scts.every(({ logId }) => logId.length === 32), 'a promise of no log');
    const signer = readSigningCertificate(bytes, nodeCrypto);
    if (signer.kind === 'accepted') demand(signer.value.issuer !== '' && signer.value.subject !== '', 'a signer without a name');
    const root = valueOf(readCertificate(fixedCertificates().root));
    const chain = checkChain({ leaf: read, intermediates: [read], anchors: [root], atMs: 1_790_000_000_000 }, nodeVerifyWith);
    if (chain.kind === 'held')
      demand(bytes.length > 0 && Object.values(fixedCertificates()).some((one) => Buffer.from(one).equals(bytes)), 'a changed certificate leads to the root');
  },
});

/** Where OpenSSL reads a certificate too, it reads the same. */
const certificateAsOpenssl: Target = {
  name: 'certificate-openssl',
  grammar: 'der',
  seeds: () => Object.values(fixedCertificates()),
  foreign: () => foreignDer('rawBytes'),
  run: (bytes) => {
    const read = readCertificate(bytes);
    let other: X509Certificate;
    try {
      other = new X509Certificate(bytes);
    } catch {
      return `unread by OpenSSL, ${read.kind}`;
    }
    if (read.kind === 'rejected') return kindOfMessage(read.problems[0]!.message);
    demand(other.raw.equals(read.value.der), 'OpenSSL reads other bytes');
    demand(
      BigInt(`0x${other.serialNumber.replace('-', '')}`) === BigInt(`0x${read.value.serial}`) || read.value.serial.startsWith('8') || /^[89a-f]/.test(read.value.serial),
      'OpenSSL reads another serial number',
    );
    demand(Date.parse(other.validTo) === Math.floor(read.value.notAfter.sinceEpochMs / 1000) * 1000, 'OpenSSL reads another end');
    return 'read by both';
  },
};

const timestamp: Target = readingTarget('timestamp', 'der', {
  seeds: () => [fixedTimestamp(SIGNATURE)],
  foreign: () => foreignDer('signedTimestamp'),
  read: readTimestamp,
  holds: () => {},
});

const AUTHORITIES = [{ name: 'ours', certificates: [valueOf(readCertificate(fixedCertificates().time)), valueOf(readCertificate(fixedCertificates().root))] }];

/** A token that was changed never dates the signature at another moment. */
const token: Target = {
  name: 'token',
  grammar: 'der',
  seeds: () => [fixedTimestamp(SIGNATURE), fixedTimestamp(utf8('another'))],
  run: (bytes) => {
    const checked = checkTimestamp(bytes, { signature: SIGNATURE }, AUTHORITIES, ports);
    if (checked.kind === 'refused') return `${checked.refusal} ${kindOfMessage(checked.because)}`;
    demand(checked.time === '2026-11-24T08:00:05.25Z' && checked.accuracyMs === 1500, 'a changed token states another time');
    return 'held';
  },
};

const timeInfo: Target = {
  name: 'time-info',
  grammar: 'der',
  seeds: () => [fixedTimeInfo(SIGNATURE)],
  run: (bytes) => {
    const read = readTimeInfo(bytes);
    const element = derElements(bytes)?.[0];
    const signed = element === undefined ? undefined : readSignedData(element);
    return `${read.kind === 'broken' ? kindOfMessage(read.because) : 'read'} ${signed?.kind ?? ''}`;
  },
};

const moment: Target = {
  name: 'moment',
  grammar: 'bytes',
  seeds: () =>
    ['2026-11-26T11:06:19.25Z', '2026-02-29T00:00:00Z', '2024-02-29T23:59:59+14:30', '9999-12-31T23:59:59.999999999-23:59', '1950-01-01T00:00:00Z', '2026-11-26t11:06:19z'].map(
      utf8,
    ),
  run: (bytes) => {
    const text = anyText(bytes);
    const read = readMoment(text);
    if (read === undefined) return 'refused';
    demand(Date.parse(text.replace(/\.(\d{3})\d+/, '.$1')) === read.sinceEpochMs, 'Date reads another moment');
    const back = readMoment(read.text);
    demand(back === undefined || back.sinceEpochMs === read.sinceEpochMs, 'the moment is another when it is written again');
    // An offset can lead out of the years that texts may name.
    demand(back !== undefined || read.sinceEpochMs < Date.UTC(1950, 0, 1) || read.sinceEpochMs >= Date.UTC(10_000, 0, 1), 'the moment cannot be read again');
    return 'read';
  },
};

const ROOT_JSON = (): Uint8Array => {
  const window = { start: '2024-01-01T00:00:00Z', end: '2030-01-01T00:00:00.5Z' };
  const chain = (...certificates: readonly Uint8Array[]) => ({ certificates: certificates.map((one) => ({ rawBytes: Buffer.from(one).toString('base64') })) });
  const log = {
    baseUrl: 'https://log.example',
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: Buffer.from(KEY.spki).toString('base64'), keyDetails: 'PKIX_ED25519', validFor: window },
    logId: { keyId: Buffer.from(fixedBytes('log', 32)).toString('base64') },
  };
  const { root, time } = fixedCertificates();
  const authority = { subject: { organization: 'test', commonName: 'root' }, uri: 'https://ca.example', certChain: chain(root), validFor: { start: window.start } };
  return json({
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [log],
    certificateAuthorities: [authority],
    ctlogs: [log],
    timestampAuthorities: [{ ...authority, certChain: chain(time, root) }],
  });
};

const trustedRoot: Target = readingTarget('trusted-root', 'json', {
  seeds: () => [ROOT_JSON()],
  foreign: () => foreignFiles('sigstore-conformance', 'test/assets', /trusted_root.*\.json$/, 4),
  read: (bytes) => readTrustedRoot(bytes, nodeCrypto),
});

const TRUSTED = valueOf(readTrustedRoot(ROOT_JSON(), nodeCrypto));
const FOREIGN = () => foreignFiles('sigstore-conformance', 'test/assets', /trusted_root.*\.json$/, 1).map((bytes) => valueOf(readTrustedRoot(bytes, nodeCrypto)));

/** A bundle is judged, whatever is in it; one whose signature is made up is never accepted. */
const verifiedBundle: Target = {
  name: 'bundle-verdict',
  grammar: 'json',
  seeds: () => [bundleBytes(PAYLOAD, { isDated: true }), certificateBundle()],
  foreign: foreignBundles,
  run: (bytes) => {
    const read = readBundle(bytes);
    if (read.kind === 'rejected') return 'unread';
    const verdicts = [TRUSTED, ...FOREIGN()].flatMap((trusted) =>
      [{ kind: 'any-identity' } as const, { kind: 'key', key: KEY } as const].map((by) =>
        verifyBundle(read.value, { trustedRoot: trusted, by, thresholds: thresholdsOf(trusted), artifact: PAYLOAD }, ports),
      ),
    );
    return verdicts.map(({ kind, checks }) => `${kind} ${kindOfMessage(checks.find(({ outcome }) => outcome === 'broken')?.because ?? '').slice(0, 40)}`).join(' ');
  },
};

const CONTENT = {
  kind: 'dsse',
  payloadType: 'application/vnd.in-toto+json',
  signature: SIGNATURE,
  signer: KEY.spki,
  sha256: { signed: nodeCrypto.sha256(PAYLOAD), payload: nodeCrypto.sha256(PAYLOAD) },
} as const;

const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const ENTRIES = (): readonly Uint8Array[] => [
  json({
    apiVersion: '0.0.1',
    kind: 'dsse',
    spec: { payloadHash: { algorithm: 'sha256', value: hex(CONTENT.sha256.payload) }, signatures: [{ signature: b64(SIGNATURE), verifier: b64(utf8(pemOfPublicKey(KEY))) }] },
  }),
  json({
    apiVersion: '0.0.2',
    kind: 'hashedrekord',
    spec: {
      hashedRekordV002: {
        data: { algorithm: 'SHA2_256', digest: b64(CONTENT.sha256.signed) },
        signature: { content: b64(SIGNATURE), verifier: { publicKey: { rawBytes: b64(KEY.spki) } } },
      },
    },
  }),
  json({
    apiVersion: '0.0.1',
    kind: 'hashedrekord',
    spec: {
      data: { hash: { algorithm: 'sha256', value: hex(CONTENT.sha256.signed) } },
      signature: { content: b64(SIGNATURE), publicKey: { content: b64(utf8(pemOfPublicKey(KEY))) } },
    },
  }),
];

const entry: Target = {
  name: 'log-entry',
  grammar: 'json',
  seeds: ENTRIES,
  run: (bytes) => [CONTENT, { ...CONTENT, kind: 'message' } as const].map((content) => kindOfMessage(entryProblem(bytes, undefined, content) ?? 'fits')).join(' '),
};

const signer: Target = {
  name: 'signer',
  grammar: 'json',
  seeds: () => [bundleBytes(statementBytes()), bundleBytes(PAYLOAD, { name: 'stranger' })],
  run: (bytes) => {
    const found = findSigner(bytes, [KEY, fixedP256('a').publicKey], ports);
    if (found.kind === 'signed')
      demand(
        [statementBytes(), PAYLOAD].some((one) => Buffer.from(one).equals(found.payload)),
        'a statement counts as signed that nobody signed',
      );
    return `${found.kind} ${'because' in found ? kindOfMessage(found.because) : ''}`;
  },
};

const sctBytes: Target = {
  name: 'scts',
  grammar: 'der',
  seeds: () => [fixedCertificates().leaf],
  run: (bytes) => {
    const read = valueOf(readCertificate(fixedCertificates().leaf));
    const extensions = read.extensions.map((one) => (one.oid === '1.3.6.1.4.1.11129.2.4.2' ? { ...one, value: bytes } : one));
    const scts = readScts({ ...read, extensions });
    return scts === undefined ? 'refused' : `read ${scts.length}`;
  },
};

export const SEALS: readonly Target[] = [
  bundle,
  publicKey,
  pem,
  der,
  signature,
  certificate,
  certificateAsOpenssl,
  timestamp,
  token,
  timeInfo,
  moment,
  trustedRoot,
  verifiedBundle,
  entry,
  signer,
  sctBytes,
];
