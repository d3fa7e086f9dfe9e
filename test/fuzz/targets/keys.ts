import { utf8 } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import { pemOf, pemOfPublicKey } from '#seal';
import { derOfRawSignature } from '../../../src/seal/ecdsa-signature.ts';
import { readTokenObjects, readTokenSlots } from '../../../src/keys/external/pkcs11-listing.ts';
import { readPkcs11Uri } from '../../../src/keys/external/pkcs11-uri.ts';
import { readSignerReference } from '../../../src/keys/external/signer-reference.ts';
import { readSignerOptions } from '../../../src/keys/external/ssh/allowed-signer-options.ts';
import { readAllowedSigners } from '../../../src/keys/external/ssh/allowed-signers.ts';
import { readSshSignature, readSshSignatureBlob } from '../../../src/seal/ssh/read-ssh-signature.ts';
import { readSshKeyLine } from '../../../src/seal/ssh/read-ssh-key-line.ts';
import { readSshPublicKey } from '../../../src/seal/ssh/ssh-public-key.ts';
import { sshFields } from '../../../src/seal/ssh/ssh-wire.ts';
import { readIdentityToken } from '../../../src/keys/keyless/identity-token.ts';
import { openCosignKey } from '../../../src/keys/local/cosign-key.ts';
import { documentBytes, readKeyDescription, readKeyRevocation } from '../../../src/keys/local/key-description.ts';
import { openOpensshKey } from '../../../src/keys/local/openssh-key.ts';
import { openPbes2 } from '../../../src/keys/local/pbes2.ts';
import { readPrivateKey } from '../../../src/keys/local/read-private-key.ts';
import { derOf } from '../../../src/seal/x509/der-values.ts';
import { anyText, demand, demandBytes, demandSame, kindOfMessage, readingTarget, type Target } from '../engine/target.ts';
import { json } from '../seeds/documents.ts';
import { ecdsaShape, fixedBytes, fixedKey, fixedP256, fixedPkcs8 } from '../seeds/fixed-keys.ts';

const KEY = fixedKey('signer');
const RAW = KEY.publicKey.spki.subarray(12);

const description: Target = readingTarget('key-description', 'json', {
  seeds: () => [
    documentBytes({ schemaVersion: '1.0', name: 'default', keyId: KEY.keyId, algorithm: 'ed25519', createdAt: '2026-11-24T08:00:00.000Z', purpose: 'statements', comment: 'c' }),
  ],
  read: readKeyDescription,
  holds: (value) => demandSame(readKeyDescription(documentBytes(value)), { kind: 'accepted', value }, 'the description is another when it is written again'),
});

const revocation: Target = readingTarget('key-revocation', 'json', {
  seeds: () => [documentBytes({ schemaVersion: '1.0', keyId: KEY.keyId, at: '2026-11-24T08:00:00Z', reason: 'lost', compromisedSince: '2026-11-23T08:00:00Z' })],
  read: readKeyRevocation,
  holds: (value) => demandSame(readKeyRevocation(documentBytes(value)), { kind: 'accepted', value }, 'the revocation is another when it is written again'),
});

/** A text of SSH: its length before it. */
const wire = (...parts: readonly (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(
    parts.map((part) => {
      const bytes = Buffer.from(part as Uint8Array);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, bytes]);
    }),
  );
const number = (value: number): Uint8Array => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value]);

const SSH_KEY = wire('ssh-ed25519', RAW);
const SSH_P256 = wire('ecdsa-sha2-nistp256', 'nistp256', fixedP256('a').publicKey.spki.subarray(26));
const SSH_HARDWARE = wire('sk-ssh-ed25519@openssh.com', RAW, 'ssh:');
const SSHSIG = (): Uint8Array =>
  Buffer.concat([Buffer.from('SSHSIG'), number(1), wire(SSH_KEY, 'trainlock/approval@trainlock.dev', '', 'sha512', wire('ssh-ed25519', fixedBytes('ssh', 64)))]);
const armored = (blob: Uint8Array): Uint8Array =>
  utf8(
    `-----BEGIN SSH SIGNATURE-----\n${Buffer.from(blob)
      .toString('base64')
      .replace(/.{1,70}/g, '$&\n')}-----END SSH SIGNATURE-----\n`,
  );

