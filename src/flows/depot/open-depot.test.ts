import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeDelivery } from '#manifest';
import { objectName, recordNote } from './depot-layout.ts';
import { type Depot, type DepotOptions, openDepot } from './open-depot.ts';

const BYTES = Buffer.from('the bytes of a statement\n'.repeat(4000));
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const FACTS = { sha256: SHA256, sizeBytes: BYTES.length };
const NAME = objectName(SHA256);
const NOTE = writeDelivery([{ manifestSha256: SHA256, files: [{ name: 'statement.json', ...FACTS }] }]);

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

let server: Server;
let base: string;
let handler: Handler;
let asked: string[] = [];
let folder: string;
let path: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    handler(request, response, asked.length);
  });
  await new Promise<void>((started) => server.listen(0, '127.0.0.1', started));
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-depot-test-'));
  mkdirSync(join(folder, 'scratch'));
  path = join(folder, 'arrived', 'file');
  asked = [];
  return () => rmSync(folder, { recursive: true, force: true });
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const open = (place: string, options: Partial<DepotOptions> = {}): Promise<Depot> =>
  openDepot(place, { workingDirectory: folder, scratch: join(folder, 'scratch'), retry: { attempts: 2, firstWaitMs: 1 }, idleTimeoutMs: 300, ...options });

const arrived = (): readonly string[] => (existsSync(dirname(path)) ? readdirSync(dirname(path)) : []);

