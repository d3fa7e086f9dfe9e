import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '#files';
import { checkTimestamp, timestampRequest } from '#seal';
import {
  answerRequest,
  certificateFolder,
  forgedToken,
  makeCertificate,
  opensslVerifies,
  startTimeServer,
  type TestCertificate,
  type TimeAnswer,
  type TimeServer,
} from '../../../test/harness/time-authority.ts';
import { nodeVerifyWith } from '../node-certificates.ts';
import { askAuthority, type AskOptions, type Dating } from './ask-authority.ts';
import { clockProblem } from './clock-difference.ts';

const { folder, remove } = certificateFolder();
const SIGNATURE = randomBytes(70);
const ports = { crypto: nodeCrypto, verifyWith: nodeVerifyWith };
let root: TestCertificate;
let signer: TestCertificate;
const servers: TimeServer[] = [];

beforeAll(() => {
  root = makeCertificate(folder, 'root', undefined);
  signer = makeCertificate(folder, 'time authority', root);
});

afterAll(async () => {
  for (const server of servers) await server.stop();
  remove();
});

const serve = async (answer: (request: Buffer) => Promise<TimeAnswer>): Promise<string> => {
  const server = await startTimeServer(answer);
  servers.push(server);
  return server.url;
};

const asked = async (answer: (request: Buffer) => Promise<TimeAnswer>, options: AskOptions = {}): Promise<Dating> => askAuthority(SIGNATURE, { url: await serve(answer) }, options);
const honest = async (request: Buffer): Promise<TimeAnswer> => ({ body: await answerRequest(signer, request) });

describe('a time authority of openssl', () => {
  it('dates a signature; openssl and the reader agree on the answer', async () => {
    const dating = await asked(honest);
    if (dating.kind !== 'dated') throw new Error(dating.because);
    expect(Math.abs(dating.clock.differenceMs)).toBeLessThan(30_000);
    expect(clockProblem(dating.clock)).toBeUndefined();
    expect(dating.accuracyMs).toBe(1501);
    expect(opensslVerifies(SIGNATURE, dating.response, root)).toContain('Verification: OK');
    const authorities = [{ name: 'test authority', certificates: [signer.certificate, root.certificate] }];
    expect(checkTimestamp(dating.response, { signature: SIGNATURE }, authorities, ports)).toMatchObject({
      kind: 'held',
      time: dating.time,
      authority: 'test authority',
      certificateSha256: dating.certificateSha256,
    });
  });

  it.each(['rsa', 'p384', 'p521'] as const)('with a key of %s does so too', async (key) => {
    const other = makeCertificate(folder, `authority with ${key}`, root, { key });
    const dating = await asked(async (request) => ({ body: await answerRequest(other, request, { digest: key === 'p384' ? 'sha384' : 'sha512' }) }));
    if (dating.kind !== 'dated') throw new Error(dating.because);
    expect(opensslVerifies(SIGNATURE, dating.response, root)).toContain('Verification: OK');
    expect(checkTimestamp(dating.response, { signature: SIGNATURE }, [{ name: 'other', certificates: [root.certificate] }], ports)).toMatchObject({ kind: 'held' });
  });

  it.each(['sha1', 'sha256', 'sha384'])('that names its certificate by %s does so too', async (bindingDigest) => {
    const dating = await asked(async (request) => ({ body: await answerRequest(signer, request, { bindingDigest }) }));
    expect(dating).toMatchObject({ kind: 'dated' });
  });

  it('gets a new nonce with every request', async () => {
    const nonces = new Set<string>();
    const url = await serve(async (request) => {
      nonces.add(request.toString('hex').slice(-32));
      return honest(request);
    });
    for (let i = 0; i < 3; i += 1) expect(await askAuthority(SIGNATURE, { url })).toMatchObject({ kind: 'dated' });
    expect(nonces.size).toBe(3);
  });

  it('with another clock than this machine is heard: hours wrong are a problem', async () => {
    const hoursMs = 3 * 3600_000;
    const behind = await asked(honest, { now: () => Date.now() - hoursMs });
    const ahead = await asked(honest, { now: () => Date.now() + hoursMs });
    if (behind.kind !== 'dated' || ahead.kind !== 'dated') throw new Error('not dated');
    expect(clockProblem(behind.clock)).toMatch(/^the clock of this machine is (3 h 0|2 h 59) min behind the time authority$/);
    expect(clockProblem(ahead.clock)).toMatch(/^the clock of this machine is (3 h 0|2 h 59) min ahead of the time authority$/);
  });
});

