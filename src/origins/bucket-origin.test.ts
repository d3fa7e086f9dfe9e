import { PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { s3Program, startS3, type S3Server } from '../../test/harness/s3-server.ts';
import { describeS3, fetchOrigin, findOrigin } from './index.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-bucket-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

const program = s3Program();
const RETRY = { retry: { attempts: 2, firstWaitMs: 5 } };

describe.skipIf(program === undefined)('data in a bucket (skipped without Go: the server of the tests is built with it)', () => {
  let server: S3Server;
  let client: S3Client;

  beforeAll(async () => {
    server = await startS3(program!, ['plain', 'versioned']);
    for (const [name, value] of Object.entries({ ...server.environment, AWS_CONFIG_FILE: '/dev/null' })) vi.stubEnv(name, value);
    client = new S3Client({ region: 'us-east-1', forcePathStyle: true });
    await client.send(new PutBucketVersioningCommand({ Bucket: 'versioned', VersioningConfiguration: { Status: 'Enabled' } }));
    for (const Bucket of ['plain', 'versioned']) for (const Key of ['data/a.csv', 'data/deep/b.csv', 'data2/c.csv']) await put(Bucket, Key, `first ${Key}`);
  });

  afterAll(() => {
    client?.destroy();
    server?.stop();
    vi.unstubAllEnvs();
  });

  const put = (Bucket: string, Key: string, Body: string): Promise<unknown> => client.send(new PutObjectCommand({ Bucket, Key, Body }));

  it('is described by its objects with ETags', async () => {
    const { origin, objectCount, totalBytes } = await describeS3('s3://plain/data/', RETRY);
    expect(origin).toEqual({
      kind: 's3',
      uri: 's3://plain/data',
      path: 'data',
      objects: ['data/a.csv', 'data/deep/b.csv'].map((key) => ({ key, etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) as string })),
    });
    expect([objectCount, totalBytes]).toEqual([2, 'first data/a.csv'.length + 'first data/deep/b.csv'.length]);
  });

  it('is described with versions where the bucket keeps them', async () => {
    const { origin } = await describeS3('s3://versioned/data/a.csv', RETRY);
    expect(origin).toMatchObject({ uri: 's3://versioned/data/a.csv', objects: [{ key: 'data/a.csv', versionId: expect.stringMatching(/^.{8,}$/) as string }] });
    expect(origin.revision).toBe(origin.objects![0]!.versionId);
  });

  it('comes back in the recorded version although there is a newer one', async () => {
    const { origin } = await describeS3('s3://versioned/data', RETRY);
    await put('versioned', 'data/a.csv', 'second');
    expect(await fetchOrigin(origin, join(folder, 'back'), RETRY)).toMatchObject({ kind: 'fetched', path: join(folder, 'back/data'), fileCount: 2, revision: 'same' });
    expect(readFileSync(join(folder, 'back/data/a.csv'), 'utf8')).toBe('first data/a.csv');
    expect(readdirSync(join(folder, 'back/data')).toSorted()).toEqual(['a.csv', 'deep']);
  });

  it('that was replaced in a bucket without versions is changed, not taken', async () => {
    const { origin } = await describeS3('s3://plain/data2/c.csv', RETRY);
    expect(await fetchOrigin(origin, join(folder, 'back'), RETRY)).toMatchObject({ kind: 'fetched', path: join(folder, 'back/c.csv') });
    await put('plain', 'data2/c.csv', 'second');
    rmSync(join(folder, 'back'), { recursive: true });
    expect(await fetchOrigin(origin, join(folder, 'back'), RETRY)).toMatchObject({ kind: 'not-fetched', because: 'changed' });
    expect(existsSync(join(folder, 'back/c.csv'))).toBe(false);
  });

  it('whose version was deleted is gone', async () => {
    const origin = { kind: 's3', uri: 's3://versioned/data/a.csv', objects: [{ key: 'data/a.csv', versionId: '01M8AQ6P4WTSMENTG3GTJBKTM0' }] } as const;
    expect(await fetchOrigin(origin, join(folder, 'back'), RETRY)).toMatchObject({ kind: 'not-fetched', because: 'gone' });
  });

  it('of which no objects are recorded is what lies there now, of unknown revision', async () => {
    expect(await fetchOrigin({ kind: 's3', uri: 's3://plain/data' }, join(folder, 'back'), RETRY)).toMatchObject({ kind: 'fetched', fileCount: 2, revision: 'unknown' });
  });

  it('with keys that lead out of the folder is not written', async () => {
    const origin = { kind: 's3', uri: 's3://plain/data', objects: [{ key: 'data/../../escaped' }] } as const;
    expect(await fetchOrigin(origin, join(folder, 'back'), RETRY)).toMatchObject({ kind: 'not-fetched', because: 'changed' });
  });

  it('that DVC keeps there comes back by its MD5', async () => {
    const digest = 'e5ebd4c02cefbe7955977c67ada242b7';
    const origin = { kind: 'dvc', uri: 's3://plain/dvc', path: 'data.csv', imported: [{ algorithm: 'md5', digest, path: 'data.csv' }] } as const;
    expect(await fetchOrigin(origin, join(folder, 'back'), RETRY)).toMatchObject({ kind: 'not-fetched', because: 'gone' });
    await put('plain', `dvc/files/md5/${digest.slice(0, 2)}/${digest.slice(2)}`, 'a,b\n1,2\n');
    expect(await fetchOrigin(origin, join(folder, 'back'), RETRY)).toMatchObject({ kind: 'fetched', checkedCount: 1 });
    expect(readFileSync(join(folder, 'back/data.csv'), 'utf8')).toBe('a,b\n1,2\n');
  });

  it.each([
    ['s3://plain/nothing', 'TL0803'],
    ['s3://nothing/data', 'TL0803'],
    ['/data', 'TL0803'],
    ['gs://x/y', 'TL0805'],
  ])('at %s is error %s', async (address, code) => {
    await expect(describeS3(address, RETRY)).rejects.toMatchObject({ code });
  });
});

