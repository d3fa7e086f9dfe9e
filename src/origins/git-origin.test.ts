import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Origin } from '#snapshot';
import { fetchOrigin, findOrigin } from './index.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let work: string;
let bare: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-git-'));
  work = join(folder, 'work');
  bare = join(folder, 'bare.git');
  mkdirSync(work);
  git(folder, 'init', '-q', '--bare', bare);
  git(work, 'init', '-q', '-b', 'main');
  git(work, 'remote', 'add', 'origin', `file://${bare}`);
  return () => rmSync(folder, { recursive: true, force: true });
});

const git = (cwd: string, ...args: readonly string[]): string => {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@b',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@b',
  };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
};

const write = (files: Readonly<Record<string, string | Uint8Array>>): void => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(work, name)), { recursive: true });
    writeFileSync(join(work, name), content);
  }
};

const commit = (files: Readonly<Record<string, string | Uint8Array>>): string => {
  write(files);
  git(work, 'add', '-A');
  git(work, 'commit', '-qm', 'change');
  git(work, 'push', '-q', 'origin', 'main');
  return git(work, 'rev-parse', 'HEAD');
};

const fetched = (origin: Origin, options: Parameters<typeof fetchOrigin>[2] = {}): ReturnType<typeof fetchOrigin> => fetchOrigin(origin, join(folder, 'back'), options);

describe('data in git', () => {
  it('is found by commit and path, as a file, a folder and the whole', async () => {
    const revision = commit({ 'data/a.csv': 'a', 'data/deep/b.csv': 'b' });
    const common = { kind: 'git', uri: `file://${bare}`, revision };
    expect(await findOrigin(join(work, 'data/a.csv'))).toEqual({ ...common, path: 'data/a.csv' });
    expect(await findOrigin(join(work, 'data'))).toEqual({ ...common, path: 'data' });
    expect(await findOrigin(work)).toEqual({ ...common, path: '.' });
  });

  it.each<readonly [string, () => void]>([
    ['is changed', () => write({ 'data/a.csv': 'other' })],
    ['has a new file', () => write({ 'data/new.csv': 'new' })],
    ['has an ignored file', () => write({ 'data/x.tmp': 'new' })],
    [
      'has a change that is staged only',
      () => {
        write({ 'data/a.csv': 'other' });
        git(work, 'add', '-A');
      },
    ],
    ['lacks a file', () => rmSync(join(work, 'data/b.csv'))],
    [
      'has a link',
      () => {
        symlinkSync('a.csv', join(work, 'data/link.csv'));
        commit({});
      },
    ],
  ])('that %s is local', async (_, change) => {
    commit({ 'data/a.csv': 'a', 'data/b.csv': 'b', '.gitignore': '*.tmp\n' });
    change();
    expect(await findOrigin(join(work, 'data'))).toEqual({ kind: 'local' });
  });

  it('is told without the credentials of the remote', async () => {
    commit({ 'a.csv': 'a' });
    git(work, 'remote', 'set-url', 'origin', 'https://user:pa55word-1234@host.example/repo.git');
    expect((await findOrigin(join(work, 'a.csv'))).uri).toBe('https://host.example/repo.git');
  });

  it.each(['no repository', 'no commit'])('is local if there is %s', async (what) => {
    if (what === 'no repository') rmSync(join(work, '.git'), { recursive: true });
    write({ 'a.csv': 'a' });
    expect(await findOrigin(join(work, 'a.csv'))).toEqual({ kind: 'local' });
  });

  it('comes back from the remote, byte for byte, also when the branch has gone on', async () => {
    const bytes = randomBytes(3_000_000);
    commit({ 'data/big.bin': bytes, 'data/deep/text.csv': 'a\r\nb\n', 'data/with space ü.txt': 'x', '.gitattributes': '*.csv text eol=lf export-subst\n' });
    const origin = await findOrigin(join(work, 'data'));
    commit({ 'data/big.bin': 'replaced' });
    expect(await fetched(origin)).toMatchObject({ kind: 'fetched', path: join(folder, 'back/data'), fileCount: 3, checkedCount: 3, revision: 'same', left: [] });
    expect(sha256(readFileSync(join(folder, 'back/data/big.bin')))).toBe(sha256(bytes));
    expect(readdirSync(join(folder, 'back')).toSorted()).toEqual(['data']);
    expect(readFileSync(join(folder, 'back/data/deep/text.csv'), 'utf8')).toBe(git(work, 'cat-file', 'blob', 'HEAD:data/deep/text.csv') + '\n');
  });

  it('comes back from a clone on this machine, without the remote', async () => {
    commit({ 'run.sh': 'echo' });
    chmodSync(join(work, 'run.sh'), 0o755);
    commit({});
    const origin = await findOrigin(join(work, 'run.sh'));
    rmSync(bare, { recursive: true });
    expect(await fetched(origin)).toMatchObject({ kind: 'not-fetched', because: 'unavailable' });
    expect(await fetched(origin, { repository: work })).toMatchObject({ kind: 'fetched', path: join(folder, 'back/run.sh') });
    expect(statSync(join(folder, 'back/run.sh')).mode & 0o111).toBe(0o111);
  });

  it('that was never pushed is gone', async () => {
    commit({ 'a.csv': 'a' });
    write({ 'a.csv': 'b' });
    git(work, 'commit', '-qam', 'not pushed');
    expect(await fetched(await findOrigin(join(work, 'a.csv')))).toMatchObject({ kind: 'not-fetched', because: 'gone' });
  });

  it.each(['ext::sh -c "touch /tmp/trainlock-was-here"', '--upload-pack=touch /tmp/trainlock-was-here', '-', 'fd::17', 'file:///no/such/repository', 'https://127.0.0.1:1/x.git'])(
    'is not fetched from %s',
    async (uri) => {
      expect(await fetched({ kind: 'git', uri, revision: '0'.repeat(39) + '1', path: 'a' })).toMatchObject({ kind: 'not-fetched' });
      expect(existsSync('/tmp/trainlock-was-here')).toBe(false);
    },
  );

  it.each([{}, { revision: 'main' }, { revision: '--all' }, { revision: '0'.repeat(40) }])('is not fetched with the record %j', async (record) => {
    expect(await fetched({ kind: 'git', path: 'a', ...record })).toMatchObject({ kind: 'not-fetched', because: 'not-recorded' });
  });

  it('starts no hook, filter or monitor of the repository', async () => {
    commit({ 'a.csv': 'a' });
    for (const [name, value] of [
      ['core.fsmonitor', 'touch /tmp/trainlock-was-here'],
      ['core.hooksPath', join(folder, 'hooks')],
    ] as const)
      git(work, 'config', name, value);
    mkdirSync(join(folder, 'hooks'));
    writeFileSync(join(folder, 'hooks', 'post-checkout'), '#!/bin/sh\ntouch /tmp/trainlock-was-here\n', { mode: 0o755 });
    const origin = await findOrigin(join(work, 'a.csv'));
    await fetched(origin, { repository: work });
    expect(existsSync('/tmp/trainlock-was-here')).toBe(false);
  });
});

