import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchOrigin, findOrigin } from './index.ts';

const REVISION = '0123456789abcdef0123456789abcdef01234567';
const FILES = { 'README.md': '# readme\n', 'data/train.csv': 'a,b\n'.repeat(1000) } as const;

const blobName = (name: string, content: string): string =>
  name.startsWith('data/') ? createHash('sha256').update(content).digest('hex') : createHash('sha1').update(`blob ${content.length}\0${content}`).digest('hex');

let folder: string;
let server: Server;
let endpoint: string;
let paths: string[] = [];
let tokens: (string | undefined)[] = [];
let served: Readonly<Record<string, string>> = FILES;

beforeAll(async () => {
  server = createServer((request, response) => {
    paths.push(request.url!);
    tokens.push(request.headers.authorization);
    if (request.url === `/api/datasets/org/set/revision/${REVISION}`)
      return response.end(JSON.stringify({ siblings: [...Object.keys(served), '../escaped'].map((rfilename) => ({ rfilename })) }));
    const name = request.url!.split(`/datasets/org/set/resolve/${REVISION}/`)[1];
    const content = served[name ?? ''];
    return content === undefined ? response.writeHead(404).end() : response.end(content);
  });
  await new Promise<void>((started) => server.listen(0, '127.0.0.1', started));
  endpoint = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  vi.stubEnv('HF_TOKEN', 'hf_test-token-value');
});

afterAll(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-hub-'));
  paths = [];
  tokens = [];
  served = FILES;
  return () => rmSync(folder, { recursive: true, force: true });
});

/** As huggingface_hub 2.4 lays it out: blobs by their digest, and links to them. */
const makeCache = (files: Readonly<Record<string, string>> = FILES): string => {
  const repository = join(folder, 'hub/datasets--org--set');
  const snapshot = join(repository, 'snapshots', REVISION);
  for (const [name, content] of Object.entries(files)) {
    const blob = join(repository, 'blobs', blobName(name, content));
    for (const path of [blob, join(snapshot, name)]) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(blob, content);
    symlinkSync(relative(dirname(join(snapshot, name)), blob), join(snapshot, name));
  }
  return snapshot;
};

const options = (): Parameters<typeof fetchOrigin>[2] => ({ hubEndpoint: endpoint, hubCache: join(folder, 'none'), retry: { attempts: 1, firstWaitMs: 1 } });

