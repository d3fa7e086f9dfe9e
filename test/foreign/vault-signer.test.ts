import { type ChildProcess, spawn } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSigner } from '../../src/keys/external/open-signer.ts';
import type { Environment } from '../../src/keys/external/run-program.ts';
import type { Signer } from '../../src/keys/signer.ts';
import { freePort, listening } from '../harness/s3-server.ts';
import { goTool } from './go-tool.ts';

const program = goTool('vault');
const TOKEN = 'root-token-of-the-test';
const MESSAGE = Buffer.from('what is signed');

describe.skipIf(program === undefined)('a key in Vault', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-vault-'));
  let child: ChildProcess;
  let address: string;
  let env: Environment;

  beforeAll(async () => {
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    child = spawn(program!, ['server', '-dev', `-dev-listen-address=127.0.0.1:${port}`, `-dev-root-token-id=${TOKEN}`, '-dev-no-store-token'], {
      env: { PATH: process.env['PATH'], HOME: folder },
      stdio: 'ignore',
    });
    await listening(port, child);
    env = { VAULT_ADDR: address, VAULT_TOKEN: TOKEN, HOME: folder };
    for (let tries = 0; tries < 100 && (await vault('GET', 'sys/health')).status !== 200; tries += 1) await new Promise((later) => setTimeout(later, 50));
    for (const path of ['transit', 'team/transit']) await done('POST', `sys/mounts/${path}`, { type: 'transit' });
    await done('POST', 'transit/keys/runs', { type: 'ecdsa-p256' });
    await done('POST', 'transit/keys/edwards', { type: 'ed25519' });
    await done('POST', 'transit/keys/derived', { type: 'ed25519', derived: true });
    await done('POST', 'transit/keys/larger', { type: 'ecdsa-p384' });
    await done('POST', 'transit/keys/cipher', { type: 'aes256-gcm96' });
    await done('POST', 'team/transit/keys/ours', { type: 'ecdsa-p256' });
  });
  afterAll(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const vault = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${address}/v1/${path}`, { method, headers: { 'x-vault-token': TOKEN }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }).catch(
      () => new Response(null, { status: 599 }),
    );
  const done = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await vault(method, path, body);
    const text = await answer.text();
    expect(answer.ok, `${path}: ${text}`).toBe(true);
    return text === '' ? undefined : JSON.parse(text);
  };
  const open = (name: string, environment: Environment = env): Promise<Signer> =>
    openSigner(`vault://${name}`, { environment, openLocal: () => Promise.reject(new Error('local')) });
  const holds = (signer: Signer, signature: Uint8Array): boolean => {
    const key = createPublicKey({ key: Buffer.from(signer.publicKey.spki), format: 'der', type: 'spki' });
    return verify(signer.publicKey.algorithm === 'ed25519' ? null : 'sha256', MESSAGE, key, signature);
  };

  it.each([
    ['runs', 'ecdsa-p256'],
    ['edwards', 'ed25519'],
  ])('signs with %s, and Vault itself verifies it', async (name, algorithm) => {
    const signer = await open(name);
    expect(signer.publicKey.algorithm).toBe(algorithm);
    const signature = await signer.sign(MESSAGE);
    expect(holds(signer, signature)).toBe(true);
    const question = { input: MESSAGE.toString('base64'), signature: `vault:v1:${Buffer.from(signature).toString('base64')}` };
    expect(await done('POST', `transit/verify/${name}`, question)).toMatchObject({ data: { valid: true } });
  });

  it('keeps to the version it was opened with when the key is rotated', async () => {
    const before = await open('runs');
    await done('POST', 'transit/keys/runs/rotate');
    const after = await open('runs');
    expect(after.publicKey.keyId).not.toBe(before.publicKey.keyId);
    for (const signer of [before, after]) expect(holds(signer, await signer.sign(MESSAGE))).toBe(true);
  });

  it('finds an engine at another path', async () => {
    const signer = await open('ours', { ...env, TRANSIT_SECRET_ENGINE_PATH: 'team/transit' });
    expect(holds(signer, await signer.sign(MESSAGE))).toBe(true);
  });

  it('takes the token from the file that vault login writes, unless others can read it', async () => {
    const home = mkdtempSync(join(folder, 'home-'));
    const environment = { VAULT_ADDR: address, HOME: home };
    await expect(open('runs', environment)).rejects.toMatchObject({ code: 'TL1104', message: expect.stringContaining('no token') });
    writeFileSync(join(home, '.vault-token'), `${TOKEN}\n`, { mode: 0o600 });
    expect(holds(await open('runs', environment), await (await open('runs', environment)).sign(MESSAGE))).toBe(true);
    chmodSync(join(home, '.vault-token'), 0o644);
    await expect(open('runs', environment)).rejects.toMatchObject({ code: 'TL1102', message: expect.stringContaining('others can read') });
  });

  it.each([
    ['the key is missing', 'nothing', {}, 'TL1101', /no such key/],
    ['the engine is missing', 'runs', { TRANSIT_SECRET_ENGINE_PATH: 'nowhere' }, 'TL1101', /no such key/],
    ['the key is on another curve', 'larger', {}, 'TL1102', /only keys of the types/],
    ['the key cannot sign', 'cipher', {}, 'TL1102', /only keys of the types/],
    ['the key is derived', 'derived', {}, 'TL1102', /public key/],
    ['the token is wrong', 'runs', { VAULT_TOKEN: 'another-secret-token' }, 'TL1104', /denies/],
    ['the token is no text for a header', 'runs', { VAULT_TOKEN: 'secret\r\nx: y' }, 'TL1104', /no token/],
    ['nobody answers', 'runs', { VAULT_ADDR: 'http://127.0.0.1:2' }, 'TL1104', /cannot be reached: ECONNREFUSED/],
    ['no address is set', 'runs', { VAULT_ADDR: undefined }, 'TL1104', /VAULT_ADDR is not set/],
    ['the token would be readable on the way', 'runs', { VAULT_ADDR: 'http://vault.example.org:8200' }, 'TL1104', /https/],
    ['the path of the engine leads elsewhere', 'runs', { TRANSIT_SECRET_ENGINE_PATH: '../sys' }, 'TL1104', /path of an engine/],
  ])('says that %s', async (_, name, more, code, message) => {
    const error: Error = await open(name, { ...env, ...more }).then(
      () => new Error('opened'),
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(JSON.stringify([error, error.message, error.stack, String(error.cause)])).not.toMatch(/secret/);
  });

  it('says that a policy permits to see the key and not to sign', async () => {
    await done('PUT', 'sys/policies/acl/reader', { policy: 'path "transit/keys/runs" { capabilities = ["read"] }' });
    const made = (await done('POST', 'auth/token/create', { policies: ['reader'] })) as { readonly auth: { readonly client_token: string } };
    const signer = await open('runs', { ...env, VAULT_TOKEN: made.auth.client_token });
    await expect(signer.sign(MESSAGE)).rejects.toMatchObject({ code: 'TL1104', message: expect.stringContaining('denies') });
  });

  it('says that Vault is sealed', async () => {
    // Last: the server stays sealed.
    const signer = await open('edwards');
    await done('PUT', 'sys/seal');
    await expect(signer.sign(MESSAGE)).rejects.toMatchObject({ code: 'TL1104', message: expect.stringContaining('sealed') });
  });
});

describe('a server that only pretends to be Vault', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  const openAt = async (listener: RequestListener, timeoutMs?: number): Promise<Signer> => {
    const started = createServer(listener);
    server = started;
    await new Promise<void>((ready) => started.listen(0, '127.0.0.1', ready));
    const { port } = started.address() as { port: number };
    const environment = { VAULT_ADDR: `http://127.0.0.1:${port}`, VAULT_TOKEN: TOKEN, HOME: '/nowhere' };
    if (timeoutMs === undefined) return openSigner('vault://runs', { environment, openLocal: () => Promise.reject(new Error('local')) });
    const { openVaultSigner } = await import('../../src/keys/external/vault-signer.ts');
    return openVaultSigner('runs', { environment, timeoutMs });
  };
  const KEY =
    '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7\nYfps5mliLmDyn7Z5A/4QCLi8maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==\n-----END PUBLIC KEY-----\n';
  const key = { data: { type: 'ecdsa-p256', latest_version: 1, keys: { '1': { public_key: KEY } } } };

  it.each<readonly [string, (seen: string[]) => RequestListener, RegExp]>([
    [
      'a redirect, and does not send the token after it',
      (seen) => (request, answer) => {
        seen.push(request.url!);
        answer.writeHead(307, { location: '/elsewhere' }).end();
      },
      /leads elsewhere/,
    ],
    [
      'an answer that does not end',
      () => (_, answer) => {
        const more = (): void => {
          if (!answer.destroyed) answer.write(Buffer.alloc(65_536, 32), more);
        };
        more();
      },
      /too long/,
    ],
    ['an answer that is no JSON', () => (_, answer) => void answer.end('<html>'), /not answer as Vault/],
    ['an answer with a key twice', () => (_, answer) => void answer.end('{"data":{},"data":{}}'), /not answer as Vault/],
    [
      'its own error with the token in it',
      () => (request, answer) => void answer.writeHead(400).end(JSON.stringify({ errors: [`bad token ${String(request.headers['x-vault-token'])}\u001b[2J`] })),
      /answered 400: bad token …/,
    ],
    ['a version that is none', () => (_, answer) => void answer.end(JSON.stringify({ data: { ...key.data, latest_version: '__proto__' } })), /latest version/],
    ['a key of another type', () => (_, answer) => void answer.end(JSON.stringify({ data: { ...key.data, type: 'ed25519' } })), /public key/],
    ['a closed connection', () => (request) => void request.socket.destroy(), /cannot be reached/],
  ])('is refused: %s', async (_, listener, message) => {
    const seen: string[] = [];
    const error: Error = await openAt(listener(seen)).then(
      () => new Error('opened'),
      (reason: Error) => reason,
    );
    expect(error.message).toMatch(message);
    expect(JSON.stringify([error, error.message, error.stack])).not.toContain(TOKEN);
    expect(seen.length).toBeLessThanOrEqual(1);
  });

  it('is given up when it is silent', async () => {
    await expect(openAt(() => undefined, 200)).rejects.toMatchObject({ code: 'TL1104', message: expect.stringContaining('within 0.2 s') });
  });

  it.each([
    ['nothing', undefined],
    ['a signature of another version', 'vault:v2:MEUCIQ=='],
    ['no base64', 'vault:v1:!!'],
    ['the marshaling of JWS', 'vault:v1:AAAA'],
    ['a signature of another key', 'vault:v1:MAYCAQECAQE='],
  ])('does not sign with %s', async (_, signature) => {
    const signer = await openAt((request, answer) => void answer.end(JSON.stringify(request.method === 'GET' ? key : { data: { signature } })));
    await expect(signer.sign(MESSAGE)).rejects.toMatchObject({ code: 'TL1104' });
  });
});
