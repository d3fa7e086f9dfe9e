import { closeSync, copyFileSync, ftruncateSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { has } from '../../../test/harness/project.ts';
import { makeTableLab } from '../../../test/harness/tables.ts';
import { contentDigestOf } from './content-digest.ts';
import { profileTable } from './profile-table.ts';
import { tableSourcesOf } from './table-sources-of.ts';

const lab = makeTableLab(async (engine, source) => {
  const digest = await contentDigestOf(engine, source);
  return digest.kind === 'seen' ? digest.sha256 : digest.problem;
});

const LONG = 'a,b,c\n' + '1,2,word\n'.repeat(30_000);

const TEXTS: readonly (readonly [string, string, string | Uint8Array, string])[] = [
  ['a last line with too few fields', 'few.csv', `${LONG}1,2\n`, 'line 30002: 2 fields where 3 are expected'],
  ['a last line with too many fields', 'many.csv', `${LONG}1,2,3,4\n`, 'line 30002: 4 fields where 3 are expected'],
  ['a quote that is never closed', 'open.csv', `${LONG}1,2,"word\n`, 'line 30002: a quote is not closed, or stands in the middle of a field'],
  ['the same in a table of few lines', 'short.csv', 'a,b,c\n1,2,x\n3,4,y\n5,6\n', 'line 4: 2 fields where 3 are expected'],
  ['one line with more fields in a table of few lines', 'short-more.csv', 'a,b,c\n1,2,x\n3,4,y,z\n', 'line 3: 4 fields where 3 are expected'],
  ['an open quote in a table of few lines', 'short-open.csv', 'a,b\n1,x\n2,"y\n', 'line 3: a quote is not closed, or stands in the middle of a field'],
  ['a line that says what an error of ours says', 'words.csv', 'a,b\n1,2\nCould not convert string to X in column 0,2,3\n', 'line 3: 3 fields where 2 are expected'],
  ['UTF-16', 'wide.csv', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), 'it is UTF-16; tables of fields and lines are read as UTF-8'],
  ['zero bytes', 'zero.csv', 'a\0,b\n1,2\n', 'there are zero bytes in it: it is no text'],
  ['bytes that are no UTF-8', 'latin.csv', Buffer.from('a,b\n1,caf\xe9\n', 'latin1'), 'line 2: the text is not UTF-8'],
  ['a cut line of JSON', 'cut.jsonl', '{"a":1}\n{"a":2}\n{"a":', 'line 3: not JSON: unexpected end of data'],
  ['gzip that is cut off', 'cut.csv.gz', gzipSync(LONG).subarray(0, 200), ''],
  ['Parquet that is none', 'none.parquet', 'PAR1 but no more than that PAR1', ''],
  ['an empty Parquet', 'empty.parquet', '', ''],
  ['Arrow that is none', 'none.arrow', 'ARROW1\0\0 no footer here', ''],
  ['an Arrow stream that is none', 'none.arrows', Buffer.alloc(100, 7), ''],
  ['a database that is none', 'none.sqlite', 'SQLite format 3 it says, but is not', 'it is not an SQLite database'],
  ['a database that is cut off', 'cut.db', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(200, 1)]), ''],
  ['an array that is none', 'none.npy', 'x', 'it does not begin as a NumPy array'],
  ['an array that promises more than there is', 'cut.npy', npyHead('<f8', '(1000000000,)'), 'it is cut off: 128 bytes where its head promises 8000000128'],
  ['an array larger than anything', 'huge.npy', npyHead('<f8', '(4611686018427387904, 4)'), 'its shape is larger than anything'],
  ['an array of a newer format that ends in its head', 'short.npy', Buffer.from('\x93NUMPY\x02\x00\x00\x00', 'latin1'), 'its head is cut off or too long'],
  ['an archive that is none', 'none.npz', 'PK but not more', 'it is not a ZIP archive, or it is cut off'],
  ['HDF5 that is none', 'none.h5', 'x'.repeat(5000), 'HDF5 cannot read it: file signature not found'],
];

function npyHead(descr: string, shape: string): Buffer {
  const head = Buffer.alloc(128, ' ');
  head.write('\x93NUMPY\x01\x00', 0, 'latin1');
  head.writeUInt16LE(118, 8);
  head.write(`{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`, 10);
  head[127] = 10;
  return head;
}

type Member = { readonly name: string; readonly bytes: Buffer; readonly claims: number; readonly at?: number };

