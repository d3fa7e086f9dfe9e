import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

const base = mkdtempSync(join(tmpdir(), 'trainlock-folder-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('makeFolder', () => {
  it('makes what is missing, with its mode, and minds nothing that is there', async () => {
    await makeFolder(join(base, 'a/b/c'), 0o700);
    await makeFolder(join(base, 'a/b/c'));
    expect(statSync(join(base, 'a/b')).mode & 0o777).toBe(0o700);
  });

  it('fails where the system refuses', async () => {
    writeFileSync(join(base, 'file'), '');
    await expect(makeFolder(join(base, 'file/x'))).rejects.toThrow(/ENOTDIR/);
    if (existsSync('/proc/self')) await expect(makeFolder('/proc/nope/x')).rejects.toThrow(/ENOENT/);
  });
});
