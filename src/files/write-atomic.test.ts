import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { freeBytes } from './free-space.ts';
import { readBounded, readBoundedIfThere } from './read-bounded.ts';
import { writeAtomic, writeOnce } from './write-atomic.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-write-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('writing a file', () => {
  it('replaces the old content, with the mode asked for, and leaves nothing else', async () => {
    const path = join(folder, 'a');
    await writeAtomic(path, utf8('one'));
    await writeAtomic(path, utf8('two'), 0o600);
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('once never replaces, and of many writers one wins', async () => {
    const path = join(folder, 'a');
    const won = await Promise.all(Array.from({ length: 20 }, (_, i) => writeOnce(path, utf8(`writer ${i}`))));
    expect(won.filter(Boolean).length).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(`writer ${won.indexOf(true)}`);
    expect(await writeOnce(path, utf8('later'))).toBe(false);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('fails with TL0003, a note and a fix, and leaves nothing behind', async () => {
    mkdirSync(join(folder, 'taken'));
    await expect(writeAtomic(join(folder, 'taken'), utf8('x'))).rejects.toMatchObject({ code: 'TL0003', where: join(folder, 'taken') });
    await expect(writeAtomic(join(folder, 'no/such/folder'), utf8('x'))).rejects.toMatchObject({ code: 'TL0003', notes: ['the folder is not there'] });
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it('on a full disk leaves the old content and no remains', async (context) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      console.log('mounting a small disk is not permitted here: the full disk is not tested');
      context.skip();
    }
    try {
      await writeAtomic(join(disk, 'a'), utf8('old'));
      await expect(writeAtomic(join(disk, 'a'), new Uint8Array(200_000))).rejects.toMatchObject({ code: 'TL0003', notes: ['no space is left on the file system'] });
      expect(readdirSync(disk)).toEqual(['a']);
      expect(readFileSync(join(disk, 'a'), 'utf8')).toBe('old');
      expect(await freeBytes(disk)).toBeLessThan(65_536);
      execFileSync('mount', ['-o', 'remount,ro', disk]);
      await expect(writeAtomic(join(disk, 'a'), utf8('x'))).rejects.toMatchObject({ code: 'TL0003', notes: ['the file system is read-only'] });
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

describe('reading within bounds', () => {
  it('reads what fits and refuses what does not', async () => {
    const path = join(folder, 'a');
    writeFileSync(path, 'x'.repeat(10_000));
    expect((await readBounded(path, 10_000)).length).toBe(10_000);
    await expect(readBounded(path, 9_999)).rejects.toMatchObject({ code: 'TL0002' });
    await expect(readBounded(folder, 10)).rejects.toMatchObject({ code: 'TL0002' });
    await expect(readBounded(join(folder, 'none'), 10)).rejects.toMatchObject({ code: 'TL0002' });
    expect(await readBoundedIfThere(join(folder, 'none'), 10)).toBeUndefined();
  });

  it('reads files that say they are empty, and never waits for a pipe', async () => {
    expect((await readBounded('/proc/self/status', 100_000)).length).toBeGreaterThan(100);
    await expect(readBounded('/proc/self/status', 100)).rejects.toMatchObject({ code: 'TL0002' });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await expect(readBounded(join(folder, 'pipe'), 10)).rejects.toMatchObject({ code: 'TL0002' });
  });
});

describe('free space', () => {
  it('is a number of bytes, or not known', async () => {
    expect(await freeBytes(folder)).toBeGreaterThan(0);
    expect(await freeBytes(join(folder, 'none'))).toBeUndefined();
  });
});
