import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchBytes, fetchToFile } from './index.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const RETRY = { retry: { attempts: 3, firstWaitMs: 5 }, idleTimeoutMs: 400 };
const CONTENT = randomBytes(4 * 1024 * 1024);
const OTHER = randomBytes(4 * 1024 * 1024);

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

let server: Server;
let base: string;
let folder: string;
let path: string;
let handler: Handler = () => undefined;
let requests: IncomingMessage[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request);
    handler(request, response, requests.length);
  });
  await new Promise<void>((started) => server.listen(0, '127.0.0.1', started));
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-fetch-'));
  path = join(folder, 'file');
  requests = [];
  return () => rmSync(folder, { recursive: true, force: true });
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Serves bytes with ranges as a careful server does; cut after `cut` bytes if that is given. */
const serve = (request: IncomingMessage, response: ServerResponse, { bytes, etag, cut }: { bytes: Buffer; etag?: string; cut?: number }): void => {
  const start = Number(/^bytes=([0-9]+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
  const from = isSame ? start : 0;
  const headers = { 'content-length': String(bytes.length - from), ...(etag === undefined ? {} : { etag }) };
  response.writeHead(from > 0 ? 206 : 200, from > 0 ? { ...headers, 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : headers);
  if (cut === undefined) response.end(bytes.subarray(from));
  else response.write(bytes.subarray(from, from + cut), () => setTimeout(() => response.destroy(), 30));
};

const ranges = (): readonly (string | undefined)[] => requests.map((request) => request.headers.range);

describe('a file from a web server', () => {
  it('comes with its digest, ETag and date', async () => {
    handler = (request, response) => {
      response.setHeader('last-modified', 'Wed, 01 Jan 2025 00:00:00 GMT');
      serve(request, response, { bytes: CONTENT, etag: '"v1"' });
    };
    expect(await fetchToFile(`${base}/a`, path, RETRY)).toEqual({
      sha256: sha256(CONTENT),
      sizeBytes: CONTENT.length,
      etag: '"v1"',
      lastModified: 'Wed, 01 Jan 2025 00:00:00 GMT',
      finalUrl: `${base}/a`,
    });
    expect(sha256(readFileSync(path))).toBe(sha256(CONTENT));
    expect(requests[0]!.headers['accept-encoding']).toBe('identity');
  });

  it.each([503, 500, 429, 408])('comes in spite of status %i', async (status) => {
    handler = (request, response, count) => (count < 3 ? response.writeHead(status, { 'retry-after': '0' }).end('no') : serve(request, response, { bytes: CONTENT }));
    expect((await fetchToFile(`${base}/a`, path, RETRY)).sha256).toBe(sha256(CONTENT));
  });

  it('is continued where the connection was cut', async () => {
    handler = (request, response, count) => serve(request, response, { bytes: CONTENT, etag: '"v1"', ...(count < 6 ? { cut: 500_000 } : {}) });
    expect((await fetchToFile(`${base}/a`, path, RETRY)).sha256).toBe(sha256(CONTENT));
    const starts = ranges().map((range) => Number(/[0-9]+/.exec(range ?? '0')![0]));
    expect(starts).toEqual([...new Set(starts)].toSorted((a, b) => a - b));
    expect(starts).toHaveLength(6);
    expect(requests[1]!.headers['if-range']).toBe('"v1"');
  });

  it('is never made of two versions', async () => {
    handler = (request, response, count) => serve(request, response, count < 2 ? { bytes: CONTENT, etag: '"v1"', cut: 500_000 } : { bytes: OTHER, etag: '"v2"' });
    expect(await fetchToFile(`${base}/a`, path, RETRY)).toMatchObject({ sha256: sha256(OTHER), etag: '"v2"' });
  });

  it('is never made of two versions by a server that ignores If-Range', async () => {
    handler = (request, response, count) => {
      delete request.headers['if-range'];
      serve(request, response, count < 2 ? { bytes: CONTENT, etag: '"v1"', cut: 500_000 } : { bytes: OTHER, etag: '"v2"' });
    };
    expect((await fetchToFile(`${base}/a`, path, RETRY)).sha256).toBe(sha256(OTHER));
  });

  it.each([undefined, 'W/"v1"'])('begins anew after a cut if the ETag is %s', async (etag) => {
    handler = (request, response, count) =>
      serve(request, response, { bytes: count < 2 ? CONTENT : OTHER, ...(etag === undefined ? {} : { etag }), ...(count < 2 ? { cut: 500_000 } : {}) });
    expect((await fetchToFile(`${base}/a`, path, RETRY)).sha256).toBe(sha256(OTHER));
    expect(ranges()).toEqual([undefined, undefined]);
  });

  it('is continued by a later call, if the ETag is still the same', async () => {
    handler = (request, response) => serve(request, response, { bytes: CONTENT, etag: '"v1"', cut: 1_500_000 });
    await expect(fetchToFile(`${base}/a`, path, { ...RETRY, retry: { attempts: 1, firstWaitMs: 1 } })).rejects.toMatchObject({ code: 'TL0801' });
    expect(existsSync(path)).toBe(false);
    handler = (request, response) => serve(request, response, { bytes: CONTENT, etag: '"v1"' });
    expect((await fetchToFile(`${base}/a`, path, RETRY)).sha256).toBe(sha256(CONTENT));
    expect(ranges()[1]).toMatch(/^bytes=1[0-9]{6}-$/);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('that is always cut at the same place is given up', async () => {
    handler = (request, response) => {
      delete request.headers.range;
      serve(request, response, { bytes: CONTENT, etag: '"v1"', cut: 500_000 });
    };
    await expect(fetchToFile(`${base}/a`, path, RETRY)).rejects.toMatchObject({ code: 'TL0801' });
    expect(requests.length).toBeLessThan(6);
  });

  it.each([
    ['is silent', (): void => undefined],
    ['falls silent', (_: IncomingMessage, response: ServerResponse): void => void response.writeHead(200, { 'content-length': '100' }).write('x')],
  ] as const)('from a server that %s is given up', async (_, silent) => {
    handler = silent;
    await expect(fetchToFile(`${base}/a`, path, { ...RETRY, retry: { attempts: 2, firstWaitMs: 1 } })).rejects.toMatchObject({
      code: 'TL0801',
      message: expect.stringMatching(/silent/) as string,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that never ends is refused at the limit', async () => {
    handler = (_, response) => {
      const more = (): void => void response.write(CONTENT, (error) => (error ? undefined : more()));
      more();
    };
    await expect(fetchToFile(`${base}/a`, path, { ...RETRY, maxBytes: 10_000_000 })).rejects.toMatchObject({ code: 'TL0804' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that says that it is too large is refused before it comes', async () => {
    handler = (request, response) => serve(request, response, { bytes: CONTENT });
    await expect(fetchToFile(`${base}/a`, path, { ...RETRY, maxBytes: 1000 })).rejects.toMatchObject({ code: 'TL0804' });
  });

  it('that drips is stopped at the time limit', async () => {
    handler = (_, response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    };
    await expect(fetchToFile(`${base}/a`, path, { ...RETRY, timeLimitMs: 300 })).rejects.toMatchObject({
      code: 'TL0801',
      message: expect.stringContaining('longer than 300 ms') as string,
    });
  });

  it('with another digest than expected is refused', async () => {
    handler = (request, response) => serve(request, response, { bytes: OTHER, etag: '"v1"' });
    await expect(fetchToFile(`${base}/a`, path, { ...RETRY, expect: { sha256: sha256(CONTENT) } })).rejects.toMatchObject({ code: 'TL0804', where: `${base}/a` });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    [404, 'TL0803'],
    [410, 'TL0803'],
    [401, 'TL0802'],
    [403, 'TL0802'],
    [418, 'TL0801'],
    [501, 'TL0801'],
  ])('with status %i is error %s', async (status, code) => {
    handler = (_, response) => response.writeHead(status).end();
    await expect(fetchToFile(`${base}/a`, path, RETRY)).rejects.toMatchObject({ code });
    expect(requests).toHaveLength(1);
  });

  it('that is packed on the way is refused', async () => {
    handler = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
    await expect(fetchToFile(`${base}/a`, path, RETRY)).rejects.toMatchObject({ code: 'TL0801' });
  });

  it.each(['ftp://host/a', 'file:///etc/passwd', 'no url', 'javascript:1'])('is not fetched from %s', async (url) => {
    await expect(fetchToFile(url, path, RETRY)).rejects.toMatchObject({ code: 'TL0805' });
  });
});

describe('a redirect', () => {
  const to =
    (location: string): Handler =>
    (request, response) =>
      request.url === '/a' ? response.writeHead(302, { location }).end() : serve(request, response, { bytes: CONTENT });

  it('on the same host is followed', async () => {
    handler = to('/b');
    expect(await fetchToFile(`${base}/a`, path, RETRY)).toMatchObject({ sha256: sha256(CONTENT), finalUrl: `${base}/b` });
  });

  it.each(['http://169.254.169.254/latest/meta-data/', 'http://10.0.0.1/', 'http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://2130706434/', 'http://localhost/', 'http://0/'])(
    'to %s, a private address, is not followed',
    async (location) => {
      handler = to(location);
      await expect(fetchToFile(`${base}/a`, path, RETRY)).rejects.toMatchObject({ code: 'TL0802' });
    },
  );

  it('to a private host that was allowed is followed', async () => {
    const port = new URL(base).port;
    handler = to(`http://localhost:${port}/b`);
    server.on('error', () => undefined);
    expect((await fetchToFile(`${base}/a`, path, { ...RETRY, allowedHosts: ['localhost'] })).sha256).toBe(sha256(CONTENT));
  });

  it.each(['file:///etc/passwd', 'ftp://host/', 'data:text/plain,x', 'http://'])('to %s is not followed', async (location) => {
    handler = to(location);
    await expect(fetchToFile(`${base}/a`, path, RETRY)).rejects.toMatchObject({ code: expect.stringMatching(/^TL080[12]$/) as string });
  });

  it('in a circle ends', async () => {
    handler = (_, response) => response.writeHead(302, { location: '/a' }).end();
    await expect(fetchToFile(`${base}/a`, path, RETRY)).rejects.toMatchObject({ code: 'TL0801', message: expect.stringContaining('redirects more than') as string });
    expect(requests).toHaveLength(6);
  });

  it.each([
    'http://0177.0.0.2/',
    'http://0x7f.2/',
    'http://127.2/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
  ])('to %s, a private address in another form, is not followed', async (location) => {
    handler = to(location);
    await expect(fetchToFile(`${base}/a`, path, RETRY)).rejects.toMatchObject({ code: 'TL0802' });
  });

  it('to a name that was public a moment ago is not followed into this machine, even if a person named it', async () => {
    const named = base.replace('127.0.0.1', 'localhost');
    handler = (request, response) => serve(request, response, { bytes: CONTENT });
    await expect(fetchToFile(`${named}/a`, path, { ...RETRY, publicNames: new Set(['localhost']) })).rejects.toMatchObject({ code: 'TL0802' });
    expect(requests).toHaveLength(0);
  });

  it('to a private host is not followed over a connection that is open because a person named that host', async () => {
    const named = base.replace('127.0.0.1', 'localhost');
    handler = (request, response) => serve(request, response, { bytes: CONTENT });
    expect((await fetchToFile(`${named}/a`, path, RETRY)).sha256).toBe(sha256(CONTENT));
    handler = to(`${named}/b`);
    await expect(fetchToFile(`${base}/a`, path, RETRY)).rejects.toMatchObject({ code: 'TL0802' });
  });

  it('to another host does not get the credentials', async () => {
    const port = new URL(base).port;
    handler = to(`http://localhost:${port}/b`);
    await fetchToFile(`${base}/a`, path, { ...RETRY, allowedHosts: ['localhost'], credentials: { authorization: 'Bearer abc' } });
    expect(requests.map((request) => request.headers.authorization)).toEqual(['Bearer abc', undefined]);
  });
});

describe('an error', () => {
  it('holds no credentials of the address', async () => {
    handler = (_, response) => response.writeHead(404).end();
    const error: Error = await fetchToFile(`${base.replace('//', '//user:pa55word-1234@')}/a?token=abcdef0123456789abcdef`, path, RETRY).then(
      () => new Error('fetched'),
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ code: 'TL0803' });
    expect(JSON.stringify([error.message, error, error.stack])).not.toMatch(/pa55word|abcdef0123456789/);
    expect(requests[0]!.headers.authorization).toMatch(/^Basic /);
  });
});

describe('a small answer', () => {
  it('is given whole, or refused if it is too large', async () => {
    handler = (_, response, count) => (count === 1 ? response.writeHead(503).end() : response.end('answer'));
    expect(Buffer.from(await fetchBytes(`${base}/a`, { ...RETRY, maxBytes: 100 })).toString()).toBe('answer');
    await expect(fetchBytes(`${base}/a`, { ...RETRY, maxBytes: 3 })).rejects.toMatchObject({ code: 'TL0801' });
  });
});
