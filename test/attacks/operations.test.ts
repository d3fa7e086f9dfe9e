import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProject, type TestProject } from '../harness/project.ts';

const TRAIN = { 'train.py': 'open("model.bin", "w").write("weights")\n' };

const recorded = (): TestProject => {
  const project = makeProject(TRAIN);
  expect(project.trainlock(['run', '--', 'python', 'train.py'])).toMatchObject({ status: 0 });
  return project;
};

describe('verify', () => {
  const hasStrace = spawnSync('strace', ['-V'], { stdio: 'ignore' }).status === 0;

  it.skipIf(!hasStrace)('E01 asks no network, whatever addresses a record holds', () => {
    const project = makeProject({ ...TRAIN, 'data.csv': 'x\n1\n', 'trainlock.yaml': 'data:\n  train:\n    path: data.csv\n    origin: http://169.254.169.254/latest/meta-data\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py'])).toMatchObject({ status: 0 });
    const trace = join(project.folder, 'trace.txt');
    const cli = join(import.meta.dirname, '../../dist/bin/trainlock.mjs');
    const argv = ['-f', '-qq', '-e', 'trace=socket,connect', '-o', trace, process.execPath, cli, 'verify', 'last', '--data', '--time', '--log'];
    const answer = spawnSync('strace', argv, { cwd: project.folder, env: project.env, encoding: 'utf8' });
    expect(answer.stdout).toContain('is the record intact');
    expect(readFileSync(trace, 'utf8').match(/AF_INET6?/g)).toBeNull();
  });

  it('E07 believes no cache: other bytes with the same size and time are noticed', () => {
    const project = recorded();
    expect(project.trainlock(['verify', 'last']).status).toBe(0);
    const path = join(project.folder, 'model.bin');
    const { atime, mtime } = statSync(path);
    writeFileSync(path, 'WEIGHTS');
    utimesSync(path, atime, mtime);
    expect(project.trainlock(['verify', 'last'])).toMatchObject({ status: 1, stdout: expect.stringMatching(/^outputs +broken {2}model\.bin {2}other bytes/m) as string });
  });

  it('E06 ends with another code than 0 where nothing could be verified', () => {
    const project = recorded();
    for (const args of [['verify', 'nothing'], ['verify', 'train.py'], ['verify']]) expect(project.trainlock(args).status).not.toBe(0);
    rmSync(join(project.runs()[0]!, 'statement.sigstore.json'));
    expect(project.trainlock(['verify', 'last']).status).toBe(3);
  });
});

describe('a key', () => {
  it('E05 that others can read signs nothing, and the record is kept', () => {
    const project = recorded();
    const path = join(project.env['HOME']!, '.config/trainlock/keys/default.key');
    chmodSync(path, 0o644);
    const answer = project.trainlock(['run', '--', 'python', 'train.py']);
    expect(answer).toMatchObject({ status: 0, stderr: expect.stringMatching(/not signed +.*default.*\n.*chmod/) as string });
    expect(project.trainlock(['verify', 'last']).status).toBe(3);
    chmodSync(path, 0o600);
    expect(project.trainlock(['sign'])).toMatchObject({ status: 0 });
    expect(project.trainlock(['verify', 'last']).status).toBe(0);
  });

  it('E05 takes no passphrase from the command line', () => {
    const project = makeProject(TRAIN);
    const answer = project.trainlock(['keys', 'new', 'team', '--passphrase', 'secret']);
    expect(answer).toMatchObject({ status: 2, stderr: expect.not.stringContaining('secret') as string });
  });

  it('E04 that a project names as a path or a token is not opened', () => {
    const project = makeProject({ ...TRAIN, 'trainlock.yaml': 'signing:\n  key: pkcs11:object=x?module-path=/tmp/evil.so\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py'])).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('the file of a project may only name a key of the user') as string,
    });
  });
});

describe('the log', () => {
  it('D11 still names a run whose record was deleted', () => {
    const project = recorded();
    expect(project.trainlock(['run', '--', 'python', 'train.py'])).toMatchObject({ status: 0 });
    const [bad] = project.runs();
    const { id } = project.manifest(bad).run;
    rmSync(bad!, { recursive: true });
    const answer = project.trainlock(['log', 'population', '--kind', 'run-signed', '--json']);
    expect(answer.status).toBe(0);
    expect(answer.stdout).toContain(id);
  });

  it('D02 that was rewritten is caught by the proof that it gave before', () => {
    const project = recorded();
    expect(project.trainlock(['verify', 'last', '--log'])).toMatchObject({ status: 0 });
    // Another log under the same name and key: what the owner of the machine could make of it.
    const state = join(project.env['HOME']!, '.local/state/trainlock');
    const [machine] = readdirSync(join(state, 'logs')).filter((name) => /^[0-9a-f]{16}$/.test(name));
    const log = join(state, 'logs', machine!);
    for (const name of ['checkpoint', 'tile']) rmSync(join(log, name), { recursive: true });
    rmSync(join(state, 'log-heads'), { recursive: true });
    expect(project.trainlock(['verify', 'last', '--log']).status).not.toBe(0);
  });
});