describe('a tree that means harm', () => {
  /** Trees that git itself would not make. */
  const tree = (entries: readonly (readonly [mode: string, name: string, content: string])[]): string => {
    const blobs = entries.map(([mode, name, content]) => {
      const oid = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: work, input: content, encoding: 'utf8' }).trim();
      return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]);
    });
    const inner = execFileSync('git', ['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'], { cwd: work, input: Buffer.concat(blobs), encoding: 'utf8' }).trim();
    const outer = execFileSync('git', ['hash-object', '-w', '-t', 'tree', '--stdin'], {
      cwd: work,
      input: Buffer.concat([Buffer.from('40000 data\0'), Buffer.from(inner, 'hex')]),
      encoding: 'utf8',
    }).trim();
    return git(work, 'commit-tree', '-m', 'x', outer);
  };

  it.each([
    ['a name that leads out', [['100644', '../escaped', 'x']]],
    ['a name with dots', [['100644', '..', 'x']]],
    ['a folder of git', [['100644', '.git', 'x']]],
    ['a link out of the data', [['120000', 'link', '../../escaped']]],
    ['a link to the root', [['120000', 'link', '/etc/passwd']]],
    ['a control character', [['100644', 'a\u001b[2J', 'x']]],
  ] as const)('with %s is written without it', async (_, entries) => {
    const revision = tree([...entries, ['100644', 'z-good', 'good']]);
    const result = await fetched({ kind: 'git', revision, path: 'data' }, { repository: work });
    expect(result).toMatchObject({ kind: 'fetched', fileCount: 1, left: [{ reason: expect.any(String) as string }] });
    expect(readdirSync(join(folder, 'back/data'))).toEqual(['z-good']);
    expect(existsSync(join(folder, 'escaped'))).toBe(false);
  });

  it('with a link and a file behind it writes nothing through the link', async () => {
    mkdirSync(join(folder, 'victim'));
    const revision = tree([
      ['120000', 'a', '../../victim'],
      ['100644', 'a/file', 'x'],
      ['100644', 'good', 'good'],
    ]);
    await fetched({ kind: 'git', revision, path: 'data' }, { repository: work });
    expect(readdirSync(join(folder, 'victim'))).toEqual([]);
  });

  it('does not write through a link that lies in the target already', async () => {
    const revision = commit({ 'data/sub/file': 'x' });
    mkdirSync(join(folder, 'back/data'), { recursive: true });
    mkdirSync(join(folder, 'victim'));
    symlinkSync(join(folder, 'victim'), join(folder, 'back/data/sub'));
    expect(await fetched({ kind: 'git', revision, path: 'data' }, { repository: work })).toMatchObject({ fileCount: 0, left: [{ path: 'data/sub/file' }] });
    expect(readdirSync(join(folder, 'victim'))).toEqual([]);
  });

  it('keeps links that stay inside', async () => {
    const revision = tree([
      ['100644', 'file', 'x'],
      ['120000', 'link', 'file'],
    ]);
    expect(await fetched({ kind: 'git', revision, path: 'data' }, { repository: work })).toMatchObject({ fileCount: 2, left: [] });
    expect(lstatSync(join(folder, 'back/data/link')).isSymbolicLink()).toBe(true);
  });
});

