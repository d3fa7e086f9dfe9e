import { spawnSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPrograms } from '../../../test/harness/project.ts';
import { openPkcs11Signer } from './pkcs11-signer.ts';
import type { Pkcs11Key } from './pkcs11-uri.ts';
import type { Environment } from './run-program.ts';

const LIBRARIES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib64/pkcs11/libsofthsm2.so', '/opt/homebrew/lib/softhsm/libsofthsm2.so', '/usr/local/lib/softhsm/libsofthsm2.so'];
const library = LIBRARIES.find((path) => existsSync(path));
const isThere = hasPrograms('softhsm2-util', 'pkcs11-tool') && library !== undefined;

const MESSAGE = Buffer.from('what is signed');

describe.skipIf(!isThere)('a key on a token (skipped without SoftHSM and OpenSC)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-softhsm-'));
  const base: Environment = { ...process.env, SOFTHSM2_CONF: join(folder, 'softhsm2.conf') };
  const env: Environment = { ...base, TRAINLOCK_PKCS11_PIN: '1234' };
  const key = (rest: Partial<Pkcs11Key> = {}): Pkcs11Key => ({ kind: 'pkcs11', token: 'train', object: 'run', modulePath: library!, ...rest });

  const run = (tool: string, ...args: readonly string[]): string => {
    const answer = spawnSync(tool, [...args], { env: base, encoding: 'utf8' });
    expect(answer.status, `${tool} ${args.join(' ')}\n${answer.stdout}${answer.stderr}`).toBe(0);
    return answer.stdout;
  };
  const makeToken = (label: string): string => run('softhsm2-util', '--init-token', '--free', '--label', label, '--pin', '1234', '--so-pin', '5678');
  const makeKey = (token: string, label: string, ...more: readonly string[]): string =>
    run(
      'pkcs11-tool',
      '--module',
      library!,
      '--token-label',
      token,
      '--login',
      '--pin',
      '1234',
      '--keypairgen',
      '--key-type',
      'EC:prime256v1',
      '--usage-sign',
      '--label',
      label,
      ...more,
    );

  beforeAll(() => {
    mkdirSync(join(folder, 'tokens'));
    writeFileSync(base['SOFTHSM2_CONF']!, `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\n`);
    makeToken('train');
    makeKey('train', 'run', '--id', '01');
    makeKey('train', 'rün ;=%', '--id', 'a0b1');
    makeKey('train', 'twice', '--id', '02');
    makeKey('train', 'twice', '--id', '03');
    makeKey('train', 'hidden', '--id', '04', '--private');
    makeKey('train', 'larger', '--id', '05', '--key-type', 'EC:secp384r1');
    makeKey('train', 'edwards', '--id', '06', '--key-type', 'EC:edwards25519');
    makeToken('pair');
    makeToken('pair');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['its label', key()],
    ['its identifier', { kind: 'pkcs11', token: 'train', id: '01', modulePath: library! } as const],
    ['both', key({ id: '01' })],
    ['the serial number of its token too', key({ serial: 'filled in below' })],
    ['a label with other letters', key({ object: 'rün ;=%' })],
    ['a label that another key has too, and its identifier', key({ object: 'twice', id: '03' })],
  ])('signs, named by %s', async (_, named) => {
    const serial = /token label +: train\n(?:.*\n)*? +serial num +: (\w+)/.exec(run('pkcs11-tool', '--module', library!, '-T'))![1]!;
    const signer = await openPkcs11Signer(named.serial === undefined ? named : { ...named, serial }, { environment: env });
    const signature = await signer.sign(MESSAGE);
    const publicKey = createPublicKey({ key: Buffer.from(signer.publicKey.spki), format: 'der', type: 'spki' });
    expect(verify('sha256', MESSAGE, publicKey, signature)).toBe(true);
    expect(verify('sha256', Buffer.from('another message'), publicKey, signature)).toBe(false);
    expect(signer.place).toContain('train');
  });

  it('gives signatures that openssl accepts, many of them', async () => {
    const signer = await openPkcs11Signer(key(), { environment: env });
    writeFileSync(join(folder, 'key.pem'), createPublicKey({ key: Buffer.from(signer.publicKey.spki), format: 'der', type: 'spki' }).export({ type: 'spki', format: 'pem' }));
    writeFileSync(join(folder, 'message'), MESSAGE);
    for (let count = 0; count < 10; count += 1) {
      writeFileSync(join(folder, 'signature'), await signer.sign(MESSAGE));
      run('openssl', 'dgst', '-sha256', '-verify', join(folder, 'key.pem'), '-signature', join(folder, 'signature'), join(folder, 'message'));
    }
  });

  it('reads a public key that only its owner sees', async () => {
    const hidden = key({ object: 'hidden' });
    await expect(openPkcs11Signer(hidden, { environment: base })).rejects.toMatchObject({ code: 'TL1101' });
    expect(await (await openPkcs11Signer(hidden, { environment: env })).sign(MESSAGE)).toBeInstanceOf(Uint8Array);
  });

  /** A pkcs11-tool that writes down how it was called, then calls the real one. */
  const watched = (): { readonly environment: Environment; readonly calls: () => readonly string[] } => {
    const bin = mkdtempSync(join(folder, 'bin-'));
    const real = run('sh', '-c', 'command -v pkcs11-tool').trim();
    writeFileSync(join(bin, 'pkcs11-tool'), `#!/bin/sh\nprintf '%s ' "$@" > "${bin}/call.$$"\nexec ${real} "$@"\n`);
    chmodSync(join(bin, 'pkcs11-tool'), 0o755);
    const calls = (): readonly string[] =>
      readdirSync(bin)
        .filter((name) => name.startsWith('call.'))
        .map((name) => run('cat', join(bin, name)));
    return { environment: { ...env, PATH: `${bin}:${env['PATH']}` }, calls };
  };

  it('says that the PIN is wrong, and tries it only once', async () => {
    const { environment, calls } = watched();
    const signer = await openPkcs11Signer(key(), { environment: { ...environment, TRAINLOCK_PKCS11_PIN: '9753' } });
    expect(calls().filter((call) => call.includes('--login'))).toHaveLength(0);
    const atOnce = await Promise.allSettled([signer.sign(MESSAGE), signer.sign(MESSAGE)]);
    const later = await Promise.allSettled([signer.sign(MESSAGE)]);
    for (const outcome of [...atOnce, ...later]) {
      const error = outcome.status === 'rejected' ? (outcome.reason as Error) : new Error('signed');
      expect(error).toMatchObject({ code: 'TL1103', message: expect.stringContaining('not tried again') });
      expect(JSON.stringify([error, error.message, String(error.cause)])).not.toContain('9753');
    }
    expect(calls().filter((call) => call.includes('--login'))).toHaveLength(1);
  });

  it('never gives the PIN or the message to the arguments of a program', async () => {
    const { environment, calls } = watched();
    await (await openPkcs11Signer(key(), { environment })).sign(MESSAGE);
    expect(calls().length).toBeGreaterThanOrEqual(4);
    expect(calls().join('\n')).not.toMatch(/1234|what is signed/);
  });

  it('leaves no file behind, also after a failure', async () => {
    const own = mkdtempSync(join(folder, 'tmp-'));
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = own;
    try {
      await (await openPkcs11Signer(key(), { environment: env })).sign(MESSAGE);
      await expect((await openPkcs11Signer(key(), { environment: { ...env, TRAINLOCK_PKCS11_PIN: '1' } })).sign(MESSAGE)).rejects.toMatchObject({ code: 'TL1103' });
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
    expect(readdirSync(own)).toEqual([]);
  });

  it.each([
    ['the library is missing', key({ modulePath: '/usr/lib/no-such-library.so' }), 'TL1101', /no-such-library\.so cannot be loaded/],
    ['the library is none', key({ modulePath: '/bin/sh' }), 'TL1101', /cannot be loaded/],
    ['the token is missing', key({ token: 'other' }), 'TL1101', /no such token is there, only: .*train/],
    ['the token has another serial number', key({ serial: '00' }), 'TL1101', /no such token/],
    ['the key is missing', key({ object: 'other' }), 'TL1101', /no such public key/],
    ['the label fits and the identifier does not', key({ id: '02' }), 'TL1101', /no such public key/],
    ['two tokens have the name', key({ token: 'pair' }), 'TL1102', /2 tokens have this name, with the serial numbers \w+, \w+/],
    ['two keys have the name', key({ object: 'twice' }), 'TL1102', /2 keys on the token/],
    ['the key is on another curve', key({ object: 'larger' }), 'TL1102', /another kind \(EC +EC_POINT 384 bits\)/],
    ['the key is Ed25519', key({ object: 'edwards' }), 'TL1102', /another kind/],
  ])('says that %s', async (_, named, code, message) => {
    await expect(openPkcs11Signer(named, { environment: env })).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([undefined, ''])('says that a PIN is needed, and asks nobody for it (%j)', async (pin) => {
    const signer = await openPkcs11Signer(key(), { environment: { ...base, TRAINLOCK_PKCS11_PIN: pin } });
    await expect(signer.sign(MESSAGE)).rejects.toMatchObject({ code: 'TL1103', fix: expect.stringContaining('TRAINLOCK_PKCS11_PIN') });
  });

  it('says that the tool is not installed', async () => {
    await expect(openPkcs11Signer(key(), { environment: { ...env, PATH: '/nowhere' } })).rejects.toMatchObject({
      code: 'TL1104',
      message: expect.stringContaining('not installed'),
    });
  });

  it('gives up on a tool that does not end', async () => {
    const bin = mkdtempSync(join(folder, 'bin-'));
    writeFileSync(join(bin, 'pkcs11-tool'), '#!/bin/sh\nexec sleep 60\n');
    chmodSync(join(bin, 'pkcs11-tool'), 0o755);
    await expect(openPkcs11Signer(key(), { environment: { ...env, PATH: `${bin}:${env['PATH']}` }, timeoutMs: 200 })).rejects.toMatchObject({ code: 'TL1104' });
  });

  it('does not give out a signature of another key', async () => {
    // A private key with the identifier of another pair's public key: what a token looks like after a half-done renewal.
    run('pkcs11-tool', '--module', library!, '--token-label', 'train', '--login', '--pin', '1234', '--delete-object', '--type', 'privkey', '--id', '02');
    makeKey('train', 'mixed', '--id', '07');
    run('pkcs11-tool', '--module', library!, '--token-label', 'train', '--login', '--pin', '1234', '--delete-object', '--type', 'pubkey', '--id', '07');
    run('pkcs11-tool', '--module', library!, '--token-label', 'train', '--login', '--pin', '1234', '--type', 'privkey', '--id', '07', '--set-id', '02');
    const signer = await openPkcs11Signer(key({ object: 'twice', id: '02' }), { environment: env });
    await expect(signer.sign(MESSAGE)).rejects.toMatchObject({ code: 'TL1104', message: expect.stringContaining('does not fit') });
  });
});
