import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProject } from '../harness/project.ts';

const FILES = { 'data/a.csv': 'one\n', 'data/b.csv': 'two\n' };

describe('data that is written out', () => {
  it.each([
    ['a pipe', (path: string) => void execFileSync('mkfifo', [path])],
    ['a folder', (path: string) => mkdirSync(path)],
    ['other bytes', (path: string) => writeFileSync(path, 'other')],
    ['nothing', () => undefined],
  ])('is never taken from its old place where %s is now, and the rest is written', (_, change) => {
    const project = makeProject(FILES);
    project.trainlock(['snapshot', 'data', '--name', 's']);
    rmSync(join(project.folder, 'data', 'a.csv'));
    change(join(project.folder, 'data', 'a.csv'));
    expect(project.trainlock(['data', 'restore', 's', 'out'], { timeout: 30_000 })).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('not restored: a.csv (its bytes are not at hand)'),
    });
    expect(project.read('out/b.csv')).toBe('two\n');
    expect(existsSync(join(project.folder, 'out', 'a.csv'))).toBe(false);
  });

  it('is fetched from its origin where its old place has other bytes now', () => {
    const project = makeProject(FILES);
    const git = (command: string, cwd = project.folder): void => void execFileSync('sh', ['-c', command], { cwd, stdio: 'ignore' });
    git(
      'git init -q . && git add data && git -c user.name=a -c user.email=a@b.example commit -qm x && git clone -q --bare . ../bare && git remote add origin "$PWD/../bare" && git fetch -q origin',
    );
    expect(project.trainlock(['snapshot', 'data', '--name', 's'])).toMatchObject({ status: 0 });
    project.write({ 'data/a.csv': 'changed\n' });
    expect(project.trainlock(['data', 'restore', 's', 'out', '--from-origin'])).toMatchObject({ status: 0 });
    expect(project.read('out/a.csv')).toBe('one\n');
  });
});
