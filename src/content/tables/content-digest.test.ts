import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { has } from '../../../test/harness/project.ts';
import { makeTableLab } from '../../../test/harness/tables.ts';
import { contentDigestOf } from './content-digest.ts';

const lab = makeTableLab(async (engine, source) => {
  const digest = await contentDigestOf(engine, source);
  return digest.kind === 'seen' ? `${digest.sha256} ${digest.rowCount}` : digest.problem;
});

type Cell = string | number | boolean | null;
type Rows = readonly Readonly<Record<string, Cell>>[];

const csvOf = (rows: Rows, names: readonly string[], { quote, delimiter, end }: { readonly quote: boolean; readonly delimiter: string; readonly end: string }): string => {
  const field = (cell: Cell): string => {
    const text = cell === null ? '' : String(cell);
    return quote || /["\n\r,;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [names, ...rows.map((row) => names.map((name) => row[name]!))].map((record) => record.map(field).join(delimiter) + end).join('');
};

const shuffled = <T>(values: readonly T[], seed: number): readonly T[] => {
  let state = seed;
  return values
    .map((value) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return { value, at: state };
    })
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
};

const ROW = fc.record({
  id: fc.integer({ min: -1_000_000, max: 1_000_000 }),
  'a "b", c': fc.oneof(
    fc.constant('x'),
    fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => text === text.trim() && !/[\0\r]/.test(text)),
  ),
  Real: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 9 })),
  ok: fc.boolean(),
  note: fc.constantFrom('', 'yes', 'no', 'line\nfeed', '"', ';', '2024-01-02', 'word'),
});

