import { execFileSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrainlockError, utf8 } from '#base';
import { nodeVerifySignature } from '../node-signatures.ts';
import { exportKey } from './export-key.ts';
import { firstKey } from './first-key.ts';
import { importKey } from './import-key.ts';
import { nextKeyName } from './key-name.ts';
import { listKeys } from './list-keys.ts';
import { loadKey } from './load-key.ts';
import { newKey } from './new-key.ts';
import { revokeKey } from './revoke-key.ts';
import { rotateKey } from './rotate-key.ts';

let home: string;
let keys: string;
let env: { readonly XDG_CONFIG_HOME: string };
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'trainlock-local-'));
  keys = join(home, 'trainlock/keys');
  env = { XDG_CONFIG_HOME: home };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const never = async (): Promise<undefined> => undefined;
const says = (passphrase: string) => async (): Promise<string> => passphrase;
const load = (name: string, passphrase: () => Promise<string | undefined> = never): ReturnType<typeof loadKey> => loadKey(name, { env, passphrase });
const at = (file: string): string => join(keys, file);
const modeOf = (path: string): number => statSync(path).mode & 0o777;
const MESSAGE = utf8('what is signed');

/** What a person is told. */
const told = async (doing: Promise<unknown>): Promise<Pick<TrainlockError, 'code' | 'message' | 'notes' | 'fix'>> => {
  const error = await doing.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof TrainlockError)) throw new Error(`expected a TrainlockError, got ${String(error)}`);
  return {
    code: error.code,
    message: error.message.replaceAll(keys, 'KEYS'),
    notes: error.notes.map((note) => note.replaceAll(keys, 'KEYS')),
    fix: error.fix?.replaceAll(keys, 'KEYS'),
  };
};

