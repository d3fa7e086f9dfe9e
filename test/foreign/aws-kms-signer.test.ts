import { type ChildProcess, spawn } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateAliasCommand, CreateKeyCommand, DisableKeyCommand, type KeySpec, KMSClient, VerifyCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openAwsKmsSigner } from '../../src/keys/external/aws-kms-signer.ts';
import { openSigner } from '../../src/keys/external/open-signer.ts';
import type { Signer } from '../../src/keys/signer.ts';
import { freePort, listening } from '../harness/s3-server.ts';
import { goTool } from './go-tool.ts';

const program = goTool('local-kms');
const MESSAGE = Buffer.from('what is signed');
const SECRET = 'test-secret-value';

describe.skipIf(program === undefined)('a key in AWS KMS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-kms-'));
  let child: ChildProcess;
  let client: KMSClient;
  let keyId: string;
  let arn: string;

  const makeKey = async (spec: KeySpec, usage: 'SIGN_VERIFY' | 'ENCRYPT_DECRYPT', alias: string): Promise<{ readonly keyId: string; readonly arn: string }> => {
    const { KeyMetadata: made } = await client.send(new CreateKeyCommand({ KeySpec: spec, KeyUsage: usage }));
    await client.send(new CreateAliasCommand({ AliasName: `alias/${alias}`, TargetKeyId: made!.KeyId! }));
    return { keyId: made!.KeyId!, arn: made!.Arn! };
  };

  beforeAll(async () => {
    const port = await freePort();
    child = spawn(program!, [], { env: { PORT: String(port), KMS_REGION: 'eu-west-1', KMS_DATA_PATH: join(folder, 'data') }, stdio: 'ignore' });
    await listening(port, child);
    const environment = {
      AWS_ENDPOINT_URL_KMS: `http://127.0.0.1:${port}`,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test-access',
      AWS_SECRET_ACCESS_KEY: SECRET,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    client = new KMSClient({});
    ({ keyId, arn } = await makeKey('ECC_NIST_P256', 'SIGN_VERIFY', 'team/runs'));
    await makeKey('ECC_NIST_P384', 'SIGN_VERIFY', 'larger');
    await makeKey('RSA_2048', 'SIGN_VERIFY', 'rsa');
    await makeKey('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'cipher');
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    client?.destroy();
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (name: string): Promise<Signer> => openSigner(`awskms:///${name}`, { environment: process.env, openLocal: () => Promise.reject(new Error('local')) });

  it.each([
    ['its identifier', () => keyId],
    ['an alias', () => 'alias/team/runs'],
    ['its ARN', () => arn],
  ])('signs, named by %s, and KMS itself verifies it', async (_, name) => {
    const signer = await open(name());
    const signature = await signer.sign(MESSAGE);
    expect(verify('sha256', MESSAGE, createPublicKey({ key: Buffer.from(signer.publicKey.spki), format: 'der', type: 'spki' }), signature)).toBe(true);
    const answer = await client.send(new VerifyCommand({ KeyId: keyId, Message: MESSAGE, MessageType: 'RAW', Signature: signature, SigningAlgorithm: 'ECDSA_SHA_256' }));
    expect(answer.SignatureValid).toBe(true);
  });

  it('signs what is longer than KMS takes: only the digest is sent', async () => {
    expect(await (await open(keyId)).sign(Buffer.alloc(1_000_000, 1))).toBeInstanceOf(Uint8Array);
  });

  it.each([
    ['the key is missing', 'alias/nothing', 'TL1101', /no such key/],
    ['the key is on another curve', 'alias/larger', 'TL1102', /ECC_NIST_P384/],
    ['the key is of RSA', 'alias/rsa', 'TL1102', /RSA_2048/],
    ['the key cannot sign', 'alias/cipher', 'TL1102', /only ECC_NIST_P256|does not use it/],
  ])('says that %s', async (_, name, code, message) => {
    await expect(open(name)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('says that the key was disabled', async () => {
    const other = await makeKey('ECC_NIST_P256', 'SIGN_VERIFY', 'off');
    const signer = await open(other.keyId);
    await client.send(new DisableKeyCommand({ KeyId: other.keyId }));
    await expect(signer.sign(MESSAGE)).rejects.toMatchObject({ code: 'TL1102', message: expect.stringContaining('DisabledException') });
  });

  it.each([
    ['nobody answers', { AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:1' }, /ECONNREFUSED/],
    ['there are no credentials', { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }, /credentials are missing/],
    ['no region is set', { AWS_REGION: '', AWS_DEFAULT_REGION: '' }, /no region is set/],
  ])('says that %s, and no secret', async (_, changed, message) => {
    const before = Object.fromEntries(Object.keys(changed).map((name) => [name, process.env[name]]));
    for (const [name, value] of Object.entries(changed)) vi.stubEnv(name, value === '' ? undefined : value);
    const error: Error = await openAwsKmsSigner({ keyId }, { timeoutMs: 2000 }).then(
      () => new Error('opened'),
      (reason: Error) => reason,
    );
    for (const [name, value] of Object.entries(before)) vi.stubEnv(name, value);
    expect(error).toMatchObject({ code: 'TL1104', message: expect.stringMatching(message) });
    expect(JSON.stringify([error, error.message, error.stack, String(error.cause)])).not.toContain(SECRET);
  });
});

describe('a server that only pretends to be AWS KMS', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const own = sign('sha256', MESSAGE, privateKey).toString('base64');
  const other = sign('sha256', MESSAGE, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey).toString('base64');
  const key = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', PublicKey: spki };

  /** What signing with a key at this server comes to. */
  const signAt = async (listener: RequestListener): Promise<Uint8Array> => {
    const server = createServer(listener);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const environment = {
      AWS_ENDPOINT_URL_KMS: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test-access',
      AWS_SECRET_ACCESS_KEY: SECRET,
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    try {
      return await (await openAwsKmsSigner({ keyId: 'alias/runs' }, { timeoutMs: 200 })).sign(MESSAGE);
    } finally {
      vi.unstubAllEnvs();
      server.closeAllConnections();
      server.close();
    }
  };
  const answering =
    (keyAnswer: unknown, signAnswer: unknown): RequestListener =>
    (request, answer) =>
      void answer
        .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(String(request.headers['x-amz-target']).endsWith('GetPublicKey') ? keyAnswer : signAnswer));

  it('is believed where the signature fits', async () => {
    expect(Buffer.from(await signAt(answering(key, { Signature: own }))).toString('base64')).toBe(own);
  });

  it.each<readonly [string, RequestListener, string]>([
    ['a signature of another key', answering(key, { Signature: other }), 'TL1104'],
    ['raw numbers for a signature', answering(key, { Signature: Buffer.alloc(64, 1).toString('base64') }), 'TL1104'],
    ['no signature', answering(key, {}), 'TL1104'],
    ['no public key', answering({ ...key, PublicKey: undefined }, { Signature: own }), 'TL1102'],
    [
      'a public key with more behind it',
      answering({ ...key, PublicKey: Buffer.concat([Buffer.from(spki, 'base64'), Buffer.of(0)]).toString('base64') }, { Signature: own }),
      'TL1102',
    ],
    [
      'an Ed25519 key',
      answering({ ...key, PublicKey: generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64') }, { Signature: own }),
      'TL1102',
    ],
    ['a page', (_, answer) => void answer.end('<html>'), 'TL1104'],
    ['a redirect', (_, answer) => void answer.writeHead(307, { location: 'http://127.0.0.1:2/' }).end(), 'TL1104'],
    ['silence', () => undefined, 'TL1104'],
  ])('is refused: %s', async (_, listener, code) => {
    await expect(signAt(listener)).rejects.toMatchObject({ code });
  });
});
