import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { fetchOrigin, findOrigin } from './index.ts';
import { readIni } from './dvc-project.ts';

/** The files that DVC 3.67.1 writes for: dvc add data.csv images; dvc remote add -d storage ../remote; dvc push; dvc repro. */
const PROJECT = {
  '.dvc/config': '[core]\n    remote = storage\n[\'remote "storage"\']\n    url = ../../remote\n',
  'data.csv': 'a,b\n1,2\n',
  'data.csv.dvc': 'outs:\n- md5: e5ebd4c02cefbe7955977c67ada242b7\n  size: 8\n  hash: md5\n  path: data.csv\n',
  'images/1.txt': 'one',
  'images/sub/2.txt': 'two',
  'images.dvc': 'outs:\n- md5: 1151aa8c19b1d22e30865e7536ff4aa8.dir\n  size: 6\n  nfiles: 2\n  hash: md5\n  path: images\n',
  'work/made.txt': 'made\r\n',
  'work/dvc.yaml': "stages:\n  make:\n    cmd: printf 'made\\r\\n' > made.txt\n    outs: [made.txt]\n",
  'work/dvc.lock':
    "schema: '2.0'\nstages:\n  make:\n    cmd: printf 'made\\r\\n' > made.txt\n    outs:\n    - path: made.txt\n      hash: md5\n      md5: 6712573d366dd4dfa2039bd7ec5157d7\n      size: 6\n",
};

const LISTING = '[{"md5": "f97c5d29941bfb1b2fdab0874906ab82", "relpath": "1.txt"}, {"md5": "b8a9f715dbb64fd5c56e7783c6820a61", "relpath": "sub/2.txt"}]';

const OBJECTS = {
  'files/md5/11/51aa8c19b1d22e30865e7536ff4aa8.dir': LISTING,
  'files/md5/67/12573d366dd4dfa2039bd7ec5157d7': 'made\r\n',
  'files/md5/b8/a9f715dbb64fd5c56e7783c6820a61': 'two',
  'files/md5/e5/ebd4c02cefbe7955977c67ada242b7': 'a,b\n1,2\n',
  'files/md5/f9/7c5d29941bfb1b2fdab0874906ab82': 'one',
};

let folder: string;
let project: string;

const write = (root: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-dvc-'));
  project = join(folder, 'project');
  write(project, PROJECT);
  return () => rmSync(folder, { recursive: true, force: true });
});

const remote = (): string => join(folder, 'remote');
const back = (name: string): string => readFileSync(join(folder, 'back', name), 'utf8');