/** An archive that says what we want it to say. */
const zipOf = (members: readonly Member[]): Buffer => {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, claims, at: told } of members) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(bytes.length, 20);
    central.writeUInt32LE(claims, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(told ?? at, 42);
    parts.push(local, Buffer.from(name), bytes);
    directory.push(central, Buffer.from(name));
    at += 30 + name.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
};

describe('bad input', () => {
  it.each(TEXTS)('%s is a problem, told with its place, and nothing of it is told as the table', async (_, name, content, problem) => {
    const good = lab.write('good.csv', 'a\n1\n2\n');
    const tables = await lab.profile([good, lab.write(name, content)]);
    const bad = tables.find((table) => table.path === name)!;
    expect(bad.problem, name).toBeTypeOf('string');
    if (problem !== '') expect(bad.problem).toBe(problem);
    expect(bad.rowCount).toBeUndefined();
    expect(tables.find((table) => table.path === good)).toMatchObject({ rowCount: 2 });
    expect((await lab.digests(name))[0]).toBe(bad.problem);
  });

  it('a CSV of 300 MB with a broken last line is told by that line', async () => {
    const path = join(lab.folder, lab.write('big.csv', 'id,word,note\n'));
    const file = openSync(path, 'a');
    const block = Buffer.from('12345,word,"some words, quoted"\n'.repeat(32_768));
    const blocks = Math.ceil(300_000_000 / block.length);
    for (let at = 0; at < blocks; at += 1) writeSync(file, block);
    writeSync(file, '1,"never closed\n');
    closeSync(file);
    const [table] = await lab.profile(['big.csv']);
    expect(table).toEqual({ path: 'big.csv', format: 'csv', fileCount: 1, problem: `line ${blocks * 32_768 + 2}: a quote is not closed, or stands in the middle of a field` });
  });

  it('an archive that grows without end is refused by what it claims', async () => {
    const packed = deflateRawSync(Buffer.concat([npyHead('<f8', '(500000000,)'), Buffer.alloc(4_000_000)]));
    const name = lab.write('bomb.npz', zipOf([{ name: 'x.npy', bytes: packed, claims: 4_000_000_128 }]));
    expect((await lab.profile([name]))[0]!.problem).toMatch(/grows from .* to 3\.7 GiB: it may be a bomb/);
  });

  it('an archive that claims less than it is, is found out while it is unpacked', async () => {
    const packed = deflateRawSync(Buffer.concat([npyHead('<f8', '(1000,)'), Buffer.alloc(50_000_000)]));
    const name = lab.write('liar.npz', zipOf([{ name: 'x.npy', bytes: packed, claims: 8128 }]));
    expect((await lab.profile([name]))[0]!.problem).toBe('a member is larger than it claims');
  });

  it('members that overlap are refused', async () => {
    const bytes = deflateRawSync(npyHead('<f8', '(0,)'));
    const members = [0, 1, 2].map((at) => ({ name: `${at}.npy`, bytes, claims: 128, at: 0 }));
    expect((await lab.profile([lab.write('overlap.npz', zipOf(members))]))[0]!.problem).toBe('its members overlap: it is a bomb, or damaged');
  });

  it('Arrow that is nothing but zeros between its marks is a problem', async () => {
    const head = Buffer.from('ARROW1\0\0');
    expect((await lab.profile([lab.write('zeros.feather', Buffer.concat([head, Buffer.alloc(1_000_000), Buffer.from('ARROW1')]))]))[0]!.problem).toBeTypeOf('string');
  });

  it.skipIf(!has('numpy', 'pyarrow', 'h5py'))('a flipped or missing byte in real files is a problem or leaves the values as they are', async () => {
    const program = `
import sys, numpy as np, pyarrow as pa, pyarrow.parquet as pq, pyarrow.feather as feather, h5py, sqlite3
p = sys.argv[1]; x = np.arange(20000.)
`;
    const made = [
      lab.python('flip/a.npz', `${program}np.savez(p, x=x)`),
      lab.python('flip/b.npz', `${program}np.savez_compressed(p, x=x)`),
      lab.python('flip/c.parquet', `${program}pq.write_table(pa.table({'x': x}), p)`),
      lab.python('flip/d.feather', `${program}feather.write_feather(pa.table({'x': x}), p)`),
      lab.python('flip/e.h5', `${program}f = h5py.File(p, 'w'); f.create_dataset('x', data=x, compression='gzip'); f.close()`),
    ];
    for (const name of made) {
      const bytes = readFileSync(join(lab.folder, name));
      const [whole] = await lab.digests(name);
      expect(whole).toMatch(/^[0-9a-f]{64}$/);
      const cut = name.replace('flip/', 'flip/cut-');
      writeFileSync(join(lab.folder, cut), bytes.subarray(0, Math.floor(bytes.length / 2)));
      expect((await lab.digests(cut))[0], cut).not.toMatch(/^[0-9a-f]{64}$/);
      if (name.endsWith('.npz')) {
        const flipped = Buffer.from(bytes);
        flipped[Math.floor(bytes.length / 2)]! ^= 0x40;
        const flip = name.replace('flip/', 'flip/flip-');
        writeFileSync(join(lab.folder, flip), flipped);
        expect((await lab.digests(flip))[0], flip).not.toMatch(/^[0-9a-f]{64}$/);
      }
    }
  });

  it.skipIf(!has('h5py'))('a data set that claims to be huge in a small file is refused', async () => {
    const name = lab.python('claims.h5', `import sys, h5py; f = h5py.File(sys.argv[1], 'w'); f.create_dataset('x', shape=(10**12,), chunks=(1000,), dtype='f8'); f.close()`);
    expect((await lab.profile([name]))[0]!.problem).toMatch(/it may be a bomb/);
  });

  it.skipIf(!has('h5py'))('values that an HDF5 file claims to have in another file are not read', async () => {
    const name = lab.python(
      'outside.h5',
      `import sys, h5py; f = h5py.File(sys.argv[1], 'w'); f.create_dataset('x', shape=(64,), dtype='u1', external=[('/etc/passwd', 0, 64)]); f['y'] = [1.5]; f.close()`,
    );
    expect(await lab.profile([name])).toMatchObject([
      { inner: 'x', problem: expect.stringMatching(/^HDF5 cannot read it/) },
      { inner: 'y', rowCount: 1 },
    ]);
  });

  it.skipIf(!has('numpy'))('a view without end is stopped by the time limit, and the next table is read', async () => {
    const name = lab.python(
      'endless.db',
      `import sys, sqlite3; c = sqlite3.connect(sys.argv[1]); c.execute('create view v as with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) as x from n'); c.execute('create table t (a)'); c.execute('insert into t values (1)'); c.commit()`,
    );
    const began = performance.now();
    const tables = await lab.profile([name], { timeoutMs: 1500 });
    expect(tables).toMatchObject([
      { inner: 't', rowCount: 1 },
      { inner: 'v', problem: 'it took longer than 1.5 s' },
    ]);
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it('a signal stops DuckDB too', async () => {
    const stop = new AbortController();
    const name = lab.write('stop.csv', `a,b\n${'1.5,some words\n'.repeat(2_000_000)}`);
    setTimeout(() => stop.abort(), 30);
    const table = await profileTable(lab.engine(), tableSourcesOf(lab.folder, [name])[0]!, { signal: stop.signal });
    expect(table).toEqual({ path: name, format: 'csv', fileCount: 1, problem: 'the reading was stopped' });
    expect(await contentDigestOf(lab.engine(), tableSourcesOf(lab.folder, [name])[0]!, { timeoutMs: 50 })).toEqual({ kind: 'unknown', problem: 'it took longer than 50 ms' });
    expect((await lab.profile([lab.write('after.csv', 'a\n1\n')]))[0]).toMatchObject({ rowCount: 1 });
  });

  it('a file that is gone is a problem', async () => {
    const names = ['gone.csv', 'gone.parquet', 'gone.npy', 'gone.sqlite', 'gone.h5', 'gone.npz', 'gone.arrow'];
    for (const table of await lab.profile(names)) expect(table.problem, table.path).toBeTypeOf('string');
  });

  it('a sparse file of zeros with every ending is a problem, soon', async () => {
    const path = join(lab.folder, 'zeros.bin');
    const file = openSync(path, 'w');
    ftruncateSync(file, 50_000_000);
    closeSync(file);
    for (const ending of ['parquet', 'arrow', 'npy', 'npz', 'sqlite', 'h5']) {
      copyFileSync(path, join(lab.folder, `z.${ending}`));
      expect((await lab.profile([`z.${ending}`]))[0]!.problem, ending).toBeTypeOf('string');
    }
  });
});
