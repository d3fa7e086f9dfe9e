import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProject, replayOf, type TestProject } from '../harness/project.ts';

const git = (project: TestProject, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=ann', '-c', 'user.email=ann@example.com', '-c', 'protocol.file.allow=always', ...args], {
    cwd: project.folder,
    env: project.env,
    encoding: 'utf8',
  }).trim();

const committed = (files: Readonly<Record<string, string>>): TestProject => {
  const project = makeProject(files);
  git(project, 'init', '-q', '-b', 'main');
  git(project, 'add', '-A');
  git(project, 'commit', '-qm', 'first');
  return project;
};

const TRAIN = 'import random, helper\nopen("out.txt", "w").write(helper.NAME + str(random.random()))\n';

describe('a run in a git repository', () => {
  it('records commit, patch and untracked files, and is replayed with what was not committed', () => {
    const project = committed({ 'train.py': TRAIN, 'helper.py': 'NAME = "committed"\n' });
    project.write({ 'helper.py': 'NAME = "changed"\n', 'notes.txt': 'new\n', '.env': 'TOKEN=abc\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    const { repository, snapshot } = project.manifest().code;
    expect(repository).toMatchObject({
      kind: 'git',
      commit: git(project, 'rev-parse', 'HEAD'),
      branch: 'main',
      dirty: 'yes',
      pushed: 'no',
      patch: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(repository.untracked).toMatchObject([
      { path: '${project}/notes.txt', sizeBytes: 4 },
      { path: '${project}/.env', withheld: expect.stringContaining('key file') },
    ]);
    expect(snapshot).toMatchObject({ fileCount: 3, leftOut: 1 });
    git(project, 'checkout', '-q', 'helper.py');
    expect(replayOf(project)).toMatchObject({ status: 0, outcome: { kind: 'identical' } });
    expect(git(project, 'status', '--porcelain', '--untracked-files=all').split('\n').sort()).toEqual(['?? .env', '?? .trainlock/.gitignore', '?? notes.txt', '?? out.txt']);
  });

  it('of which the project is only a part records and replays that part, and the code that it imports from beside', () => {
    const project = committed({
      'team/trainlock.yaml': 'version: 0\n',
      'team/train.py': 'import sys, random\nsys.path.insert(0, "../common")\nimport shared\nopen("out.txt", "w").write(shared.NAME + str(random.random()))\n',
      'common/shared.py': 'NAME = "shared"\n',
      'other/large.txt': 'not ours\n',
    });
    project.write({ 'other/untracked.txt': 'not ours either\n' });
    const inTeam = { cwd: join(project.folder, 'team') };
    const answer = project.trainlock(['run', '--', 'python', 'train.py'], inTeam);
    expect(answer.status, answer.stderr).toBe(0);
    const shown = JSON.parse(project.trainlock(['show', 'last', '/code', '--json'], inTeam).stdout) as {
      readonly data: { readonly value: { readonly files: readonly { readonly path: string }[]; readonly snapshot: { readonly fileCount: number } } };
    };
    expect(shown.data.value.snapshot.fileCount).toBe(2);
    expect(shown.data.value.files.map((file) => file.path).sort()).toEqual(['${project}/train.py', expect.stringMatching(/\/project\/common\/shared\.py$/)]);
    const replay = project.trainlock(['replay', 'last', '--json'], inTeam);
    expect(JSON.parse(replay.stdout), replay.stderr).toMatchObject({ exit: 0, data: { outcome: { kind: 'identical' } } });
  });

  it('with a submodule records its commit, and its files are in the snapshot', () => {
    const library = committed({ 'library.py': 'NAME = "library"\n' });
    const project = committed({ 'train.py': 'import sys\nsys.path.insert(0, "lib")\nimport library\nopen("out.txt", "w").write(library.NAME)\n' });
    git(project, 'submodule', 'add', '-q', library.folder, 'lib');
    git(project, 'commit', '-qm', 'with a library');
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    const { repository } = project.manifest().code;
    expect(repository.submodules).toEqual([{ path: '${project}/lib', commit: git(library, 'rev-parse', 'HEAD'), dirty: 'no' }]);
    expect(replayOf(project)).toMatchObject({ status: 0, outcome: { kind: 'identical' } });
  });
});