describe('a depot behind an address', () => {
  it('gives notes and bytes by their names', async () => {
    handler = (request, response) => response.end(request.url === `/a/b/${recordNote(SHA256)}` ? NOTE : BYTES);
    const depot = await open(`${base}/a/b//`);
    expect(depot.isOpen).toBe(false);
    expect(await depot.note(recordNote(SHA256))).toEqual([{ manifestSha256: SHA256, files: [{ name: 'statement.json', ...FACTS }] }]);
    expect(await depot.bring(NAME, path, FACTS)).toBe(true);
    expect(readFileSync(path).equals(BYTES)).toBe(true);
    expect(asked).toEqual([`/a/b/${recordNote(SHA256)}`, `/a/b/${NAME}`]);
    expect(readdirSync(join(folder, 'scratch'))).toEqual([]);
  });

  it.each([404, 410])('does not have what it answers with %i', async (status) => {
    handler = (_, response) => response.writeHead(status).end('<html>');
    const depot = await open(base);
    expect(await depot.note(recordNote(SHA256))).toBeUndefined();
    expect(await depot.bring(NAME, path, FACTS)).toBe(false);
    expect(arrived()).toEqual([]);
  });

  it('is continued where it was cut, also by a server that ignores ranges', async () => {
    handler = (_, response, count) =>
      count < 2
        ? response.writeHead(200, { 'content-length': String(BYTES.length) }).write(BYTES.subarray(0, 1000), () => setTimeout(() => response.destroy(), 20))
        : response.end(BYTES);
    expect(await (await open(base)).bring(NAME, path, FACTS)).toBe(true);
    expect(readFileSync(path).equals(BYTES)).toBe(true);
  });

  it.each<[string, Handler, string]>([
    ['sends other bytes', (_, response) => response.end(Buffer.from(BYTES.toString().toUpperCase())), 'TL0804'],
    ['sends less', (_, response) => response.end(BYTES.subarray(1)), 'TL0804'],
    ['sends more', (_, response) => response.end(Buffer.concat([BYTES, BYTES])), 'TL0804'],
    [
      'never stops sending',
      (_, response) => {
        const more = (): void => void response.write(BYTES, (error) => (error ? undefined : more()));
        more();
      },
      'TL0804',
    ],
    ['packs what it sends', (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(BYTES)), 'TL0801'],
    ['sends the wrong part', (_, response) => response.writeHead(206, { 'content-range': `bytes 5-9/${BYTES.length}` }).end('56789'), 'TL0801'],
    ['answers nothing', () => undefined, 'TL0801'],
    ['falls silent', (_, response) => void response.writeHead(200).write('x'), 'TL0801'],
    ['is broken', (_, response) => response.writeHead(500).end(), 'TL0801'],
    ['denies', (_, response) => response.writeHead(403).end(), 'TL0802'],
    ['redirects into a private network', (_, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end(), 'TL0802'],
    ['redirects to where clouds keep credentials', (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(), 'TL0802'],
    ['redirects to a name of this machine', (_, response) => response.writeHead(302, { location: 'http://localhost:1/' }).end(), 'TL0802'],
    ['redirects to a file', (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(), 'TL0802'],
    ['redirects for ever', (_, response) => response.writeHead(302, { location: '/again' }).end(), 'TL0801'],
  ])('that %s gives nothing, and nothing half stays', async (_, answer, code) => {
    handler = answer;
    await expect((await open(base)).bring(NAME, path, FACTS)).rejects.toMatchObject({ code });
    expect(arrived()).toEqual([]);
  });

  it.each([
    ['<html>', '<html>'],
    ['a list', '[]'],
    ['too much', ' '.repeat(2 ** 20 + 1)],
  ])('that sends %s in place of a note is refused', async (_, text) => {
    handler = (__, response) => response.end(text);
    await expect((await open(base)).note(recordNote(SHA256))).rejects.toMatchObject({ code: 'TL0804' });
  });

  it('is given up when everything together takes too long', async () => {
    handler = (_, response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    };
    await expect((await open(base, { timeLimitMs: 400 })).bring(NAME, path, FACTS)).rejects.toMatchObject({
      code: 'TL0801',
      message: expect.stringContaining('longer than 0.4 s') as string,
    });
    expect(arrived()).toEqual([]);
  });

  it('is given up when everything together is too large', async () => {
    handler = (_, response) => response.end(BYTES);
    const depot = await open(base, { mostBytes: BYTES.length * 1.5 });
    expect(await depot.bring(NAME, path, FACTS)).toBe(true);
    await expect(depot.bring(NAME, path, FACTS)).rejects.toMatchObject({ code: 'TL0801', message: expect.stringContaining('altogether') as string });
  });

  it.each([
    ['http://records.example.com', true],
    ['http://10.0.0.1/depot', true],
    ['http://127.0.0.1.example.com', true],
    ['HTTP://localhost.example.com', true],
    ['https://records.example.com', false],
    ['http://localhost:8000', false],
    ['http://127.0.0.1', false],
    ['http://0177.0.0.1', false],
    ['http://[::1]:80', false],
  ])('%s may be answered by others: %s', async (place, isOpen) => {
    expect((await open(place)).isOpen).toBe(isOpen);
  });

  it.each(['https://host/?token=abcdefghijk', 'https://host/#abcdefghijk', 'http://', 'ftp://host', 's3://bucket/abcdefghijk', 'file://host/share'])(
    'is not opened at %s',
    async (place) => {
      const error: Error = await open(place).then(
        () => new Error('opened'),
        (reason: Error) => reason,
      );
      expect(error).toMatchObject({ code: 'TL0805' });
      expect(error.message).not.toContain('abcdefghijk');
    },
  );
});

describe('a depot in a folder', () => {
  const lay = (name: string, bytes: Uint8Array): void => {
    mkdirSync(dirname(join(folder, 'depot', name)), { recursive: true });
    writeFileSync(join(folder, 'depot', name), bytes);
  };

  it.each(['depot', './depot', '{folder}/depot', 'file://{folder}/depot'])('is found as %s', async (place) => {
    lay(recordNote(SHA256), NOTE);
    lay(NAME, BYTES);
    const depot = await open(place.replace('{folder}', folder));
    expect(await depot.note(recordNote(SHA256))).toHaveLength(1);
    expect(await depot.bring(NAME, path, FACTS)).toBe(true);
    expect(await depot.bring(objectName('0'.repeat(64)), path, FACTS)).toBe(false);
  });

  it('follows links within it, as volumes have them, and none that lead out', async () => {
    lay(`..data/${NAME}`, BYTES);
    symlinkSync('..data/objects', join(folder, 'depot', 'objects'));
    expect(await (await open('depot')).bring(NAME, path, FACTS)).toBe(true);
    rmSync(path);
    mkdirSync(join(folder, 'depot-of-others'));
    writeFileSync(join(folder, 'depot-of-others', 'note'), NOTE);
    for (const target of ['../../../depot-of-others/note', '/etc/hostname', join(folder, 'depot-of-others', 'note')]) {
      mkdirSync(dirname(join(folder, 'depot', recordNote(SHA256))), { recursive: true });
      symlinkSync(target, join(folder, 'depot', recordNote(SHA256)));
      await expect((await open('depot')).note(recordNote(SHA256)), target).rejects.toMatchObject({ code: 'TL0802' });
      rmSync(join(folder, 'depot', recordNote(SHA256)));
    }
  });

  it('that was changed gives nothing', async () => {
    lay(NAME, Buffer.from(BYTES.toString().toUpperCase()));
    await expect((await open('depot')).bring(NAME, path, FACTS)).rejects.toMatchObject({ code: 'TL0804' });
    expect(arrived()).toEqual([]);
  });

  it('that is not there is told', async () => {
    await expect(open('nowhere')).rejects.toMatchObject({ code: 'TL0803' });
  });
});
