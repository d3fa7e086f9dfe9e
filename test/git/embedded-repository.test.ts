import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryOf } from '../../src/flows/git/repository.ts';
import { runGit } from '../../src/origins/index.ts';
import { CLI } from '../harness/project.ts';
import { makeRepository, type TestRepository } from '../harness/repository.ts';

/** A change commits what looks like a bare repository; its settings start a program, and its refs say what the change likes. */
const embed = ({ folder, git, commit }: TestRepository, more: Readonly<Record<string, string>>): { readonly started: () => boolean } => {
  const program = join(folder, 'ml/run.sh');
  const settings = {
    'core.fsmonitor': program,
    'log.showSignature': 'true',
    'gpg.program': program,
    'core.sshCommand': program,
    'core.worktree': folder,
    'core.bare': 'false',
    ...more,
  };
  const from = commit({ 'ml/run.sh': `#!/bin/sh\ntouch ${folder}/started\n` });
  chmodSync(program, 0o755);
  git(['init', '-q', '--bare', join(folder, 'ml')]);
  for (const [key, value] of Object.entries(settings)) git(['config', '-f', join(folder, 'ml/config'), key, value]);
  writeFileSync(join(folder, 'ml/objects/info/alternates'), `${folder}/.git/objects\n`);
  mkdirSync(join(folder, 'ml/refs/remotes/origin'), { recursive: true });
  for (const name of ['refs/heads/main', 'refs/remotes/origin/main']) writeFileSync(join(folder, 'ml', name), `${from}\n`);
  writeFileSync(join(folder, 'ml/HEAD'), 'ref: refs/heads/main\n');
  return { started: () => existsSync(join(folder, 'started')) };
};

describe('a bare repository that a change has committed', () => {
  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['with a working tree around it', {}],
    ['with a working tree of its own', { 'core.worktree': '.' }],
    ['without a working tree', { 'core.bare': 'true' }],
  ])('is not obeyed: %s', async (_, more) => {
    const repository = makeRepository();
    const embedded = embed(repository, more);
    const folder = join(repository.folder, 'ml');
    // What git itself does there, so that this test does not pass for nothing.
    expect(execFileSync('git', ['rev-parse', '--absolute-git-dir'], { cwd: folder, encoding: 'utf8' }).trim()).toBe(folder);
    await expect(repositoryOf(folder)).rejects.toMatchObject({ code: 'TL1701', fix: expect.stringContaining('looks like a repository') });
    for (const args of [
      ['status', '--porcelain'],
      ['log', '-1'],
      ['rev-parse', 'origin/main'],
    ])
      expect(await runGit(folder, args)).toMatchObject({ code: 128 });
    const answer = spawnSync(process.execPath, [CLI, 'ci', 'check', '--base', 'origin/main'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: repository.folder },
      encoding: 'utf8',
    });
    expect([answer.status, answer.stderr]).toEqual([2, expect.stringMatching(/TL1701|TL1703/)]);
    expect(embedded.started()).toBe(false);
  });
});

describe('the repository of a folder', () => {
  it.each<readonly [string, (repository: TestRepository) => string]>([
    ['its top', ({ folder }) => folder],
    ['a folder below', ({ folder }) => join(folder, 'deep')],
    ['a linked working tree', ({ folder, git }) => (git(['worktree', 'add', '-q', 'tree', 'HEAD']), join(folder, 'tree'))],
    ['a submodule', ({ folder, git }) => (git(['-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', folder, 'sub']), join(folder, 'sub'))],
    ['a separate folder of git', ({ folder, git }) => (git(['init', '-q', '--separate-git-dir', join(folder, 'elsewhere')]), folder)],
    ['a link to a clone', ({ folder }) => (symlinkSync(folder, join(folder, 'deep/link')), join(folder, 'deep/link'))],
  ])('is found from %s', async (_, of) => {
    const repository = makeRepository();
    repository.commit({ 'deep/file': '1\n' });
    const folder = of(repository);
    expect(await repositoryOf(folder)).toMatchObject({ top: repository.git(['rev-parse', '--show-toplevel'], { below: folder.slice(repository.folder.length) }) });
  });

  it('is refused where .git is not what git works with', async () => {
    const repository = makeRepository();
    repository.commit({ 'deep/file': '1\n' });
    const other = makeRepository();
    repository.git(['config', 'core.worktree', other.folder]);
    await expect(repositoryOf(repository.folder)).rejects.toMatchObject({ code: 'TL1701', message: expect.stringContaining('is not the .git of its working tree') });
  });
});
