import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLI, makeProject, type TestProject, until } from '../harness/project.ts';

/** Every run of the store either has a record that is valid and verifies, or is told as unfinished. */
const expectSoundStore = (project: TestProject): void => {
  for (const run of project.runs()) {
    if (!readdirSync(run).includes('statement.json')) continue;
    expect(project.trainlock(['validate', join(run, 'statement.json')])).toMatchObject({ status: 0 });
  }
  expect(project.trainlock(['list', '--json'])).toMatchObject({ status: 0 });
};

describe('a run that goes wrong leaves a valid record', () => {
  it('when the program is killed', () => {
    const project = makeProject({ 'train.py': 'import os, signal\nopen("half.txt", "w").write("half")\nos.kill(os.getpid(), signal.SIGKILL)\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(137);
    const manifest = project.manifest();
    expect(manifest.run.exit).toEqual({ kind: 'signalled', signal: 'SIGKILL' });
    expect(manifest.outputs.map((output) => output.path)).toEqual(['${project}/half.txt']);
    expect(manifest.processes[0]).toMatchObject({ id: '0', end: 'abrupt', hooks: 'active' });
    expectSoundStore(project);
  });

  it('when it runs out of memory', () => {
    const project = makeProject({ 'train.py': 'import resource\nresource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))\nx = bytearray(1 << 30)\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(1);
    expect(project.manifest().run.exit).toEqual({ kind: 'exited', code: 1 });
    expectSoundStore(project);
  });

  it('when Python is told to ignore its environment: nothing is claimed', () => {
    const project = makeProject({ 'train.py': 'print(1)\n' });
    const answer = project.trainlock(['run', '--', 'python', '-E', 'train.py']);
    expect(answer).toMatchObject({ status: 0, stdout: '1\n' });
    const manifest = project.manifest();
    expect(manifest.capture.coverage.processesWithHooks).toBe(0);
    expect(manifest.randomness.mode).toBe('off');
    expect(manifest.capture.gaps.some((gap) => /Python hooks|-E/.test(gap.reason))).toBe(true);
    expectSoundStore(project);
  });

  it('when the program closes every descriptor', () => {
    const project = makeProject({ 'train.py': 'import os\nos.closerange(3, 1 << 16)\nopen("late.txt", "w").write("x")\nprint("still here")\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py'])).toMatchObject({ status: 0, stdout: 'still here\n' });
    expect(project.manifest().outputs.map((output) => output.path)).toContain('${project}/late.txt');
    expectSoundStore(project);
  });

  it('when names and output are not UTF-8', () => {
    const project = makeProject({ 'train.py': 'import os, sys\nopen(b"caf\\xe9.bin", "wb").write(b"x")\nsys.stdout.buffer.write(b"\\xff\\xfe caf\\xe9\\n")\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py'])).toMatchObject({ status: 0, stdout: '\xff\xfe caf\xe9\n' });
    const [output] = project.manifest().outputs;
    expect(Buffer.from(output!.rawName!, 'base64').toString('latin1')).toMatch(/caf\xe9\.bin$/);
    expect(output!.sha256).toBe('2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881');
    expectSoundStore(project);
  });

  it('when it prints 1 GB: everything arrives, the middle is not kept', () => {
    const project = makeProject({
      'train.py': 'import sys\nblock = b"0123456789abcde\\n" * 65536\nfor _ in range(1024): sys.stdout.buffer.write(block)\nprint("accuracy: 0.5")\n',
    });
    const count = spawnSync('sh', ['-c', `"${process.execPath}" "${CLI}" run -- python train.py | wc -c`], { cwd: project.folder, env: project.env, encoding: 'utf8' });
    expect(Number(count.stdout)).toBe(1024 * 16 * 65536 + 'accuracy: 0.5\n'.length);
    const [stdout] = project.manifest().logs.output!;
    expect(stdout!.truncatedAtBytes).toBeGreaterThan(0);
    expect(statSync(join(project.runs()[0]!, 'logs/stdout.log')).size).toBeLessThan(64 * 1024 * 1024);
    expectSoundStore(project);
  });
});

describe('a run whose recorder and program are both killed', () => {
  it.each<readonly [string, NodeJS.Signals]>([['with no chance to say anything', 'SIGKILL']])('%s is completed by the next command, as lost', async (_, signal) => {
    const project = makeProject({ 'train.py': 'import os, time\nopen("half.txt", "w").write("half")\nopen("pid", "w").write(str(os.getpid()))\ntime.sleep(600)\n' });
    const child = project.start(['run', '--why', 'to be killed', '--', 'python', 'train.py']);
    await until('the program runs', () => project.exists('pid') && project.read('pid') !== '');
    const ended = new Promise((done) => child.on('exit', done));
    process.kill(child.pid!, signal);
    process.kill(Number(project.read('pid')), signal);
    await ended;
    await until('the program is gone', () => !existsSync(`/proc/${project.read('pid')}`));
    const listed = project.trainlock(['list', '--json']);
    expect(JSON.parse(listed.stdout)).toMatchObject({ data: { runs: [{ state: 'finished' }] } });
    const manifest = project.manifest();
    expect(manifest.run).toMatchObject({ purpose: 'to be killed', exit: { kind: 'lost' } });
    expect(manifest.outputs.map((output) => output.path)).toContain('${project}/half.txt');
    expectSoundStore(project);
  });
});

describe('where a record cannot be written', () => {
  it.skipIf(spawnSync('unshare', ['-Urm', 'true']).status !== 0)('on a full disk, the training goes on and the failure is told', () => {
    const project = makeProject({ 'train.py': 'print(sum(range(10)))\n' });
    mkdirSync(join(project.folder, 'disk'));
    const script = `mount -t tmpfs -o size=64k none disk && head -c 60000 /dev/zero > disk/filler; exec "${process.execPath}" "${CLI}" run --store disk/store -- python train.py`;
    const answer = spawnSync('unshare', ['-Urm', 'sh', '-c', script], { cwd: project.folder, env: project.env, encoding: 'utf8' });
    expect(answer.stdout).toBe('45\n');
    expect(answer.status).toBe(0);
    expect(answer.stderr).toMatch(/space|ENOSPC|not.*(recorded|completed)/i);
  });

  it.skipIf(spawnSync('unshare', ['-Urm', 'true']).status !== 0)('on a disk that fills up meanwhile, the training goes on, and the record can be completed later', () => {
    const code = `
import random
with open("disk/filler", "wb", buffering=0) as file:
    try:
        while True: file.write(b"0" * 4096)
    except OSError: pass
for i in range(2000): open("data.txt").read(); print("line", i, random.Random(i).random())
`;
    const project = makeProject({ 'train.py': code, 'data.txt': '1' });
    mkdirSync(join(project.folder, 'disk'));
    const trainlock = `"${process.execPath}" "${CLI}"`;
    const script = `mount -t tmpfs -o size=2m none disk && ${trainlock} run --store disk/store -- python train.py > out.txt 2> err.txt; echo $?; rm disk/filler; ${trainlock} finish last --store disk/store; echo $?; ${trainlock} verify last --store disk/store`;
    const answer = spawnSync('unshare', ['-Urm', 'sh', '-c', script], { cwd: project.folder, env: project.env, encoding: 'utf8' });
    expect(project.read('out.txt').split('\n')).toHaveLength(2001);
    expect(project.read('err.txt')).toMatch(/no space left|ENOSPC/i);
    expect(project.read('err.txt')).not.toMatch(/tee:|Traceback/);
    expect(answer.stdout, answer.stderr).toMatch(/^0\n[^]*\n0\n[^]*(undecided|proven)/);
  });

  it.skipIf(spawnSync('unshare', ['-Urm', 'true']).status !== 0)('in a read-only project, the record goes to a temporary folder and a line says so', () => {
    const project = makeProject({ 'train.py': 'print("ran")\n' });
    const script = `mount --bind . . && mount -o remount,ro,bind . && cd . && cd "${project.folder}" && exec "${process.execPath}" "${CLI}" run -- python train.py`;
    const answer = spawnSync('unshare', ['-Urm', 'sh', '-c', script], { cwd: project.folder, env: project.env, encoding: 'utf8' });
    expect(answer.stdout).toBe('ran\n');
    expect(answer.status).toBe(0);
    expect(answer.stderr).toMatch(/read-only|temporary/);
    expect(project.exists('.trainlock')).toBe(false);
  });

  it('the run is refused if a record is demanded', () => {
    const project = makeProject({ 'train.py': 'open("ran", "w")\n', blocker: '' });
    const answer = project.trainlock(['run', '--require-record', '--store', 'blocker/store', '--', 'python', 'train.py']);
    expect(answer.status).toBe(125);
    expect(answer.stderr).toContain('error[TL0403]');
    expect(project.exists('ran')).toBe(false);
  });
});

describe('two runs at once in one folder', () => {
  it('never mix', async () => {
    const project = makeProject({
      'train.py': 'import sys, time, random\nopen(f"out{sys.argv[1]}.txt", "w").write(str(random.random()))\ntime.sleep(0.5)\nprint("run", sys.argv[1])\n',
    });
    const children = ['1', '2', '3'].map((number) => project.start(['run', '--name', `n${number}`, '--', 'python', 'train.py', number]));
    const codes = await Promise.all(children.map((child) => new Promise((done) => child.on('exit', done))));
    expect(codes).toEqual([0, 0, 0]);
    expect(project.runs()).toHaveLength(3);
    for (const run of project.runs()) {
      const manifest = project.manifest(run);
      const number = manifest.run.name!.slice(1);
      expect(manifest.outputs.map((output) => output.path)).toEqual([`\${project}/out${number}.txt`]);
      expect(readFileSync(join(run, 'logs/stdout.log'), 'utf8')).toBe(`run ${number}\n`);
    }
    expectSoundStore(project);
  });
});

describe('bad input', () => {
  const statement = (project: TestProject): string => {
    project.write({ 'train.py': 'print(1)\n' });
    project.trainlock(['run', '--', 'python', 'train.py']);
    return join(project.runs()[0]!, 'statement.json');
  };
  it.each<readonly [string, (text: string) => string | Buffer, number, RegExp]>([
    ['a truncated manifest', (text) => text.slice(0, 500), 1, /ends too early|does not end/],
    ['a duplicated key', (text) => text.replace('"schemaVersion":', '"schemaVersion":"1.0","schemaVersion":'), 1, /twice/],
    ['a wrong type', (text) => text.replace('"parameters":[]', '"parameters":7'), 1, /array|list/],
    ['a mistyped key', (text) => text.replace('"parameters":[]', '"paramaters":[]'), 1, /parameters/],
    ['a newer schema', (text) => text.replace('"schemaVersion":"1.0"', '"schemaVersion":"7.0"'), 3, /newer/],
    ['a manifest of 100 MB', (text) => Buffer.concat([Buffer.from(text), Buffer.alloc(100 * 1024 * 1024, 0x20)]), 2, /MiB/],
  ])('%s is one clear answer', (_, change, status, message) => {
    const project = makeProject();
    const file = statement(project);
    const changed = join(project.folder, 'changed.json');
    writeFileSync(changed, change(readFileSync(file, 'utf8')));
    const before = readdirSync(project.folder).sort();
    const answer = project.trainlock(['validate', 'changed.json']);
    expect(answer.stdout + answer.stderr).toMatch(message);
    expect(answer.status).toBe(status);
    expect(readdirSync(project.folder).sort()).toEqual(before);
  });

  it.each<readonly [string, readonly string[], RegExp]>([
    ['an unknown run', ['show', 'nosuchrun'], /TL0301/],
    ['an unknown command', ['rnu', '--', 'true'], /did you mean.*run|run/],
    ['an unknown flag', ['run', '--whi', 'x', '--', 'true'], /--why/],
    ['no command behind --', ['run'], /TL0001/],
    ['a missing file', ['validate', 'nothing.json'], /nothing\.json/],
  ])('%s is one clear error and changes nothing', (_, args, message) => {
    const project = makeProject();
    const answer = project.trainlock(args);
    expect(answer.status).toBe(2);
    expect(answer.stdout + answer.stderr).toMatch(message);
    expect(readdirSync(project.folder)).toEqual([]);
  });

  it('unknown configuration keys are all told, and nothing runs', () => {
    const project = makeProject({ 'trainlock.yaml': 'metrcs:\n  accuracy: {file: m.json}\nrun:\n  entropi: own\n', 'train.py': 'open("ran", "w")\n' });
    const answer = project.trainlock(['run', '--', 'python', 'train.py']);
    expect(answer.status).toBe(2);
    expect(answer.stderr).toMatch(/TL0101/);
    expect(answer.stderr).toMatch(/metrics/);
    expect(answer.stderr).toMatch(/entropy/);
    expect(project.exists('ran')).toBe(false);
  });
});