describe('data at a web address', () => {
  let server: Server;
  let base: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;

  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((started) => server.listen(0, '127.0.0.1', started));
    base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['"v1"', 'same'],
    ['"v0"', 'other'],
    [undefined, 'unknown'],
  ] as const)('recorded with the ETag %s comes back as %s', async (recorded, revision) => {
    answer = (_, response) => response.writeHead(200, { etag: '"v1"' }).end('content');
    const origin = { kind: 'http', uri: `${base}/a/data%20set.csv?x=1`, ...(recorded === undefined ? {} : { revision: recorded }) } as const;
    expect(await fetchOrigin(origin, join(folder, 'back'), RETRY)).toMatchObject({ kind: 'fetched', path: join(folder, 'back/data set.csv'), totalBytes: 7, revision });
  });

  it.each([
    [404, 'gone'],
    [403, 'denied'],
    [503, 'unavailable'],
  ] as const)('that answers %i is %s', async (status, because) => {
    answer = (_, response) => response.writeHead(status).end();
    expect(await fetchOrigin({ kind: 'http', uri: `${base}/a` }, join(folder, 'back'), RETRY)).toMatchObject({ kind: 'not-fetched', because });
  });

  it.each(['%2e%2e%2f%2e%2e%2fescaped', '..', '.git', '%00', ''])('named %j is written as a plain file', async (name) => {
    answer = (_, response) => response.end('content');
    const result = await fetchOrigin({ kind: 'http', uri: `${base}/x/${name}` }, join(folder, 'back'), RETRY);
    expect(result).toMatchObject({ kind: 'fetched' });
    expect(readdirSync(folder)).toEqual(['back']);
    expect(readdirSync(join(folder, 'back'))).toHaveLength(1);
  });
});

describe('local data', () => {
  it('is local and cannot be fetched', async () => {
    expect(await findOrigin(join(folder, 'nothing'))).toEqual({ kind: 'local' });
    expect(await findOrigin(folder)).toEqual({ kind: 'local' });
    expect(await fetchOrigin({ kind: 'local' }, join(folder, 'back'))).toMatchObject({ kind: 'not-fetched', because: 'not-recorded' });
  });
});