describe('a new key', () => {
  it('lies in files that openssl reads, the private one for its user alone, whatever the umask', async () => {
    const before = process.umask(0);
    const key = await newKey({ env, name: 'release', comment: 'models', now: new Date('2026-01-02T03:04:05.678Z') }).finally(() => process.umask(before));
    expect(readdirSync(keys).sort()).toEqual(['release.json', 'release.key', 'release.pub']);
    expect([keys, at('release.key'), at('release.json'), at('release.pub')].map(modeOf)).toEqual([0o700, 0o600, 0o600, 0o644]);
    expect(execFileSync('openssl', ['pkey', '-in', at('release.key'), '-pubout']).toString()).toBe(readFileSync(at('release.pub'), 'utf8'));
    expect(JSON.parse(readFileSync(at('release.json'), 'utf8'))).toEqual({
      schemaVersion: '1.0',
      name: 'release',
      keyId: key.keyId,
      algorithm: 'ecdsa-p256',
      createdAt: '2026-01-02T03:04:05.678Z',
      purpose: 'statements',
      comment: 'models',
    });
    expect(key).toMatchObject({ state: 'active', hasPrivateKey: true });
  });

  it.each(['ecdsa-p256', 'ed25519'] as const)('of %s signs what openssl and Node.js verify', async (algorithm) => {
    await newKey({ env, name: 'one', algorithm, purpose: 'log', passphrase: 'long enough' });
    const signer = await load('one', says('long enough'));
    expect(signer.place).toBe(`the file ${at('one.key')}`);
    const signature = await signer.sign(MESSAGE);
    expect(nodeVerifySignature(signer.publicKey.spki, MESSAGE, signature)).toBe(true);
    expect(verify(algorithm === 'ed25519' ? null : 'sha256', MESSAGE, createPublicKey(readFileSync(at('one.pub'))), signature)).toBe(true);
    writeFileSync(join(home, 'message'), MESSAGE);
    writeFileSync(join(home, 'signature'), signature);
    const args = algorithm === 'ed25519' ? ['-rawin'] : ['-rawin', '-digest', 'sha256'];
    expect(
      execFileSync('openssl', ['pkeyutl', '-verify', '-pubin', '-inkey', at('one.pub'), '-in', join(home, 'message'), '-sigfile', join(home, 'signature'), ...args]).toString(),
    ).toContain('Verified Successfully');
    expect(JSON.stringify(signer)).not.toContain('PRIVATE');
  });

  it('with a passphrase opens only with it', async () => {
    await newKey({ env, name: 'one', passphrase: 'right' });
    expect(readFileSync(at('one.key'), 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
    expect(await told(load('one'))).toMatchObject({
      code: 'TL1103',
      message: 'the key KEYS/one.key is encrypted, and no passphrase was given',
      fix: 'export TRAINLOCK_PASSPHRASE_FILE=FILE   # a file with mode 0600 that holds the passphrase',
    });
    expect(await told(load('one', says('wrong')))).toMatchObject({
      code: 'TL1103',
      message: 'the key KEYS/one.key does not open with this passphrase',
      notes: ['damage in the encrypted part looks the same: if you are sure of the passphrase, bring the file back from a copy'],
    });
  });

  it('never takes the name of another, and of many that are made at once one wins', async () => {
    const all = await Promise.allSettled(Array.from({ length: 12 }, () => newKey({ env, name: 'one' })));
    expect(all.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect(await told(newKey({ env, name: 'one' }))).toMatchObject({ code: 'TL1105', message: 'there is a key with the name one already' });
    expect(readdirSync(keys).length).toBe(3);
    await load('one');
  });

  it.each(['', '../x', 'a/b', '/etc/x', '.', '-rf', 'a.key', 'A', 'ä', 'a b', 'a\u0000b', 'a\u001b[31m', 'a\n', 'x'.repeat(65), 'x'.repeat(300)])(
    'cannot have the name %j',
    async (name) => {
      for (const doing of [
        () => newKey({ env, name }),
        () => importKey({ env, name, source: { path: 'x' }, ask: never }),
        () => exportKey({ env, name }),
        () => revokeKey({ env, name, reason: 'x' }),
        () => rotateKey({ env, name }),
      ]) {
        const error = await told(doing());
        expect(error).toMatchObject({ code: 'TL0001', notes: ['a name has 1 to 64 small letters a to z, digits, - and _, and begins with a letter or digit'] });
        expect(error.message).not.toMatch(/[\u0000-\u001f]/);
        expect(error.message.length).toBeLessThan(120);
      }
      if (existsSync(keys)) expect(readdirSync(keys)).toEqual([]);
    },
  );

  it('leaves nothing if it cannot be finished, and old remains of killed writers are removed', async () => {
    mkdirSync(keys, { recursive: true, mode: 0o700 });
    const [old, young] = [at('.trainlock-0123456789abcdef.tmp'), at('.trainlock-fedcba9876543210.tmp')];
    for (const path of [old, young]) writeFileSync(path, 'secret');
    utimesSync(old, new Date(0), new Date(0));
    await newKey({ env, name: 'one' });
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  });

  it('on a full disk fails with TL0003 and leaves nothing', async (context) => {
    mkdirSync(home, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k,mode=700', 'tmpfs', home], { stdio: 'ignore' });
    } catch {
      console.log('mounting a small disk is not permitted here: the full disk is not tested');
      context.skip();
    }
    try {
      mkdirSync(keys, { recursive: true, mode: 0o700 });
      // Room for the private file alone.
      for (let number = 0; ; number += 1) {
        try {
          writeFileSync(join(home, `filler${number}`), Buffer.alloc(4096));
        } catch {
          rmSync(join(home, `filler${number}`));
          rmSync(join(home, `filler${number - 1}`));
          break;
        }
      }
      expect(await told(newKey({ env, name: 'one' }))).toMatchObject({ code: 'TL0003', notes: ['no space is left on the file system'] });
      expect(readdirSync(keys)).toEqual([]);
      await expect(firstKey(env)).rejects.toMatchObject({ code: 'TL0003' });
      rmSync(join(home, 'filler0'));
      rmSync(join(home, 'filler1'), { force: true });
      const { key } = await firstKey(env);
      expect(await firstKey(env)).toMatchObject({ made: false, key: { keyId: key.keyId } });
    } finally {
      execFileSync('umount', [home]);
    }
  });

  it('on a read-only file system says so', async (context) => {
    mkdirSync(keys, { recursive: true, mode: 0o700 });
    const { key } = await firstKey(env);
    try {
      execFileSync('mount', ['--bind', home, home], { stdio: 'ignore' });
      execFileSync('mount', ['-o', 'remount,ro,bind', home], { stdio: 'ignore' });
    } catch {
      console.log('mounting is not permitted here: the read-only file system is not tested');
      context.skip();
    }
    try {
      expect(await told(newKey({ env, name: 'one' }))).toEqual({
        code: 'TL0003',
        message: 'cannot write one.key',
        notes: ['the file system is read-only'],
        fix: 'keep keys in a folder that can be written: export XDG_CONFIG_HOME=FOLDER',
      });
      expect(await firstKey(env)).toMatchObject({ made: false, key: { keyId: key.keyId } });
    } finally {
      execFileSync('umount', [home]);
    }
  });
});

describe('the first key', () => {
  it('is made once, and found ever after', async () => {
    const first = await firstKey(env);
    expect(first).toMatchObject({ made: true, key: { name: 'default', algorithm: 'ecdsa-p256', purpose: 'statements', state: 'active' } });
    const second = await firstKey(env);
    expect(second).toMatchObject({ made: false, key: { keyId: first.key.keyId } });
    expect(nodeVerifySignature(first.signer.publicKey.spki, MESSAGE, await second.signer.sign(MESSAGE))).toBe(true);
  });

  it('is one, however many ask at once', async () => {
    const all = await Promise.all(Array.from({ length: 24 }, () => firstKey(env)));
    expect(new Set(all.map(({ key }) => key.keyId)).size).toBe(1);
    expect(readdirSync(keys).sort()).toEqual(['default.json', 'default.key', 'default.pub']);
  });

  it.each([
    ['before the public file', ['default.pub', 'default.json']],
    ['before the description', ['default.json']],
  ])('is completed after a kill %s, and stays the same key', async (_, missing) => {
    const { key } = await firstKey(env);
    for (const file of missing) unlinkSync(at(file));
    expect(await listKeys(env)).toMatchObject([{ kind: 'unfinished', name: 'default' }]);
    const again = await Promise.all([firstKey(env), firstKey(env), firstKey(env)]);
    expect(new Set(again.map((one) => one.key.keyId))).toEqual(new Set([key.keyId]));
    expect(readdirSync(keys).sort()).toEqual(['default.json', 'default.key', 'default.pub']);
  });

  it('starts anew after a kill before the private file had its name', async () => {
    mkdirSync(keys, { recursive: true, mode: 0o700 });
    writeFileSync(at('.trainlock-0123456789abcdef.tmp'), 'half a k', { mode: 0o600 });
    expect(await firstKey(env)).toMatchObject({ made: true });
  });

  it('is not made beside the remains of another one', async () => {
    await firstKey(env);
    unlinkSync(at('default.key'));
    expect(await told(firstKey(env))).toEqual({
      code: 'TL1101',
      message: 'the private half of the key default is not there',
      notes: ['its description is: the file was removed, or lies on a disk that is not connected'],
      fix: 'bring it back from a copy, or make the next one: trainlock keys rotate default',
    });
    unlinkSync(at('default.json'));
    expect(await told(firstKey(env))).toMatchObject({ code: 'TL1105', fix: 'trainlock keys list; ls -l KEYS/default.pub' });
    unlinkSync(at('default.pub'));
    expect(await firstKey(env)).toMatchObject({ made: true });
  });

  it('is refused with its reason where there is no home', async () => {
    // The system knows the home of the user of this test; the text for none is in keys-folder.test.ts.
    writeFileSync(join(home, 'trainlock'), '');
    expect(await told(firstKey(env))).toMatchObject({ code: 'TL0003', notes: ['a part of the path is not a folder'] });
  });

  it('that is a link to nowhere is told, not replaced', async () => {
    mkdirSync(keys, { recursive: true, mode: 0o700 });
    symlinkSync('/nowhere/default.key', at('default.key'));
    expect(await told(firstKey(env))).toMatchObject({ code: 'TL1101', message: 'there is no private key at KEYS/default.key' });
  });

  it('that was made with a passphrase is not replaced by one without', async () => {
    const key = await newKey({ env, name: 'default', passphrase: 'pass' });
    expect(await told(firstKey(env))).toMatchObject({ code: 'TL1103' });
    expect(await firstKey(env, says('pass'))).toMatchObject({ made: false, key: { keyId: key.keyId } });
    unlinkSync(at('default.json'));
    expect(await told(firstKey(env))).toMatchObject({ code: 'TL1103' });
  });
});

describe('the file of a key', () => {
  it.each(['640', '604', '644', '660', '666', '610', '777'])('with mode 0%s is refused, by name and by path', async (digits) => {
    await newKey({ env, name: 'one' });
    chmodSync(at('one.key'), Number.parseInt(digits, 8));
    for (const name of ['one', at('one.key')]) {
      expect(await told(load(name))).toEqual({
        code: 'TL1102',
        message: `other users can read KEYS/one.key (mode 0${digits})`,
        notes: ['a private key is for one user alone; if somebody may have read it already, take a new one'],
        fix: 'chmod 600 KEYS/one.key',
      });
    }
    chmodSync(at('one.key'), 0o400);
    await load('one');
  });

  it.each<readonly [string, (path: string) => void, Partial<Awaited<ReturnType<typeof told>>>]>([
    ['is empty', (path) => truncateSync(path), { code: 'TL1102', message: 'the key KEYS/one.key is empty' }],
    [
      'was cut off',
      (path) => truncateSync(path, 100),
      {
        code: 'TL1102',
        message: 'the key KEYS/one.key is damaged: it has a BEGIN and no END that fits',
        fix: 'bring the file back from a copy, or make another key: trainlock keys new',
      },
    ],
    ['is junk', (path) => writeFileSync(path, Buffer.alloc(500, 0xee)), { code: 'TL1102', message: 'the key KEYS/one.key is not a private key in PEM' }],
    ['is a folder', (path) => (unlinkSync(path), mkdirSync(path)), { code: 'TL1102', message: 'cannot read KEYS/one.key: it is a folder' }],
    ['has 10 MB', (path) => truncateSync(path, 10_000_000), { code: 'TL1102', message: 'cannot read KEYS/one.key: it has 9.5 MiB; a private key has at most 64 KiB' }],
    ['is a pipe', (path) => (unlinkSync(path), execFileSync('mkfifo', ['-m', '600', path])), { code: 'TL1102', message: 'cannot read KEYS/one.key: it is not a regular file' }],
    ['is not there', (path) => unlinkSync(path), { code: 'TL1101' }],
    ['is a link to nowhere', (path) => (unlinkSync(path), symlinkSync('/nowhere', path)), { code: 'TL1101' }],
    [
      'is a link to a file that others can read',
      (path) => (unlinkSync(path), writeFileSync(join(home, 'open'), ''), symlinkSync(join(home, 'open'), path)),
      { code: 'TL1102', message: 'other users can read KEYS/one.key (mode 0644)' },
    ],
    [
      'holds both halves and can be read',
      (path) => (writeFileSync(path, Buffer.concat([readFileSync(path), readFileSync(at('one.pub'))])), chmodSync(path, 0o644)),
      { code: 'TL1102', message: 'other users can read KEYS/one.key (mode 0644)' },
    ],
    [
      'holds the public half',
      (path) => copyFileSync(at('one.pub'), path),
      { code: 'TL1102', message: 'the key KEYS/one.key is only the public half: name the file of the private one' },
    ],
  ])('that %s is refused, by name and by path', async (_, spoil, expected) => {
    await newKey({ env, name: 'one' });
    spoil(at('one.key'));
    expect(await told(load(at('one.key')))).toMatchObject(expected);
    expect((await told(load('one'))).code).toBe(expected.code);
  });

  it('may be a link to a file elsewhere that is private', async () => {
    const key = await newKey({ env, name: 'one' });
    renameSync(at('one.key'), join(home, 'token'));
    symlinkSync(join(home, 'token'), at('one.key'));
    expect((await load('one')).publicKey.keyId).toBe(key.keyId);
  });

  it('that is not the one its public file or its description names is refused', async () => {
    await newKey({ env, name: 'one' });
    await newKey({ env, name: 'two' });
    copyFileSync(at('one.pub'), join(home, 'pub'));
    copyFileSync(at('two.pub'), at('one.pub'));
    for (const name of ['one', at('one.key')]) {
      expect(await told(load(name))).toMatchObject({
        code: 'TL1102',
        message: 'the private key KEYS/one.key is not the one that KEYS/one.pub describes',
        fix: 'look which one is yours: openssl pkey -pubout -in KEYS/one.key',
      });
    }
    copyFileSync(join(home, 'pub'), at('one.pub'));
    copyFileSync(at('two.key'), at('one.key'));
    expect(await told(load('one'))).toMatchObject({ code: 'TL1102', message: 'the private key KEYS/one.key is not the one that KEYS/one.json describes' });
  });

  it('of a killed process that made a named key is unfinished, and says how to go on', async () => {
    await newKey({ env, name: 'one' });
    unlinkSync(at('one.json'));
    expect(await told(load('one'))).toMatchObject({ code: 'TL1102', message: 'the key one is not finished', fix: 'test -e KEYS/one.json || rm -f KEYS/one.key KEYS/one.pub' });
    expect(await told(newKey({ env, name: 'one' }))).toMatchObject({ code: 'TL1102', message: 'the key one is not finished' });
    execFileSync('sh', ['-c', (await told(load('one'))).fix!.replaceAll('KEYS', keys)]);
    await newKey({ env, name: 'one' });
  });

  it.each([
    ['is no JSON', '{', /its description cannot be read: /],
    ['has a member that is not known', (good: object) => JSON.stringify({ ...good, x: 1 }), /the key "x" is not known here$/],
    ['lacks a member', (good: object) => JSON.stringify({ ...good, purpose: undefined }), /the key purpose is missing$/],
    ['has another name', (good: object) => JSON.stringify({ ...good, name: 'two' }), /its description is that of the key "two"$/],
    ['poisons', '{"__proto__": {}}', /its description cannot be read: /],
    ['is empty', '', /its description cannot be read: /],
  ])('whose description %s is refused', async (_, text, message) => {
    await newKey({ env, name: 'one' });
    const good = JSON.parse(readFileSync(at('one.json'), 'utf8')) as object;
    writeFileSync(at('one.json'), typeof text === 'string' ? text : text(good));
    expect((await told(load('one'))).message).toMatch(message);
    expect(await listKeys(env)).toMatchObject([{ kind: 'damaged', name: 'one' }]);
  });

  it('of another purpose is refused', async () => {
    await newKey({ env, name: 'one', purpose: 'log', algorithm: 'ed25519' });
    for (const name of ['one', at('one.key')]) {
      expect(await told(loadKey(name, { env, passphrase: never, purpose: 'statements' }))).toMatchObject({
        code: 'TL1102',
        message: 'the key one is for the log, not for statements',
      });
    }
  });

  it.each(['../x', '-rf', 'a.key', 'a\u0000b', 'a\u001b[31m', `${'x'.repeat(300)}.key`])(
    'at the path %j is not there, and says so without disturbing the terminal',
    async (path) => {
      const error = await told(load(path));
      expect(error.code).toMatch(/^TL110[12]$/);
      expect(error.message).not.toMatch(/[\u0000-\u001f]/);
    },
  );

  it('that does not exist is told with the nearest name', async () => {
    await newKey({ env, name: 'release' });
    expect(await told(load('relaese'))).toEqual({
      code: 'TL1101',
      message: 'there is no key with the name relaese',
      notes: ['did you mean release?', 'a file is named with its path: ./relaese'],
      fix: 'trainlock keys list',
    });
    expect(await told(load('./relaese'))).toMatchObject({ code: 'TL1101', message: 'there is no private key at ./relaese' });
  });
});

describe('rotation', () => {
  it('makes the old name sign with the new key, keeps the old one, and goes on', async () => {
    const { key: first } = await firstKey(env);
    const { key, replaced } = await rotateKey({ env, name: 'default' });
    expect(key).toMatchObject({ name: 'default-2', replaces: first.keyId, state: 'active', purpose: 'statements' });
    expect(replaced).toMatchObject({ name: 'default', state: 'retired', replacedBy: 'default-2', hasPrivateKey: true });
    expect((await load('default')).publicKey.keyId).toBe(key.keyId);
    expect(await firstKey(env)).toMatchObject({ made: false, key: { keyId: key.keyId } });
    expect((await rotateKey({ env, name: 'default' })).key.name).toBe('default-3');
    expect((await load('default')).place).toBe(`the file ${at('default-3.key')}`);
    expect(await told(load(at('default.key')))).toMatchObject({
      code: 'TL1102',
      message: 'the key default was replaced by default-2 and signs no more',
      fix: 'sign with default-2',
    });
    expect((await listKeys(env)).map((entry) => (entry.kind === 'key' ? [entry.key.name, entry.key.state] : entry))).toEqual([
      ['default', 'retired'],
      ['default-2', 'retired'],
      ['default-3', 'active'],
    ]);
  });

  it('asked for by many at once happens once, and none of them signs with two keys', async () => {
    await firstKey(env);
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => rotateKey({ env, name: 'default', newName: 'next' })));
    expect(all.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect((await load('default')).place).toContain('next.key');
  });

  it('killed at any moment leaves the old key signing, or the new one', async () => {
    const { key: old } = await firstKey(env);
    const { key } = await rotateKey({ env, name: 'default' });
    const description = readFileSync(at('default-2.json'));
    unlinkSync(at('default-2.json'));
    expect((await load('default')).publicKey.keyId).toBe(old.keyId);
    expect(await told(rotateKey({ env, name: 'default' }))).toMatchObject({ code: 'TL1102', message: 'the key default-2 is not finished' });
    writeFileSync(at('default-2.json'), description);
    expect((await load('default')).publicKey.keyId).toBe(key.keyId);
  });

  it('does not lose the passphrase by accident', async () => {
    await newKey({ env, name: 'one', passphrase: 'a' });
    expect(await told(rotateKey({ env, name: 'one' }))).toMatchObject({ code: 'TL1103', message: 'the key one is encrypted, and its successor would not be' });
    await rotateKey({ env, name: 'one', passphrase: 'b' });
    await load('one', says('b'));
    await rotateKey({ env, name: 'one', withoutPassphrase: true });
    await load('one');
  });

  it('counts on from any name', () => {
    expect(['a', 'a-2', 'a-9', 'a-0', 'a-b', '2026-07'].map(nextKeyName)).toEqual(['a-2', 'a-3', 'a-10', 'a-0-2', 'a-b-2', '2026-07-2']);
  });

  it('with files that go round in a circle ends', async () => {
    const [one, two] = [await newKey({ env, name: 'one' }), await newKey({ env, name: 'two' })];
    for (const [key, other] of [
      [one, two],
      [two, one],
    ] as const) {
      writeFileSync(key.paths.description, JSON.stringify({ ...(JSON.parse(readFileSync(key.paths.description, 'utf8')) as object), replaces: other.keyId }));
    }
    expect(await told(load('one'))).toMatchObject({ code: 'TL1102' });
  });
});

describe('revocation', () => {
  it('marks a key for ever, and it signs no more under any path', async () => {
    await newKey({ env, name: 'one' });
    copyFileSync(at('one.key'), join(home, 'copy'));
    chmodSync(join(home, 'copy'), 0o600);
    const revoked = await revokeKey({ env, name: 'one', reason: 'laptop lost', compromisedSince: '2026-01-01T00:00:00Z', now: new Date('2026-02-01T00:00:00Z') });
    expect(revoked).toMatchObject({
      kind: 'revoked',
      key: { state: 'revoked', hasPrivateKey: true, revoked: { at: '2026-02-01T00:00:00.000Z', reason: 'laptop lost', compromisedSince: '2026-01-01T00:00:00Z' } },
    });
    for (const name of ['one', at('one.key'), join(home, 'copy')]) {
      expect(await told(load(name))).toEqual({
        code: 'TL1106',
        message: 'the key one is revoked and signs no more',
        notes: ['since 2026-02-01T00:00:00.000Z: laptop lost'],
        fix: 'trainlock keys rotate one',
      });
    }
    expect(await told(importKey({ env, name: 'again', source: { path: join(home, 'copy') }, ask: never }))).toMatchObject({
      code: 'TL1105',
      message: 'this key is here already: its name is one',
    });
    expect(await exportKey({ env, name: 'one' })).toBe(readFileSync(at('one.pub'), 'utf8'));
    const again = await revokeKey({ env, name: 'one', reason: 'other', removePrivateKey: true });
    expect(again).toMatchObject({ kind: 'already-revoked', key: { hasPrivateKey: false, revoked: { reason: 'laptop lost' } } });
    expect(existsSync(at('one.pub'))).toBe(true);
    expect((await rotateKey({ env, name: 'one' })).key.name).toBe('one-2');
    await load('one');
  });

  it('of the default key is not undone by the first use', async () => {
    const { key } = await firstKey(env);
    await revokeKey({ env, name: 'default', reason: 'test', removePrivateKey: true });
    expect(await told(firstKey(env))).toMatchObject({ code: 'TL1106', fix: 'trainlock keys rotate default' });
    await rotateKey({ env, name: 'default' });
    expect((await firstKey(env)).key.replaces).toBe(key.keyId);
  });

  it('that cannot be read counts all the same', async () => {
    await newKey({ env, name: 'one' });
    copyFileSync(at('one.key'), join(home, 'copy'));
    chmodSync(join(home, 'copy'), 0o600);
    for (const text of ['', '{}', JSON.stringify({ schemaVersion: '1.0', keyId: '0'.repeat(64), at: '2026-02-01T00:00:00Z', reason: 'x' })]) {
      writeFileSync(at('one.revoked.json'), text);
      for (const name of ['one', join(home, 'copy')]) expect(await told(load(name))).toMatchObject({ code: 'TL1102' });
    }
  });

  it.each([
    [{ reason: ' ' }, 'a reason has 1 to 1024 letters'],
    [{ reason: 'x'.repeat(1025) }, 'a reason has 1 to 1024 letters'],
    [{ reason: 'x', compromisedSince: 'yesterday' }, '"yesterday" is not a moment in UTC'],
    [{ reason: 'x', compromisedSince: '2026-02-01T00:00:00+01:00' }, '"2026-02-01T00:00:00+01:00" is not a moment in UTC'],
    [{ reason: 'x', compromisedSince: '2999-01-01T00:00:00Z' }, '2999-01-01T00:00:00Z lies in the future'],
  ])('is not written with %j', async (words, message) => {
    await newKey({ env, name: 'one' });
    expect(await told(revokeKey({ env, name: 'one', ...words }))).toMatchObject({ code: 'TL0001', message });
    await load('one');
  });
});

describe('import and export', () => {
  it.each(['pem', 'cosign'] as const)('carry a key to another user and back (%s)', async (form) => {
    const key = await newKey({ env, name: 'one', passphrase: 'here' });
    const text = await exportKey({ env, name: 'one', private: { form, passphrase: 'on the way', ask: says('here') } });
    expect(text).toContain('-----BEGIN ENCRYPTED ');
    const there = { XDG_CONFIG_HOME: join(home, 'there') };
    const imported = await importKey({ env: there, name: 'two', source: { bytes: utf8(text), from: 'standard input' }, ask: says('on the way'), purpose: 'root' });
    expect(imported).toMatchObject({ name: 'two', keyId: key.keyId, purpose: 'root' });
    // It stays encrypted, in our own form, under the passphrase that it came with.
    expect(readFileSync(imported.paths.privateKey, 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    await loadKey('two', { env: there, passphrase: says('on the way') });
    expect(await told(importKey({ env: there, name: 'three', source: { bytes: utf8(text), from: 'standard input' }, ask: says('wrong') }))).toMatchObject({
      code: 'TL1103',
      message: 'the key standard input does not open with this passphrase',
    });
  });

  it('never give the private half without a passphrase', async () => {
    await newKey({ env, name: 'one' });
    expect(await exportKey({ env, name: 'one' })).not.toContain('PRIVATE');
    expect(await told(exportKey({ env, name: 'one', private: { form: 'pem', passphrase: '', ask: never } }))).toMatchObject({ code: 'TL0001', message: 'the passphrase is empty' });
  });

  it('tell a missing or foreign public file, with the command that mends it', async () => {
    await newKey({ env, name: 'one' });
    const pem = readFileSync(at('one.pub'), 'utf8');
    await newKey({ env, name: 'two' });
    copyFileSync(at('two.pub'), at('one.pub'));
    expect(await told(exportKey({ env, name: 'one' }))).toMatchObject({ code: 'TL1102', message: 'the public half of the key one is damaged, or that of another key' });
    unlinkSync(at('one.pub'));
    const error = await told(exportKey({ env, name: 'one' }));
    expect(error).toMatchObject({ code: 'TL1101', fix: 'openssl pkey -pubout -in KEYS/one.key -out KEYS/one.pub' });
    execFileSync('sh', ['-c', error.fix!.replaceAll('KEYS', keys)]);
    expect(await exportKey({ env, name: 'one' })).toBe(pem);
  });

  it('take a plain key from a private file only', async () => {
    execFileSync('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-out', join(home, 'ec.pem')]);
    const source = { path: join(home, 'ec.pem') };
    chmodSync(source.path, 0o644);
    expect(await told(importKey({ env, name: 'one', source, ask: never }))).toMatchObject({ code: 'TL1102' });
    chmodSync(source.path, 0o600);
    await importKey({ env, name: 'one', source, ask: never, passphrase: 'now it has one' });
    expect(modeOf(at('one.key'))).toBe(0o600);
    await load('one', says('now it has one'));
    expect((await load(source.path)).publicKey.keyId).toBe((await load('one', says('now it has one'))).publicKey.keyId);
  });
});