describe('an authority that is dead, slow or lies is a value', () => {
  const flipped = (bytes: Buffer, at: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at]! ^= 1;
    return copy;
  };
  /** The nonce is the last element but one of a request, in front of certReq. */
  const nonceIn = (request: Buffer): Buffer => request.subarray(56, -3);
  let earlier: Buffer;

  const lies: readonly (readonly [string, (request: Buffer) => Promise<TimeAnswer>, RegExp])[] = [
    ['answers an error', async () => ({ status: 503, body: Buffer.alloc(0) }), /HTTP status 503/],
    ['answers a page', async () => ({ contentType: 'text/html; charset=utf-8', body: Buffer.from('<html>') }), /of the type text\/html/],
    ['answers nothing', async () => ({ body: Buffer.alloc(0) }), /not a TimeStampResp/],
    ['answers junk', async () => ({ body: randomBytes(500) }), /not a TimeStampResp/],
    ['answers without end', async () => ({ body: Buffer.alloc(1_000_000, 0x30) }), /more than 64/],
    ['redirects', async () => ({ status: 307, headers: { location: 'http://127.0.0.1:1/' }, body: Buffer.alloc(0) }), /redirects/],
    [
      'grants nothing',
      async (request) => ({ body: await answerRequest(signer, request, { accepted: 'sha512' }) }),
      /gives no time: status 2 \(Message digest algorithm is not supported/,
    ],
    ['answers to another request', async () => ({ body: await answerRequest(signer, timestampRequest(randomBytes(70), 5n, nodeCrypto)) }), /dates other bytes/],
    ['repeats an older answer', async () => ({ body: (earlier ??= await answerRequest(signer, timestampRequest(SIGNATURE, 5n, nodeCrypto))) }), /its nonce is another/],
    ['changes its answer', async (request) => honest(request).then((good) => ({ body: flipped(Buffer.from(good!.body), good!.body.length - 1) })), /signature of the token/],
    ['is not for time stamps', async (request) => ({ body: forgedToken(root, { signature: SIGNATURE, more: nonceIn(request) }) }), /is not for time stamps alone/],
    [
      'is no longer valid',
      async (request) => ({ body: forgedToken(signer, { signature: SIGNATURE, time: '20500101000000Z', more: nonceIn(request) }) }),
      /was valid only until 2044/,
    ],
  ];

  it.each(lies)('that %s', async (_what, answer, because) => {
    const dating = await asked(answer);
    expect(dating.kind === 'not-dated' ? dating.because : dating.kind).toMatch(because);
  });

  it('that says nothing, until the time is up', async () => {
    const started = Date.now();
    const dating = await asked(async () => undefined, { timeoutMs: 300 });
    expect(dating).toMatchObject({ kind: 'not-dated', because: expect.stringContaining('took longer than 0.3 s') });
    expect(Date.now() - started).toBeLessThan(4000);
  });

  it('that drips, until the time is up', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/timestamp-reply' });
      const timer = setInterval(() => response.write('0'), 50);
      response.on('close', () => clearInterval(timer));
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as { port: number };
    expect(await askAuthority(SIGNATURE, { url: `http://127.0.0.1:${port}/` }, { timeoutMs: 400 })).toMatchObject({
      kind: 'not-dated',
      because: expect.stringContaining('took longer'),
    });
    server.closeAllConnections();
    server.close();
  });

  it.each(['http://127.0.0.1:1/', 'ftp://127.0.0.1/', 'not a url', 'http://no-such-host.invalid/'])('that is at %s', async (url) => {
    expect(await askAuthority(SIGNATURE, { url }, { timeoutMs: 2000 })).toMatchObject({ kind: 'not-dated' });
  });

  it('and a password in its address is not repeated', async () => {
    const dating = await askAuthority(SIGNATURE, { url: 'http://user:letmein99@127.0.0.1:1/' }, { timeoutMs: 1000 });
    expect(dating.kind === 'not-dated' ? dating.because : '').not.toContain('letmein99');
  });

  it('and so is an interruption', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    expect(await asked(async () => undefined, { signal: controller.signal })).toMatchObject({ kind: 'not-dated', because: expect.stringContaining('interrupted') });
  });
});