describe('content digest', () => {
  it('is the same for shuffled rows, shuffled columns, another quoting and JSON lines; one other cell makes another', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(ROW, { minLength: 2, maxLength: 12 }), fc.integer({ min: 1, max: 1_000_000 }), async (drawn, seed) => {
        // One row of words keeps the columns of texts from being numbers in CSV, which knows no types.
        const rows: Rows = [...drawn, { id: 0, 'a "b", c': 'a word', Real: 0.5, ok: true, note: 'a word' }];
        const names = Object.keys(rows[0]!);
        const base = `p${(count += 1)}-`;
        const files = [
          lab.write(`${base}a.csv`, csvOf(rows, names, { quote: false, delimiter: ',', end: '\n' })),
          lab.write(`${base}b.csv`, csvOf(shuffled(rows, seed), shuffled(names, seed), { quote: true, delimiter: ';', end: '\r\n' })),
          lab.write(
            `${base}c.jsonl`,
            shuffled(rows, seed + 1)
              .map((row) => `${JSON.stringify(row)}\n`)
              .join(''),
          ),
          lab.write(
            `${base}d.csv`,
            csvOf(
              rows.map((row, at) => (at === 0 ? { ...row, id: Number(row['id']) + 1 } : row)),
              names,
              { quote: false, delimiter: ',', end: '\n' },
            ),
          ),
        ];
        const [a, b, c, d] = await lab.digests(...files);
        expect(a).toMatch(/^[0-9a-f]{64} \d+$/);
        expect([b, c]).toEqual([a, a]);
        expect(d).not.toBe(a);
      }),
      { numRuns: 25 },
    );
  });

  const EQUAL: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['the order of rows, and copies of rows that count', { 'a.csv': 'x,y\n1,a\n1,a\n2,b\n', 'b.csv': 'y,x\nb,2\na,1\na,1\n' }],
    ['whole numbers and reals', { 'a.csv': 'x\n1\n2.5\n', 'b.csv': 'x\n+1.0\n25e-1\n', 'c.jsonl': '{"x":1.0}\n{"x":2.50}\n' }],
    ['missing and empty', { 'a.csv': 'x,y\n1,\n2,a\n', 'b.csv': 'x,y\n1,""\n2,a\n', 'c.jsonl': '{"x":1}\n{"x":2,"y":"a"}\n', 'd.jsonl': '{"x":1,"y":null}\n{"x":2,"y":"a"}\n' }],
    ['NaN and missing among reals', { 'a.csv': 'x,y\n1.5,a\nnan,b\n', 'b.csv': 'x,y\n1.5,a\n,b\n' }],
    ['minus zero', { 'a.csv': 'x\n-0.0\n1\n', 'b.csv': 'x\n0\n1\n' }],
    ['whole reals beyond 2^53', { 'a.csv': 'x\n-59679795128882330\n0.5\n', 'b.jsonl': '{"x":-59679795128882330}\n{"x":0.5}\n', 'c.csv': 'x\n-5.967979512888233e16\n0.5\n' }],
    ['large whole numbers', { 'a.csv': 'x\n9007199254740993\n1\n', 'b.jsonl': '{"x":9007199254740993}\n{"x":1}\n' }],
    [
      'times in other zones and writings',
      { 'a.csv': 't\n2024-01-02 03:04:05.120\n', 'b.csv': 't\n2024-01-02T03:04:05.12Z\n', 'c.jsonl': '{"t":"2024-01-02T05:04:05.12+02:00"}\n' },
    ],
    ['midnight and the date alone', { 'a.csv': 't\n2024-01-02 00:00:00\n2024-01-03 00:00:00\n', 'b.csv': 't\n2024-01-02\n2024-01-03\n' }],
    ['truth values in other letters', { 'a.csv': 'x\nTrue\nFALSE\n', 'b.jsonl': '{"x":true}\n{"x":false}\n' }],
    ['members of nested values', { 'a.jsonl': '{"x":{"b":[1,2.0],"a":"t"}}\n', 'b.jsonl': '{"x":{"a":"t","b":[1.0,2]}}\n' }],
    ['a late value without a type among many', { 'a.csv': `x\n${'1\n'.repeat(30_000)}zz\n`, 'b.csv': `x\nzz\n${'1\n'.repeat(30_000)}` }],
  ];
  it.each(EQUAL)('takes as equal: %s', async (name, files) => {
    const folder = name.replaceAll(/\W/g, '-');
    const digests = await lab.digests(...Object.entries(files).map(([file, text]) => lab.write(`equal/${folder}/${file}`, text)));
    expect(digests[0]).toMatch(/^[0-9a-f]{64} \d+$/);
    expect(new Set(digests).size).toBe(1);
  });

  const OTHER: readonly (readonly [string, string, string])[] = [
    ['a value moved to the next column', 'a,b\nx,\ny,z\n', 'a,b\n,x\ny,z\n'],
    ['the same letters cut elsewhere', 'a,b\nxy,z\nq,q\n', 'a,b\nx,yz\nq,q\n'],
    ['another name of a column', 'a,b\nx,y\n', 'a,c\nx,y\n'],
    ['one copy of a row less', 'a\nx\nx\n', 'a\nx\n'],
    ['values of two rows swapped', 'a,b\n1,x\n2,y\n', 'a,b\n1,y\n2,x\n'],
    ['zeros before digits', 'a,b\n007,x\n8,y\n', 'a,b\n7,x\n8,y\n'],
    ['a space at the end', 'a\nx\n', 'a\nx \n'],
    ['large whole numbers that are one double', 'a\n9007199254740993\n', 'a\n9007199254740992\n'],
    ['a day', 'a\n2024-01-02\n', 'a\n2024-01-03\n'],
    ['large whole numbers beside a real', 'a\n1.5\n9007199254740993\n', 'a\n1.5\n9007199254740992\n'],
    ['whole numbers beyond 64 bits', 'a\n99999999999999999999\n', 'a\n99999999999999999998\n'],
    ['whole numbers beyond 128 bits', `a\n${'9'.repeat(40)}\n`, `a\n${'9'.repeat(39)}8\n`],
    ['numbers beyond all reals', 'a\n1e400\n', 'a\n1e401\n'],
    ['numbers too small for a real', 'a\n1e-400\n', 'a\n0\n'],
    ['nanoseconds', 'a\n2026-01-01 00:00:00.123456789\n', 'a\n2026-01-01 00:00:00.123456788\n'],
  ];
  it.each(OTHER)('tells apart: %s', async (name, one, two) => {
    const folder = name.replaceAll(/\W/g, '-');
    const [a, b] = await lab.digests(lab.write(`other/${folder}/a.csv`, one), lab.write(`other/${folder}/b.csv`, two));
    expect(a).toMatch(/^[0-9a-f]{64} \d+$/);
    expect(b).not.toBe(a);
  });

  it.each([
    ['a large whole number beside a real', '{"a":9007199254740993}\n{"a":1.5}\n'],
    ['a large whole number beside a real inside', '{"a":{"b":[9007199254740993]}}\n{"a":{"b":[1.5]}}\n'],
    ['a whole number beyond 64 bits', '{"a":99999999999999999999}\n'],
    ['a number beyond all reals', '{"a":1e400}\n'],
  ])('is not told where JSON lines hold %s', async (name, text) => {
    expect((await lab.digests(lab.write(`merged/${name}.jsonl`, text)))[0]).toMatch(/^the column "a" holds reals and \d+(e400)?, which no real of 64 bits can be$/);
  });

  it('is told where JSON lines hold large numbers in columns of whole ones, in texts, and as reals hold them', async () => {
    const [digest] = await lab.digests(lab.write('fine.jsonl', '{"id":9007199254740993,"t":"9007199254740993","r":1e22,"s":0.30000000000000004,"n":{"x":[1e300,"1e400"]}}\n'));
    expect(digest).toMatch(/^[0-9a-f]{64} 1$/);
  });

  it('is what the rules say it is', async () => {
    const [digest] = await lab.digests(lab.write('rule.csv', 'b,a\n2.50,x\n1,é\n'));
    const { createHash } = await import('node:crypto');
    const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
    const rows = [sha('1:x3:2.5'), sha('2:é1:1')].sort();
    expect(digest).toBe(`${sha(`rows/v1\n1:a1:b\n${rows.join('')}`)} 2`);
  });

  it.skipIf(!has('pandas', 'pyarrow'))('is the same in every format that foreign programs write', async () => {
    const program = (write: string): string => `
import sys, numpy as np, pandas as pd, pyarrow as pa, pyarrow.parquet as pq, pyarrow.feather as feather, sqlite3
p = sys.argv[1]
df = pd.DataFrame({
  'id': np.arange(400, dtype='int64'),
  'small': np.arange(400, dtype='int8') % 7,
  'f32': (np.arange(400) / 7).astype('float32'),
  'f64': [None if i % 11 == 0 else i / 3 * 10.0 ** (i % 9 - 4) for i in range(400)],
  'Text, "quoted"': [['plain', 'x,y', 'say "hi"', 'line\\nfeed', 'émoji 🦆', ''][i % 6] for i in range(400)],
  'day': pd.date_range('2024-01-01', periods=400, freq='D'),
  'when': pd.date_range('2024-01-01 10:00:00.5', periods=400, freq='1h7min'),
})
mixed = df.sample(frac=1, random_state=1)[list(df.columns[::-1])]
${write}
`;
    const WAYS: Readonly<Record<string, string>> = {
      'a.csv': 'df.to_csv(p, index=False)',
      'b.csv': 'mixed.to_csv(p, index=False, quoting=1, sep=";", lineterminator="\\r\\n")',
      'c.csv.gz': 'mixed.to_csv(p, index=False, compression="gzip")',
      'd.tsv': 'df.to_csv(p, index=False, sep="\\t")',
      'e.parquet': 'pq.write_table(pa.Table.from_pandas(mixed, preserve_index=False), p, row_group_size=50)',
      'f.feather': 'feather.write_feather(df, p)',
      'g.feather': 'feather.write_feather(mixed.reset_index(drop=True), p, compression="zstd", chunksize=70)',
      'h.arrow':
        'w = pa.ipc.new_stream(p, pa.Table.from_pandas(df, preserve_index=False).schema); w.write_table(pa.Table.from_pandas(df, preserve_index=False), max_chunksize=33); w.close()',
      'i.jsonl': `import json
def plain(v): return None if pd.isna(v) else v.isoformat() if hasattr(v, 'isoformat') else v if isinstance(v, str) else float(str(v)) if isinstance(v, (float, np.floating)) else int(v)
open(p, 'w').writelines(json.dumps({k: plain(v) for k, v in row.items()}) + '\\n' for row in mixed.assign(f32=mixed.f32.astype(str).astype(float)).to_dict('records'))`,
      'j.sqlite': 'c = sqlite3.connect(p); mixed.assign(f32=mixed.f32.astype(str).astype(float)).to_sql("my \\"table\\"", c, index=False); c.close()',
      'k.csv.zst': 'import pyarrow as pa\nwith pa.CompressedOutputStream(p, "zstd") as f: f.write(df.to_csv(index=False).encode())',
    };
    const names = Object.entries(WAYS).map(([name, write]) => lab.python(`foreign/${name}`, program(write)));
    const digests = await lab.digests(...names);
    expect(digests[0]).toMatch(/^[0-9a-f]{64} 400$/);
    expect(digests).toEqual(digests.map(() => digests[0]));
  });
});
