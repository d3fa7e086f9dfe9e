import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { has } from '../../../test/harness/project.ts';
import { makeTableLab } from '../../../test/harness/tables.ts';
import { type Column, readSnapshot, type Snapshot, type Table } from '#snapshot';
import { openTableEngine } from './table-engine.ts';

const lab = makeTableLab();

const columnOf = (table: Table | undefined, name: string): Column => table!.columns!.find((column) => column.name === name)!;

/** A document of the contract with these tables. */
const documentOf = (tables: readonly Table[]): Snapshot => {
  const schema = JSON.parse(readFileSync('schema/snapshot/v0.schema.json', 'utf8')) as { readonly examples: readonly [Snapshot] };
  return { ...schema.examples[0], tables };
};

const lines = (rows: number, line: (row: number) => string): string => Array.from({ length: rows }, (_, row) => `${line(row)}\n`).join('');

describe('profile of a table', () => {
  it('tells the figures of numbers, times, texts and truth values', async () => {
    const csv = `n,x,day,word,ok\n${lines(100, (row) => `${row},${row % 10 === 0 ? '' : row / 4},2024-01-${String((row % 28) + 1).padStart(2, '0')},${['red', 'blue'][row % 2]},${row % 4 === 0}`)}`;
    const [table] = await lab.profile([lab.write('figures.csv', csv)], { label: 'ok' });
    expect(table).toMatchObject({ path: 'figures.csv', format: 'csv', fileCount: 1, rowCount: 100, label: 'ok' });
    expect(table!.columns!.map(({ name, type }) => `${name} ${type}`)).toEqual(['n BIGINT', 'x DOUBLE', 'day DATE', 'word VARCHAR', 'ok BOOLEAN']);
    expect(columnOf(table, 'n')).toMatchObject({
      missing: 0,
      min: '0',
      max: '99',
      mean: '49.5',
      standardDeviation: '29.0114919759',
      histogram: { counts: Array.from({ length: 20 }, () => 5) },
    });
    expect(columnOf(table, 'n').quantiles).toContainEqual({ at: '0.5', value: '49' });
    expect(columnOf(table, 'x')).toMatchObject({ missing: 10, min: '0.25', max: '24.75' });
    expect(columnOf(table, 'day')).toMatchObject({ min: '2024-01-01', max: '2024-01-28' });
    expect(columnOf(table, 'word')).toMatchObject({ distinct: 2, lengths: { min: 3, max: 4, mean: '3.5' }, otherCount: 0 });
    expect(columnOf(table, 'word').categories).toEqual([
      { value: 'blue', count: 50 },
      { value: 'red', count: 50 },
    ]);
    expect(columnOf(table, 'ok').categories).toEqual([
      { value: 'false', count: 75 },
      { value: 'true', count: 25 },
    ]);
  });

  it('says the same of the same table twice', async () => {
    const name = lab.write('twice.csv', `x,y\n${lines(50_000, (row) => `${Math.sin(row) * 1e6},${row % 97}`)}`);
    const [first] = await lab.profile([name]);
    expect((await lab.profile([name]))[0]).toEqual(first);
  });

  it('tells no value that few rows share, that names rows, or that is a secret', async () => {
    const secret = `ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`;
    const csv = `person,city,token,rare\n${lines(40, (row) => `person-${row},${row === 0 ? 'Atlantis' : 'Rome'},${row % 2 === 0 ? secret : 'none'},${row < 3 ? 'odd' : 'even'}`)}`;
    const [table] = await lab.profile([lab.write('private.csv', csv)]);
    const told = JSON.stringify(table);
    for (const hidden of ['person-', 'Atlantis', secret, 'odd']) expect(told).not.toContain(hidden);
    expect(columnOf(table, 'city')).toMatchObject({ categories: [{ value: 'Rome', count: 39 }], otherCount: 1 });
    expect(columnOf(table, 'token')).toMatchObject({ categories: [{ value: 'none', count: 20 }], otherCount: 20 });
    expect(columnOf(table, 'person')).toMatchObject({ distinct: 40 });
  });

  it('tells of a column only what was asked for', async () => {
    const name = lab.write('detail.csv', `a,b,c\n${lines(20, (row) => `${row},${row},${row}`)}`);
    const [table] = await lab.profile([name], { detail: 'counts', columns: { b: 'off', c: 'full' } });
    expect(table!.columns!.slice(0, 2)).toEqual([
      { name: 'a', type: 'BIGINT', detail: 'counts', missing: 0, distinct: expect.any(Number) },
      { name: 'b', type: 'BIGINT', detail: 'off' },
    ]);
    expect(columnOf(table, 'c')).toMatchObject({ detail: 'full', min: '0', max: '19' });
  });

  it('lists at most so many values, and none of a column with too many', async () => {
    const csv = `few,many\n${lines(12_000, (row) => `v${row % 60},w${row % 1500}`)}`;
    const [table] = await lab.profile([lab.write('many.csv', csv)]);
    expect(columnOf(table, 'few').categories).toHaveLength(50);
    expect(columnOf(table, 'few')).toMatchObject({ distinct: 60, otherCount: 2000 });
    expect(columnOf(table, 'many').categories).toBeUndefined();
  });

  it('counts the label whatever its type', async () => {
    const name = lab.write('label.csv', `y\n${lines(30, (row) => String(row % 3))}`);
    expect(columnOf((await lab.profile([name], { label: 'y' }))[0], 'y').categories).toEqual(['0', '1', '2'].map((value) => ({ value, count: 10 })));
    expect(columnOf((await lab.profile([name]))[0], 'y').categories).toBeUndefined();
  });

  it('takes files of one form as one table, and tells files with other columns apart', async () => {
    const names = [1, 2].map((part) => lab.write(`same/part-${part}.csv`, `a,b\n${part},x\n`));
    const others = [lab.write('other/part-1.csv', 'a,b\n1,x\n'), lab.write('other/part-2.csv', 'b,a\nx,1\n')];
    expect((await lab.profile([...names, ...others])).map((table) => [table.path, table.fileCount, table.rowCount])).toEqual([
      ['other/part-1.csv', 1, 1],
      ['other/part-2.csv', 1, 1],
      ['same/part-*.csv', 2, 2],
    ]);
  });

  it('reads names of files and columns that are not meant well', async () => {
    const names = ['*.csv', 'it\'s "[a]"?.csv', 'line\nfeed.csv', '-x{a,b}.csv'].map((name) => lab.write(`odd/${name}`, `"a""b","c'd","e\nf",$1\n1,2,3,4\n`));
    const tables = await lab.profile(names);
    expect(tables.map((table) => table.rowCount)).toEqual([1, 1, 1, 1]);
    for (const table of tables) expect(table.columns!.map(({ name }) => name)).toEqual(['a"b', "c'd", 'e\nf', '$1']);
  });

  it('reads values that no double holds without losing its head', async () => {
    const name = lab.write('huge.csv', 'x,y\n1e308,1\n-1e308,inf\n1.5,nan\n');
    const [table] = await lab.profile([name]);
    expect(table!.problem).toBeUndefined();
    expect(columnOf(table, 'y')).toMatchObject({ missing: 1, max: 'Infinity' });
    expect(columnOf(table, 'x').histogram).toBeUndefined();
    expect(readSnapshot(Buffer.from(JSON.stringify(documentOf([table!]))))).toMatchObject({ kind: 'accepted' });
  });

  it('has no rows where there are none', async () => {
    const tables = await lab.profile([lab.write('none.csv', ''), lab.write('header.csv', 'a,b\n')]);
    expect(tables.map((table) => [table.rowCount, table.columns!.length])).toEqual([
      [0, 2],
      [0, 0],
    ]);
  });

  it('asks for nothing outside its folders and never the network', async () => {
    const { engine } = lab;
    await expect(engine().query("SELECT * FROM read_text('/etc/passwd')")).rejects.toThrow(/Permission|disabled/);
    await expect(engine().query("SELECT * FROM read_csv('https://example.invalid/a.csv')")).rejects.toThrow(/Permission|disabled|httpfs/);
    await expect(engine().query('INSTALL httpfs')).rejects.toThrow();
    await expect(engine().query('SET enable_external_access = true')).rejects.toThrow();
    const outside = await openTableEngine({ folders: [] });
    if (outside.kind !== 'open') throw new Error(outside.reason);
    const table = await outside.engine.open({ path: 'a.csv', format: 'csv', files: [{ name: 'a.csv', path: join(lab.folder, lab.write('a.csv', 'a\n1\n')) }] });
    expect(table.problem).toBe('it lies outside the folders that may be read');
    await outside.engine.close();
  });

  it.skipIf(!has('pandas', 'h5py', 'pyarrow'))('reads arrays, records and containers', async () => {
    const program = `
import sys, numpy as np, h5py, sqlite3
p = sys.argv[1]
`;
    const names = [
      lab.python('kinds/matrix.npy', `${program}np.save(p, np.arange(12, dtype='>i4').reshape(4, 3))`),
      lab.python('kinds/fortran.npy', `${program}np.save(p, np.asfortranarray(np.arange(12.).reshape(4, 3)))`),
      lab.python('kinds/words.npy', `${program}np.save(p, np.array(['a', 'bé', '🦆']))`),
      lab.python('kinds/times.npy', `${program}np.save(p, np.array(['2024-01-02', 'NaT'], dtype='M8[D]'))`),
      lab.python('kinds/images.npy', `${program}np.save(p, np.zeros((5, 28, 28), dtype='u1'))`),
      lab.python('kinds/records.npy', `${program}np.save(p, np.zeros(3, dtype=[('a', '<i4'), ('b', 'U4')]))`),
      lab.python('kinds/objects.npy', `${program}np.save(p, np.array([None, {}], dtype=object))`),
      lab.python('kinds/pack.npz', `${program}np.savez_compressed(p, x=np.arange(6).reshape(3, 2), y=np.array([True, False]))`),
      lab.python(
        'kinds/deep.h5',
        `${program}f = h5py.File(p, 'w'); f['g/x'] = np.arange(4.); f['g/m'] = np.arange(6).reshape(3, 2); f['s'] = ['a', 'bé']; f['b'] = np.array([True, False]); f['r'] = np.array([(1, 2.5, b'q')], dtype=[('i', '<i8'), ('f', '<f4'), ('n', 'S3')]); f['cube'] = np.zeros((2, 3, 4)); f['g/loop'] = f['g']; f['out'] = h5py.ExternalLink('/etc/passwd', '/x'); f.close()`,
      ),
      lab.python(
        'kinds/base.db',
        `${program}c = sqlite3.connect(p); c.execute('create table "a ""b""" (x integer, y text, z blob, "w w" real)'); c.executemany('insert into "a ""b""" values (?,?,?,?)', [(1, 'x', b'\\x00', 1.5), (2**60, None, None, 2)]); c.execute('create view v as select x from "a ""b"""'); c.commit()`,
      ),
      lab.python(
        'kinds/log.sqlite',
        `${program}import os, shutil\nc = sqlite3.connect(p + 'x'); c.execute('pragma journal_mode=wal'); c.execute('create table t (a)'); c.execute('insert into t values (7)'); c.commit(); shutil.copy(p + 'x', p); shutil.copy(p + 'x-wal', p + '-wal')`,
      ),
    ];
    const before = readFileSync(join(lab.folder, 'kinds/log.sqlite'));
    const tables = await lab.profile(names);
    const told = (table: Table): string =>
      `${table.path.slice(6)}${table.inner === undefined ? '' : ` ${table.inner}`}: ${table.rowCount} of ${table.columns?.map(({ name, type, min }) => `${name} ${type}${min === undefined ? '' : ` from ${min}`}`).join(', ')}${table.problem === undefined ? '' : `, ${table.problem}`}`;
    expect(tables.map(told)).toEqual([
      'base.db a "b": 2 of x BIGINT from 1, y VARCHAR, z BLOB, w w DOUBLE from 1.5',
      'base.db v: 2 of x BIGINT from 1',
      'deep.h5 b: 2 of c0 BOOLEAN',
      'deep.h5 cube: 2 of value DOUBLE[3][4]',
      'deep.h5 g/m: 3 of c0 BIGINT from 0, c1 BIGINT from 1',
      'deep.h5 g/x: 4 of c0 DOUBLE from 0',
      'deep.h5 r: 1 of i BIGINT from 1, f FLOAT from 2.5, n VARCHAR',
      'deep.h5 s: 2 of c0 VARCHAR',
      'fortran.npy: 4 of c0 DOUBLE from 0, c1 DOUBLE from 1, c2 DOUBLE from 2',
      'images.npy: 5 of value UTINYINT[28][28]',
      'log.sqlite t: 1 of a BIGINT from 7',
      'matrix.npy: 4 of c0 INTEGER from 0, c1 INTEGER from 1, c2 INTEGER from 2',
      'objects.npy: undefined of value |O, an array of Python objects: it is never unpickled',
      'pack.npz x: 3 of c0 BIGINT from 0, c1 BIGINT from 1',
      'pack.npz y: 2 of c0 BOOLEAN',
      'records.npy: 3 of a INTEGER, b VARCHAR',
      'times.npy: 2 of c0 DATE from 2024-01-02',
      'words.npy: 3 of c0 VARCHAR',
    ]);
    expect(readFileSync(join(lab.folder, 'kinds/log.sqlite')).equals(before)).toBe(true);
    expect(readSnapshot(Buffer.from(JSON.stringify(documentOf(tables))))).toMatchObject({ kind: 'accepted' });
  });

  it.skipIf(!has('pyarrow'))('reads nested and exact values of Arrow as of Parquet', async () => {
    const program = (write: string): string => `
import sys, decimal, datetime, pyarrow as pa, pyarrow.parquet as pq, pyarrow.feather as feather
t = pa.table({
  'list': pa.array([[1, 2], None, []]), 'struct': pa.array([{'a': 1, 'b': 'x'}, {'a': None, 'b': 'y'}, None]),
  'decimal': pa.array([decimal.Decimal('1.50'), None, decimal.Decimal('-12345678901234567890.12')], pa.decimal128(38, 2)),
  'ns': pa.array([1, None, 1704164645123456789], pa.timestamp('ns')), 'zone': pa.array([0, 1, None], pa.timestamp('us', tz='Europe/Berlin')),
  'time': pa.array([datetime.time(1, 2, 3, 4), None, None]), 'bytes': pa.array([b'\\x00\\xff', b'', None]),
  'word': pa.array(['a', 'b', 'a']).dictionary_encode(), 'u64': pa.array([2**64 - 1, 0, None], pa.uint64()), 'half': pa.array([1.5, None, 2], pa.float32()).cast(pa.float16())})
${write}`;
    const names = [lab.python('nested/a.parquet', program('pq.write_table(t, sys.argv[1])')), lab.python('nested/b.feather', program('feather.write_feather(t, sys.argv[1])'))];
    const [parquet, arrow] = await lab.profile(names);
    expect(parquet!.problem).toBeUndefined();
    const withoutTypes = (table: Table | undefined): unknown => table!.columns!.map(({ type: _type, categories: _categories, ...rest }) => rest);
    expect(withoutTypes(arrow)).toEqual(withoutTypes(parquet));
    expect(columnOf(arrow, 'u64').max).toBe('18446744073709551615');
    expect(columnOf(arrow, 'decimal').min).toBe('-12345678901234567890.12');
    expect(columnOf(arrow, 'ns').max).toBe('2024-01-02T03:04:05.123456789Z');
  });
});