const sshKey: Target = readingTarget('ssh-key', 'bytes', {
  seeds: () => [SSH_KEY, SSH_P256, SSH_HARDWARE],
  read: (bytes) => readSshPublicKey(bytes, nodeCrypto),
  holds: (key, bytes) => demandBytes(key.blob, bytes, 'the key has other bytes'),
});

const sshKeyLine: Target = readingTarget('ssh-key-line', 'lines', {
  seeds: () => [utf8(`ssh-ed25519 ${Buffer.from(SSH_KEY).toString('base64')} ann@laptop\n`)],
  read: (bytes) => readSshKeyLine(anyText(bytes), nodeCrypto),
  holds: (key) =>
    demandSame(
      readSshKeyLine(`${key.type} ${Buffer.from(key.blob).toString('base64')}`, nodeCrypto),
      { kind: 'accepted', value: key },
      'the key is another when its line is written again',
    ),
});

const sshSignature: Target = {
  name: 'ssh-signature',
  grammar: 'bytes',
  seeds: () => [SSHSIG(), armored(SSHSIG())],
  run: (bytes) => {
    const blob = readSshSignatureBlob(bytes, nodeCrypto);
    const text = readSshSignature(anyText(bytes), nodeCrypto);
    if (blob.kind === 'accepted' && bytes.length < 5000) demandSame(readSshSignature(anyText(armored(bytes)), nodeCrypto), blob, 'the signature is another in its armor');
    const fields = sshFields(bytes);
    fields.positive();
    fields.text();
    demand(fields.isAtEnd() === (fields.byte() === undefined) || !fields.isAtEnd(), 'a reader at its end still reads');
    return [blob, text].map((one) => (one.kind === 'accepted' ? 'accepted' : kindOfMessage(one.problems[0]!.message))).join(' ');
  },
};

const keyText = (blob: Uint8Array): string => Buffer.from(blob).toString('base64');

const allowed: Target = {
  name: 'allowed-signers',
  grammar: 'lines',
  // Looking at the point of each key takes milliseconds, and some hundred lines fit.
  slowMs: 8000,
  seeds: () => [
    utf8(
      `# people\nann@example.org,ann ssh-ed25519 ${keyText(SSH_KEY)} laptop\n\nbob namespaces="a,b",valid-after="20260101Z",valid-before="20270101120000Z" ecdsa-sha2-nistp256 ${keyText(SSH_P256)}\n`,
    ),
    utf8('* ssh-rsa AAAA\n@cert-authority x ssh-ed25519 AAAA\n'),
    utf8(`ann${' '.repeat(60_000)}x\n`),
  ],
  run: (bytes) => {
    const text = anyText(bytes);
    const reading = readAllowedSigners(text, nodeCrypto);
    const options = readSignerOptions(text);
    if (reading.kind === 'rejected') return `${kindOfMessage(reading.problems[0]!.message)} ${options.kind}`;
    demand(
      reading.value.every(({ principals }) => principals.length > 0 && principals.every((one) => !/[*?!\s]/.test(one))),
      'a pattern names people',
    );
    return `accepted ${Math.min(reading.value.length, 2)}`;
  },
};

const options: Target = {
  name: 'signer-options',
  grammar: 'bytes',
  seeds: () => ['namespaces="a,b",valid-after="20260101Z",valid-before="20270101120000Z"', 'valid-after="20240229Z"', 'cert-authority', ''].map(utf8),
  run: (bytes) => {
    const reading = readSignerOptions(anyText(bytes));
    if (reading.kind === 'rejected') return kindOfMessage(reading.problems[0]!.message);
    const { validAfterSeconds: after = 0, validBeforeSeconds: before = Infinity } = reading.value;
    demand(after >= 0 && after < before, 'a time that ends before it begins');
    return `accepted ${Object.keys(reading.value).join(' ')}`;
  },
};

const OPENSSH = (): Uint8Array => {
  const seed = fixedPkcs8('signer').subarray(16);
  const secret = Buffer.concat([number(7), number(7), wire('ssh-ed25519', RAW, Buffer.concat([seed, RAW]), 'comment'), Uint8Array.of(1, 2, 3, 4)]);
  return Buffer.concat([Buffer.from('openssh-key-v1\0'), wire('none', 'none', ''), number(1), wire(SSH_KEY, secret.subarray(0, secret.length - (secret.length % 8)))]);
};