describe('data of DVC', () => {
  it('is found by the file beside it, with the digest that DVC recorded', async () => {
    expect(await findOrigin(join(project, 'data.csv'))).toEqual({
      kind: 'dvc',
      uri: remote(),
      path: 'data.csv',
      imported: [{ algorithm: 'md5', digest: 'e5ebd4c02cefbe7955977c67ada242b7', path: 'data.csv' }],
    });
  });

  it('is found as a folder, with the digests of its files if their list is in the cache', async () => {
    const whole = { algorithm: 'md5', digest: '1151aa8c19b1d22e30865e7536ff4aa8.dir', path: 'images' };
    expect((await findOrigin(join(project, 'images'))).imported).toEqual([whole]);
    write(join(project, '.dvc/cache'), OBJECTS);
    const second = { algorithm: 'md5', digest: 'b8a9f715dbb64fd5c56e7783c6820a61', path: 'images/sub/2.txt' };
    expect((await findOrigin(join(project, 'images'))).imported).toEqual([whole, { algorithm: 'md5', digest: 'f97c5d29941bfb1b2fdab0874906ab82', path: 'images/1.txt' }, second]);
    expect(await findOrigin(join(project, 'images/sub/2.txt'))).toMatchObject({ kind: 'dvc', path: 'images/sub/2.txt', imported: [whole, second] });
    expect(await findOrigin(join(project, 'images/sub'))).toMatchObject({ kind: 'dvc', path: 'images/sub', imported: [whole, second] });
    write(project, { 'images/new.txt': 'x' });
    expect(await findOrigin(join(project, 'images/new.txt'))).toEqual({ kind: 'local' });
  });

  it('is found as the output of a stage', async () => {
    expect(await findOrigin(join(project, 'work/made.txt'))).toMatchObject({
      kind: 'dvc',
      path: 'work/made.txt',
      imported: [{ algorithm: 'md5', digest: '6712573d366dd4dfa2039bd7ec5157d7' }],
    });
  });

  it('is found as the output of a stage that works in another folder', async () => {
    write(project, {
      'dvc.yaml': 'stages:\n  a@1:\n    wdir: x\n  a:\n    wdir: sub\n',
      'dvc.lock': "schema: '2.0'\nstages:\n  a@1:\n    outs:\n    - path: out.csv\n      hash: md5\n      md5: e5ebd4c02cefbe7955977c67ada242b7\n",
      'sub/out.csv': 'a,b\n1,2\n',
    });
    // Found in the file beside the folder, though the output lies below.
    expect(await findOrigin(join(project, 'sub/out.csv'))).toMatchObject({ kind: 'dvc', path: 'sub/out.csv' });
  });

  it.each([
    ['a file of another size', 'data.csv', { 'data.csv': 'changed since' }],
    ['a folder with another file', 'images', { 'images/3.txt': 'three' }],
    ['a folder of another size', 'images', { 'images/1.txt': 'longer' }],
    ['a file that is not tracked', 'other.csv', { 'other.csv': 'x' }],
    ['an alias in the file of DVC', 'data.csv', { 'data.csv.dvc': 'a: &a x\nouts:\n- md5: e5ebd4c02cefbe7955977c67ada242b7\n  path: data.csv\n  hash: *a\n' }],
    ['a tag in the file of DVC', 'data.csv', { 'data.csv.dvc': '!!python/object/apply:os.system ["x"]\n' }],
    ['a file of DVC that is no YAML', 'data.csv', { 'data.csv.dvc': '{[}' }],
    ['a digest that is none', 'data.csv', { 'data.csv.dvc': 'outs:\n- md5: ../../../etc/passwd\n  path: data.csv\n' }],
    ['deep nesting', 'data.csv', { 'data.csv.dvc': '['.repeat(100_000) }],
    ['a path that leads out', 'data.csv', { 'data.csv.dvc': 'outs:\n- md5: e5ebd4c02cefbe7955977c67ada242b7\n  path: ../x/data.csv\n' }],
  ])('that is %s is local', async (_, name, change) => {
    write(project, change);
    expect(await findOrigin(join(project, name))).toEqual({ kind: 'local' });
  });

  it('keeps a digest that looks like a number', async () => {
    const digest = '12e45678901234567890123456789012';
    write(project, { 'data.csv.dvc': `outs:\n- md5: ${digest}\n  hash: md5\n  path: data.csv\n` });
    expect((await findOrigin(join(project, 'data.csv'))).imported).toEqual([{ algorithm: 'md5', digest, path: 'data.csv' }]);
  });

  it.each(['data.csv', 'images', 'images/sub', 'images/sub/2.txt', 'work/made.txt'])('%s comes back from a remote that is a folder, every MD5 checked', async (name) => {
    write(remote(), OBJECTS);
    write(join(project, '.dvc/cache'), OBJECTS);
    const origin = await findOrigin(join(project, name));
    rmSync(project, { recursive: true });
    expect(await fetchOrigin(origin, join(folder, 'back'))).toMatchObject({ kind: 'fetched', path: join(folder, 'back', name.split('/').at(-1)!), left: [] });
    const expected = { 'data.csv': 'a,b\n1,2\n', images: undefined, 'images/sub': undefined, 'images/sub/2.txt': 'two', 'work/made.txt': 'made\r\n' }[name];
    if (expected !== undefined) expect(back(name.split('/').at(-1)!)).toBe(expected);
    else expect(back(name === 'images' ? 'images/sub/2.txt' : 'sub/2.txt')).toBe('two');
  });

  it('comes back from the cache of a project on this machine', async () => {
    write(join(project, '.dvc/cache'), OBJECTS);
    const { uri: _, ...origin } = await findOrigin(join(project, 'images'));
    expect(await fetchOrigin(origin, join(folder, 'back'), { repository: project })).toMatchObject({ kind: 'fetched', fileCount: 2, totalBytes: 6 });
    expect(await fetchOrigin(origin, join(folder, 'back'))).toMatchObject({ kind: 'not-fetched', because: 'not-recorded' });
  });

  it('is taken from the remote if the cache is damaged', async () => {
    const origin = await findOrigin(join(project, 'data.csv'));
    write(join(project, '.dvc/cache'), { 'files/md5/e5/ebd4c02cefbe7955977c67ada242b7': 'damaged!' });
    write(remote(), OBJECTS);
    expect(await fetchOrigin(origin, join(folder, 'back'), { repository: project })).toMatchObject({ kind: 'fetched' });
    expect(back('data.csv')).toBe('a,b\n1,2\n');
  });

  it.each([
    ['has other bytes', { 'files/md5/e5/ebd4c02cefbe7955977c67ada242b7': 'damaged!' }, 'data.csv', 'changed'],
    ['is not there', { 'files/md5/00/00': 'x' }, 'data.csv', 'gone'],
    ['has another listing', { 'files/md5/11/51aa8c19b1d22e30865e7536ff4aa8.dir': '[]' }, 'images', 'changed'],
  ] as const)('whose object %s is not fetched, and leaves nothing', async (_, objects, name, because) => {
    const origin = await findOrigin(join(project, name));
    write(remote(), objects);
    expect(await fetchOrigin(origin, join(folder, 'back'))).toMatchObject({ kind: 'not-fetched', because });
    expect(() => back(name)).toThrow();
  });

  it.each(['../escaped', '/escaped', 'a/../../escaped', '.git/hooks/x', 'a\u0000b'])('whose listing names %j is not written', async (relpath) => {
    const listing = JSON.stringify([{ md5: 'f97c5d29941bfb1b2fdab0874906ab82', relpath }]);
    const digest = hash('md5', listing, 'hex');
    write(remote(), { ...OBJECTS, [`files/md5/${digest.slice(0, 2)}/${digest.slice(2)}.dir`]: listing });
    const origin = { kind: 'dvc' as const, uri: remote(), path: 'images', imported: [{ algorithm: 'md5', digest: `${digest}.dir`, path: 'images' }] };
    expect(await fetchOrigin(origin, join(folder, 'back'))).toMatchObject({ kind: 'not-fetched', because: 'changed' });
  });

  it('of DVC 2 comes back by the digest in which line ends do not count', async () => {
    const digest = hash('md5', 'x\ny\r', 'hex');
    write(remote(), { [`${digest.slice(0, 2)}/${digest.slice(2)}`]: 'x\r\ny\r' });
    write(project, { 'old.txt': 'x\r\ny\r', 'old.txt.dvc': `outs:\n- md5: ${digest}\n  size: 5\n  path: old.txt\n` });
    const origin = await findOrigin(join(project, 'old.txt'));
    expect(origin.imported).toEqual([{ algorithm: 'md5-dos2unix', digest, path: 'old.txt' }]);
    expect(await fetchOrigin(origin, join(folder, 'back'))).toMatchObject({ kind: 'fetched', checkedCount: 1 });
    expect(back('old.txt')).toBe('x\r\ny\r');
    write(remote(), { [`${digest.slice(0, 2)}/${digest.slice(2)}`]: 'x\r\nz\r' });
    rmSync(join(folder, 'back'), { recursive: true });
    expect(await fetchOrigin(origin, join(folder, 'back'))).toMatchObject({ kind: 'not-fetched', because: 'changed' });
  });

  it('has the credentials of its remote removed', async () => {
    write(project, { '.dvc/config': '[core]\n    remote = s\n[\'remote "s"\']\n    url = https://user:pa55word-1234@host/x\n' });
    expect((await findOrigin(join(project, 'data.csv'))).uri).toBe('https://host/x');
  });

  it('has a configuration that is read line by line', () => {
    expect(readIni('junk\n[core]\nremote = a\n  [\'remote "a b"\']\n url = x = y \n[broken\nz')).toEqual([
      ['core.remote', 'a'],
      ['remote a b.url', 'x = y'],
    ]);
  });
});
