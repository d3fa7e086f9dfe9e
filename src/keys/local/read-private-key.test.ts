import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex, utf8 } from '#base';
import { nodeCrypto } from '#files';
import { pemOf, readPem } from '#seal';
import { derInteger, derOf, derOid } from './der-writer.ts';
import { privatePem } from './private-pem.ts';
import { openPbes2, sealPbes2 } from './pbes2.ts';
import { readPrivateKey } from './read-private-key.ts';
import { sealCosignKey } from './cosign-key.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'trainlock-forms-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PASSPHRASE = 'correct höræ ☃ battery';

/** What a command writes into a file that it is told; passphrases go through the environment, as they should. */
const made = (name: string, command: string, args: readonly string[]): Uint8Array => {
  const out = join(folder, name);
  execFileSync(command, [...args, out], { stdio: 'pipe', env: { ...process.env, PASS: PASSPHRASE } });
  return readFileSync(out);
};
const openssl = (name: string, ...args: string[]): Uint8Array => made(name, 'openssl', [...args, '-out']);
const sshKeygen = (name: string, ...args: string[]): Uint8Array => made(name, 'ssh-keygen', ['-q', ...args, '-f']);

const read = (bytes: Uint8Array, passphrase?: string): ReturnType<typeof readPrivateKey> =>
  readPrivateKey(bytes, { path: 'some key', what: 'the key', ask: async () => passphrase });

const idByOpenssl = (name: string): string => {
  const spki = execFileSync('openssl', ['pkey', '-in', join(folder, name), '-passin', 'env:PASS', '-pubout', '-outform', 'DER'], { env: { ...process.env, PASS: PASSPHRASE } });
  return toHex(nodeCrypto.sha256(spki));
};

const EC = ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const ENCRYPT = ['pkcs8', '-topk8', '-passout', 'env:PASS'];

describe('private keys of other tools', () => {
  it.each([
    ['PKCS #8', 'ecdsa-p256', () => openssl('a', ...EC)],
    ['PKCS #8 of Ed25519', 'ed25519', () => openssl('a', 'genpkey', '-algorithm', 'ED25519')],
    ['PKCS #8 of RSA', 'rsa', () => openssl('a', 'genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072')],
    ['SEC 1 with its parameters', 'ecdsa-p256', () => openssl('a', 'ecparam', '-name', 'prime256v1', '-genkey')],
    [
      'PKCS #8 with text around it',
      'ecdsa-p256',
      () => {
        const bytes = Buffer.concat([utf8('my key, made on a Monday\n'), openssl('a', ...EC), utf8('\nbye\n')]);
        writeFileSync(join(folder, 'a'), bytes);
        return bytes;
      },
    ],
  ])('in the form %s are read', async (_, algorithm, make) => {
    const reading = await read(make());
    expect(reading).toMatchObject({ kind: 'key', publicKey: { algorithm, keyId: idByOpenssl('a') } });
    expect(reading).not.toHaveProperty('passphrase');
  });

  it.each([
    ['scrypt', ['-scrypt']],
    ['PBKDF2 with 600 000 rounds', ['-v2', 'aes-256-cbc', '-iter', '600000']],
    ['PBKDF2 with HMAC-SHA-1 and AES-128', ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA1']],
    ['PBKDF2 with HMAC-SHA-512 and AES-192', ['-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA512']],
    ['PBKDF2 and triple DES', ['-v2', 'des3']],
  ])('that openssl encrypted with %s are opened', async (_, args) => {
    openssl('plain', ...EC);
    const bytes = openssl('a', ...ENCRYPT, '-in', join(folder, 'plain'), ...args);
    expect(await read(bytes, PASSPHRASE)).toMatchObject({ kind: 'key', passphrase: PASSPHRASE, publicKey: { keyId: idByOpenssl('plain') } });
    expect(await read(bytes, 'wrong')).toMatchObject({ refusal: 'wrong-passphrase' });
    expect(await read(bytes)).toMatchObject({ refusal: 'no-passphrase', because: 'is encrypted, and no passphrase was given' });
  });

  it.each(['ec', 'ed25519'] as const)('that Node.js encrypted (%s) are opened', async (type) => {
    const { privateKey } = type === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE });
    expect(await read(utf8(String(pem)), PASSPHRASE)).toMatchObject({ kind: 'key' });
  });

  it.each([
    ['ecdsa', ['-t', 'ecdsa', '-b', '256'], 'ecdsa-p256'],
    ['ed25519', ['-t', 'ed25519'], 'ed25519'],
  ])('of OpenSSH (%s) without passphrase are read', async (name, args, algorithm) => {
    // Some P-256 numbers begin with zeros: more than one key.
    for (let round = 0; round < 4; round += 1) {
      const bytes = sshKeygen(`ssh-${name}-${round}`, ...args, '-N', '');
      const pkcs8 = name === 'ecdsa' ? execFileSync('ssh-keygen', ['-e', '-m', 'PKCS8', '-f', join(folder, `ssh-${name}-${round}`)]) : undefined;
      const reading = await read(bytes);
      expect(reading).toMatchObject({ kind: 'key', publicKey: { algorithm } });
      if (pkcs8 !== undefined && reading.kind === 'key') expect(pemOf('PUBLIC KEY', reading.publicKey.spki)).toBe(pkcs8.toString());
      if (pkcs8 === undefined && reading.kind === 'key') {
        const line = readFileSync(join(folder, `ssh-${name}-${round}.pub`), 'utf8').split(' ')[1]!;
        expect(toHex(Buffer.from(line, 'base64').subarray(-32))).toBe(toHex(reading.publicKey.spki.subarray(-32)));
      }
    }
  });
});

