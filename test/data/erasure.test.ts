import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLI, makeProject, type TestProject } from '../harness/project.ts';

/** A project with a kept snapshot of which the bytes were erased; what is left in the folder is for the owner. */
const erased = (): { readonly project: TestProject; readonly remote: string } => {
  const project = makeProject({ 'data/a.csv': 'id\n1\n2\n', 'data/b.txt': 'text\n', 'rest/b.txt': 'text\n' });
  project.trainlock(['snapshot', 'data', '--keep', '--name', 'first']);
  project.trainlock(['snapshot', 'rest', '--keep', '--name', 'second']);
  expect(project.trainlock(['data', 'erase', 'first', '--reason', 'request 114', '--replacement', 'second', '--yes'])).toMatchObject({ status: 0 });
  return { project, remote: join(project.folder, 'remote') };
};

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((one) => (one.isFile() ? [join(one.parentPath, one.name)] : []));

describe('data that was stated as erased', () => {
  it('is told by everything that speaks of it', () => {
    const { project } = erased();
    expect(project.trainlock(['data', 'restore', 'first', 'back'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^ +erased \d{4}-\d\d-\d\d by .*: request 114$/m) });
    expect(project.trainlock(['data', 'diff', 'first', 'second'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/before: erased .*: request 114/) });
    rmSync(join(project.folder, 'data'), { recursive: true });
    expect(project.trainlock(['data', 'restore', 'first', 'again'])).toMatchObject({ status: 3, stdout: expect.stringContaining('data no longer available: erased') });
    const { stdout } = project.trainlock(['data', 'diff', 'first', 'second']);
    expect(stdout).toMatch(/before: erased .*: request 114/);
    expect(stdout).not.toContain('--keep keeps bytes');
  });

  it('is sent and brought as its statement, without its bytes', () => {
    const { project, remote } = erased();
    expect(project.trainlock(['data', 'push', 'first', remote])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('request 114; its bytes were not sent, the statement was'),
    });
    expect(filesBelow(remote).some((path) => readFileSync(path, 'utf8').includes('id\n1\n'))).toBe(false);
    const other = makeProject({});
    expect(other.trainlock(['data', 'pull', 'first', remote])).toMatchObject({ status: 0, stdout: expect.stringContaining('request 114; its bytes were not brought') });
    expect(other.trainlock(['data', 'show', 'first'])).toMatchObject({ status: 0, stdout: expect.stringContaining('erased') });
    expect(other.trainlock(['data', 'verify', 'first'])).toMatchObject({ status: 3, stdout: expect.stringContaining('data no longer available: erased') });
  });

  it('is not brought back from where its bytes still are', () => {
    const source = makeProject({ 'data/a.csv': 'id\n1\n' });
    const remote = join(source.folder, 'remote');
    source.trainlock(['snapshot', 'data', '--name', 'first']);
    expect(source.trainlock(['data', 'push', 'first', remote])).toMatchObject({ status: 0 });
    const other = makeProject({});
    other.trainlock(['data', 'pull', 'first', remote]);
    expect(other.trainlock(['data', 'erase', 'first', '--reason', 'request 115', '--yes'])).toMatchObject({ status: 0, stdout: expect.stringContaining('1 stored copy removed') });
    expect(other.trainlock(['data', 'pull', 'first', remote])).toMatchObject({ status: 0, stdout: expect.stringContaining('request 115; its bytes were not brought') });
    expect(other.trainlock(['data', 'restore', 'first', 'back'])).toMatchObject({ status: 3 });
    expect(existsSync(join(other.folder, 'back', 'a.csv'))).toBe(false);
  });

  it('is not believed of a statement that does not fit its name or speaks of other data', () => {
    const { project, remote } = erased();
    project.trainlock(['data', 'push', 'first', remote]);
    project.trainlock(['data', 'push', 'second', remote]);
    const statement = filesBelow(remote).find((path) => path.endsWith('.erasure.json'))!;
    const other = makeProject({});
    expect(other.trainlock(['data', 'pull', 'second', remote])).toMatchObject({ status: 0, stdout: expect.not.stringContaining('erased') });
    writeFileSync(statement, readFileSync(statement, 'utf8').replace('114', '115'));
    expect(other.trainlock(['data', 'pull', 'first', remote])).toMatchObject({ status: 3, stdout: expect.stringContaining('trying again does not help') });
  });

  it('is not sent back by a store that has not heard of the erasure', () => {
    const { project, remote } = erased();
    project.trainlock(['data', 'push', 'first', remote]);
    const other = makeProject({ 'data/a.csv': 'id\n1\n2\n', 'data/b.txt': 'text\n' });
    other.trainlock(['snapshot', 'data', '--keep', '--name', 'first']);
    expect(other.trainlock(['data', 'push', 'first', remote])).toMatchObject({ status: 0, stdout: expect.stringContaining('its bytes were not sent') });
    expect(filesBelow(remote).some((path) => readFileSync(path, 'utf8').includes('id\n1\n'))).toBe(false);
    expect(other.trainlock(['data', 'show', 'first']).stdout).toContain('erased');
  });

  it('is not stated where nothing can be removed', () => {
    const project = makeProject({ 'data/a.csv': 'id\n1\n' });
    project.trainlock(['snapshot', 'data', '--keep', '--name', 'first']);
    const mounts = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--tmpfs', '/var/tmp'];
    const answer = spawnSync('bwrap', [...mounts, process.execPath, CLI, 'data', 'erase', 'first', '--reason', 'x', '--yes'], {
      cwd: project.folder,
      env: { ...project.env, TMPDIR: '/var/tmp' },
      encoding: 'utf8',
    });
    expect(answer).toMatchObject({ status: 2, stderr: expect.stringContaining('nothing can be removed from it') });
    expect(project.trainlock(['data', 'show', 'first']).stdout).not.toContain('erased');
  });

  it('names everything that holds copies which stay', () => {
    const project = makeProject({ 'one/a.csv': '1\n', 'one/b.csv': '2\n', 'two/a.csv': '3\n', 'two/b.csv': '2\n', 'three/b.csv': '2\n' });
    for (const name of ['one', 'two', 'three']) project.trainlock(['snapshot', name, '--keep', '--name', name]);
    expect(project.trainlock(['data', 'erase', 'one', '--reason', 'x', '--replacement', 'two', '--dry-run'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/1 stored copy to be removed; copies that are also of snapshot two, snapshot three stay/),
    });
  });

  it('is not replaced by itself', () => {
    const project = makeProject({ 'data/a.csv': 'id\n1\n' });
    mkdirSync(join(project.folder, 'copy'));
    writeFileSync(join(project.folder, 'copy', 'a.csv'), 'id\n1\n');
    project.trainlock(['snapshot', 'data', '--keep', '--name', 'first']);
    for (const replacement of ['first', 'copy/'])
      expect(project.trainlock(['data', 'erase', 'first', '--reason', 'x', '--replacement', replacement, '--yes'])).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('holds the same files as first: nothing would be erased'),
      });
  });
});

describe('a data set of a run', () => {
  it('is sent as a snapshot of its name', () => {
    const project = makeProject({ 'train.py': 'open("data/a.csv").read()\n', 'data/a.csv': 'id\n1\n', 'trainlock.yaml': 'data:\n  train:\n    path: data\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py'])).toMatchObject({ status: 0 });
    const remote = join(project.folder, 'remote');
    expect(project.trainlock(['data', 'push', 'last:train', remote])).toMatchObject({ status: 0 });
    const other = makeProject({});
    expect(other.trainlock(['data', 'pull', 'train', remote])).toMatchObject({ status: 0 });
    expect(other.trainlock(['data', 'restore', 'train', 'back'])).toMatchObject({ status: 0 });
    expect(other.read('back/a.csv')).toBe('id\n1\n');
  });
});
