import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { takeSnapshot } from '../../src/flows/take-snapshot.ts';
import { differingEntries } from '../../src/flows/data/differing-entries.ts';
import { openStore } from '../../src/store/index.ts';

const path = fc.array(fc.constantFrom('a', 'b', 'c', 'a-', 'a.b'), { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join('/')}/file`);

const tree = fc.dictionary(path, fc.constantFrom('one', 'two', 'three'), { maxKeys: 15 });

const write = (root: string, files: Readonly<Record<string, string>>): void => {
  mkdirSync(root, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
};

describe('what differs between two lists', () => {
  it('is found by reading only folders whose digests differ, and is what reading everything finds', async () => {
    await fc.assert(
      fc.asyncProperty(tree, tree, async (before, after) => {
        const base = mkdtempSync(join(tmpdir(), 'trainlock-lists-'));
        try {
          write(join(base, 'before'), before);
          write(join(base, 'after'), after);
          const place = { projectRoot: base, storeFolder: join(base, 'store'), home: undefined, now: '2026-11-26T00:00:00Z', jobs: 1 };
          const [old, young] = [await takeSnapshot({ ...place, path: join(base, 'before') }), await takeSnapshot({ ...place, path: join(base, 'after') })];
          const store = await openStore({ projectRoot: base, storeFolder: join(base, 'store') });
          const pruned = await differingEntries(store, old.snapshot.list, young.snapshot.list);
          const { indexSha256: _, ...bare } = old.snapshot.list;
          expect(await differingEntries(store, bare, young.snapshot.list)).toEqual(pruned);
          const only = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>) => Object.keys(one).filter((name) => one[name] !== other[name]);
          expect(pruned.before.map((entry) => entry.path).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(only(before, after).toSorted((a, b) => (a < b ? -1 : 1)));
          expect(pruned.after.map((entry) => entry.path).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(only(after, before).toSorted((a, b) => (a < b ? -1 : 1)));
        } finally {
          rmSync(base, { recursive: true, force: true });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('that do not fit their index is an error and not an answer', async () => {
    const base = mkdtempSync(join(tmpdir(), 'trainlock-lists-'));
    try {
      write(join(base, 'before'), { 'a/1': 'one', 'b/2': 'two' });
      write(join(base, 'after'), { 'a/1': 'one', 'b/2': 'other' });
      const place = { projectRoot: base, storeFolder: join(base, 'store'), home: undefined, now: '2026-11-26T00:00:00Z', jobs: 1 };
      const [old, young] = [await takeSnapshot({ ...place, path: join(base, 'before') }), await takeSnapshot({ ...place, path: join(base, 'after') })];
      const store = await openStore({ projectRoot: base, storeFolder: join(base, 'store') });
      const list = (await store.plainPath(young.snapshot.list.sha256))!;
      const text = readFileSync(list, 'utf8');
      rmSync(list);
      // The size is the same: only the digest of the folder tells.
      writeFileSync(list, text.replace('"b/2"', '"b/3"'));
      await expect(differingEntries(store, old.snapshot.list, young.snapshot.list)).rejects.toMatchObject({ code: 'TL0307' });
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  });
});
