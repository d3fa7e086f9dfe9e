import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openRemote, type Remote, transferObjects } from './index.ts';

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let store: string;
let remote: Remote;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-folder-'));
  store = join(folder, 'store');
  mkdirSync(store);
  remote = await openRemote(store);
  return () => rmSync(folder, { recursive: true, force: true });
});

const object = (bytes: Buffer, name: string = 'file'): { name: string; path: string; sha256: string; sizeBytes: number } => {
  writeFileSync(join(folder, name), bytes);
  const digest = sha256(bytes);
  return { name: `objects/sha256/${digest.slice(0, 2)}/${digest.slice(2)}`, path: join(folder, name), sha256: digest, sizeBytes: bytes.length };
};

describe('a folder as a remote', () => {
  it.each([0, 1, 3_000_000])('keeps and gives back a file of %i bytes', async (size) => {
    const one = object(randomBytes(size));
    expect(await remote.putFile(one.name, one.path, one)).toBe('sent');
    expect(await remote.putFile(one.name, one.path, one)).toBe('present');
    await remote.getFile(one.name, join(folder, 'back', 'file'), one);
    expect(sha256(readFileSync(join(folder, 'back', 'file')))).toBe(one.sha256);
    expect(statSync(join(store, one.name)).mode & 0o777).toBe(0o444);
    expect(readdirSync(dirname(join(store, one.name)))).toHaveLength(1);
  });

  it('never replaces other content', async () => {
    const one = object(randomBytes(1000));
    mkdirSync(dirname(join(store, one.name)), { recursive: true });
    for (const wrong of [Buffer.from('short'), randomBytes(1000)]) {
      writeFileSync(join(store, one.name), wrong);
      await expect(remote.putFile(one.name, one.path, one)).rejects.toMatchObject({ code: 'TL0804' });
      expect(readFileSync(join(store, one.name)).equals(wrong)).toBe(true);
    }
  });

  it('does not send or fetch what is not what its name says', async () => {
    const one = object(randomBytes(2_000_000));
    const wrong = { sha256: '0'.repeat(64), sizeBytes: 2_000_000 };
    await expect(remote.putFile('objects/x', one.path, wrong)).rejects.toMatchObject({ code: 'TL0804' });
    expect(readdirSync(join(store, 'objects'))).toEqual([]);
    await remote.putFile(one.name, one.path, one);
    await expect(remote.getFile(one.name, join(folder, 'back'), wrong)).rejects.toMatchObject({ code: 'TL0804' });
    await expect(remote.getFile(one.name, join(folder, 'back'), { ...one, sizeBytes: 5 })).rejects.toMatchObject({ code: 'TL0804' });
    expect(readdirSync(folder).toSorted()).toEqual(['file', 'store']);
  });

  it('lists objects, and neither files that are being written nor links', async () => {
    const one = object(Buffer.from('one'));
    await remote.putFile(one.name, one.path, one);
    writeFileSync(join(store, '.trainlock-0123456789abcdef.tmp'), '');
    symlinkSync('/etc', join(store, 'etc'));
    const found = [];
    for await (const entry of remote.list('objects/sha')) found.push(entry);
    expect(found).toEqual([{ name: one.name, sizeBytes: 3 }]);
  });

  it('refuses names that lead elsewhere', async () => {
    const one = object(Buffer.from('one'));
    for (const name of ['../file', '/etc/passwd', 'a/../../file', '']) await expect(remote.getFile(name, join(folder, 'back'), one)).rejects.toMatchObject({ code: 'TL0805' });
  });

  it('is not made where nothing is: the file system may not be mounted', async () => {
    await expect(openRemote(join(folder, 'missing'))).rejects.toMatchObject({ code: 'TL0803' });
    await expect(openRemote(object(Buffer.from('x')).path)).rejects.toMatchObject({ code: 'TL0803' });
  });

  it('lets many processes send the same at once', async () => {
    const one = object(randomBytes(500_000));
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => remote.putFile(one.name, one.path, one)));
    expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(1);
    expect(readdirSync(dirname(join(store, one.name)))).toHaveLength(1);
  });

  it('stops when it is told, with what it did so far', async () => {
    const objects = Array.from({ length: 50 }, (_, index) => object(randomBytes(10_000), `f${index}`));
    const stop = new AbortController();
    const result = await transferObjects({ direction: 'push', remote, objects, jobs: 2, signal: stop.signal, onProgress: ({ objects: done }) => done >= 10 && stop.abort() });
    expect(result.end).toBe('stopped');
    expect(result.moved).toBeGreaterThanOrEqual(9);
    expect(result.failures).toEqual([]);
    expect(await transferObjects({ direction: 'push', remote, objects })).toMatchObject({ end: 'done', present: result.moved, moved: 50 - result.moved });
  });
});

describe('a part that was left behind', () => {
  const machine = sha256(hostname()).slice(0, 8);
  const bytes = randomBytes(3_000_000);
  const partName = (owner: string): string => `.trainlock-${sha256(sha256(bytes)).slice(0, 16)}-${owner}-.part`;
  const leave = (owner: string, content: Uint8Array): string => {
    const target = join(folder, 'pulled');
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, partName(owner)), content);
    return join(target, partName(owner));
  };
  const pull = async (): Promise<{ readonly fetched: number; readonly left: readonly string[] }> => {
    const one = object(bytes);
    await remote.putFile(one.name, one.path, one);
    const told: number[] = [];
    await remote.getFile(one.name, join(folder, 'pulled', 'file'), { ...one, onProgress: (count) => told.push(count) });
    expect(sha256(readFileSync(join(folder, 'pulled', 'file')))).toBe(one.sha256);
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(bytes.length);
    return { fetched: told.slice(1).reduce((sum, count) => sum + count, 0), left: readdirSync(join(folder, 'pulled')).filter((name) => name !== 'file') };
  };

  it('of a process that died is continued', async () => {
    leave(`${machine}.999999999.01234567`, bytes.subarray(0, 2_000_000));
    expect(await pull()).toEqual({ fetched: 1_000_000, left: [] });
  });

  it('that nobody owns is continued', async () => {
    leave('0', bytes.subarray(0, 2_000_000));
    expect(await pull()).toEqual({ fetched: 1_000_000, left: [] });
  });

  it('of a living process is left alone', async () => {
    leave(`${machine}.${process.pid}.01234567`, bytes.subarray(0, 2_000_000));
    expect((await pull()).left).toHaveLength(1);
  });

  it('of another machine is left alone until it is old', async () => {
    const path = leave('01234567.1.01234567', bytes.subarray(0, 2_000_000));
    expect((await pull()).left).toHaveLength(1);
    rmSync(join(folder, 'pulled', 'file'));
    utimesSync(path, 1, 1);
    expect((await pull()).left).toEqual([]);
  });

  it.each([
    ['has other bytes', randomBytes(2_000_000)],
    ['is whole and wrong', randomBytes(3_000_000)],
    ['is too long', randomBytes(4_000_000)],
  ])('that %s does no harm', async (_, content) => {
    leave('0', content);
    expect((await pull()).left).toEqual([]);
  });

  it('that is a link is not followed', async () => {
    mkdirSync(join(folder, 'pulled'));
    writeFileSync(join(folder, 'victim'), 'precious');
    symlinkSync(join(folder, 'victim'), join(folder, 'pulled', partName('0')));
    await pull();
    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('precious');
  });
});
