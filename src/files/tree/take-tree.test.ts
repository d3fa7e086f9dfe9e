import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { EVERYTHING, times } from '../../../test/harness/effort.ts';
import { fileListOf, folderIndexOf, indexOfList, readFileList, readFolderIndex, treeRootOf } from '#digest';
import { hashFiles } from '../hash-files.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { takeTree, type TakenTree, type TakeTreeOptions, TreeTooLarge } from './take-tree.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'trainlock-tree-'));

/** Removed after the test. */
const makeFolder = (): string => {
  const folder = newFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

const fill = (root: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  }
};

/** Files of long ago: their stat data may be believed. */
const age = (root: string): void => {
  execFileSync('find', [root, '-exec', 'touch', '-h', '-d', '2020-01-01', '{}', '+']);
};

type Taken = TakenTree & { readonly text: string };

const take = async (root: string, options: Partial<TakeTreeOptions> = {}): Promise<Taken> => {
  const listPath = join(makeFolder(), 'list');
  const tree = await takeTree(root, { listPath, ...options });
  return { ...tree, text: tree.list.kind === 'written' ? readFileSync(listPath, 'utf8') : '' };
};

const entriesOf = (tree: Taken): readonly string[] =>
  tree.text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { readonly path: string }).path);

describe('taking a tree', () => {
  it('gives the list, the root and the h1 that others compute from the same files', async () => {
    const root = makeFolder();
    fill(root, { 'b.txt': 'two', 'a/x': 'one', 'a-b/x': 'three', 'a.b': 'four', 'a/deep/er/file': '', Z: 'upper', 'ä/ö': 'umlaut' });
    chmodSync(join(root, 'b.txt'), 0o755);
    const tree = await take(root);
    const names = ['b.txt', 'a/x', 'a-b/x', 'a.b', 'a/deep/er/file', 'Z', 'ä/ö'];
    const facts = await hashFiles(names.map((name) => ({ path: join(root, name) })));
    const expected = fileListOf(facts.map((one, i) => ({ path: names[i]!, sha256: one.sha256!, size: one.sizeBytes!, mode: one.mode! })));
    expect(tree.text).toBe(Buffer.from(expected).toString());
    expect(tree.identity.listSha256).toBe(sha256(expected));
    expect(tree.identity.treeRoot).toBe(treeRootOf(expected, nodeCrypto).root);
    // As Go's dirhash is defined: sha256sum lines sorted by name.
    const lines = execFileSync('sh', ['-c', "find . -type f | cut -c3- | LC_ALL=C sort | xargs -d '\\n' sha256sum"], { cwd: root });
    expect(tree.identity.dirHash).toBe(`h1:${createHash('sha256').update(lines).digest('base64')}`);
    expect(tree.identity).toMatchObject({ fileCount: 7, totalBytes: 26 });
    expect(tree.findings).toEqual([]);
  });

  it('of an empty folder is the empty list, whose root is the hash of nothing', async () => {
    const tree = await take(makeFolder());
    const empty = sha256('');
    expect(tree.identity).toMatchObject({ listSha256: empty, treeRoot: empty, fileCount: 0, totalBytes: 0, dirHash: 'h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' });
  });

  it('of one file is a list with that file', async () => {
    const root = makeFolder();
    fill(root, { 'data.csv': 'a,b\n1,2\n' });
    const tree = await take(join(root, 'data.csv'));
    expect(entriesOf(tree)).toEqual(['data.csv']);
    expect((await take(root)).identity).toEqual(tree.identity);
  });

  it('is the same in the main thread and in any number of threads, also where a folder is cut into pieces', async () => {
    const root = makeFolder();
    const files: Record<string, string> = {};
    for (let i = 0; i < 5000; i += 1) files[`many/${sha256(String(i)).slice(0, 12)}`] = String(i);
    for (let i = 0; i < 300; i += 1) files[`d${i % 30}/sub${i % 7}/f${i}`] = String(i);
    fill(root, files);
    const alone = await take(root, { jobs: 1 });
    for (const jobs of [2, 5]) expect((await take(root, { jobs })).identity).toEqual(alone.identity);
    expect(entriesOf(alone)).toEqual(Object.keys(files).sort());
    expect(readFileList(Buffer.from(alone.text)).kind).toBe('accepted');
  });

  it('lists any tree of names as the reference does', async () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.x', 'Ä', '~', '0', ' ', '\u{1f600}', '\uffee'), minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 12, selector: (parts) => parts.join('/') }), async (paths) => {
        const root = mkdtempSync(join(tmpdir(), 'trainlock-tree-'));
        try {
          for (const parts of paths) {
            try {
              fill(root, { [parts.join('/')]: parts.join('') });
            } catch {
              // A name that is a folder already, or the other way round.
            }
          }
          const tree = await take(root, { jobs: 1 });
          const files = (readdirSync(root, { recursive: true, withFileTypes: true }) as { name: string; parentPath: string; isFile(): boolean }[]).filter((one) => one.isFile());
          const expected = fileListOf(
            files.map((one) => {
              const path = join(one.parentPath, one.name);
              const bytes = readFileSync(path);
              return { path: path.slice(root.length + 1), sha256: sha256(bytes), size: bytes.length };
            }),
          );
          expect(tree.text).toBe(Buffer.from(expected).toString());
          expect(tree.list).toMatchObject({ kind: 'written', index: new Uint8Array(folderIndexOf(indexOfList(expected, nodeCrypto))) });
          expect(tree.identity.treeRoot).toBe(treeRootOf(expected, nodeCrypto).root);
        } finally {
          rmSync(root, { recursive: true, force: true });
        }
      }),
      { numRuns: times(60, 20) },
    );
  });

  it('has an index whose ranges are the lines of its folders', async () => {
    const root = makeFolder();
    fill(root, { 'a/1': 'x', 'a/b/2': 'y', 'a/b/c/3': 'z', 'a-/4': 'w', 5: 'v' });
    mkdirSync(join(root, 'empty/inside'), { recursive: true });
    const tree = await take(root);
    if (tree.list.kind !== 'written') throw new Error('no list');
    const index = readFolderIndex(tree.list.index, Buffer.byteLength(tree.text));
    if (index.kind !== 'accepted') throw new Error('no index');
    expect(index.value.map(({ path, files }) => [path, files])).toEqual([
      ['', 5],
      ['a-', 1],
      ['a', 3],
      ['a/b', 2],
      ['a/b/c', 1],
    ]);
    expect(Buffer.from(folderIndexOf(indexOfList(Buffer.from(tree.text), nodeCrypto))).equals(Buffer.from(tree.list.index))).toBe(true);
    for (const { path, start, end } of index.value) {
      const inside = entriesOf({ ...tree, text: tree.text.slice(start, end) });
      expect(inside).toEqual(entriesOf(tree).filter((one) => path === '' || one.startsWith(`${path}/`)));
    }
  });

  it('hashes a file of a gigabyte in pieces too, which together are the file', async () => {
    const root = makeFolder();
    const path = join(root, 'big');
    const bytes = 1024 ** 3 + 5;
    writeFileSync(path, 'start');
    truncateSync(path, bytes);
    const tree = await take(root);
    expect(tree.text).toContain(execFileSync('sha256sum', [path], { encoding: 'utf8' }).slice(0, 64));
    if (tree.list.kind !== 'written') throw new Error('no list');
    const { chunks, chunkBytes } = JSON.parse(Buffer.from(tree.list.chunks!).toString()) as { readonly chunks: readonly string[]; readonly chunkBytes: number };
    expect(chunks.length).toBe(129);
    const piece = Buffer.alloc(chunkBytes);
    piece.write('start');
    expect(chunks[0]).toBe(sha256(piece));
    expect(chunks[1]).toBe(sha256(Buffer.alloc(chunkBytes)));
    expect(chunks[128]).toBe(sha256(Buffer.alloc(5)));
  });

  it('ends where there is more than there was to be, in any number of threads', async () => {
    const root = makeFolder();
    fill(root, Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i % 7}/${i}.txt`, 'x'.repeat(100)])));
    for (const jobs of [1, 3]) {
      await expect(takeTree(root, { jobs, most: { files: 39, bytes: 1e6 } })).rejects.toBeInstanceOf(TreeTooLarge);
      await expect(takeTree(root, { jobs, most: { files: 40, bytes: 3999 } })).rejects.toBeInstanceOf(TreeTooLarge);
      expect((await takeTree(root, { jobs, most: { files: 40, bytes: 4000 } })).identity.fileCount).toBe(40);
    }
  });

  it('tells progress of long work and stops when it is told to', async () => {
    const root = makeFolder();
    for (let i = 0; i < 4; i += 1) truncateSync(join(root, String(i)).replace(/$/, writeFileSync(join(root, String(i)), '') ?? ''), 1024 ** 3);
    const told: number[] = [];
    const stop = new AbortController();
    const listPath = join(makeFolder(), 'list');
    const work = takeTree(root, { listPath, signal: stop.signal, onProgress: (done) => (told.push(done.bytes), told.length > 2 && stop.abort(new Error('enough'))) });
    await expect(work).rejects.toThrow('enough');
    expect(told[0]).toBeGreaterThan(0);
    expect(existsSync(listPath)).toBe(false);
  });
});

describe('what is no plain file', () => {
  it('is followed if it is a link, with its target text and what it leads to', async () => {
    const [root, elsewhere] = [makeFolder(), makeFolder()];
    fill(root, { file: 'content', 'folder/inside': 'x' });
    fill(elsewhere, { far: 'away', 'more/deep': 'deep' });
    symlinkSync('file', join(root, 'link'));
    symlinkSync(join(elsewhere, 'far'), join(root, 'out'));
    symlinkSync(join(elsewhere, 'more'), join(root, 'outside-folder'));
    symlinkSync('folder', join(root, 'same-folder'));
    symlinkSync('..', join(root, 'folder/up'));
    symlinkSync('nowhere', join(root, 'dangling'));
    symlinkSync('circle', join(root, 'circle'));
    const tree = await take(root);
    expect(entriesOf(tree)).toEqual(['file', 'folder/inside', 'link', 'out', 'outside-folder/deep', 'same-folder/inside']);
    expect(tree.text).toContain(`{"link":"file","path":"link","sha256":"${sha256('content')}","size":7}`);
    expect(tree.findings.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'unreadable circle',
      'dangling dangling',
      'loop folder/up',
      'outside out',
      'outside outside-folder',
      'linked-folder outside-folder',
      'linked-folder same-folder',
      'loop same-folder/up',
    ]);
  });

  it('ends where links make a tree without end', async () => {
    const [root, elsewhere] = [makeFolder(), makeFolder()];
    // Each folder leads twice to the next: 2^40 paths without a loop.
    for (let i = 0; i < 40; i += 1) {
      mkdirSync(join(elsewhere, String(i)));
      writeFileSync(join(elsewhere, String(i), 'file'), 'x');
      for (const side of ['a', 'b']) symlinkSync(join(elsewhere, String(i + 1)), join(elsewhere, String(i), side));
    }
    mkdirSync(join(elsewhere, '40'));
    symlinkSync(join(elsewhere, '0'), join(root, 'start'));
    const tree = await take(root, { jobs: 1 });
    expect(tree.findings.some(({ kind, reason }) => kind === 'limit' && reason === 'more than 1000 links to folders')).toBe(true);
    expect(tree.identity.fileCount).toBeLessThanOrEqual(1001);
  });

  it('is never opened: pipes, sockets', async () => {
    const root = makeFolder();
    fill(root, { file: 'x' });
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const server = createServer().listen(join(root, 'socket'));
    onTestFinished(() => void server.close());
    await setTimeout(50);
    const tree = await take(root);
    expect(entriesOf(tree)).toEqual(['file']);
    expect(tree.findings.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['special pipe', 'special socket']);
  });

  it('is left out by rules that are stated: version control, globs, key files', async () => {
    const root = makeFolder();
    fill(root, { '.git/config': 'x', 'a/.git/x': 'x', 'a/data': 'x', 'a/skip.tmp': 'x', '.env': 'KEY=1', id_rsa: 'secret', '.kube/config': 'token', '.ssh/mine': 'key' });
    const tree = await take(root, { ignore: ['**/*.tmp'] });
    expect(entriesOf(tree)).toEqual(['a/data']);
    expect(tree.findings.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'secret-file .env',
      'left-out .git',
      'secret-file .kube/config',
      'secret-file .ssh/mine',
      'left-out a/.git',
      'secret-file id_rsa',
    ]);
  });

  it('keeps names that are no text as their bytes, ten thousand of them', async () => {
    const root = makeFolder();
    for (let i = 0; i < 10_000; i += 1) writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0x80 + (i % 64), 0x0a]), Buffer.from(String(i))]), '');
    const tree = await take(root);
    expect(tree.identity).toMatchObject({ fileCount: 10_000, dirHash: 'none' });
    const list = readFileList(Buffer.from(tree.text));
    expect(list.kind).toBe('accepted');
    expect(tree.findings.filter(({ kind }) => kind === 'not-text').length).toBe(10_000);
  });
});

describe('a stat cache', () => {
  const cached = (): { readonly root: string; readonly options: { readonly cachePath: string } } => ({
    root: makeFolder(),
    options: { cachePath: join(makeFolder(), 'stat', 'cache') },
  });

  it('saves the reading of what did not change', async () => {
    const { root, options } = cached();
    fill(root, { 'a/1': 'one', 'a/2': 'two', 'b/3': 'three', top: 'top' });
    age(root);
    await setTimeout(2100); // until the times of change are old enough to be believed
    const first = await take(root, options);
    const second = await take(root, options);
    expect(second.list.kind).toBe('unchanged');
    expect(second.identity).toEqual(first.identity);
    expect(second.readBytes).toBe(0);
    fill(root, { 'a/2': 'TWO', 'c/new': 'new' });
    const third = await take(root, options);
    expect(third.readBytes).toBe(6);
    expect(third.text).toBe((await take(root, { jobs: 1 })).text);
    expect((await take(root, { ...options, full: true })).readBytes).toBe(17);
    expect((await take(root, { ...options, listAnyway: true })).text).toBe(third.text);
  });

  const CHANGES: readonly (readonly [string, (root: string) => void])[] = [
    [
      'a file with other content, the same size and the old time',
      (root) => (writeFileSync(join(root, 'a/1'), 'ONE'), utimesSync(join(root, 'a/1'), new Date('2020-01-01'), new Date('2020-01-01'))),
    ],
    [
      'a file that was replaced by another of the same size and time',
      (root) => (
        writeFileSync(join(root, 'n'), 'ONE'),
        utimesSync(join(root, 'n'), new Date('2020-01-01'), new Date('2020-01-01')),
        renameSync(join(root, 'n'), join(root, 'a/1'))
      ),
    ],
    [
      'two files that changed places',
      (root) => (renameSync(join(root, 'a/1'), join(root, 'x')), renameSync(join(root, 'a/2'), join(root, 'a/1')), renameSync(join(root, 'x'), join(root, 'a/2'))),
    ],
    ['a file that became executable', (root) => chmodSync(join(root, 'a/1'), 0o755)],
    ['a file that became a link to another', (root) => (rmSync(join(root, 'a/1')), symlinkSync('2', join(root, 'a/1')))],
    ['a hard link to another file in place of a file', (root) => (rmSync(join(root, 'a/1')), linkSync(join(root, 'a/2'), join(root, 'a/1')))],
    ['a folder that was renamed', (root) => renameSync(join(root, 'b'), join(root, 'z'))],
    ['a file that was removed', (root) => rmSync(join(root, 'b/3'))],
    ['a folder in the place of a file', (root) => (rmSync(join(root, 'b/3')), mkdirSync(join(root, 'b/3')), writeFileSync(join(root, 'b/3/x'), 'x'))],
  ];
  describe('of a tree that is changed', () => {
    const trees = new Map(CHANGES.map(([name]) => [name, { root: newFolder(), cache: newFolder() }]));
    beforeAll(async () => {
      for (const { root } of trees.values()) {
        fill(root, { 'a/1': 'one', 'a/2': 'two', 'b/3': 'three' });
        age(root);
      }
      // All of them wait together until their times of change are old enough to be believed.
      await setTimeout(2100);
    });
    afterAll(() => {
      for (const { root, cache } of trees.values()) for (const folder of [root, cache]) rmSync(folder, { recursive: true, force: true });
    });

    it.each(CHANGES)('is not deceived by %s', async (name, change) => {
      const { root, cache } = trees.get(name)!;
      const options = { cachePath: join(cache, 'stat', 'cache') };
      expect((await take(root, options)).list.kind).toBe('written');
      expect((await take(root, options)).readBytes).toBe(0);
      change(root);
      const tree = await take(root, { ...options, listAnyway: true });
      expect(tree.text).toBe((await take(root)).text);
      // What was remembered after the change is right too.
      expect((await take(root, { ...options, listAnyway: true })).text).toBe(tree.text);
    });
  });

  it('does not believe a file that changed so short before the snapshot that it may have changed again unseen', async () => {
    const { root, options } = cached();
    fill(root, { file: 'one' });
    await take(root, options);
    expect((await take(root, options)).readBytes).toBe(3);
  });

  it('that is torn, damaged, of other rules or of something else is no cache', async () => {
    const { root, options } = cached();
    fill(root, { 'a/1': 'one', 'b/2': 'two' });
    age(root);
    await setTimeout(2100);
    const first = await take(root, options);
    const bytes = readFileSync(options.cachePath);
    for (const damage of [
      () => truncateSync(options.cachePath, bytes.length - 30),
      () => truncateSync(options.cachePath, 100),
      () => writeFileSync(options.cachePath, 'something else'),
      ...Array.from({ length: 40 }, (_, i) => () => {
        const broken = Buffer.from(bytes);
        broken[Math.floor((i * bytes.length) / 40)]! ^= 0x21;
        writeFileSync(options.cachePath, broken);
      }),
    ]) {
      damage();
      expect((await take(root, options)).identity).toEqual(first.identity);
    }
    writeFileSync(options.cachePath, bytes);
    expect(entriesOf(await take(root, { ...options, ignore: ['b/**', 'b'] }))).toEqual(['a/1']);
  });

  it.runIf(EVERYTHING)('keeps the digests of the pieces of a large file that did not change', async () => {
    const { root, options } = cached();
    fill(root, { 'd/before': '1', 'd/zafter': '2' });
    writeFileSync(join(root, 'd/large'), 'start');
    truncateSync(join(root, 'd/large'), 1024 ** 3);
    age(root);
    await setTimeout(2100);
    const first = await take(root, options);
    expect(first.identity.chunksSha256).toBeDefined();
    fill(root, { 'd/before': '3' });
    const second = await take(root, options);
    expect([second.readBytes, second.identity.chunksSha256]).toEqual([1, first.identity.chunksSha256]);
    fill(root, { 'other/file': '4' });
    await setTimeout(2100);
    await take(root, options);
    fill(root, { 'other/file': '5' });
    const third = await take(root, options);
    expect([third.readBytes, third.identity.chunksSha256]).toEqual([1, first.identity.chunksSha256]);
  });

  it('is right for two that take the same tree at once', async () => {
    const { root, options } = cached();
    const files: Record<string, string> = {};
    for (let i = 0; i < 3000; i += 1) files[`d${i % 20}/f${i}`] = String(i);
    fill(root, files);
    age(root);
    const both = await Promise.all([take(root, options), take(root, options), take(root, { ...options, jobs: 1 })]);
    for (const one of both) expect(one.identity).toEqual(both[0]!.identity);
    expect((await take(root, { ...options, listAnyway: true })).identity).toEqual(both[0]!.identity);
    expect(readdirSync(join(options.cachePath, '..'))).toEqual(['cache']);
  });
});

describe('a file that changes as it is read', () => {
  it('is never in the list with a digest of neither state', async () => {
    const root = makeFolder();
    const path = join(root, 'growing');
    writeFileSync(path, 'x'.repeat(64));
    const states = new Set<string>([sha256('x'.repeat(64))]);
    let text = 'x'.repeat(64);
    let going = true;
    const writer = (async () => {
      while (going) {
        text += 'y'.repeat(1000);
        states.add(sha256(text));
        appendFileSync(path, 'y'.repeat(1000));
        await setTimeout(0);
      }
    })();
    for (let i = 0; i < times(200, 60); i += 1) {
      const tree = await take(root, { jobs: 1 });
      const found = /"sha256":"([0-9a-f]{64})"/.exec(tree.text)?.[1];
      if (found === undefined) expect(tree.findings).toMatchObject([{ kind: 'changed', path: 'growing' }]);
      else expect(states.has(found)).toBe(true);
    }
    going = false;
    await writer;
    expect(statSync(path).size).toBeGreaterThan(64);
  });
});
