import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes } from '#base';
import { bytesOfName, type FileEntry, nameOfBytes } from '#digest';
import { compareFiles } from './compare-files.ts';
import { matchesPattern } from './path-pattern.ts';

const digest = (content: string): string => content.padStart(64, '0');
const file = (path: string, content: string, extra: Partial<FileEntry> = {}): FileEntry => ({ path, sha256: digest(content), size: content.length, ...extra });
const sorted = (entries: readonly FileEntry[]): readonly FileEntry[] => entries.toSorted((a, b) => compareBytes(bytesOfName(a), bytesOfName(b)));
const compared = (before: readonly FileEntry[], after: readonly FileEntry[], options = {}) => compareFiles(sorted(before), sorted(after), options);

describe('compareFiles', () => {
  it('finds nothing between equal lists and between empty ones', () => {
    const files = [file('a', '1'), file('b', '22')];
    expect(compared(files, files)).toMatchObject({ same: { count: 2, sizeBytes: 3 }, added: { count: 0 }, removed: { count: 0 }, renamed: { count: 0 }, changed: { count: 0 } });
    expect(compared([], [])).toMatchObject({ before: { count: 0 }, after: { count: 0 }, renameSearch: 'done', watched: [] });
  });

  it('tells files that came, went, were renamed and were changed, with their sizes', () => {
    const difference = compared(
      [file('gone', '1'), file('old/name', '55555'), file('x', '22'), file('z', '3')],
      [file('come', '4444'), file('new/name', '55555'), file('x', '222'), file('z', '3')],
    );
    expect(difference).toEqual({
      before: { count: 4, sizeBytes: 9 },
      after: { count: 4, sizeBytes: 13 },
      same: { count: 1, sizeBytes: 1 },
      added: { count: 1, sizeBytes: 4, examples: [{ path: 'come', sizeBytes: 4 }] },
      removed: { count: 1, sizeBytes: 1, examples: [{ path: 'gone', sizeBytes: 1 }] },
      renamed: { count: 1, sizeBytes: 5, examples: [{ from: { path: 'old/name' }, to: { path: 'new/name' }, sizeBytes: 5, also: [] }] },
      changed: {
        count: 1,
        sizeBytesBefore: 2,
        sizeBytesAfter: 3,
        aspects: { content: 1, mode: 0, link: 0 },
        examples: [{ path: 'x', aspects: ['content'], sizeBytesBefore: 2, sizeBytesAfter: 3 }],
      },
      renameSearch: 'done',
      watched: [],
    });
  });

  it('tells a changed mode and a changed link apart from changed content, also of a file that was renamed', () => {
    const difference = compared(
      [file('a', '1'), file('b', '2', { link: 'x' }), file('c', '33')],
      [file('a', '1', { mode: 'x' }), file('b', '2', { link: 'y' }), file('d', '33', { mode: 'x' })],
    );
    expect(difference.changed).toMatchObject({ count: 2, aspects: { content: 0, mode: 1, link: 1 } });
    expect(difference.renamed.examples).toEqual([{ from: { path: 'c' }, to: { path: 'd' }, sizeBytes: 2, also: ['mode'] }]);
  });

  it('pairs renamed files one to one, those that kept their last name first, and never empty ones', () => {
    const difference = compared([file('a/1', '5'), file('a/2', '5'), file('a/e', '')], [file('b/2', '5'), file('b/3', '5'), file('b/4', '5'), file('b/e', '')]);
    expect(difference.renamed.examples.map(({ from, to }) => `${from.path} ${to.path}`)).toEqual(['a/2 b/2', 'a/1 b/3']);
    expect(difference.added.examples.map(({ path }) => path)).toEqual(['b/4', 'b/e']);
    expect(difference.removed.examples.map(({ path }) => path)).toEqual(['a/e']);
  });

  it('says so if too many files came and went to look for renamed ones, and still counts them', () => {
    const difference = compared([file('a', '1'), file('b', '2')], [file('c', '1'), file('d', '2')], { renameLimit: 3, examples: 1 });
    expect(difference).toMatchObject({
      renameSearch: 'too-many',
      added: { count: 2, examples: [{ path: 'c' }] },
      removed: { count: 2, examples: [{ path: 'a' }] },
      renamed: { count: 0 },
    });
  });

  it('counts files of equal folders that nobody needed to read', () => {
    const difference = compared([file('a', '1')], [file('a', '22')], { passedOver: { count: 3, sizeBytes: 30 } });
    expect(difference).toMatchObject({ before: { count: 4, sizeBytes: 31 }, after: { count: 4, sizeBytes: 32 }, same: { count: 3, sizeBytes: 30 } });
  });

  it('orders names by their bytes, raw names and letters above the surrogates too', () => {
    const raw = nameOfBytes(Uint8Array.of(0x61, 0xff));
    const names = [{ path: '\uffee' }, { path: '\u{1f600}' }, raw, { path: 'a' }, { path: 'é' }];
    const entries = names.map((name) => ({ ...name, sha256: digest('1'), size: 1 }));
    expect(compared(entries, entries).same.count).toBe(5);
    expect(compared(entries, entries.slice(1)).removed.examples).toEqual([{ path: '\uffee', sizeBytes: 1 }]);
  });

  it('tells which of the watched paths and patterns a difference belongs to', () => {
    const watched = ['train.csv', 'same.csv', 'parts/p-*.csv', 'other/*.csv'];
    const before = [file('train.csv', '1'), file('same.csv', '2'), file('parts/p-1.csv', '3'), file('other/sub/x.csv', '4')];
    const after = [file('train.csv', '11'), file('same.csv', '2'), file('parts/p-1.csv', '3'), file('parts/p-2.csv', '5'), file('other/sub/x.csv', '44')];
    expect(compared(before, after, { watched }).watched).toEqual([
      { path: 'train.csv', touched: true },
      { path: 'same.csv', touched: false },
      { path: 'parts/p-*.csv', touched: true },
      { path: 'other/*.csv', touched: false },
    ]);
  });

  it('agrees with an oracle that holds everything', () => {
    const list = fc.dictionary(fc.stringMatching(/^[a-c\u00e9\ud7ff\ue000]{1,3}$/), fc.constantFrom('', '1', '22', '333'), { maxKeys: 12 });
    fc.assert(
      fc.property(list, list, (old, young) => {
        const entries = (record: Readonly<Record<string, string>>): readonly FileEntry[] => Object.entries(record).map(([path, content]) => file(path, content));
        const difference = compared(entries(old), entries(young));
        const common = Object.keys(old).filter((path) => Object.hasOwn(young, path));
        const same = common.filter((path) => old[path] === young[path]).length;
        const gone = Object.keys(old).filter((path) => !Object.hasOwn(young, path));
        const came = Object.keys(young).filter((path) => !Object.hasOwn(old, path));
        const renamed = ['1', '22', '333'].reduce(
          (sum, content) => sum + Math.min(gone.filter((path) => old[path] === content).length, came.filter((path) => young[path] === content).length),
          0,
        );
        expect([difference.same.count, difference.changed.count, difference.renamed.count]).toEqual([same, common.length - same, renamed]);
        expect([difference.removed.count, difference.added.count]).toEqual([gone.length - renamed, came.length - renamed]);
      }),
    );
  });
});

describe('matchesPattern', () => {
  it.each<[string, string, boolean]>([
    ['a/b.csv', 'a/b.csv', true],
    ['a/b-1.csv', 'a/b-*.csv', true],
    ['a/b-.csv', 'a/b-*.csv', true],
    ['a/c/b-1.csv', 'a/b-*.csv', false],
    ['a/x/b.csv', '*/b.csv', false],
    ['x/y/b.csv', '*/*/b.csv', true],
    ['ab', 'a*ab', false],
    ['a*b', 'a*b', true],
    ['a1b2c3', 'a*b*c*', true],
    ['a1c3', 'a*b*c*', false],
  ])('of %s by %s is %s', (path, pattern, expected) => {
    expect(matchesPattern(path, pattern)).toBe(expected);
  });
});
