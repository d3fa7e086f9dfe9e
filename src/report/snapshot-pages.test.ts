import { describe, expect, it } from 'vitest';
import { compareFiles, compareSnapshots, type Overlap, type RowsDifference, type SnapshotDifference } from '#snapshot';
import { categoryColumn, differingSnapshots, digestOf, numberColumn, snapshotOf, tableOf } from '../../test/fixtures/snapshots.ts';
import { renderOverlap, renderSnapshot, renderSnapshotDifference, renderSnapshotDifferenceHtml } from './index.ts';

const small = { list: { sha256: digestOf('list'), treeRoot: digestOf('tree'), fileCount: 2, totalBytes: 2048, dirHash: `h1:${'A'.repeat(43)}=`, indexSha256: digestOf('index') } };
const ages = Array.from({ length: 100 }, (_, i) => 20 + (i % 50));

describe('renderSnapshot', () => {
  it('shows on one screen what was taken, what was found, and what the tables say', () => {
    const snapshot = snapshotOf(
      'patients',
      [
        tableOf(
          'train.csv',
          [numberColumn('age', [...ages.slice(1), null], 'BIGINT'), categoryColumn('target', { no: 70, yes: 30 }), { name: 'note', type: 'VARCHAR', detail: 'off' }],
          {
            rowCount: 100,
            label: 'target',
          },
        ),
        tableOf('broken.csv', [], { rowCount: 12, problem: 'line 13: a quote is not closed' }),
      ],
      { ...small, findings: [{ kind: 'dangling', path: 'link', reason: 'it leads nowhere' }], findingCount: 3, complete: false },
    );
    expect(`\n${renderSnapshot(snapshot)}`).toBe(`
patients  2026-11-24 08:00:00 UTC  not complete
path      \${project}/data
files     2 files, 2.0 KiB
origin    local
tree      sha256 ${digestOf('tree')}
list      sha256 ${digestOf('list')}
dirhash   h1:${'A'.repeat(43)}=
taken by  trainlock 0.1.0
findings  dangling  link: it leads nowhere
          … and 2 more

train.csv  csv, 100 rows, 3 columns
  column          type     missing    values
  age             BIGINT   1 (1.0 %)  20 to 69, mean 44.75
  target (label)  VARCHAR  0          no 70 and yes 30
  note            VARCHAR  not known  the profile is turned off

broken.csv  csv, 12 rows, 0 columns
could not be read whole: line 13: a quote is not closed`);
  });
});

const rows = (extra: Partial<RowsDifference>): RowsDifference => ({
  by: { kind: 'position' },
  before: 100,
  after: 100,
  same: 99,
  changed: 1,
  added: 0,
  removed: 0,
  reordered: 0,
  columns: [{ column: 'age', changedCells: 1 }],
  examples: [{ kind: 'changed', before: 42, after: 42, cells: [{ column: 'age' }] }],
  onlyBefore: [],
  onlyAfter: [],
  retyped: [],
  ...extra,
});

/** One table of one column, of which one cell changed. */
const oneCell = (found: RowsDifference): SnapshotDifference => {
  const table = (values: readonly number[]) => tableOf('train.csv', [numberColumn('age', values, 'BIGINT')], { rowCount: 100 });
  const [before, after] = [snapshotOf('a', [table(ages)]), snapshotOf('b', [table(ages.with(41, 25))])];
  const entry = (content: string) => ({ path: 'train.csv', sha256: digestOf(content), size: 300 });
  const files = compareFiles([entry('1')], [entry('2')], { watched: ['train.csv'], passedOver: { count: 99_999, sizeBytes: 1 } });
  return compareSnapshots(before, after, { files, rows: [{ before: { path: 'train.csv' }, after: { path: 'train.csv' }, rows: found }] });
};

const sentenceOf = (text: string): string => text.split('\n')[3]!;