const SEC1 = (): Uint8Array => Uint8Array.from(fixedP256('a').privateKey.export({ type: 'sec1', format: 'der' }));

const unasked = { path: 'key.pem', what: 'the key', ask: async () => undefined };

const privateKey: Target = {
  name: 'private-key',
  grammar: 'lines',
  seeds: () =>
    [
      pemOf('PRIVATE KEY', fixedPkcs8('signer')),
      pemOf('EC PRIVATE KEY', SEC1()),
      pemOf('OPENSSH PRIVATE KEY', OPENSSH()),
      pemOf('ENCRYPTED PRIVATE KEY', PBES2(1000)),
      pemOfPublicKey(KEY.publicKey),
      `${pemOf('EC PARAMETERS', Uint8Array.of(6, 0))}${pemOf('EC PRIVATE KEY', SEC1())}`,
    ].map(utf8),
  run: async (bytes) => {
    const read = await readPrivateKey(bytes, unasked);
    if (read.kind === 'refused') return `${read.refusal} ${kindOfMessage(read.because)}`;
    return `key ${read.publicKey.algorithm}`;
  },
};

/** The same inside PEM, as bytes: what decides lies deeper than the text. */
const privateDer: Target = {
  name: 'private-der',
  grammar: 'der',
  seeds: () => [fixedPkcs8('signer'), SEC1(), Uint8Array.from(fixedP256('a').privateKey.export({ type: 'pkcs8', format: 'der' }))],
  run: async (bytes) => {
    const answers: string[] = [];
    for (const label of ['PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY']) {
      const read = await readPrivateKey(utf8(pemOf(label, bytes)), unasked);
      answers.push(read.kind === 'refused' ? `${read.refusal} ${kindOfMessage(read.because)}` : `key ${read.publicKey.algorithm}`);
    }
    return answers.join(' ');
  },
};

const openssh: Target = {
  name: 'openssh-key',
  grammar: 'bytes',
  seeds: () => [OPENSSH()],
  run: (bytes) => {
    const opened = openOpensshKey(bytes, 'key');
    return opened.kind === 'refused' ? `${opened.refusal} ${kindOfMessage(opened.because)}` : `key ${String(opened.key.asymmetricKeyType)}`;
  },
};

const PBES2 = (iterations: number): Uint8Array => {
  const oid = (hex: string): Uint8Array => derOf(0x06, Buffer.from(hex, 'hex'));
  const kdf = derOf(
    0x30,
    oid('2a864886f70d01050c'),
    derOf(0x30, derOf(0x04, fixedBytes('salt', 8)), derOf(0x02, Uint8Array.of(iterations >> 8, iterations & 255)), derOf(0x30, oid('2a864886f70d0209'), derOf(0x05))),
  );
  const cipher = derOf(0x30, oid('60864801650304012a'), derOf(0x04, fixedBytes('iv', 16)));
  return derOf(0x30, derOf(0x30, oid('2a864886f70d01050d'), derOf(0x30, kdf, cipher)), derOf(0x04, fixedBytes('encrypted', 48)));
};

/** What a stranger's file may cost is bounded by ten million rounds of PBKDF2 or 2^23 blocks of scrypt: some ten seconds on a slow machine. */
const KDF_MS = 30_000;

const pbes2: Target = {
  name: 'pbes2',
  grammar: 'der',
  slowMs: KDF_MS,
  seeds: () => [PBES2(1), PBES2(1000)],
  run: async (bytes) => {
    const opened = await openPbes2(bytes, 'passphrase');
    return opened.kind === 'refused' ? `${opened.refusal} ${kindOfMessage(opened.because)}` : 'opened';
  },
};

const cosign: Target = {
  name: 'cosign-key',
  grammar: 'json',
  slowMs: KDF_MS,
  // With a nonce of the wrong length nothing is derived, and more inputs can be tried.
  seeds: () =>
    [23, 24].map((nonceBytes) =>
      json({
        kdf: { name: 'scrypt', params: { N: 32_768, r: 8, p: 1 }, salt: keyText(fixedBytes('salt', 32)) },
        cipher: { name: 'nacl/secretbox', nonce: keyText(fixedBytes('nonce', nonceBytes)) },
        ciphertext: keyText(fixedBytes('text', 64)),
      }),
    ),
  run: async (bytes) => {
    const opened = await openCosignKey(bytes, 'passphrase');
    return opened.kind === 'refused' ? `${opened.refusal} ${kindOfMessage(opened.because)}` : 'opened';
  },
};

