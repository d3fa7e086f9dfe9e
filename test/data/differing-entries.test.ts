import { constants } from 'node:buffer';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOfEntry } from '../../src/digest/index.ts';
import { takeSnapshot } from '../../src/flows/take-snapshot.ts';
import { differingEntries } from '../../src/flows/data/differing-entries.ts';
import type { Snapshot } from '../../src/snapshot/index.ts';
import { openStore } from '../../src/store/index.ts';
import { EVERYTHING, times } from '../harness/effort.ts';

const path = fc.array(fc.constantFrom('a', 'b', 'c', 'a-', 'a.b'), { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join('/')}/file`);

const tree = fc.dictionary(path, fc.constantFrom('one', 'two', 'three'), { maxKeys: 15 });

const write = (root: string, files: Readonly<Record<string, string>>): void => {
  mkdirSync(root, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
};

const lineOf = (name: string, digit: string): Buffer => Buffer.from(`${lineOfEntry({ path: name, sha256: digit.repeat(64), size: 1 })}\n`);

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
      { numRuns: times(60, 20) },
    );
  });

  it.runIf(EVERYTHING)('is found in lists that are longer than the longest text of JavaScript', { timeout: 120_000 }, async () => {
    const base = mkdtempSync(join(tmpdir(), 'trainlock-lists-'));
    try {
      const store = await openStore({ projectRoot: base, storeFolder: join(base, 'store'), purpose: 'record' });
      const folders = Array.from({ length: 20 }, () => 'x'.repeat(200)).join('/');
      const listWith = async (last: string): Promise<Snapshot['list']> => {
        const lines = Array.from({ length: Math.ceil(constants.MAX_STRING_LENGTH / 4000) }, (_, i) => lineOf(`${folders}/${String(i).padStart(8, '0')}`, 'a'));
        const bytes = Buffer.concat([...lines, lineOf('z', last)]);
        expect(bytes.length).toBeGreaterThan(constants.MAX_STRING_LENGTH);
        return { sha256: await store.putObject(bytes), treeRoot: '', fileCount: lines.length + 1, totalBytes: 0 };
      };
      const found = await differingEntries(store, await listWith('b'), await listWith('c'));
      expect([found.before, found.after].map((side) => side.map((entry) => `${entry.path} ${entry.sha256[0]}`))).toEqual([['z b'], ['z c']]);
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
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