describe('what is no usable private key', () => {
  const certificate = (): Uint8Array =>
    openssl('a', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=x', '-keyout', join(folder, 'b'));
  it.each([
    ['an empty file', () => new Uint8Array(0), 'not-a-key', 'is empty'],
    ['junk', () => randomBytes(300), 'not-a-key', 'is not a private key in PEM'],
    ['text', () => utf8('hello'), 'not-a-key', 'is not a private key in PEM'],
    ['more than 64 KiB', () => new Uint8Array(65_537).fill(10), 'not-a-key', 'is not a private key in PEM'],
    ['a key that was cut off', () => openssl('a', ...EC).subarray(0, 150), 'damaged', 'is damaged: it has a BEGIN and no END that fits'],
    [
      'a key with letters that are not base64',
      () => utf8('-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n'),
      'damaged',
      'is damaged: what stands between BEGIN and END is not base64',
    ],
    ['a key of other bytes', () => utf8(pemOf('PRIVATE KEY', randomBytes(100))), 'damaged', 'is damaged: what stands between BEGIN and END is not one value of DER'],
    ['another value of DER', () => utf8(pemOf('PRIVATE KEY', Uint8Array.of(0x30, 0))), 'damaged', 'is damaged: what stands between BEGIN and END is not a private key'],
    [
      'a key with bytes behind it',
      () => utf8(pemOf('PRIVATE KEY', Buffer.concat([readPem(openssl('a', ...EC).toString())!.der, Buffer.alloc(1)]))),
      'damaged',
      'is damaged: what stands between BEGIN and END is not one value of DER',
    ],
    [
      'a public key',
      () => openssl('a', 'pkey', '-pubout', '-in', (openssl('b', ...EC), join(folder, 'b'))),
      'public-key',
      'is only the public half: name the file of the private one',
    ],
    ['a certificate', certificate, 'public-key', 'is a certificate, which holds only the public half: name the file of the private one'],
    ['two keys', () => Buffer.concat([openssl('a', ...EC), openssl('b', ...EC)]), 'not-a-key', 'is not alone: the file holds more than one block of PEM'],
    ['another form', () => utf8(pemOf('DSA PRIVATE KEY', Uint8Array.of(0x30, 0))), 'form', 'has a form that is not known here (DSA PRIVATE KEY)'],
    [
      'P-384',
      () => openssl('a', 'genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'),
      'algorithm',
      'is on the curve P-384, which is not allowed: tools disagree on its hash',
    ],
    [
      'P-521 in SEC 1',
      () => openssl('a', 'ecparam', '-name', 'secp521r1', '-genkey', '-noout'),
      'algorithm',
      'is on the curve P-521, which is not allowed: tools disagree on its hash',
    ],
    [
      'secp256k1',
      () => openssl('a', 'ecparam', '-name', 'secp256k1', '-genkey', '-noout'),
      'algorithm',
      'is on the curve secp256k1, which is not allowed: tools disagree on its hash',
    ],
    [
      'a key that only agrees on secrets',
      () => openssl('a', 'genpkey', '-algorithm', 'X25519'),
      'algorithm',
      'has an algorithm that is not allowed (ECDSA P-256, Ed25519 and RSA are)',
    ],
    ['a short RSA key', () => openssl('a', 'genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'), 'algorithm', 'has 2048 bits of RSA; 3072 to 8192 are allowed'],
    [
      'a P-521 key of OpenSSH',
      () => sshKeygen('ssh-521', '-t', 'ecdsa', '-b', '521', '-N', ''),
      'algorithm',
      'has an algorithm that is not allowed (ECDSA P-256 and Ed25519 are, in the format of OpenSSH)',
    ],
    [
      'an encrypted key of OpenSSH',
      () => sshKeygen('ssh-locked', '-t', 'ed25519', '-N', PASSPHRASE),
      'form',
      'is encrypted in the format of OpenSSH, which trainlock does not open',
    ],
    [
      'the old encryption of PEM',
      () => openssl('a', 'ec', '-in', (openssl('b', ...EC), join(folder, 'b')), '-aes256', '-passout', 'env:PASS'),
      'form',
      'is encrypted in the old way of PEM, which is easy to guess',
    ],
    [
      'an outdated encryption',
      () => openssl('a', ...ENCRYPT, '-in', (openssl('b', ...EC), join(folder, 'b')), '-v1', 'PBE-SHA1-3DES'),
      'form',
      'is encrypted in an outdated way (not PBES2)',
    ],
  ])('%s is refused with its reason', async (_, make, refusal, because) => {
    expect(await read(make(), PASSPHRASE)).toMatchObject({ kind: 'refused', refusal, because });
  });

  it('halves that do not belong together are noticed', async () => {
    const [one, other] = [openssl('a', ...EC), openssl('b', ...EC)].map((pem) => readPem(pem.toString())!.der);
    // The public half is the last part of PKCS #8 of a P-256 key.
    const mixed = Buffer.concat([one!.subarray(0, -64), other!.subarray(-64)]);
    expect(await read(utf8(pemOf('PRIVATE KEY', mixed)))).toMatchObject({ kind: 'refused' });
  });

  it('the commands that mend a form work', async () => {
    openssl('b', ...EC);
    const run = (command: string): void => void execFileSync('sh', ['-c', command], { cwd: folder, stdio: 'pipe', env: { ...process.env, PASS: PASSPHRASE } });
    openssl('some key', 'ec', '-in', join(folder, 'b'), '-aes256', '-passout', 'env:PASS');
    const old = await read(readFileSync(join(folder, 'some key')), PASSPHRASE);
    expect(old).toMatchObject({ fix: "openssl pkcs8 -topk8 -v2 aes-256-cbc -in 'some key' -out NEW && chmod 600 NEW" });
    // A person types the passphrases; here they are given.
    if (old.kind === 'refused') run(old.fix!.replace('-in', '-passin env:PASS -passout env:PASS -in'));
    expect(await read(readFileSync(join(folder, 'NEW')), PASSPHRASE)).toMatchObject({ kind: 'key', publicKey: { keyId: idByOpenssl('b') } });
    openssl('some key', ...ENCRYPT, '-in', join(folder, 'b'), '-v1', 'PBE-SHA1-3DES');
    const outdated = await read(readFileSync(join(folder, 'some key')), PASSPHRASE);
    expect(outdated).toMatchObject({ fix: "openssl pkcs8 -in 'some key' | openssl pkcs8 -topk8 -scrypt -out NEW && chmod 600 NEW" });
    if (outdated.kind === 'refused') run(outdated.fix!.replace('-in', '-passin env:PASS -in').replace('-topk8', '-topk8 -passout env:PASS'));
    expect(await read(readFileSync(join(folder, 'NEW')), PASSPHRASE)).toMatchObject({ kind: 'key', publicKey: { keyId: idByOpenssl('b') } });
    const locked = await read(sshKeygen('ssh-mend', '-t', 'ed25519', '-N', PASSPHRASE));
    expect(locked).toMatchObject({
      fix: "import a copy without passphrase, and give it one again then: cp 'some key' COPY && ssh-keygen -p -N '' -f COPY && trainlock keys import NAME COPY && rm COPY",
    });
    run(`cp ssh-mend COPY && ssh-keygen -q -p -P "$PASS" -N '' -f COPY`);
    expect(await read(readFileSync(join(folder, 'COPY')))).toMatchObject({ kind: 'key', publicKey: { algorithm: 'ed25519' } });
  });
});

describe('encrypted private keys of ours', () => {
  const key = (): ReturnType<typeof createPrivateKey> => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

  it('are opened by openssl and by Node.js, and cost what they say', async () => {
    const one = key();
    const pem = await privatePem(one, PASSPHRASE);
    writeFileSync(join(folder, 'ours'), pem);
    expect(idByOpenssl('ours')).toBe(toHex(nodeCrypto.sha256(createPublicKey(one).export({ type: 'spki', format: 'der' }))));
    expect(createPrivateKey({ key: pem, passphrase: PASSPHRASE }).equals(one)).toBe(true);
    const shown = execFileSync('openssl', ['asn1parse', '-in', join(folder, 'ours')]).toString();
    expect(shown).toMatch(/:PBES2\n[^]*:scrypt\n[^]*INTEGER +:4000\n[^]*INTEGER +:08\n[^]*INTEGER +:05\n[^]*:aes-256-cbc/);
    expect(() => execFileSync('openssl', ['pkey', '-in', join(folder, 'ours'), '-passin', 'pass:wrong'], { stdio: 'pipe' })).toThrow();
  });

  it.each(['pem', 'cosign'] as const)('are never written with a passphrase that other tools cannot be given (%s)', async (form) => {
    for (const passphrase of ['', 'two\nlines', 'a\0b', '\ud800', 'x'.repeat(1025)]) await expect(privatePem(key(), passphrase, form)).rejects.toMatchObject({ code: 'TL0001' });
  });

  it('tell damage of the frame from a wrong passphrase', async () => {
    const { der } = readPem(await privatePem(key(), PASSPHRASE))!;
    const frame = Uint8Array.from(der);
    frame[20] = frame[20]! ^ 0xff;
    expect(await openPbes2(frame, PASSPHRASE)).toMatchObject({ kind: 'refused', refusal: expect.stringMatching(/damaged|form/) as string });
    expect(await openPbes2(der.subarray(0, -1), PASSPHRASE)).toMatchObject({ refusal: 'damaged' });
    const inside = Uint8Array.from(der);
    inside[inside.length - 80] = inside.at(-80)! ^ 1;
    expect(await read(utf8(pemOf('ENCRYPTED PRIVATE KEY', inside)), PASSPHRASE)).toMatchObject({ refusal: expect.stringMatching(/damaged|inconsistent/) as string });
  });

  it.each([
    [
      'more iterations than any key needs',
      derOf(0x30, derOid('2a864886f70d01050c'), derOf(0x30, derOf(4, new Uint8Array(8)), derInteger(2 ** 31))),
      'is not opened: it asks for 2147483648 iterations of PBKDF2; 1 to 10000000 are allowed',
    ],
    ['more memory than any key needs', scryptOf(2 ** 30, 8, 1), 'is not opened: its parameters of scrypt ask for more memory or time than any key needs'],
    ['more time than any key needs', scryptOf(2 ** 14, 8, 1_000_000), 'is not opened: its parameters of scrypt ask for more memory or time than any key needs'],
    ['a cost that is no power of two', scryptOf(1000, 8, 1), 'is not opened: its parameters of scrypt are not valid'],
  ])('that ask for %s are refused before anything is computed', async (_, derivation, because) => {
    const cipher = derOf(0x30, derOid('60864801650304012a'), derOf(4, new Uint8Array(16)));
    const der = derOf(0x30, derOf(0x30, derOid('2a864886f70d01050d'), derOf(0x30, derivation, cipher)), derOf(4, new Uint8Array(16)));
    expect(await openPbes2(der, 'x')).toEqual({ kind: 'refused', refusal: 'form', because });
  });

  it('come back as they were (PBES2 and cosign), whatever the bytes and the passphrase', async () => {
    const { openCosignKey } = await import('./cosign-key.ts');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), async (content, passphrase) => {
        const pkcs8 = derOf(0x30, content);
        const [pbes2, cosign] = [await openPbes2(await sealPbes2(pkcs8, passphrase), passphrase), await openCosignKey(await sealCosignKey(pkcs8, passphrase), passphrase)];
        for (const opened of [pbes2, cosign]) expect(opened.kind === 'opened' && toHex(opened.pkcs8)).toBe(toHex(pkcs8));
      }),
      { numRuns: 3 },
    );
  });

  it('reading never throws, whatever bytes come', async () => {
    const good = [utf8(await privatePem(key(), 'x')), sshKeygen('ssh-fuzz', '-t', 'ed25519', '-N', ''), openssl('a', ...EC)];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...good), fc.nat(), fc.nat(255), async (bytes, at, value) => {
        const changed = Uint8Array.from(bytes);
        changed[at % changed.length] = value;
        expect(['key', 'refused']).toContain((await read(changed, 'y')).kind);
        expect(['key', 'refused']).toContain((await read(changed.subarray(0, at % changed.length), 'y')).kind);
      }),
      { numRuns: 30 },
    );
  });
});

function scryptOf(N: number, r: number, p: number): Uint8Array {
  return derOf(0x30, derOid('2b06010401da47040b'), derOf(0x30, derOf(4, new Uint8Array(8)), derInteger(N), derInteger(r), derInteger(p)));
}
