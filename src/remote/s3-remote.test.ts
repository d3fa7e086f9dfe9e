import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FaultyProxy, startProxy } from '../../test/harness/faulty-proxy.ts';
import { s3Program, startS3, type S3Server } from '../../test/harness/s3-server.ts';
import { openBucketReader, openRemote, type Remote, transferObjects } from './index.ts';
import { MULTIPART_FROM } from './s3-upload.ts';

const program = s3Program();
const RETRY = { retry: { attempts: 4, firstWaitMs: 5 }, idleTimeoutMs: 1500 };

const MiB = 1024 * 1024;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe.skipIf(program === undefined)('a bucket as a remote (skipped without Go: the server of the tests is built with it)', () => {
  let server: S3Server;
  let proxy: FaultyProxy;
  let folder: string;
  let remote: Remote;
  let count = 0;

  beforeAll(async () => {
    server = await startS3(program!, ['store']);
    proxy = await startProxy(server.port);
    for (const [name, value] of Object.entries({ ...server.environment, AWS_ENDPOINT_URL: `http://127.0.0.1:${proxy.port}` })) vi.stubEnv(name, value);
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trainlock-remote-'));
    count += 1;
    // A new client for each test: it has no open connection, so the next connections meet the faults of the test.
    remote = await openRemote(`s3://store/prefix-${count}`, RETRY);
    remote.close();
    remote = await openRemote(`s3://store/prefix-${count}`, RETRY);
    return () => {
      remote.close();
      proxy.faults.length = 0;
      rmSync(folder, { recursive: true, force: true });
    };
  });

  afterAll(() => {
    proxy?.stop();
    server?.stop();
    vi.unstubAllEnvs();
  });

  const object = (bytes: Buffer, name: string = 'file'): { name: string; path: string; sha256: string; sizeBytes: number } => {
    writeFileSync(join(folder, name), bytes);
    const digest = sha256(bytes);
    return { name: `objects/sha256/${digest.slice(0, 2)}/${digest.slice(2)}`, path: join(folder, name), sha256: digest, sizeBytes: bytes.length };
  };

  it.each([0, 1, 100_000, MULTIPART_FROM, MULTIPART_FROM + 1, 21 * MiB])('keeps and gives back a file of %i bytes', async (size) => {
    const one = object(randomBytes(size));
    expect(await remote.has(one.name)).toBe(false);
    expect(await remote.putFile(one.name, one.path, one)).toBe('sent');
    expect(await remote.size(one.name)).toBe(size);
    expect(await remote.putFile(one.name, one.path, one)).toBe('present');
    await remote.getFile(one.name, join(folder, 'back'), one);
    expect(sha256(readFileSync(join(folder, 'back')))).toBe(one.sha256);
    expect(readdirSync(folder).toSorted()).toEqual(['back', 'file']);
  });

  it('lists what lies below a prefix', async () => {
    const objects = Array.from({ length: 5 }, (_, index) => object(Buffer.from(`content ${index}`), `f${index}`));
    await transferObjects({ direction: 'push', remote, objects });
    const found: string[] = [];
    for await (const { name, sizeBytes } of remote.list('objects/')) found.push(`${name} ${sizeBytes}`);
    expect(found.toSorted()).toEqual(objects.map(({ name, sizeBytes }) => `${name} ${sizeBytes}`).toSorted());
  });

  it.each([
    ['a 503', [{ kind: 'status', status: 503 }]],
    ['three 503 in a row', Array.from({ length: 3 }, () => ({ kind: 'status', status: 503 }) as const)],
    ['a cut request', [{ kind: 'cut-request', afterBytes: 1000 }]],
    ['silence', [{ kind: 'silence' }]],
  ] as const)('sends a file in spite of %s', async (_, faults) => {
    const one = object(randomBytes(200_000));
    remote.close();
    remote = await openRemote(`s3://store/prefix-${count}`, RETRY);
    remote.close();
    proxy.faults.push(...faults);
    const fresh = await freshRemote();
    expect(await fresh.putFile(one.name, one.path, one)).toBe('sent');
    fresh.close();
    await remote.getFile(one.name, join(folder, 'back'), one);
    expect(sha256(readFileSync(join(folder, 'back')))).toBe(one.sha256);
  });

  /** Opened before faults are told is not possible: opening asks the bucket. So the faults meet that question or what follows it. */
  const freshRemote = (): Promise<Remote> => openRemote(`s3://store/prefix-${count}`, RETRY);

  it('goes on where a download was cut, and does not fetch the beginning again', async () => {
    const one = object(randomBytes(12 * MiB));
    await remote.putFile(one.name, one.path, one);
    remote.close();
    const fresh = await freshRemote();
    fresh.close();
    const before = proxy.seen.answerBytes;
    proxy.faults.push({ kind: 'cut-answer', afterBytes: 5 * MiB }, { kind: 'cut-answer', afterBytes: 4 * MiB });
    const told: number[] = [];
    await fresh.getFile(one.name, join(folder, 'back'), { ...one, onProgress: (bytes) => told.push(bytes) });
    expect(sha256(readFileSync(join(folder, 'back')))).toBe(one.sha256);
    expect(told.reduce((sum, bytes) => sum + bytes, 0)).toBe(12 * MiB);
    expect(proxy.seen.answerBytes - before).toBeLessThan(14 * MiB);
  });

  it('continues in a second call what a first one had to give up', async () => {
    const one = object(randomBytes(12 * MiB));
    await remote.putFile(one.name, one.path, one);
    const impatient = await openRemote(`s3://store/prefix-${count}`, { ...RETRY, retry: { attempts: 1, firstWaitMs: 1 } });
    impatient.close();
    proxy.faults.push({ kind: 'cut-answer', afterBytes: 8 * MiB });
    await expect(impatient.getFile(one.name, join(folder, 'back'), one)).rejects.toMatchObject({ code: 'TL0801' });
    expect(existsSync(join(folder, 'back'))).toBe(false);
    const before = proxy.seen.answerBytes;
    await impatient.getFile(one.name, join(folder, 'back'), one);
    expect(sha256(readFileSync(join(folder, 'back')))).toBe(one.sha256);
    expect(proxy.seen.answerBytes - before).toBeLessThan(5 * MiB);
  });

  it('sends only the missing parts of an upload that was broken off', async () => {
    const one = object(randomBytes(40 * MiB));
    const stop = new AbortController();
    let sent = 0;
    const onProgress = (bytes: number): void => {
      sent += bytes;
      if (sent >= 16 * MiB) stop.abort(new Error('enough'));
    };
    await expect(remote.putFile(one.name, one.path, { ...one, signal: stop.signal, onProgress })).rejects.toThrow('enough');
    expect(await remote.has(one.name)).toBe(false);
    const before = proxy.seen.requestBytes;
    expect(await remote.putFile(one.name, one.path, one)).toBe('sent');
    expect(proxy.seen.requestBytes - before).toBeLessThan(26 * MiB);
    await remote.getFile(one.name, join(folder, 'back'), one);
    expect(sha256(readFileSync(join(folder, 'back')))).toBe(one.sha256);
  });

  it('lets two send the same large file at once', async () => {
    const one = object(randomBytes(24 * MiB));
    const second = await freshRemote();
    const outcomes = await Promise.all([remote.putFile(one.name, one.path, one), second.putFile(one.name, one.path, one)]);
    second.close();
    expect(outcomes).toContain('sent');
    await remote.getFile(one.name, join(folder, 'back'), one);
    expect(sha256(readFileSync(join(folder, 'back')))).toBe(one.sha256);
  });

  it('refuses bytes that were changed on the way, and leaves nothing', async () => {
    const one = object(randomBytes(300_000));
    await remote.putFile(one.name, one.path, one);
    const fresh = await freshRemote();
    fresh.close();
    proxy.faults.push({ kind: 'flip', atByte: 200_000 });
    await expect(fresh.getFile(one.name, join(folder, 'back'), one)).rejects.toMatchObject({ code: 'TL0804', where: `s3://store/prefix-${count}/${one.name}` });
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('refuses an object that has other bytes than its name, and neither fetches nor replaces it', async () => {
    const one = object(randomBytes(1000));
    const place = join(server.folder, 'store', `prefix-${count}`, one.name);
    mkdirSync(join(place, '..'), { recursive: true });
    writeFileSync(place, randomBytes(1000));
    await expect(remote.getFile(one.name, join(folder, 'back'), one)).rejects.toMatchObject({ code: 'TL0804' });
    writeFileSync(place, 'short');
    await expect(remote.putFile(one.name, one.path, one)).rejects.toMatchObject({ code: 'TL0804' });
    expect(readFileSync(place, 'utf8')).toBe('short');
    expect(existsSync(join(folder, 'back'))).toBe(false);
  });

  it.each([1000, 20 * MiB])('does not send a file of %i bytes that is not what its name says', async (size) => {
    const one = object(randomBytes(size));
    const wrong = { sha256: '0'.repeat(64), sizeBytes: size };
    await expect(remote.putFile('objects/sha256/00/0', one.path, wrong)).rejects.toMatchObject({ code: 'TL0804', where: one.path });
    expect(await remote.has('objects/sha256/00/0')).toBe(false);
  });

  it('goes on after an object that is missing, and tells it', async () => {
    const objects = Array.from({ length: 6 }, (_, index) => object(Buffer.from(`content ${index}`), `f${index}`));
    await transferObjects({ direction: 'push', remote, objects: objects.slice(0, 5) });
    const wanted = objects.map((one, index) => ({ ...one, path: join(folder, 'pulled', String(index)) }));
    const first = await transferObjects({ direction: 'pull', remote, objects: wanted, jobs: 3 });
    expect(first).toMatchObject({ moved: 5, present: 0, end: 'done', failures: [{ name: objects[5]!.name, error: { code: 'TL0803' } }] });
    await remote.putFile(objects[5]!.name, objects[5]!.path, objects[5]!);
    expect(await transferObjects({ direction: 'pull', remote, objects: wanted })).toMatchObject({ moved: 1, present: 5, failures: [], end: 'done' });
  });

  it('gives up when nothing works, and says so', async () => {
    const closed = await openRemote(`s3://store/prefix-${count}`, { retry: { attempts: 1, firstWaitMs: 1 }, idleTimeoutMs: 500 });
    closed.close();
    proxy.faults.push(...Array.from({ length: 100 }, () => ({ kind: 'status', status: 503 }) as const));
    const objects = Array.from({ length: 60 }, (_, index) => ({ ...object(Buffer.from('x')), name: `objects/sha256/aa/${index}` }));
    const result = await transferObjects({ direction: 'push', remote: closed, objects, jobs: 2 });
    expect(result.end).toBe('given-up');
    expect(result.failures.length).toBeLessThan(30);
    expect(result.failures[0]!.error).toMatchObject({ code: 'TL0801' });
  });

  it('says that credentials are not accepted, without showing them', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wrong-secret-value');
    const error: Error = await openRemote('s3://store/prefix', RETRY).then(
      () => new Error('opened'),
      (reason: Error) => reason,
    );
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test-secret-value');
    expect(error).toMatchObject({ code: 'TL0802' });
    expect(JSON.stringify([error.message, error, error.cause])).not.toMatch(/wrong-secret|test-access/);
  });

  it('says that a bucket is not there', async () => {
    await expect(openRemote('s3://no-such-bucket/prefix', RETRY)).rejects.toMatchObject({ code: 'TL0803', where: 's3://no-such-bucket' });
  });

  it('says that nobody answers', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    await expect(openRemote('s3://store/prefix', RETRY)).rejects.toMatchObject({ code: 'TL0801' });
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${proxy.port}`);
  });

  it('reads an object by its version and refuses another ETag', async () => {
    const reader = await openBucketReader('s3://store', RETRY);
    const one = object(Buffer.from('content'));
    await remote.putFile(one.name, one.path, one);
    const key = `prefix-${count}/${one.name}`;
    await reader.fetch(key, join(folder, 'back'));
    expect(readFileSync(join(folder, 'back'), 'utf8')).toBe('content');
    await expect(reader.fetch(key, join(folder, 'other'), { etag: '"0123"' })).rejects.toMatchObject({ code: 'TL0804' });
    reader.close();
  });
});