describe('renderSnapshotDifference', () => {
  it('names one changed cell by its row and its column', () => {
    expect(`\n${renderSnapshotDifference(oneCell(rows({})))}`).toBe(`
before  a  2026-11-24 08:00:00 UTC, 100,000 files, 391 MiB, ${digestOf('a tree').slice(0, 12)}…
after   b  2026-11-24 08:00:00 UTC, 100,000 files, 391 MiB, ${digestOf('b tree').slice(0, 12)}…

1 of 100,000 files differs; the table train.csv has one changed cell: row 42, column age

Files  1 changed; 99,999 equal
  ~ train.csv  content, 300 B

train.csv  changed
rows      1 changed; 99 of 100 rows are the same
          compared row by row
cells     age  1 changed
examples  row 42: column age
stable    1 column

Drift is graded by the population stability index (PSI): moderate from 0.1, strong from 0.25 (Siddiqi 2006). A grade says how far values moved, not that it does no harm.`);
  });

  it('tells values only if they were asked for, and what is missing as missing', () => {
    const cells = [
      { column: 'age', before: '61', after: null },
      { column: 'name', before: 'x', after: '' },
    ];
    expect(renderSnapshotDifference(oneCell(rows({ examples: [{ kind: 'changed', before: 42, after: 43, cells }] })))).toContain(
      'row 43 (before 42): age 61 → (missing) and name x → (empty)',
    );
  });

  it('says which keys stand more than once, and rows that only moved', () => {
    const text = renderSnapshotDifference(
      oneCell(
        rows({
          by: { kind: 'key', columns: ['id'] },
          changed: 0,
          same: 97,
          added: 2,
          removed: 3,
          reordered: 7,
          columns: [],
          examples: [],
          repeatedKeys: { keys: 2, rowsBefore: 5, rowsAfter: 4, same: 2, added: 2, removed: 3 },
        }),
      ),
    );
    expect(text).toContain('2 added, 3 removed, 7 at another place; 97 of 100 rows are the same\n');
    expect(text).toContain(`repeated keys  id is not unique: 2 keys stand more than once
               5 rows before and 4 after with such keys were compared as whole rows, wherever they stand: 2 the same, 3 removed, 2 added`);
  });

  it('tells a whole difference as a person would', () => {
    const { difference } = differingSnapshots();
    expect(sentenceOf(renderSnapshotDifference(difference))).toBe(
      '4 of 100,001 files differ; the table train.csv has 1,212 changed, 3 added and 3 removed rows; column age was clipped at 60; column score got a new largest value 99 in about 400 of 10,000 rows; columns income and region drifted strongly; 1 other table holds the same rows in other bytes',
    );
    expect(renderSnapshotDifference(difference)).toContain(`
new columns   young (VARCHAR)
columns gone  old (VARCHAR)
labels        target  moderate  total variation 0.150, PSI 0.115
                no  80 % → 65 %
                yes  20 % → 35 %
stable        1 column
not known     secret  the profile of this column is turned off
  age  strong  PSI ≈ 1.024, KS ≈ 0.116 (0.116 to 0.18)
    clipped at 60: 12 % of the values sit there, 12 % lay above before
  income  strong  PSI ≈ 0.561, KS ≈ 0.154 (0.122 to 0.52)
    BIGINT → DOUBLE
    missing 0 % → 6.1 %
    mean moved by +0.38 standard deviations
    smallest 2331 → 2914 and largest 240771 → 300964
  region  strong  PSI 1.271
    new: centre
  score  moderate  PSI ≈ 0.038, KS ≈ 0.0561 (0.04 to 0.336)
    a new largest value 99 in about 400 of 10,000 rows (4.0 %)
    mean moved by +3.95 standard deviations
  target  moderate  PSI 0.115

Tables
same content  test.csv → test.parquet  the same rows, stored as parquet instead of csv
identical     1 table
`);
  });

  it.each<[string, SnapshotDifference, string]>([
    ['equal snapshots', compareSnapshots(snapshotOf('a', []), snapshotOf('a', [])), 'both snapshots hold the same 100,000 files'],
    [
      'equal snapshots of which one is not complete',
      compareSnapshots(snapshotOf('a', []), snapshotOf('a', [], { complete: false })),
      'no file is known to differ, but not every file could be read',
    ],
    ['lists that were not at hand', compareSnapshots(snapshotOf('a', []), snapshotOf('b', [])), 'the files differ (100,000 files before, 100,000 after)'],
    [
      'renamed files alone',
      compareSnapshots(snapshotOf('a', []), snapshotOf('b', []), {
        files: compareFiles([{ path: 'x', sha256: digestOf('1'), size: 1 }], [{ path: 'y', sha256: digestOf('1'), size: 1 }]),
      }),
      '1 of 1 file was renamed, nothing else differs',
    ],
    [
      'a table that was written anew',
      compareSnapshots(snapshotOf('a', [tableOf('t.csv', [], { contentSha256: digestOf('c') })]), snapshotOf('b', [tableOf('t.csv', [], { contentSha256: digestOf('c') })])),
      'the files differ (100,000 files before, 100,000 after); the table t.csv still holds the same rows',
    ],
  ])('finds one sentence for %s', (_, difference, sentence) => {
    expect(sentenceOf(renderSnapshotDifference(difference))).toBe(sentence);
  });

  it.each([
    [0, 3, '3 files cannot be read; before, all could'],
    [1, 0, 'all can be read; before, 1 file could not'],
    [2, 5, 'unreadable on both sides: 2 files before, 5 after'],
  ])('says that images cannot be read: %i before, %i after', (before, after, text) => {
    const side = (name: string, unreadableCount: number) => snapshotOf(name, [], { media: [{ path: 'pictures', kind: 'image', fileCount: 10, totalBytes: 1, unreadableCount }] });
    const difference = compareSnapshots(side('a', before), side('b', after));
    expect(renderSnapshotDifference(difference)).toContain(`Images, recordings and texts\n  pictures  image  10 → 10 files\n    ${text}`);
    expect(renderSnapshotDifferenceHtml(difference)).toContain(text);
  });

  it('lists equal tables and stable columns on request', () => {
    const text = renderSnapshotDifference(differingSnapshots().difference, { all: true });
    expect(text).toContain('codes.csv  identical\nbecause  every byte is the same\n');
    expect(text).toContain('  id  stable  PSI ≈ 0.000, KS ≈ 0 (0 to 0.05)\n');
  });

  it('writes Markdown in which recorded text is only text', () => {
    const name = '<img src=x> [a](b) `c` | @d\u202e';
    const entry = (path: string, content: string) => ({ path, sha256: digestOf(content), size: 1 });
    const files = compareFiles([entry(name, '1')], [entry(name, '2')]);
    const text = renderSnapshotDifference(compareSnapshots(snapshotOf('a', []), snapshotOf('b', []), { files }), { format: 'markdown' });
    expect(text).toContain('- &#126; &#60;img src=x&#62; &#91;a&#93;(b) &#96;c&#96; &#124; &#64;<!-- -->d&#92;u&#123;202e&#125;  content, 1 B');
  });
});

