import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { nodeVerifySignature } from '#keys';
import { pemOfPublicKey } from '#seal';
import { exportKey } from '../../src/keys/local/export-key.ts';
import { importKey } from '../../src/keys/local/import-key.ts';
import { loadKey } from '../../src/keys/local/load-key.ts';
import { newKey } from '../../src/keys/local/new-key.ts';
import { goTool } from './go-tool.ts';

const COSIGN = goTool('cosign');

const PASSPHRASE = 'höræ ☃ battery';
const MESSAGE = utf8('what is signed');

let folder: string;
let env: { readonly XDG_CONFIG_HOME: string };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-cosign-'));
  env = { XDG_CONFIG_HOME: join(folder, 'config') };
  writeFileSync(join(folder, 'message'), MESSAGE);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cosign = (password: string, ...args: readonly string[]): string =>
  execFileSync(COSIGN!, args, { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, COSIGN_PASSWORD: password }, stdio: ['ignore', 'pipe', 'pipe'] }).toString();

/** Signs the message with a key file of cosign, without any service. */
const signedBy = (file: string, password: string): Uint8Array => {
  cosign(
    password,
    'sign-blob',
    '--key',
    file,
    '--yes',
    '--use-signing-config=false',
    '--tlog-upload=false',
    '--new-bundle-format=false',
    '--output-signature',
    'signature',
    'message',
  );
  return Buffer.from(readFileSync(join(folder, 'signature'), 'utf8'), 'base64');
};

const verifies = (publicFile: string, signature: Uint8Array): boolean => {
  writeFileSync(join(folder, 'signature'), Buffer.from(signature).toString('base64'));
  try {
    cosign('', 'verify-blob', '--key', publicFile, '--signature', 'signature', '--insecure-ignore-tlog=true', '--new-bundle-format=false', 'message');
    return true;
  } catch {
    return false;
  }
};

const ask = (passphrase: string) => async (): Promise<string> => passphrase;

describe.skipIf(COSIGN === undefined)('cosign', () => {
  it.each([PASSPHRASE, ''])('a key that it made with the password %j signs here, and it verifies that', async (password) => {
    cosign(password, 'generate-key-pair');
    const file = join(folder, 'cosign.key');
    expect(readFileSync(file, 'utf8')).toMatch(/^-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n/);
    const signer = await loadKey(file, { env, passphrase: ask(password) });
    expect(pemOfPublicKey(signer.publicKey)).toBe(readFileSync(join(folder, 'cosign.pub'), 'utf8'));
    const signature = await signer.sign(MESSAGE);
    expect(verifies('cosign.pub', signature)).toBe(true);
    expect(
      verifies(
        'cosign.pub',
        signature.map((byte, index) => (index === 30 ? byte ^ 1 : byte)),
      ),
    ).toBe(false);
    await expect(loadKey(file, { env, passphrase: ask('wrong') })).rejects.toMatchObject({ code: 'TL1103' });
    // The label of its first version.
    const old = join(folder, 'old.key');
    writeFileSync(old, readFileSync(file, 'utf8').replaceAll('SIGSTORE', 'COSIGN'), { mode: 0o600 });
    expect((await loadKey(old, { env, passphrase: ask(password) })).publicKey.keyId).toBe(signer.publicKey.keyId);
    const imported = await importKey({ env, name: 'taken', source: { path: file }, ask: ask(password) });
    expect(imported.keyId).toBe(signer.publicKey.keyId);
    expect(readFileSync(imported.paths.privateKey, 'utf8').includes('ENCRYPTED')).toBe(password !== '');
  });

  it('takes a key that was exported for it', async () => {
    await newKey({ env, name: 'ours', passphrase: 'at home' });
    const text = await exportKey({ env, name: 'ours', private: { form: 'cosign', passphrase: PASSPHRASE, ask: ask('at home') } });
    writeFileSync(join(folder, 'ours.key'), text, { mode: 0o600 });
    expect(cosign(PASSPHRASE, 'public-key', '--key', 'ours.key').trim()).toBe((await exportKey({ env, name: 'ours' })).trim());
    expect(() => cosign('wrong', 'public-key', '--key', 'ours.key')).toThrow();
    const { publicKey } = await loadKey('ours', { env, passphrase: ask('at home') });
    expect(nodeVerifySignature(publicKey.spki, MESSAGE, signedBy('ours.key', PASSPHRASE))).toBe(true);
  });

  it('imports the file of a key that is not encrypted, and what it makes of it comes back', async () => {
    const key = await newKey({ env, name: 'ours' });
    cosign(PASSPHRASE, 'import-key-pair', '--key', key.paths.privateKey, '--yes');
    const file = join(folder, 'import-cosign.key');
    chmodSync(file, 0o600);
    expect((await loadKey(file, { env, passphrase: ask(PASSPHRASE) })).publicKey.keyId).toBe(key.keyId);
    expect(readFileSync(join(folder, 'import-cosign.pub'), 'utf8')).toBe(await exportKey({ env, name: 'ours' }));
  });
});
