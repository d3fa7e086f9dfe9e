import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from './open-store.ts';
import { storeAbove } from './store-above.ts';

let top: string;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'trainlock-above-')));
  mkdirSync(join(top, 'my project', '.trainlock', 'runs'), { recursive: true });
  mkdirSync(join(top, 'my project', 'a', 'b'), { recursive: true });
});
afterEach(() => rmSync(top, { recursive: true }));

describe('a store further up', () => {
  it.each([
    ['a', 'is one folder up'],
    ['a/b', 'is 2 folders up'],
  ])('is told where %s has none', async (folder, far) => {
    const projectRoot = join(top, 'my project', folder);
    const fix = `cd '${join(top, 'my project')}'`;
    expect(await storeAbove(join(projectRoot, '.trainlock'))).toMatchObject({ note: expect.stringContaining(`${join(top, 'my project', '.trainlock')} ${far}`), fix });
    const store = await openStore({ projectRoot });
    for (const reference of ['last', 'first']) await expect(store.find(reference)).rejects.toMatchObject({ code: 'TL0301', fix });
  });

  it('is not told where a project begins, where the store lies elsewhere, and where there is none', async () => {
    writeFileSync(join(top, 'my project', 'a', 'trainlock.yaml'), 'version: 0\n');
    expect(await storeAbove(join(top, 'my project', 'a', '.trainlock'))).toBeUndefined();
    expect(await storeAbove(join(top, 'my project', 'a', 'b', 'records'))).toBeUndefined();
    expect(await storeAbove(join(top, 'other', '.trainlock'))).toBeUndefined();
  });
});
