import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PYTHON } from '../harness/project.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
const SCRIPT = `import random
import trainlock

values = [random.random() for _ in range(5)]
trainlock.metric("mean", sum(values) / len(values))
with open("model.txt", "w") as file:
    file.write(repr(values))
print("trained", trainlock.recording())
`;

/** The same rows in four formats. */
const TABLES = `import sqlite3
import h5py
import pandas

frame = pandas.DataFrame({"id": range(20), "dose": [n / 2 for n in range(20)]})
frame.to_csv("tables/a.csv", index=False)
frame.to_parquet("tables/b.parquet", index=False)
database = sqlite3.connect("tables/c.db")
frame.to_sql("doses", database, index=False)
database.close()
with h5py.File("tables/d.h5", "w") as file:
    file["doses"] = frame["dose"]
`;

/** Files of a distribution that are not there any more, or are not the installed ones. */
const DAMAGED = `import base64, hashlib, importlib.metadata, pathlib
for file in importlib.metadata.files("trainlock"):
    path = pathlib.Path(file.locate())
    digest = path.is_file() and base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).decode().rstrip("=")
    if not digest or file.hash and file.hash.value != digest: print(file)
`;

type Answer = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

// The environment takes Node.js, 40 MB, from the package index: the full stack is where that may be asked for.
describe.runIf(process.env['TRAINLOCK_TEST_STACK'] === 'full')('the wheel, in an environment without Node.js', () => {
  const base = mkdtempSync(join(tmpdir(), 'trainlock-wheel-'));
  const project = join(base, 'project');
  const environment = join(base, 'environment');
  const wheels = resolve('dist/wheel');
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  const run = (...argv: readonly string[]): Answer =>
    spawnSync(argv[0]!, argv.slice(1), {
      cwd: project,
      env: { PATH: `${join(environment, 'bin')}:${join(base, 'tools')}`, HOME: base, LANG: 'C.UTF-8' },
      encoding: 'utf8',
      input: '',
    });
  const json = (...argv: readonly string[]): unknown => JSON.parse(run(...argv).stdout);
  const python = (program: string): Answer => run('python', '-c', program);
  const pip = (...words: readonly string[]): string =>
    execFileSync(join(environment, 'bin', 'pip'), [words[0]!, '--quiet', '--disable-pip-version-check', ...words.slice(1)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const built = (distribution: string): string => readdirSync(wheels).find((name) => name.startsWith(`${distribution}-${version}-`))!;
  const namesIn = (wheel: string): readonly string[] =>
    execFileSync(PYTHON, ['-m', 'zipfile', '-l', join(wheels, wheel)], { encoding: 'utf8' })
      .split('\n')
      .flatMap((line) => /^(\S+) +\d{4}-/.exec(line)?.[1] ?? []);
  /** The packages of npm in the environment. */
  const modules = (): string => join(python('import trainlock._program as p; print(p.__path__[0])').stdout.trim(), 'node_modules');

  beforeAll(() => {
    for (const folder of [project, join(base, 'tools')]) mkdirSync(folder);
    // All that a training machine has; above all no node.
    for (const tool of ['sh', 'git', 'mkfifo', 'cat', 'tee']) symlinkSync(execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(), join(base, 'tools', tool));
    writeFileSync(join(project, 'train.py'), SCRIPT);
    execFileSync('node', ['tools/build-wheel.mjs']);
    // The wheel must install wherever Python is 3.8 or newer.
    execFileSync(PYTHON, ['-m', 'venv', environment]);
    pip('install', join(wheels, built('trainlock')));
    mkdirSync(join(project, 'tables'));
    execFileSync(resolve('.venv/bin/python'), ['-c', TABLES], { cwd: project });
  }, 600_000);

  it('is one wheel for every platform, with its licences, without tests and caches', () => {
    expect(built('trainlock')).toBe(`trainlock-${version}-py3-none-any.whl`);
    const names = namesIn(built('trainlock'));
    const folder = `trainlock-${version}.dist-info`;
    expect(names).toEqual(
      expect.arrayContaining([
        `${folder}/licenses/LICENSE`,
        `${folder}/licenses/trainlock/_program/node_modules/node-sqlite3-wasm/LICENSE`,
        'trainlock/py.typed',
        'trainlock/_program/dist/bin/trainlock.mjs',
      ]),
    );
    expect(names.filter((name) => /__pycache__|\.pyc$|(^|\/)tests?\/|\.test\.|\.map$|\.ts$/.test(name))).toEqual([]);
  });

  it('brings its own runtime', () => {
    expect(python('import shutil; print(shutil.which("node"))').stdout).toBe('None\n');
    expect(run('trainlock', '--version')).toMatchObject({ status: 0, stdout: `trainlock ${version}\n` });
  });

  it('can be imported outside of a run, where it does nothing', () => {
    const answer = python('import trainlock; trainlock.metric("a", 1); trainlock.tag("b", "c"); trainlock.output("x"); print(trainlock.recording())');
    expect(answer).toMatchObject({ status: 0, stdout: 'False\n', stderr: '' });
    expect(existsSync(join(project, '.trainlock'))).toBe(false);
  });

  it('records, lists and verifies a run, and Python reads the record', () => {
    expect(run('trainlock', 'run', '--name', 'first', '--', 'python', 'train.py')).toMatchObject({ status: 0, stdout: 'trained True\n' });
    expect(json('trainlock', 'list', '--json')).toMatchObject({ exit: 0, data: { runs: [{ name: 'first', state: 'finished' }] } });
    expect(json('trainlock', 'verify', 'last', '--json')).toMatchObject({ exit: 0, data: { kind: 'proven', gaps: [{ about: '/dependencies/lock' }] } });
    const answer = python('import trainlock; run = trainlock.load("last"); print(run["run"]["name"], run["evaluation"]["metrics"][0]["name"], run["outputs"][0]["path"])');
    expect(answer).toMatchObject({ status: 0, stdout: 'first mean ${project}/model.txt\n' });
  });

  it('replays it to the same bits', () => {
    expect(json('trainlock', 'replay', 'first', '--json')).toMatchObject({ exit: 0, data: { outcome: { kind: 'identical' } } });
  });

  it('hands exit code and signals of the program through', () => {
    expect(run('trainlock', 'run', '--', 'python', '-c', 'import sys; sys.exit(7)').status).toBe(7);
    expect(run('trainlock', 'run', '--', 'python', '-c', 'import os, signal; os.kill(os.getpid(), signal.SIGTERM)').status).toBe(143);
  });

  it('asks SQLite databases', () => {
    expect(json('trainlock', 'data', 'fetch', 'sqlite:tables/c.db', 'fetched', '--query', 'SELECT max(dose) AS top FROM doses', '--json')).toMatchObject({ exit: 0 });
    expect(readFileSync(join(project, 'fetched/result.jsonl'), 'utf8')).toBe('{"top":"9.5"}\n');
  });

  it('says how it is mended where its reader of SQLite is missing', () => {
    const [reader, aside] = [join(modules(), 'node-sqlite3-wasm'), join(base, 'aside')];
    renameSync(reader, aside);
    const answer = run('trainlock', 'data', 'fetch', 'sqlite:tables/c.db', 'again', '--query', 'SELECT 1', '--json');
    renameSync(aside, reader);
    expect(JSON.parse(answer.stdout)).toMatchObject({
      exit: 2,
      findings: [{ kind: 'TL0807', message: 'node-sqlite3-wasm is not installed', remedy: 'pip install --force-reinstall --no-deps trainlock' }],
    });
  });

  describe('without the extra for tables', () => {
    const reason = 'DuckDB is not installed';
    const note = `tables were not looked into: ${reason}; pip install "trainlock[tables]" brings what is needed`;

    it('takes snapshots, and says what brings tables', () => {
      expect(json('trainlock', 'snapshot', 'tables', '--profile', '--json')).toMatchObject({ exit: 0, data: { snapshots: [{ notes: [note] }] } });
    });

    it('says it where rows would be compared', () => {
      expect(run('trainlock', 'data', 'diff', 'tables/a.csv', 'tables/b.parquet').stdout).toContain(note);
      expect(json('trainlock', 'data', 'overlap', 'tables/a.csv', 'tables/b.parquet', '--json')).toMatchObject({
        exit: 2,
        findings: [{ kind: 'TL0813', message: reason, remedy: 'pip install "trainlock[tables]"' }],
      });
    });
  });

  describe('with the extra for tables', () => {
    beforeAll(() => {
      pip('install', '--no-index', '--find-links', wheels, 'trainlock[tables]');
    }, 600_000);

    it('is a wheel for the platform that its machine code needs, with licences, beside the main one', () => {
      const names = namesIn(built('trainlock_tables'));
      const bindings = names.filter((name) => /\.(node|so)$/.test(name));
      const needed = bindings.flatMap((name) =>
        [...readFileSync(join(modules(), '../../..', name), 'latin1').matchAll(/\0GLIBC_2\.(\d+)(?=\0)/g)].map((match) => Number(match[1])),
      );
      const machine = process.arch === 'x64' ? 'x86_64' : 'aarch64';
      const platform = bindings.some((name) => name.includes('-musl/')) ? `musllinux_1_2_${machine}` : `manylinux_2_${Math.max(...needed)}_${machine}`;
      expect(built('trainlock_tables')).toBe(`trainlock_tables-${version}-py3-none-${platform}.whl`);
      const packages = new Set(names.map((name) => /node_modules\/((@[^/]+\/)?[^/]+)\//.exec(name)?.[1]).filter((name) => name !== undefined));
      for (const name of packages) expect(names.filter((path) => new RegExp(`licenses/.*/${name}/LICENSE`).test(path))).toHaveLength(1);
      const main = new Set(namesIn(built('trainlock')));
      expect(names.filter((name) => main.has(name))).toEqual([]);
      expect(names.filter((name) => /\.(ts|map|md|h5)$/.test(name))).toEqual([]);
    });

    it('looks into tables', () => {
      expect(json('trainlock', 'snapshot', 'tables', '--profile', '--json')).toMatchObject({
        exit: 0,
        data: {
          snapshots: [
            {
              notes: [],
              snapshot: {
                tables: [
                  { path: 'a.csv', rowCount: 20 },
                  { path: 'b.parquet', rowCount: 20 },
                  { path: 'c.db', inner: 'doses', rowCount: 20 },
                  { path: 'd.h5', inner: 'doses', rowCount: 20 },
                ],
              },
            },
          ],
        },
      });
      expect(run('trainlock', 'data', 'diff', 'tables/a.csv', 'tables/b.parquet').stdout).toContain('the same rows, stored as parquet instead of csv');
    });

    it('says of a table whose reader is missing what brings it, and looks into the others', () => {
      rmSync(join(modules(), 'h5wasm'), { recursive: true });
      const problem = 'h5wasm is not installed; pip install "trainlock[tables]" brings what is needed';
      expect(json('trainlock', 'snapshot', 'tables', '--profile', '--full', '--json')).toMatchObject({
        data: { snapshots: [{ snapshot: { tables: [{ rowCount: 20 }, { rowCount: 20 }, { rowCount: 20 }, { path: 'd.h5', problem }] } }] },
      });
    });

    it('can be taken away, and leaves the main wheel whole', () => {
      pip('uninstall', '--yes', 'trainlock-tables');
      // pip may leave empty folders.
      const left = readdirSync(modules(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      expect(left.filter((entry) => !entry.parentPath.includes('node-sqlite3-wasm'))).toEqual([]);
      expect(python(DAMAGED)).toMatchObject({ status: 0, stdout: '' });
      expect(json('trainlock', 'verify', 'first', '--json')).toMatchObject({ exit: 0 });
    });
  });
});