describe('data in the cache of the Hugging Face hub', () => {
  const readme = { algorithm: 'git-blob', digest: blobName('README.md', FILES['README.md']), path: 'README.md' };
  const train = { algorithm: 'sha256', digest: blobName('data/train.csv', FILES['data/train.csv']), path: 'data/train.csv' };
  const common = { kind: 'hub', uri: 'hf://datasets/org/set', revision: REVISION };

  it('is found by repository and commit, with the digests in the names of its blobs', async () => {
    const snapshot = makeCache();
    expect(await findOrigin(snapshot)).toEqual({ ...common, path: '.', imported: [readme, train] });
    expect(await findOrigin(join(snapshot, 'data'))).toEqual({ ...common, path: 'data', imported: [train] });
    expect(await findOrigin(join(snapshot, 'data/train.csv'))).toEqual({ ...common, path: 'data/train.csv', imported: [train] });
  });

  it('is found as a model, with or without an organisation', async () => {
    for (const [name, uri] of [
      ['models--gpt2', 'hf://gpt2'],
      ['models--org--name', 'hf://org/name'],
      ['spaces--org--app', 'hf://spaces/org/app'],
    ] as const) {
      const path = join(folder, name, 'snapshots', REVISION);
      mkdirSync(path, { recursive: true });
      expect(await findOrigin(path)).toMatchObject({ kind: 'hub', uri, revision: REVISION });
    }
  });

  it.each(['datasets--a--b--c/snapshots/' + REVISION, 'datasets--org--set/snapshots/main', 'datasets--org--set/blobs/x'])('is not found in %s', async (path) => {
    mkdirSync(join(folder, path), { recursive: true });
    expect(await findOrigin(join(folder, path))).toEqual({ kind: 'local' });
  });

  it('has no digests of links that lead elsewhere', async () => {
    const snapshot = makeCache({});
    mkdirSync(snapshot, { recursive: true });
    writeFileSync(join(folder, 'a'.repeat(64)), 'x');
    symlinkSync(join(folder, 'a'.repeat(64)), join(snapshot, 'file'));
    expect(await findOrigin(snapshot)).toEqual({ ...common, path: '.' });
  });

  it.each(['.', 'data', 'data/train.csv'])('%s comes back over HTTP, checked by its digests', async (path) => {
    const origin = await findOrigin(join(makeCache(), path));
    const result = await fetchOrigin(origin, join(folder, 'back'), options());
    expect(result).toMatchObject({ kind: 'fetched', fileCount: path === '.' ? 2 : 1, checkedCount: path === '.' ? 2 : 1 });
    const file = { '.': 'set/data/train.csv', data: 'data/train.csv', 'data/train.csv': 'train.csv' }[path]!;
    expect(readFileSync(join(folder, 'back', file), 'utf8')).toBe(FILES['data/train.csv']);
    expect(new Set(tokens)).toEqual(new Set(['Bearer hf_test-token-value']));
  });

  it('comes back from the cache of this machine without asking anybody', async () => {
    const origin = await findOrigin(makeCache());
    expect(await fetchOrigin(origin, join(folder, 'back'), { ...options(), hubCache: join(folder, 'hub') })).toMatchObject({ kind: 'fetched', fileCount: 2 });
    expect(paths).toEqual([]);
  });

  it('comes back from the hub if the cache is damaged', async () => {
    const origin = await findOrigin(makeCache());
    for (const digest of [train.digest, readme.digest]) writeFileSync(join(folder, 'hub/datasets--org--set/blobs', digest), 'damaged');
    expect(await fetchOrigin(origin, join(folder, 'back'), { ...options(), hubCache: join(folder, 'hub') })).toMatchObject({ kind: 'fetched', fileCount: 2 });
    expect(readFileSync(join(folder, 'back/set/README.md'), 'utf8')).toBe(FILES['README.md']);
  });

  it.each(Object.keys(FILES))('with another %s at the hub is not fetched', async (name) => {
    const origin = await findOrigin(makeCache());
    served = { ...FILES, [name]: 'other' };
    expect(await fetchOrigin(origin, join(folder, 'back'), options())).toMatchObject({ kind: 'not-fetched', because: 'changed' });
  });

  it('without recorded digests is what the hub lists for the commit, without names that lead out', async () => {
    const result = await fetchOrigin({ kind: 'hub', uri: 'hf://datasets/org/set', revision: REVISION, path: '.' }, join(folder, 'back'), options());
    expect(result).toMatchObject({ kind: 'fetched', fileCount: 2, checkedCount: 0 });
    expect(existsSync(join(folder, 'back/escaped'))).toBe(false);
  });

  it.each([
    [{ uri: 'hf://datasets/../../x', revision: REVISION }, 'not-recorded'],
    [{ uri: 'hf://datasets/org/set', revision: 'main' }, 'not-recorded'],
    [{ uri: 'https://huggingface.co/org/set', revision: REVISION }, 'not-recorded'],
    [{ uri: 'hf://datasets/org/other', revision: REVISION, path: 'x', imported: [{ algorithm: 'sha256', digest: 'a'.repeat(64), path: 'x' }] }, 'gone'],
  ] as const)('with the record %j is %s', async (record, because) => {
    expect(await fetchOrigin({ kind: 'hub', ...record }, join(folder, 'back'), options())).toMatchObject({ kind: 'not-fetched', because });
  });
});
