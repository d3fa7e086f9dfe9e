import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { walkFolder } from './walk-folder.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trainlock-walk-'));
  for (const folder of ['a', 'a/deep', 'b', '.git']) mkdirSync(join(root, folder));
  for (const file of ['a/1', 'a/deep/2', 'b/3', '.git/HEAD', 'z']) writeFileSync(join(root, file), file);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const paths = (walk: { readonly files: readonly { readonly path: string }[] }): string[] => walk.files.map((file) => file.path);

describe('walking a folder', () => {
  it('finds every file, relative to the root', async () => {
    const walk = await walkFolder(root);
    expect(paths(walk).sort()).toEqual(['.git/HEAD', 'a/1', 'a/deep/2', 'b/3', 'z']);
    expect(walk.findings).toEqual([]);
  });

  it('does not enter what is ignored', async () => {
    expect(paths(await walkFolder(root, { ignore: (path) => path === '.git' || path === 'a/deep' })).sort()).toEqual(['a/1', 'b/3', 'z']);
  });

  it('keeps the bytes of names', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${root}/a/`), Buffer.of(0xff)]), 'x');
    const odd = (await walkFolder(root)).files.filter((file) => file.raw !== undefined);
    expect(odd).toEqual([{ path: 'a/\ufffd', raw: Buffer.concat([Buffer.from('a/'), Buffer.of(0xff)]).toString('base64') }]);
  });

  it('follows links to folders once, and states loops, ways out, dangling links and special files', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'trainlock-outside-'));
    writeFileSync(join(outside, 'data'), 'x');
    symlinkSync(outside, join(root, 'b/out'));
    symlinkSync(outside, join(root, 'b/out-again'));
    symlinkSync('..', join(root, 'a/up'));
    symlinkSync('../a', join(root, 'b/sideways'));
    symlinkSync('nothing', join(root, 'b/dangling'));
    symlinkSync('../z', join(root, 'b/link'));
    execFileSync('mkfifo', [join(root, 'b/pipe')]);
    const walk = await walkFolder(root);
    rmSync(outside, { recursive: true });
    expect(paths(walk)).toContain('b/out/data');
    expect(paths(walk)).toContain('b/link');
    expect(paths(walk)).not.toContain('b/out-again/data');
    expect(walk.findings.map((finding) => `${finding.kind} ${finding.path}`).sort()).toEqual([
      'dangling b/dangling',
      'loop a/up',
      'loop b/out-again',
      'loop b/sideways',
      'outside b/out',
      'outside b/out-again',
      'special b/pipe',
    ]);
  });

  it('ends at its limit and says so', async () => {
    const walk = await walkFolder(root, { maxFiles: 1 });
    expect(walk.findings).toMatchObject([{ kind: 'limit', reason: 'more than 1 files' }]);
  });

  it('says that a root is not there, and takes a file as root', async () => {
    expect(await walkFolder(join(root, 'none'))).toMatchObject({ files: [], findings: [{ kind: 'unreadable', reason: 'it is not there' }] });
    expect(paths(await walkFolder(join(root, 'z')))).toEqual(['z']);
  });

  it('stops when it is told to', async () => {
    await expect(walkFolder(root, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