const reference: Target = {
  name: 'signer-reference',
  grammar: 'bytes',
  seeds: () =>
    [
      'default',
      '/a/key.pem',
      'C:\\key',
      'vault://name',
      'awskms:///alias/x',
      'awskms:///arn:aws:kms:eu-central-1:123456789012:key/12345678-1234-1234-1234-123456789012',
      'pkcs11:token=T;object=O?module-path=/lib/x.so',
      'gcpkms://x',
    ].map(utf8),
  run: (bytes) => {
    const reading = readSignerReference(anyText(bytes));
    return reading.kind === 'accepted' ? reading.value.kind : kindOfMessage(reading.problems[0]!.message);
  },
};

const pkcs11: Target = {
  name: 'pkcs11-uri',
  grammar: 'bytes',
  seeds: () => ['token=T;object=O?module-path=/lib/x.so', 'token=%54;serial=1;id=%01%ff;type=private?module-path=/x&pin-value=1234', 'token=a;token=b?module-path=/x'].map(utf8),
  run: (bytes) => {
    const text = anyText(bytes);
    const reading = readPkcs11Uri(text);
    const pin = /(?:^|[;?&])pin-value=([0-9]{4,})/.exec(text)?.[1];
    if (pin !== undefined) demand(reading.kind === 'rejected' && !JSON.stringify(reading).includes(pin), 'a PIN is accepted or told');
    return reading.kind === 'accepted' ? 'accepted' : kindOfMessage(reading.problems[0]!.message);
  },
};

const listing: Target = {
  name: 'pkcs11-listing',
  grammar: 'lines',
  seeds: () => [
    utf8('Available slots:\nSlot 0 (0x1): SoftHSM\n  token label        : T\n  serial num         : 12\n'),
    utf8(`  label${' '.repeat(60_000)}x\n`),
    utf8('Public Key Object; EC  EC_POINT 256 bits\n  EC_POINT:   0441\n  label:      key\n  ID:         01\n  Usage:      verify\n'),
  ],
  run: (bytes) => `${Math.min(2, readTokenSlots(anyText(bytes)).length)} ${Math.min(2, readTokenObjects(anyText(bytes)).length)}`,
};

const raw: Target = {
  name: 'raw-ecdsa',
  grammar: 'bytes',
  seeds: () => [fixedBytes('raw', 64), new Uint8Array(64), ecdsaShape('a')],
  run: (bytes) => {
    const der = derOfRawSignature(bytes);
    if (der !== undefined) nodeVerifySignature(fixedP256('a').publicKey.spki, utf8('message'), der);
    return der === undefined ? 'refused' : 'read';
  },
};

const url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const token: Target = {
  name: 'identity-token',
  grammar: 'bytes',
  seeds: () => [
    utf8(`${url({ alg: 'RS256' })}.${url({ iss: 'https://i.example', aud: 'sigstore', sub: 'x', exp: 2_000_000_000, email: 'a@b.c', email_verified: true })}.c2ln`),
    utf8(`${url({ alg: 'none' })}.${url({})}.x`),
  ],
  run: (bytes) => {
    const text = anyText(bytes);
    const reading = readIdentityToken(text);
    if (reading.kind === 'rejected') {
      demand(text.length < 24 || !JSON.stringify(reading.problems).includes(text), 'a token is told');
      return kindOfMessage(reading.problems[0]!.message);
    }
    demand(reading.value.issuer !== '' && reading.value.subject !== '' && reading.value.audiences.length > 0, 'a token of nobody or for nobody');
    return 'accepted';
  },
};

export const KEYS: readonly Target[] = [
  description,
  revocation,
  sshKey,
  sshKeyLine,
  sshSignature,
  allowed,
  options,
  privateKey,
  privateDer,
  openssh,
  pbes2,
  cosign,
  reference,
  pkcs11,
  listing,
  raw,
  token,
];
