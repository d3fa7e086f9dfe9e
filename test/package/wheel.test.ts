import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
/** The interpreter that makes the environment; the wheel must install wherever Python is 3.8 or newer. */
const PYTHON = process.env['TRAINLOCK_TEST_PYTHON'] ?? resolve('.venv/bin/python');

const SCRIPT = `import random
import trainlock

values = [random.random() for _ in range(5)]
trainlock.metric("mean", sum(values) / len(values))
with open("model.txt", "w") as file:
    file.write(repr(values))
print("trained", trainlock.recording())
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

  beforeAll(() => {
    for (const folder of [project, join(base, 'tools')]) mkdirSync(folder);
    // All that a training machine has; above all no node.
    for (const tool of ['sh', 'git', 'mkfifo', 'cat', 'tee']) symlinkSync(execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(), join(base, 'tools', tool));
    writeFileSync(join(project, 'train.py'), SCRIPT);
    execFileSync('node', ['tools/build-wheel.mjs']);
    execFileSync(PYTHON, ['-m', 'venv', environment]);
    const [wheel] = readdirSync(wheels);
    execFileSync(join(environment, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', join(wheels, wheel!)], { stdio: ['ignore', 'ignore', 'inherit'] });
  }, 600_000);

  it('is one wheel for every platform, with its licence, without tests and caches', () => {
    expect(readdirSync(wheels)).toEqual([`trainlock-${version}-py3-none-any.whl`]);
    const names = execFileSync(PYTHON, ['-m', 'zipfile', '-l', join(wheels, readdirSync(wheels)[0]!)], { encoding: 'utf8' })
      .split('\n')
      .flatMap((line) => /^(\S+) +\d{4}-/.exec(line)?.[1] ?? []);
    const folder = `trainlock-${version}.dist-info`;
    expect(names).toEqual(expect.arrayContaining([`${folder}/licenses/LICENSE`, 'trainlock/py.typed', 'trainlock/_program/dist/bin/trainlock.mjs']));
    expect(names.filter((name) => /__pycache__|\.pyc$|(^|\/)tests?\/|\.test\.|\.map$/.test(name))).toEqual([]);
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
});
