import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keysFolder, makeKeysFolder, openKeysFolder } from './keys-folder.ts';

const noHome = (): string => {
  throw new Error('ENOENT: no entry in the password file');
};

describe('where keys are', () => {
  it.each<readonly [string, Record<string, string>, () => string, string]>([
    ['XDG_CONFIG_HOME wins', { XDG_CONFIG_HOME: '/c', HOME: '/h' }, () => '/s', '/c/trainlock/keys'],
    ['HOME comes next', { HOME: '/h' }, () => '/s', '/h/.config/trainlock/keys'],
    ['then what the system knows', {}, () => '/s', '/s/.config/trainlock/keys'],
    ['an empty variable is none', { XDG_CONFIG_HOME: '', HOME: '' }, () => '/s', '/s/.config/trainlock/keys'],
    ['a relative path is none', { XDG_CONFIG_HOME: 'conf', HOME: './x' }, () => '/s', '/s/.config/trainlock/keys'],
  ])('%s', (_, env, home, path) => {
    expect(keysFolder(env, home)).toEqual({ kind: 'folder', path });
  });

  it.each<readonly [string, () => string]>([
    ['the system knows no home', noHome],
    ['the home of the system is empty', () => ''],
  ])('is nowhere, with a reason, if %s', (_, home) => {
    expect(keysFolder({}, home)).toEqual({ kind: 'none', because: 'neither XDG_CONFIG_HOME nor HOME is an absolute path, and the system knows no home of this user' });
  });
});

describe('the folder of keys', () => {
  let home: string;
  let env: { XDG_CONFIG_HOME: string };
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'trainlock-keys-'));
    env = { XDG_CONFIG_HOME: home };
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('is made with mode 0700, also the folders above it', async () => {
    const folder = await makeKeysFolder({ XDG_CONFIG_HOME: join(home, 'a/b') });
    expect([folder, join(home, 'a'), join(home, 'a/b/trainlock')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700, 0o700]);
  });

  it('is refused where others can write', async () => {
    const folder = await makeKeysFolder(env);
    chmodSync(folder, 0o770);
    await expect(openKeysFolder(env)).rejects.toMatchObject({
      code: 'TL1102',
      message: 'other users can write into the folder of keys, so they could put theirs in place of yours',
      where: folder,
      fix: `look at what is in it, then: chmod 700 ${folder}`,
    });
  });

  it('is refused if a file stands in its place', async () => {
    mkdirSync(join(home, 'trainlock'));
    writeFileSync(join(home, 'trainlock/keys'), '');
    await expect(makeKeysFolder(env)).rejects.toMatchObject({ code: 'TL1102', message: 'a file stands where the folder of keys should be' });
  });

  it.each([
    ['a file stands above it', 'a part of the path is not a folder', (at: string) => writeFileSync(at, '')],
    ['a link above it leads nowhere', 'the folder is not there', (at: string) => symlinkSync('/nowhere/at/all', at)],
    ['nothing can be made there', 'the folder is not there', (at: string) => symlinkSync('/proc/1', at)],
  ])('cannot be made if %s, and says where else keys may be', async (_, note, place) => {
    place(join(home, 'trainlock'));
    await expect(makeKeysFolder(env)).rejects.toMatchObject({ code: 'TL0003', notes: [note], fix: 'keep keys in a folder that can be written: export XDG_CONFIG_HOME=FOLDER' });
  });
});
