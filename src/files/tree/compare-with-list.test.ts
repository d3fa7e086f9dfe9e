import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FileEntry, fileListOf, lineOfEntry } from '#digest';
import { compareWithList } from './compare-with-list.ts';
import type { TreeLines } from './listed-file.ts';
import { takeTree } from './take-tree.ts';

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-compare-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

type Files = Readonly<Record<string, string>>;

const write = (files: Files): string => {
  const root = makeFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
};

const listOf = async (root: string): Promise<string> => {
  const listPath = join(makeFolder(), 'list');
  await takeTree(root, { listPath });
  return listPath;
};

const compare = async (listPath: string, root: string) => {
  const comparison = compareWithList(listPath);
  try {
    const { identity } = await takeTree(root, { onLines: comparison.lines });
    return { ...comparison.finish(), identity };
  } finally {
    comparison.close();
  }
};

/** Entries in the order of a list. */
const listed = (files: Files): readonly FileEntry[] => {
  const entries = Object.entries(files).map(([path, text]) => ({ path, sha256: text.repeat(64), size: 1 }));
  return entries.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
};

/** Lines as a tree tells them. */
const linesOf = (entries: readonly FileEntry[]): TreeLines => {
  const lines = entries.map((entry) => Buffer.from(`${lineOfEntry(entry)}\n`));
  return { count: lines.length, lines: Buffer.concat(lines), lengths: Uint32Array.from(lines, ({ length }) => length), facts: new BigInt64Array(5 * lines.length) };
};

describe('compareWithList', () => {
  it('finds nothing in a tree that is the one of the list', async () => {
    const root = write({ 'a.csv': '1', 'b/c.csv': '2', 'b.csv': '3' });
    const list = await listOf(root);
    const { before, after, listSha256, identity } = await compare(list, root);
    expect({ before, after }).toEqual({ before: [], after: [] });
    expect(listSha256).toBe(identity.listSha256);
  });

  it('finds what was added, removed and changed, whatever stands beside it and however the lines come', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd/a', 'd/b', 'd.csv', 'e/f/g', 'é', 'z');
    const files = fc.dictionary(name, fc.constantFrom('1', '2'), { maxKeys: 9 }).map(listed);
    fc.assert(
      fc.property(files, files, fc.integer({ min: 1, max: 4 }), (recorded, now, together) => {
        const path = join(makeFolder(), 'list');
        writeFileSync(path, fileListOf(recorded));
        const comparison = compareWithList(path);
        for (let at = 0; at < now.length; at += together) comparison.lines(linesOf(now.slice(at, at + together)));
        const { before, after } = comparison.finish();
        comparison.close();
        const isIn = (all: readonly FileEntry[], { path: wanted, sha256 }: FileEntry): boolean => all.some((entry) => entry.path === wanted && entry.sha256 === sha256);
        expect(before).toEqual(recorded.filter((entry) => !isIn(now, entry)));
        expect(after).toEqual(now.filter((entry) => !isIn(recorded, entry)));
      }),
      { numRuns: 500 },
    );
  });

  it('reads a list that is longer than one window', async () => {
    const root = write(Object.fromEntries(Array.from({ length: 7000 }, (_, i) => [`part-${i % 7}/${'x'.repeat(80)}-${i}`, String(i)])));
    const list = await listOf(root);
    writeFileSync(join(root, 'part-3', 'more'), '');
    renameSync(join(root, 'part-5'), join(root, 'part-9'));
    const { before, after } = await compare(list, root);
    expect([before.length, after.length]).toEqual([Math.ceil((7000 - 5) / 7), Math.ceil((7000 - 5) / 7) + 1]);
  });

  it.each([
    ['text without an end', 'x'.repeat(3_000_000)],
    ['no JSON', 'nothing\n'],
    ['a path that leaves the folder', `{"path":"../x","sha256":"${'0'.repeat(64)}","size":1}\n`],
  ])('rejects %s', async (_, text) => {
    const list = join(makeFolder(), 'list');
    writeFileSync(list, text);
    await expect(compare(list, write({ a: '1' }))).rejects.toThrow(TypeError);
  });
});
