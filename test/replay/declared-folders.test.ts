import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProject, type TestProject } from '../harness/project.ts';

const TRAIN = `import glob
total = sum(int(open(path).read()) for path in sorted(glob.glob('data/*.txt')))
large = sum(len(open(path, 'rb').read(1000)) for path in glob.glob('data/*.bin'))
open('model.txt', 'w').write(f'{total} {large}')
`;

const recorded = (): TestProject => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`data/${i}.txt`, String(i)]));
  const project = makeProject({ 'train.py': TRAIN, 'trainlock.yaml': 'data:\n  train:\n    path: data\n', ...files });
  return project;
};

const run = (project: TestProject): void => {
  expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
};

/** A file with nothing in it takes no room: more than is ever copied. */
const large = (project: TestProject): void => {
  project.write({ 'data/large.bin': '' });
  truncateSync(join(project.folder, 'data', 'large.bin'), 600 * 1024 * 1024);
};

/** The data sets that the record of the replay states. */
const replayed = (project: TestProject, ...options: readonly string[]) => {
  const answer = project.trainlock(['replay', 'last', ...options]);
  expect(answer, answer.stderr).toMatchObject({ status: 0, stdout: expect.stringContaining('identical') });
  return project.manifest(project.runs().at(-1)).data;
};

describe('a replay of a run with a declared folder', () => {
  it('reads the recorded files, and its own record says so', () => {
    const project = recorded();
    run(project);
    const [before] = project.manifest().data;
    expect(replayed(project)).toMatchObject([{ name: 'train', list: before!.list, complete: true }]);
  });

  it('shows a large folder whole, where mounts are possible', () => {
    const project = recorded();
    large(project);
    run(project);
    const [before] = project.manifest().data;
    const data = replayed(project, '--isolation', 'bubblewrap');
    expect(data).toMatchObject([{ name: 'train', list: before!.list, complete: true, stability: 'stable' }]);
    expect(data).toHaveLength(1);
  });

  it('lets a program write and remove a lock file in a large folder, and follow the links in it', () => {
    const project = recorded();
    large(project);
    project.write({ 'more/a.txt': '1000', 'more/inner/b.txt': '1' });
    symlinkSync('../more', join(project.folder, 'data', 'outside'));
    symlinkSync(join(project.folder, 'more', 'a.txt'), join(project.folder, 'data', 'absolute.txt'));
    symlinkSync('3.txt', join(project.folder, 'data', 'inside.txt'));
    project.write({
      'train.py': `import os\nopen('data/.lock', 'w').close()\nos.remove('data/.lock')\nprint(os.listdir('data/outside'), os.path.islink('data/inside.txt'))\nopen('data/outside/inner/b.txt').read()\n${TRAIN}`,
    });
    run(project);
    const [before] = project.manifest().data;
    expect(before).toMatchObject({ list: { fileCount: 35 }, complete: true });
    expect(replayed(project, '--isolation', 'bubblewrap')[0]).toMatchObject({ name: 'train', list: before!.list, complete: true });
  });

  it('shows a large folder file by file where a link leads out of an inner folder', () => {
    const project = recorded();
    large(project);
    project.write({ 'more/a.txt': '1000', 'data/inner/x.txt': '1' });
    symlinkSync('../../more', join(project.folder, 'data', 'inner', 'outside'));
    project.write({ 'train.py': `open('data/inner/outside/a.txt').read()\n${TRAIN}` });
    run(project);
    const [before] = project.manifest().data;
    expect(replayed(project, '--isolation', 'bubblewrap')[0]).toMatchObject({ name: 'train', list: before!.list });
  });

  it('says which bytes came from the store', () => {
    const project = recorded();
    run(project);
    project.write({ 'data/7.txt': '70' });
    expect(project.trainlock(['replay', 'last'])).toMatchObject({ status: 0, stderr: expect.stringContaining('the recorded bytes came from the store: ${project}/data/7.txt') });
  });

  it('links the files of a large folder, where they are not', () => {
    const project = recorded();
    large(project);
    run(project);
    expect(replayed(project, '--isolation', 'kernel-filter')).toMatchObject([
      { list: { fileCount: 31, totalBytes: project.manifest(project.runs()[0]).data[0]!.list!.totalBytes } },
    ]);
  });

  it('brings a folder of which git tracks files, all or one', () => {
    for (const tracked of ['data', 'data/3.txt']) {
      const project = recorded();
      execFileSync('sh', ['-c', `git init -q . && git add train.py trainlock.yaml ${tracked} && git -c user.name=a -c user.email=a@b.example commit -qm x`], {
        cwd: project.folder,
      });
      run(project);
      expect(replayed(project)[0]).toMatchObject({ list: project.manifest(project.runs()[0]).data[0]!.list });
    }
  });

  it('takes a folder from where it lies now', () => {
    const project = recorded();
    run(project);
    mkdirSync(join(project.folder, '..', 'elsewhere'));
    renameSync(join(project.folder, 'data'), join(project.folder, '..', 'elsewhere', 'moved'));
    const [before] = project.manifest().data;
    const data = replayed(project, '--map', `${join(project.folder, 'data')}=${join(project.folder, '..', 'elsewhere', 'moved')}`);
    expect(data[0]).toMatchObject({ list: before!.list });
  });

  it('names the file that is another, and goes on with what the store keeps', () => {
    const project = recorded();
    run(project);
    project.write({ 'data/7.txt': '70', 'data/8.txt': '8' });
    // Small inputs are kept: the recorded bytes come from the store.
    expect(replayed(project)[0]).toMatchObject({ list: project.manifest(project.runs()[0]).data[0]!.list });
    project.write({ 'train.py': TRAIN, 'data/one.bin': 'x'.repeat(2_000_000) });
    run(project);
    project.write({ 'data/one.bin': 'y'.repeat(2_000_000) });
    expect(project.trainlock(['replay', 'last']).stdout).toContain('undecided  data/one.bin: its content is another');
  });
});
