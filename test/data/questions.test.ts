import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLI, makeProject, type TestProject } from '../harness/project.ts';

const CONFIG = 'data:\n  large:\n    path: large\n  small:\n    path: small\n';

const makeRecorded = (): TestProject => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`large/${i}.csv`, `x\n${i}\n`]));
  const project = makeProject({ 'train.py': 'open("model.txt", "w").write("1")\n', 'trainlock.yaml': CONFIG, ...many, 'small/a.csv': 'x\n1\n', 'small/b.csv': 'x\n2\n' });
  expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
  expect(project.trainlock(['snapshot', 'large', '--name', 'taken', '--keep']).status).toBe(0);
  return project;
};

/** Everything is mounted read-only but one folder for what is temporary. */
const onReadOnlyDisk = (project: TestProject, words: readonly string[]) => {
  const temporary = join(project.folder, '..', 'temporary');
  mkdirSync(temporary, { recursive: true });
  const mounts = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--bind', temporary, temporary];
  const answer = spawnSync('bwrap', [...mounts, process.execPath, CLI, ...words], { cwd: project.folder, env: { ...project.env, TMPDIR: temporary }, encoding: 'utf8' });
  return { ...answer, left: readdirSync(temporary) };
};

describe('a question about data', () => {
  it.each([
    ['data verify taken', 0],
    ['data verify last:large', 0],
    ['data verify last:small', 0],
    ['verify last --data', 0],
    ['data show taken', 0],
    ['data show last:small a.csv', 0],
    ['data diff taken last:large', 0],
    ['data diff taken large/', 0],
    ['data diff last:small small/', 0],
    ['data diff large/ small/', 0],
    ['data overlap large/ small/', 1],
  ])('is answered where nothing can be written, and leaves nothing behind: %s', (words, status) => {
    const answer = onReadOnlyDisk(makeRecorded(), words.split(' '));
    expect([answer.status, answer.left], answer.stderr).toEqual([status, []]);
  });

  it.each(['data show taken', 'data show', 'data verify taken', 'verify last --data', 'list', 'show last'])(
    'is answered where not even what is temporary can be written, if nothing needs to be: %s',
    (words) => {
      const project = makeRecorded();
      const answer = spawnSync('bwrap', ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', process.execPath, CLI, ...words.split(' ')], {
        cwd: project.folder,
        env: project.env,
        encoding: 'utf8',
      });
      expect(answer.status, answer.stderr).toBe(0);
    },
  );

  it('says what to do where something would have to be written and nothing can', () => {
    const project = makeRecorded();
    const answer = spawnSync('bwrap', ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', process.execPath, CLI, 'data', 'diff', 'small/', 'large/'], {
      cwd: project.folder,
      env: project.env,
      encoding: 'utf8',
    });
    expect(answer).toMatchObject({ status: 2, stderr: expect.stringMatching(/neither the store nor the folder for temporary files can be written[^]*set TMPDIR to a folder/) });
  });

  it('finds what was recorded before the disk became read-only, and what was recorded since', () => {
    const project = makeRecorded();
    const temporary = join(project.folder, '..', 'temporary');
    mkdirSync(temporary, { recursive: true });
    const ask = (...words: readonly string[]) => {
      const mounts = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--bind', temporary, temporary];
      return spawnSync('bwrap', [...mounts, process.execPath, CLI, ...words], { cwd: project.folder, env: { ...project.env, TMPDIR: temporary }, encoding: 'utf8' });
    };
    const remote = join(temporary, 'remote');
    project.trainlock(['data', 'push', 'taken', remote]);
    expect(ask('run', '--name', 'since', '--', 'python', '-c', 'print(1)')).toMatchObject({ status: 0, stderr: expect.stringContaining('temporary folder') });
    const listed = (JSON.parse(ask('list', '--json').stdout) as { readonly data: { readonly runs: readonly { readonly name?: string }[] } }).data.runs;
    expect(listed).toHaveLength(2);
    for (const [words, status] of [
      [['verify', 'last~1', '--data'], 0],
      [['verify', 'last'], 0],
      [['data', 'verify', 'taken'], 0],
      [['data', 'diff', 'last~1:small', 'small/'], 0],
      [['data', 'pull', 'taken', remote], 0],
      [['diff', 'last~1', 'last'], 0],
      [['finish', 'last~1'], 0],
      [['replay', 'last~1', '--isolation', 'none'], 0],
    ] as const) {
      const answer = ask(...words);
      expect([words, answer.status], answer.stderr).toEqual([words, status]);
    }
    // What lies in both stores is told once.
    expect((JSON.parse(ask('data', 'show', '--json').stdout) as { readonly data: { readonly snapshots: readonly unknown[] } }).data.snapshots).toHaveLength(1);
  });

  it('makes no store where there is none', () => {
    const project = makeProject({ 'one/a.csv': 'x\n1\n', 'other/a.csv': 'x\n2\n' });
    expect(project.trainlock(['data', 'diff', 'one/', 'other/']).stdout).toContain('1 of 1 file differs');
    expect(project.trainlock(['data', 'overlap', 'one/', 'other/']).status).toBe(0);
    expect(readdirSync(project.folder)).toEqual(['one', 'other']);
  });
});