const hasLfs = spawnSync('git', ['lfs', 'version']).status === 0;

describe('data in Git LFS', () => {
  const bytes = randomBytes(300_000);
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(bytes)}\nsize ${bytes.length}\n`;
  const imported = [{ algorithm: 'sha256', digest: sha256(bytes), path: 'data/model.bin' }];

  /** As git-lfs leaves it, without needing it: the pointer in the index, the content in the working tree. */
  const commitPointer = (): string => {
    const revision = commit({ 'data/model.bin': pointer, 'data/plain.txt': 'plain', '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' });
    return revision;
  };

  const keepObject = (repository: string, content: Uint8Array = bytes): void => {
    const digest = sha256(bytes);
    const place = join(repository, 'lfs/objects', digest.slice(0, 2), digest.slice(2, 4));
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, digest), content);
  };

  it('is found while only its pointer is there', async () => {
    const revision = commitPointer();
    expect(await findOrigin(join(work, 'data/model.bin'))).toEqual({ kind: 'git-lfs', uri: `file://${bare}`, revision, path: 'data/model.bin', imported });
  });

  it('is found by its content, also when git takes it for changed', async () => {
    const revision = commitPointer();
    writeFileSync(join(work, 'data/model.bin'), bytes);
    utimesSync(join(work, 'data/model.bin'), 1, 1);
    expect(await findOrigin(join(work, 'data'))).toEqual({ kind: 'git-lfs', uri: `file://${bare}`, revision, path: 'data', imported });
  });

  it.each([
    ['another size', randomBytes(100)],
    ['the same size and other content', randomBytes(bytes.length)],
  ])('with %s is local', async (_, other) => {
    commitPointer();
    writeFileSync(join(work, 'data/model.bin'), other);
    expect(await findOrigin(join(work, 'data/model.bin'))).toEqual({ kind: 'local' });
  });

  it.each([
    [
      'a clone on this machine',
      (): Parameters<typeof fetchOrigin>[2] => {
        keepObject(join(work, '.git'));
        return { repository: work };
      },
    ],
    [
      'a remote that is a folder',
      (): Parameters<typeof fetchOrigin>[2] => {
        keepObject(bare);
        return {};
      },
    ],
  ] as const)('comes back from %s', async (_, prepare) => {
    commitPointer();
    const origin = await findOrigin(join(work, 'data'));
    expect(await fetched(origin, prepare())).toMatchObject({ kind: 'fetched', fileCount: 2, checkedCount: 2, totalBytes: bytes.length + 5 });
    expect(sha256(readFileSync(join(folder, 'back/data/model.bin')))).toBe(sha256(bytes));
  });

  it('is not taken from a damaged object', async () => {
    commitPointer();
    keepObject(join(work, '.git'), randomBytes(bytes.length));
    expect(await fetched(await findOrigin(join(work, 'data')), { repository: work })).toMatchObject({ kind: 'not-fetched', because: 'tool-missing' });
    expect(existsSync(join(folder, 'back/data/model.bin'))).toBe(false);
  });

  /** A server with the batch interface of LFS. */
  const serve = async (action: (base: string) => object): Promise<Server> => {
    const server = createServer((request, response) => {
      if (request.url === `/object/${sha256(bytes)}` && request.headers['x-key'] === 'k') response.end(bytes);
      else if (request.method === 'POST' && request.url === '/repo.git/info/lfs/objects/batch')
        response.end(JSON.stringify({ objects: [{ oid: sha256(bytes), size: bytes.length, ...action(`http://${request.headers.host}`) }] }));
      else response.writeHead(404).end();
    });
    await new Promise<void>((started) => server.listen(0, '127.0.0.1', started));
    return server;
  };

  it.each([
    [
      'comes back from a server',
      (base: string) => ({ actions: { download: { href: `${base}/object/${sha256(bytes)}`, header: { 'x-key': 'k' } } } }),
      { kind: 'fetched', fileCount: 2 },
    ],
    ['that the server does not have is not fetched', () => ({ error: { code: 404, message: 'no' } }), { kind: 'not-fetched' }],
    ['is not fetched from where only this machine can ask', () => ({ actions: { download: { href: 'file:///etc/passwd' } } }), { kind: 'not-fetched' }],
    [
      'is not fetched from a private address that the server names',
      () => ({ actions: { download: { href: 'http://169.254.169.254/x' } } }),
      { kind: 'not-fetched', because: 'denied' },
    ],
    ['is not taken from a wrong place', (base: string) => ({ actions: { download: { href: `${base}/nothing` } } }), { kind: 'not-fetched', because: 'gone' }],
  ] as const)('%s', async (_, action, expected) => {
    commitPointer();
    const origin = await findOrigin(join(work, 'data'));
    const server = await serve(action);
    const uri = `http://127.0.0.1:${(server.address() as { port: number }).port}/repo`;
    expect(await fetched({ ...origin, uri }, { repository: work, retry: { attempts: 1, firstWaitMs: 1 } })).toMatchObject(expected);
    server.closeAllConnections();
    server.close();
  });

  it.skipIf(!hasLfs)('that git-lfs itself made is found and comes back (skipped without git-lfs)', async () => {
    git(work, 'lfs', 'install', '--local');
    git(work, 'lfs', 'track', '*.bin');
    commit({ 'data/model.bin': bytes });
    const origin = await findOrigin(join(work, 'data/model.bin'));
    expect(origin).toMatchObject({ kind: 'git-lfs', path: 'data/model.bin', imported });
    expect(await fetched(origin)).toMatchObject({ kind: 'fetched', path: join(folder, 'back/model.bin'), totalBytes: bytes.length });
    expect(sha256(readFileSync(join(folder, 'back/model.bin')))).toBe(sha256(bytes));
  });

  it.skipIf(!hasLfs)('comes back through git-lfs where only that knows the way (skipped without git-lfs)', async () => {
    git(work, 'lfs', 'install', '--local');
    git(work, 'lfs', 'track', '*.bin');
    commit({ 'data/model.bin': bytes });
    const origin = { ...(await findOrigin(join(work, 'data'))), uri: 'ssh://git@host.example/bare.git' };
    // What a user may have set: the name of a remote stands for another address. Git and git-lfs know it, nobody else does.
    writeFileSync(join(folder, 'config'), `[url "file://${folder}/"]\n  insteadOf = ssh://git@host.example/\n`);
    vi.stubEnv('GIT_CONFIG_GLOBAL', join(folder, 'config'));
    const result = await fetched(origin);
    vi.unstubAllEnvs();
    expect(result).toMatchObject({ kind: 'fetched', fileCount: 1, checkedCount: 1 });
    expect(sha256(readFileSync(join(folder, 'back/data/model.bin')))).toBe(sha256(bytes));
  });
});
