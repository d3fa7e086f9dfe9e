import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hashFiles } from '#files';
import { EVERYTHING } from '../../test/harness/effort.ts';
import { has, PYTHON } from '../../test/harness/project.ts';
import { readContents } from './read-contents.ts';

const folder = mkdtempSync(join(tmpdir(), 'trainlock-content-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const make = (name: string, program: string): string => {
  const path = join(folder, name);
  execFileSync('python3', ['-c', program, path], { stdio: ['ignore', 'ignore', 'inherit'] });
  return path;
};

/** A program that packs the value V at the path p, once for each value, in one process of the interpreter that trains. N is its number. */
const packs = (name: string, n: number, values: readonly number[], program: string): readonly string[] => {
  const paths = values.map((value) => join(folder, `${n}${value}-${name}`));
  execFileSync(PYTHON, ['-c', `import sys\nN=${n}\nfor p, V in zip(sys.argv[1:], ${JSON.stringify(values)}):\n  ${program}`, ...paths], { stdio: ['ignore', 'ignore', 'inherit'] });
  return paths;
};

const contentsOf = async (...paths: readonly string[]): Promise<readonly unknown[]> => {
  const contents = await readContents(await hashFiles(paths.map((path) => ({ path }))), { python: PYTHON });
  return paths.map((path) => contents.get(path));
};

const digestsOf = async (...paths: readonly string[]): Promise<readonly string[]> => (await contentsOf(...paths)).map((content) => JSON.stringify(content));

describe('contents', () => {
  it('never runs what a pickle names', async () => {
    const mark = join(folder, 'ran');
    const path = make('evil.pkl', `import pickle,sys,os\nclass E:\n  def __reduce__(self): return (os.system, ('touch ${mark}',))\npickle.dump(E(), open(sys.argv[1],'wb'))`);
    expect((await contentsOf(path))[0]).toMatchObject({ kind: 'seen', format: 'pickle' });
    expect(existsSync(mark)).toBe(false);
  });

  it.each([
    ['a pickle that builds itself', "open(sys.argv[1],'wb').write(b'\\x80\\x02]q\\x00h\\x00a.')", 'seen'],
    ['a pickle that is cut', "open(sys.argv[1],'wb').write(pickle.dumps(list(range(1000)))[:-100])", 'unknown'],
    ['a pickle nested beyond all measure', "open(sys.argv[1],'wb').write(b'\\x80\\x02' + b'(' * 200000 + b't' * 200000 + b'.')", 'unknown'],
    ['a pickle that doubles itself without end', "open(sys.argv[1],'wb').write(b'\\x80\\x02)' + b'2\\x86' * 200 + b'.')", 'seen'],
  ])('reads %s in bounded time', async (name, program, kind) => {
    const path = make(`${name.replaceAll(' ', '-')}.pkl`, `import pickle,sys\n${program}`);
    expect((await contentsOf(path))[0]).toMatchObject({ kind });
  });

  it.runIf(EVERYTHING)('tells a bomb from a file', async () => {
    const path = make('bomb.pkl.gz', "import gzip,sys\nwith gzip.open(sys.argv[1],'wb',1) as f:\n  for _ in range(2200): f.write(b'\\0'*(1<<20))");
    expect((await contentsOf(path))[0]).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    ['gzip with another time', 'a.csv.gz', "import gzip,sys\nwith open(sys.argv[1],'wb') as f:\n  g=gzip.GzipFile('x','wb',fileobj=f,mtime=T); g.write(b'a,b'); g.close()"],
    [
      'zip with another order and time',
      'a.zip',
      "import zipfile,sys\nz=zipfile.ZipFile(sys.argv[1],'w')\nfor n in (['a','b'] if T==1 else ['b','a']): z.writestr(zipfile.ZipInfo(n,(2000+T,1,1,0,0,0)),n)\nz.close()",
    ],
    ['dictionaries filled in another order', 'a.pkl', "import pickle,sys\npickle.dump({'a':1,'b':2} if T==1 else {'b':2,'a':1},open(sys.argv[1],'wb'))"],
  ])('calls equal: %s', async (_, name, program) => {
    const [one, two] = [1, 2].map((time) => make(`${time}-${name}`, program.replaceAll('T', String(time))));
    const [a, b] = await digestsOf(one!, two!);
    expect(a).toBe(b);
    expect(a).toContain('seen');
  });

  const PACKED: readonly (readonly [string, string, string])[] = [
    ['numpy', 'model.npz', 'import numpy as np; np.savez(p, x=np.arange(6.)+V)'],
    ['torch', 'weights.pt', "import torch,os; q=p+str(N); torch.save({'w': torch.arange(6.)+V}, q); os.rename(q,p)"],
    ['torch', 'tensor.pkl', 'import torch,pickle; pickle.dump(torch.arange(4.)+V, open(p,"wb"))'],
    ['torch', 'legacy.pt', "import torch; torch.save({'w': torch.arange(6.)+V}, p, _use_new_zipfile_serialization=False)"],
    ['joblib', 'array.joblib', "import joblib,numpy as np; joblib.dump({'a': np.arange(9.).reshape(3,3).T+V, 'o': np.array([None,'x'],dtype=object)}, p)"],
    [
      'sklearn',
      'forest.pkl',
      'import pickle; from sklearn.ensemble import RandomForestClassifier as R; pickle.dump(R(3,random_state=V).fit([[0],[1],[2],[3]],[0,1,0,1]), open(p,"wb"))',
    ],
    [
      'pyarrow',
      'table.parquet',
      "import pyarrow as pa, pyarrow.parquet as pq; pq.write_table(pa.table({'a':[1,2,None],'b':['x','y','z']}).append_column('v',pa.array([V]*3)), p, row_group_size=N)",
    ],
    ['h5py', 'data.h5', "import h5py; f=h5py.File(p,'w'); f['x']=[1.5,V]; f.attrs['unit']='m'; f.close()"],
    [
      'matplotlib',
      'plot.png',
      "import matplotlib; matplotlib.use('Agg'); import matplotlib.pyplot as plt; plt.close(); plt.plot([1,V]); plt.savefig(p, metadata={'Comment':str(N)})",
    ],
    ['matplotlib', 'plot.svg', "import matplotlib; matplotlib.use('svg'); import matplotlib.pyplot as plt; plt.close(); plt.plot([1,V]); plt.savefig(p)"],
  ];
  for (const [module, name, program] of PACKED) {
    it.skipIf(!has(module))(`equal values in ${name} are equal content, other values are not`, async () => {
      // Equal values are packed by two processes, which begin with other addresses and hashes.
      const [one, other] = packs(name, 1, [0, 7], program);
      const [two] = packs(name, 2, [0], program);
      const [a, b, c] = await digestsOf(one!, two!, other!);
      expect(a).toContain('seen');
      expect(a).toBe(b);
      expect(c).not.toBe(a);
    });
  }

  it('gives reasons, not errors, without an interpreter', async () => {
    const path = make('plain.pkl', "import pickle,sys; pickle.dump(1,open(sys.argv[1],'wb'))");
    const contents = await readContents(await hashFiles([{ path }]), { python: '/nonexistent/python' });
    expect(contents.get(path)).toMatchObject({ kind: 'unknown' });
  });
});
