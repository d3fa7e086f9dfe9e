import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLI, makeProject, replayOf, type TestProject } from '../harness/project.ts';

const recorded = (files: Readonly<Record<string, string>>, command: readonly string[] = ['python', 'train.py']): TestProject => {
  const project = makeProject(files);
  const answer = project.trainlock(['run', '--', ...command]);
  expect(answer.status, answer.stderr).toBe(0);
  return project;
};

const gapsOf = (project: TestProject): string =>
  project
    .manifest()
    .capture.gaps.map((gap) => gap.reason)
    .join('\n');

describe('a record says what was seen, no more and no less:', () => {
  it('output that is redirected to files is that of the command alone', () => {
    const project = makeProject({ 'train.py': 'import sys\nprint("hello")\nopen("a.txt", "w").write("1")\n' });
    const shell = `"${process.execPath}" "${CLI}" run -- python train.py > all.log 2>&1`;
    expect(spawnSync('sh', ['-c', shell], { cwd: project.folder, env: project.env }).status).toBe(0);
    expect(project.read('all.log')).toMatch(/^trainlock: recording .*\nhello\ntrainlock: recorded /);
    const manifest = project.manifest();
    expect(manifest.logs.output).toMatchObject([{ sizeBytes: 6 }]);
    expect(manifest.outputs.map((output) => output.path)).toEqual(['${project}/a.txt']);
    expect(gapsOf(project)).not.toContain('all.log');
    expect(replayOf(project)).toMatchObject({ status: 0, outcome: { kind: 'identical' } });
  });

  it('a file that is read and overwritten keeps what it was, and the record stays intact', () => {
    const project = makeProject({ 'train.py': 'import time\nn = int(open("state.txt").read())\ntime.sleep(1.5)\nopen("state.txt", "w").write(str(n + 1))\n', 'state.txt': '1' });
    const git = (...words: readonly string[]) => spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], { cwd: project.folder, env: project.env });
    git('init', '-q');
    git('add', 'train.py');
    git('commit', '-qm', 'x');
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    expect(project.manifest().outputs).toMatchObject([{ path: '${project}/state.txt', alsoRead: true, before: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(project.trainlock(['verify', 'last']).status).toBe(0);
    expect(project.trainlock(['verify', 'last', '--data']).status).toBe(3);
    expect(replayOf(project)).toMatchObject({ status: 0, outcome: { kind: 'identical' } });
  });

  it('a database that is only read is an input, one that is changed is not known as it was read', () => {
    const make = 'import sqlite3\nc = sqlite3.connect("d.sqlite")\nc.execute("create table t (a)")\nc.execute("insert into t values (2)")\nc.commit()\n';
    const project = makeProject({
      'make.py': make,
      'read.py': 'import sqlite3\nopen("a.txt", "w").write(str(sqlite3.connect("d.sqlite").execute("select a from t").fetchone()))\n',
      'change.py': 'import sqlite3\nc = sqlite3.connect("d.sqlite")\nc.execute("insert into t values (3)")\nc.commit()\n',
    });
    expect(project.python(['make.py']).status).toBe(0);
    expect(project.trainlock(['run', '--', 'python', 'read.py']).status).toBe(0);
    expect(project.manifest().outputs.map((output) => output.path)).toEqual(['${project}/a.txt']);
    expect(project.manifest().data).toMatchObject([{ path: '${project}/d.sqlite', stability: 'stable' }]);
    expect(replayOf(project)).toMatchObject({ status: 0, outcome: { kind: 'identical' } });
    expect(project.trainlock(['run', '--', 'python', 'change.py']).status).toBe(0);
    expect(project.manifest().data).toMatchObject([{ path: '${project}/d.sqlite', stability: 'changed' }]);
    expect(project.trainlock(['verify', 'last', '--data']).status).toBe(3);
  });

  it('a process that ends without a word may have drawn', () => {
    const project = recorded({ 'train.py': 'import os, random\nif os.fork() == 0:\n    random.random()\n    os._exit(0)\nos.wait()\nopen("a.txt", "w").write("1")\n' });
    expect(gapsOf(project)).toMatch(/1 process ended without a word/);
    expect(project.trainlock(['show', 'last']).stdout).toMatch(/randomness .*(not seen to the end|made repeatable)/);
  });

  it('other programs are counted, and what they read may be missing', () => {
    const project = recorded({ 'train.py': 'import subprocess\nopen("a.txt", "w").write(subprocess.check_output(["cat", "in.txt"]).decode())\n', 'in.txt': 'x' });
    expect(gapsOf(project)).toMatch(/1 program without our hooks ran \(cat\)/);
    expect(project.manifest().capture.coverage).toEqual({ processesSeen: 2, processesWithHooks: 1 });
    const replay = replayOf(project);
    expect(replay).toMatchObject({ status: 3, outcome: { kind: 'undecided' } });
    expect(replay.outcome?.because.join('\n')).toMatch(/files that nobody saw it read are missing[^]*the last words of the replay: .*CalledProcessError.*cat/);
  });

  it('what the command line says wins over what stands in a file', () => {
    const project = recorded(
      { 'train.py': 'import json, sys\nsettings = json.load(open("config.json"))\nopen("a.txt", "w").write(sys.argv[1])\n', 'config.json': '{"lr": 0.1, "depth": 3}' },
      ['python', 'train.py', 'lr=0.2'],
    );
    expect(project.manifest().parameters).toMatchObject([
      { name: 'lr', value: '0.2', type: 'float', source: 'hydra' },
      { name: 'lr', value: '0.1', source: 'json' },
      { name: 'depth', value: '3' },
    ]);
    expect(project.trainlock(['list', '--cols', 'param.lr', '--csv']).stdout).toMatch(/0\.2/);
    expect(project.trainlock(['show', 'last']).stdout).toMatch(/lr = 0\.2 +command line\n +lr = 0\.1 +config\.json/);
  });

  it('a shell script that is run is code', () => {
    const project = makeProject({ 'pipeline.sh': '#!/bin/sh\npython train.py\n', 'train.py': 'open("a.txt", "w").write("1")\n' });
    chmodSync(join(project.folder, 'pipeline.sh'), 0o755);
    expect(project.trainlock(['run', '--', './pipeline.sh']).status).toBe(0);
    expect(project.manifest().code.files.map((file) => file.path)).toEqual(['${project}/pipeline.sh', '${project}/train.py']);
    expect(project.manifest().data).toEqual([]);
    project.write({ 'pipeline.sh': '#!/bin/sh\npython train.py --other\n' });
    expect(project.trainlock(['verify', 'last', '--env']).status).toBe(1);
  });

  it('a printed path with the time in it is no other result', () => {
    const project = recorded({
      'train.py':
        'import os, time\nname = time.strftime("outputs/%Y-%m-%d/%H-%M-%S")\nos.makedirs(name)\nopen(name + "/model.txt", "w").write("1")\nprint("saved to", os.path.abspath(name))\ntime.sleep(1.1)\n',
    });
    expect(replayOf(project)).toMatchObject({ status: 0, outcome: { kind: 'content-identical' } });
  });

  it('a run that reads what an earlier one wrote names it, and that one is not cleaned away', () => {
    const project = recorded({
      'train.py': 'import random\nopen("model.txt", "w").write(str(random.random()))\n',
      'use.py': 'open("a.txt", "w").write(open("model.txt").read())\n',
    });
    const first = project.manifest().run.id;
    expect(project.manifest().lineage).toEqual({});
    expect(project.trainlock(['run', '--', 'python', 'use.py']).status).toBe(0);
    expect(project.manifest().lineage.parents).toEqual([{ manifestSha256: expect.stringMatching(/^[0-9a-f]{64}$/), run: first, through: '${project}/model.txt' }]);
    expect(project.trainlock(['gc', '--keep-last', '1', '--yes']).status).toBe(0);
    expect(project.runs()).toHaveLength(2);
  });

  it('a plan is what would be done, and what stands in the way is no success', () => {
    const project = recorded({ 'train.py': 'open("a.txt", "w").write(str(len(open("data.csv").read())))\n', 'data.csv': '1234567\n'.repeat(300_000) });
    expect(project.trainlock(['replay', 'last', '--dry-run'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/command +\S*python\S* train\.py\n[^]*1 proven/) });
    project.write({ 'data.csv': '1' });
    expect(project.trainlock(['replay', 'last', '--dry-run']).status).toBe(3);
  });
});
