import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FOREIGN_FRAME, frameOf, hasZstdProgram, rowsText, zerosFrame, zstdProgram } from '../../test/fixtures/zstd-frames.ts';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';
import { compressedPath, objectPath } from './store-layout.ts';
import { nativeZstd } from './zstd/native-zstd.ts';

let project: string;
let store: Store;

beforeEach(async () => {
  project = mkdtempSync(join(tmpdir(), 'trainlock-compressed-'));
  store = await openStore({ projectRoot: project });
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const plain = (sha256: string): string => objectPath(store.root, sha256);
const compressed = (sha256: string): string => compressedPath(store.root, sha256);
const forms = (sha256: string): string => [plain, compressed].map((of, at) => (existsSync(of(sha256)) ? ['plain', 'compressed'][at]! : '')).join('');

/** An object as a Node.js with Zstandard, or another program, would have left it. */
const placeFrame = (content: Uint8Array, frame: Uint8Array = frameOf(content)): string => {
  const sha256 = digestOf(content);
  mkdirSync(dirname(compressed(sha256)), { recursive: true });
  writeFileSync(compressed(sha256), frame);
  return sha256;
};

const placeFile = (content: Uint8Array | string, name = 'data'): { readonly path: string } => {
  writeFileSync(join(project, name), content);
  return { path: join(project, name) };
};

/** What is left of writing, anywhere beside the objects. */
const remains = (): readonly string[] => (readdirSync(join(store.root, 'objects'), { recursive: true }) as string[]).filter((name) => name.endsWith('.tmp'));

const table = Buffer.from(rowsText(60_000));

describe('an object that is compressed', () => {
  it.each<[string, Buffer, Buffer]>([
    ['by the program zstd', Buffer.from(rowsText(100)), FOREIGN_FRAME],
    ['by nobody in truth', table, frameOf(table)],
    ['and long', Buffer.alloc(2 ** 24), zerosFrame(2 ** 24)],
  ])('%s is read like any other', async (_, content, frame) => {
    const sha256 = placeFrame(content, frame);
    expect(await store.hasObject(sha256)).toBe(true);
    expect(await store.objectSize(sha256)).toBe(content.length);
    expect(Buffer.from(await store.readObject(sha256)).equals(content)).toBe(true);
    expect(Buffer.from(await store.readObjectRange(sha256, { start: 7, end: 1200 })).equals(content.subarray(7, 1200))).toBe(true);
    expect(Buffer.from(await store.readObjectRange(sha256, { start: content.length - 9, end: content.length })).equals(content.subarray(-9))).toBe(true);
    expect(await store.plainPath(sha256)).toBeUndefined();
    expect(await store.hashObjects(['0'.repeat(64), sha256])).toEqual([{ kind: 'absent' }, { kind: 'hashed', sha256, sizeBytes: content.length }]);
    await store.copyObject({ sha256, sizeBytes: content.length }, join(project, 'copy'));
    expect(readFileSync(join(project, 'copy')).equals(content)).toBe(true);
    await expect(store.copyObject({ sha256, sizeBytes: content.length }, join(project, 'copy'))).rejects.toMatchObject({ code: 'TL0003' });
    expect(readFileSync(join(project, 'copy')).equals(content)).toBe(true);
  });

  it('is refused where it is larger than what is read', async () => {
    await expect(store.readObject(placeFrame(table), table.length - 1)).rejects.toMatchObject({ code: 'TL0002' });
    await expect(store.readObject(placeFrame(Buffer.from('x'), zerosFrame(2 ** 31)))).rejects.toMatchObject({ code: 'TL0002' });
    await expect(store.readObjectRange(placeFrame(table), { start: 0, end: table.length + 1 })).rejects.toMatchObject({ code: 'TL0307' });
  });

  it.each<[string, Buffer]>([
    ['other bytes', frameOf(Buffer.from(rowsText(60_000).replace('ill', 'all')))],
    ['a bit that flipped', Buffer.from(frameOf(table).map((byte, at) => (at === 5000 ? byte ^ 4 : byte)))],
    ['its end cut off', frameOf(table).subarray(0, -1)],
    ['only its header', frameOf(table).subarray(0, 14)],
    ['nothing', Buffer.alloc(0)],
    ['plain bytes', table],
    ['a bomb that states its size', zerosFrame(2 ** 31)],
    ['a bomb that states another size', zerosFrame(2 ** 31, table.length)],
  ])('with %s is damaged: nothing is given out, written or believed', async (_, frame) => {
    const sha256 = placeFrame(table, frame);
    const kept = { sha256, sizeBytes: table.length };
    const before = process.memoryUsage().rss;
    await expect(store.readObject(sha256, table.length)).rejects.toMatchObject({ code: expect.stringMatching(/^TL0307$|^TL0002$/) as string });
    await expect(store.copyObject(kept, join(project, 'copy'))).rejects.toMatchObject({ code: 'TL0307' });
    expect(existsSync(join(project, 'copy'))).toBe(false);
    const [found] = await store.hashObjects([sha256]);
    expect(found?.kind === 'damaged' || (found?.kind === 'hashed' && found.sha256 !== sha256)).toBe(true);
    expect(process.memoryUsage().rss - before).toBeLessThan(512 * 1024 * 1024);
    expect(await store.putObjectFile(placeFile(table), { expected: sha256 })).toMatchObject({ kind: 'kept', ...kept });
    expect(Buffer.from(await store.readObject(sha256)).equals(table)).toBe(true);
    expect(remains()).toEqual([]);
  });

  it('is not kept again, neither as bytes nor as a file', async () => {
    const sha256 = placeFrame(table);
    utimesSync(compressed(sha256), 1_700_000_000, 1_700_000_000);
    expect(await store.putObject(table)).toBe(sha256);
    expect(statSync(compressed(sha256)).mtimeMs).toBeGreaterThan(1_700_000_001_000);
    expect(await store.putObjectFile(placeFile(table), { expected: sha256 })).toEqual({ kind: 'kept', sha256, sizeBytes: table.length, storedBytes: frameOf(table).length });
    expect(await store.putObjectFile(placeFile(table))).toMatchObject({ kind: 'kept', sha256 });
    expect(forms(sha256)).toBe('compressed');
    expect(await store.putObjectFile(placeFile(rowsText(59_999)), { expected: sha256 })).toMatchObject({ kind: 'changed' });
  });

  it('gives way to a plain one', async () => {
    const sha256 = placeFrame(Buffer.from('hello'), frameOf(Buffer.from('hallo')));
    await store.putObject(Buffer.from('hello'));
    expect(forms(sha256)).toBe('plaincompressed');
    expect(Buffer.from(await store.readObject(sha256)).toString()).toBe('hello');
    expect(await store.plainPath(sha256)).toBe(plain(sha256));
  });

  it('is removed with the plain one', async () => {
    const sha256 = placeFrame(table);
    await store.putObjectFile(placeFile('hello'));
    writeFileSync(plain(sha256), table);
    await store.removeObject(sha256);
    await store.removeObject(sha256);
    expect([forms(sha256), await store.hasObject(sha256)]).toEqual(['', false]);
    await expect(store.readObject(sha256)).rejects.toMatchObject({ code: 'TL0306' });
  });

  it('is cleaned up when nothing names it, and stays when a list does, even one that is compressed', async () => {
    const [loose, named] = [placeFrame(table), placeFrame(Buffer.from('named'))];
    const list = placeFrame(Buffer.from(`{"path":"a.csv","sha256":"${named}","size":5}\n`));
    mkdirSync(join(store.root, 'runs/20260101T000100Z-00000001'), { recursive: true });
    writeFileSync(join(store.root, 'runs/20260101T000100Z-00000001/started.json'), JSON.stringify({ list }));
    const garbage = (): ReturnType<Store['findGarbage']> => store.findGarbage({ nowMs: Date.now() });
    expect((await garbage()).filter(({ kind }) => kind === 'object')).toEqual([]);
    for (const sha256 of [loose, named, list]) utimesSync(compressed(sha256), 1_700_000_000, 1_700_000_000);
    const found = (await garbage()).filter(({ kind }) => kind === 'object');
    expect(found.map(({ path }) => path)).toEqual([compressed(loose)]);
    // Put again meanwhile: it stays.
    await store.putObject(table);
    await store.removeGarbage(found);
    expect(await store.hasObject(loose)).toBe(true);
    utimesSync(compressed(loose), 1_700_000_000, 1_700_000_000);
    await store.removeGarbage((await garbage()).filter(({ kind }) => kind === 'object'));
    expect([loose, named, list].map(forms)).toEqual(['', 'compressed', 'compressed']);
  });
});

// The file system of the tests may share blocks: then nothing is compressed, and what is said here of compressing does not apply.
const isSharing = (): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-reflink-'));
  try {
    writeFileSync(join(folder, 'a'), 'x');
    copyFileSync(join(folder, 'a'), join(folder, 'b'), constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe.runIf(nativeZstd !== null && !isSharing())('keeping a file with a Node.js that has Zstandard', () => {
  it.each<[string, () => Buffer, string]>([
    ['a table', () => table, 'compressed'],
    ['zeros', () => Buffer.alloc(3_000_000), 'compressed'],
    ['a head that compresses and a body that does not', () => Buffer.concat([Buffer.alloc(300_000), randomBytes(2_000_000)]), 'plain'],
    [
      'samples that compress between bytes that do not',
      () => Buffer.concat([Buffer.alloc(300_000), randomBytes(5e6), Buffer.alloc(300_000), randomBytes(5e6), Buffer.alloc(300_000)]),
      'plain',
    ],
    ['random bytes', () => randomBytes(1_000_000), 'plain'],
    ['weights', () => Buffer.from(Float32Array.from({ length: 300_000 }, () => Math.random() - 0.5).buffer), 'plain'],
    ['a small table', () => table.subarray(0, 60_000), 'plain'],
    ['nothing', () => Buffer.alloc(0), 'plain'],
  ])('keeps %s as it is worth', async (_, make, form) => {
    const content = make();
    const sha256 = digestOf(content);
    const kept = await store.putObjectFile(placeFile(content), { expected: sha256 });
    expect(forms(sha256)).toBe(form);
    const path = form === 'plain' ? plain(sha256) : compressed(sha256);
    expect(statSync(path).mode & 0o777).toBe(0o444);
    expect(kept).toEqual({ kind: 'kept', sha256, sizeBytes: content.length, storedBytes: statSync(path).size });
    expect(Buffer.from(await store.readObject(sha256)).equals(content)).toBe(true);
    expect(remains()).toEqual([]);
  });

  it.runIf(hasZstdProgram())('writes what the program zstd reads, with its checksum', async () => {
    const kept = await store.putObjectFile(placeFile(table));
    const path = compressed(digestOf(table));
    expect(kept).toMatchObject({ kind: 'kept', sha256: digestOf(table) });
    expect(zstdProgram(['-d', path]).equals(table)).toBe(true);
    expect(zstdProgram(['-l', path]).toString()).toMatch(/ XXH64 /);
  });

  it('replaces a plain object that is damaged', async () => {
    const sha256 = digestOf(table);
    mkdirSync(dirname(plain(sha256)), { recursive: true });
    writeFileSync(plain(sha256), table.subarray(1));
    await expect(store.readObject(sha256)).rejects.toMatchObject({ code: 'TL0307' });
    expect(await store.putObjectFile(placeFile(table), { expected: sha256 })).toMatchObject({ kind: 'kept' });
    expect(forms(sha256)).toBe('compressed');
    expect(Buffer.from(await store.readObject(sha256)).equals(table)).toBe(true);
  });

  it('keeps no file that is not the one that was asked for', async () => {
    const sha256 = digestOf(table);
    expect(await store.putObjectFile(placeFile(rowsText(50_000)), { expected: sha256 })).toEqual({ kind: 'changed', sha256: digestOf(Buffer.from(rowsText(50_000))) });
    const locked = placeFile(table, 'locked');
    if (process.getuid?.() !== 0) {
      chmodSync(locked.path, 0);
      expect(await store.putObjectFile(locked)).toEqual({ kind: 'unreadable', reason: 'no permission' });
    }
    expect(readdirSync(join(store.root, 'objects/sha256'))).toEqual([]);
  });

  it('never keeps a file that changes meanwhile under a wrong digest', async () => {
    const content = Buffer.from(rowsText(400_000));
    const sha256 = digestOf(content);
    const outcomes = new Set<string>();
    for (let i = 0; i < 30; i += 1) {
      const file = placeFile(content);
      const keeping = store.putObjectFile(file, i % 3 === 0 ? {} : { expected: sha256 });
      await setTimeout(Math.random() * 25);
      if (i % 5 === 0) truncateSync(file.path, 1_000_000);
      else if (i % 5 === 1) appendFileSync(file.path, rowsText(10));
      else if (i % 5 === 2)
        writeFileSync(
          file.path,
          content.map((byte, at) => (at % 50_000 === 0 ? byte ^ 1 : byte)),
        );
      else if (i % 5 === 3) rmSync(file.path);
      const kept = await keeping;
      outcomes.add(kept.kind);
      if (kept.kind === 'kept') {
        expect(digestOf(await store.readObject(kept.sha256))).toBe(kept.sha256);
        expect(i % 3 === 0 || kept.sha256 === sha256).toBe(true);
        await store.removeObject(kept.sha256);
      }
    }
    expect(outcomes).toContain('kept');
    expect(remains()).toEqual([]);
    expect(await store.hasObject(sha256)).toBe(false);
  });

  it('takes many at once, the same ones too', async () => {
    const contents = Array.from({ length: 12 }, (_, n) => Buffer.from(rowsText(20_000 + (n % 6))));
    const kept = await Promise.all(contents.map((content, n) => store.putObjectFile(placeFile(content, `data-${n}`))));
    expect(kept.map((one) => one.kind === 'kept' && one.sha256)).toEqual(contents.map(digestOf));
    for (const content of contents) expect(Buffer.from(await store.readObject(digestOf(content))).equals(content)).toBe(true);
  });
});

describe('keeping a file where the file system shares blocks', () => {
  it('shares them, and compresses nothing', async (context) => {
    const [image, disk] = [join(project, 'image'), join(project, 'disk')];
    mkdirSync(disk);
    writeFileSync(image, '');
    truncateSync(image, 320 * 1024 * 1024);
    if (spawnSync('mkfs.xfs', ['-q', image]).status !== 0 || spawnSync('mount', ['-o', 'loop', image, disk]).status !== 0) {
      console.log('a disk with XFS cannot be made here: sharing of blocks is not tested');
      context.skip();
    }
    try {
      const shared = await openStore({ projectRoot: disk });
      const content = Buffer.from(rowsText(2_000_000));
      writeFileSync(join(disk, 'data'), content);
      const before = freeBytes(disk);
      const sha256 = digestOf(content);
      expect(await shared.putObjectFile({ path: join(disk, 'data') }, { expected: sha256 })).toEqual({
        kind: 'kept',
        sha256,
        sizeBytes: content.length,
        storedBytes: content.length,
      });
      expect(await shared.plainPath(sha256)).toBeDefined();
      expect(before - freeBytes(disk)).toBeLessThan(content.length / 4);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  const freeBytes = (folder: string): number => {
    const { bfree, bsize } = statfsSync(folder);
    return bfree * bsize;
  };
});

describe.runIf(nativeZstd === null)('keeping a file with a Node.js that has no Zstandard', () => {
  it('copies it', async () => {
    expect(await store.putObjectFile(placeFile(table))).toEqual({ kind: 'kept', sha256: digestOf(table), sizeBytes: table.length, storedBytes: table.length });
    expect(forms(digestOf(table))).toBe('plain');
  });
});