const ELEMENTS = new Set(
  'html head meta title style body main h1 h2 h3 p div span code ul li section table caption thead tbody tr th td details summary article header footer br svg path line text rect'.split(
    ' ',
  ),
);

/** Tags of a page, and whether each is one that we write and is closed in its order. */
const tagsOf = (page: string): { readonly unknown: readonly string[]; readonly open: readonly string[] } => {
  const unknown: string[] = [];
  const open: string[] = [];
  for (const [, slash, name, rest] of page.replace(/<!doctype html>/, '').matchAll(/<(\/?)([a-z0-9]*)([^>]*)>/gi)) {
    if (!ELEMENTS.has(name!) || /\son\w+=|href|src=|javascript:/i.test(rest!)) unknown.push(`${name}${rest}`);
    else if (slash === '/') {
      if (open.pop() !== name) unknown.push(`/${name}`);
    } else if (!rest!.endsWith('/') && name !== 'meta' && name !== 'br') open.push(name!);
  }
  return { unknown, open };
};

describe('renderSnapshotDifferenceHtml', () => {
  const hostile = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>&amp;\u0000\u001b[31m\u202e\n</style></title>]]>--><!--`;

  it('is one page that loads nothing and runs nothing', () => {
    const page = renderSnapshotDifferenceHtml(differingSnapshots().difference);
    expect(page.startsWith('<!doctype html>')).toBe(true);
    expect(tagsOf(page)).toEqual({ unknown: [], open: [] });
    expect(page).not.toMatch(/https?:|url\(|@import|<script|<link/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).toMatch(/<title>\s*Values of age before and after: histograms from 18 to 95\s*<\/title>/);
    expect(page).toContain('clipped at 60: 12 % of the values sit there, 12 % lay above before');
    expect(page.replace(/\s+/g, ' ')).toContain('Not known how far the values of secret moved: the profile of this column is turned off.');
  });

  it('escapes every recorded text, wherever it stands', () => {
    const column = (values: readonly number[]) => numberColumn(hostile, values, `BIGINT${hostile}`);
    const kinds = (count: number) => categoryColumn(`${hostile}2`, { [hostile]: count, x: 100 - count });
    const table = (values: readonly number[], count: number, extra: object) =>
      tableOf(`${hostile}.csv`, [column(values), kinds(count), ...('rowCount' in extra ? [kinds(5)] : [])], { rowCount: 100, inner: hostile, label: `${hostile}2`, ...extra });
    const before = snapshotOf(hostile, [table(ages, 90, {})], { path: hostile });
    const after = snapshotOf(
      `${hostile}+`,
      [
        table(
          ages.map((age) => age * 3),
          10,
          { problem: undefined },
        ),
      ],
      {
        complete: false,
        media: [{ path: hostile, kind: 'image', fileCount: 1, totalBytes: 1, classes: [{ name: hostile, count: 1 }] }],
      },
    );
    const old = { ...before, media: [{ ...after.media![0]!, fileCount: 2 }] };
    const entry = (content: string) => ({ path: hostile.replace('\u0000', ''), sha256: digestOf(content), size: 1, link: hostile.replace('\u0000', '') });
    const found = rows({
      columns: [{ column: hostile, changedCells: 1 }],
      examples: [{ kind: 'changed', before: 1, after: 1, cells: [{ column: hostile, before: hostile, after: hostile }] }],
    });
    const name = { path: `${hostile}.csv`, inner: hostile };
    const difference = compareSnapshots(old, after, { files: compareFiles([entry('1')], [entry('2')]), rows: [{ before: name, after: name, rows: found }], notes: [hostile] });
    expect(difference.tables[0]!.columns!.shared.map(({ drift }) => drift.grade)).toEqual(['strong', 'strong']);
    const page = renderSnapshotDifferenceHtml(difference);
    expect(tagsOf(page)).toEqual({ unknown: [], open: [] });
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]/);
    for (const text of [renderSnapshotDifference(difference, { all: true }), renderSnapshot(after, { all: true })]) expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('says so where nothing differs', () => {
    expect(renderSnapshotDifferenceHtml(compareSnapshots(snapshotOf('a', []), snapshotOf('a', [])))).toMatch(
      /<p class="verdict">\s*Both snapshots hold the same 100,000 files\.\s*<\/p>/,
    );
  });
});

describe('renderOverlap', () => {
  const overlap: Overlap = {
    by: { kind: 'row' },
    parts: [
      { part: 'train', rowCount: 1000, repeated: 2, surplus: 3, withoutKey: 0 },
      { part: 'test', rowCount: 300, repeated: 0, surplus: 0, withoutKey: 0 },
    ],
    pairs: [{ parts: ['train', 'test'], shared: 11, rows: [12, 11], shares: [0.012, 11 / 300], examples: [{ rows: [5, 1042] }], columns: ['a', 'b'] }],
  };

  it('tells what parts share, how much of each it is, and what repeats inside', () => {
    expect(`\n${renderOverlap(overlap)}`).toBe(`
train and test share 11 rows: 12 rows of train (1.2 %) and 11 of test (3.7 %)

Between the parts  whole rows
train, test  11 shared  12 (1.2 %) and 11 rows (3.7 %)
             row 5 of train is row 1,042 of test

Inside the parts
train  1,000 rows  3 rows repeat another
test   300 rows  all different`);
  });

  it('tells groups by their key, and texts that are nearly the same', () => {
    const near: Overlap['near'] = {
      column: 'review',
      threshold: 0.8,
      shingle: { unit: 'character', length: 5 },
      foundAtThreshold: 0.998,
      pairs: [{ parts: ['train', 'test'], pairs: 2, rows: [2, 1], shares: [0.002, 1 / 300], examples: [{ rows: [7, 9], similarity: 0.91 }] }],
      limits: ['train: only the texts before row 900 of 1000 rows were looked at'],
    };
    const keyed: Overlap = {
      ...overlap,
      by: { kind: 'key', columns: ['patient'] },
      parts: overlap.parts.map((part) => ({ ...part, withoutKey: 4 })),
      pairs: [{ ...overlap.pairs[0]!, shared: 0, rows: [0, 0], shares: [0, 0], examples: [] }],
      near,
    };
    expect(`\n${renderOverlap(keyed)}`).toBe(`
no two parts share a value of patient; 1 text of test is nearly in train

Between the parts  by patient
train, test  nothing shared

Nearly the same texts  column review, 0.8 or more of the runs of 5 characters shared
train, test    2 pairs  2 (0.2 %) and 1 row (0.3 %)
               row 7 of train and row 9 of test: 91 %
not looked at  train: only the texts before row 900 of 1000 rows were looked at
method         MinHash finds a pair just at the threshold in 99.8 % of the cases; every pair told was computed

Inside the parts
train  1,000 rows  993 different  4 without a value in the key
test   300 rows  296 different  4 without a value in the key`);
  });
});
