import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeProject, type TestProject } from '../harness/project.ts';

const TRAIN = "import os\nprint(sum(len(open(os.path.join('data', name)).read()) for name in sorted(os.listdir('data'))))\nopen('model.txt', 'w').write('x')\n";

const files = (count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`data/part-${String(i).padStart(3, '0')}.csv`, `x\n${i}\n`]));

const recorded = (count: number): TestProject => {
  const project = makeProject({ 'train.py': TRAIN, 'trainlock.yaml': 'data:\n  train:\n    path: data\n    role: train\n', ...files(count) });
  expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
  return project;
};

const verdict = (project: TestProject): { readonly kind: string; readonly checks: readonly { readonly outcome: string; readonly because: string; readonly about?: string }[] } =>
  (JSON.parse(project.trainlock(['verify', 'last', '--data', '--json']).stdout) as { readonly data: ReturnType<typeof verdict> }).data;

describe('data of a run', () => {
  it('that has a file more than was recorded is not as recorded', () => {
    const project = recorded(40);
    expect(verdict(project).kind).toBe('proven');
    project.write({ 'data/part-999.csv': 'x\n999\n' });
    const found = verdict(project);
    expect(found.kind).toBe('refuted');
    expect(found.checks.find(({ outcome }) => outcome === 'broken')!.because).toContain('1 file more than recorded: part-999.csv');
  });

  it('has the identity that a snapshot of the same folder has, and its verification writes nothing', () => {
    const project = recorded(40);
    const [set] = project.manifest().data;
    expect(set).toMatchObject({ complete: true, stability: 'stable', list: { fileCount: 40 } });
    project.trainlock(['snapshot', 'data', '--name', 'now']);
    const shown = JSON.parse(project.trainlock(['data', 'show', 'now', '--json']).stdout) as { readonly data: { readonly snapshot: { readonly list: unknown } } };
    expect(shown.data.snapshot.list).toEqual(set!.list);
    const objects = (): ReadonlySet<unknown> => new Set<unknown>(readdirSync(join(project.folder, '.trainlock', 'objects'), { recursive: true }));
    const before = objects();
    project.write({ 'data/part-003.csv': 'x\n33\n' });
    expect(project.trainlock(['data', 'verify', 'last:train'])).toMatchObject({ status: 1, stdout: expect.stringContaining('part-003.csv') });
    expect(verdict(project).kind).toBe('refuted');
    expect(objects()).toEqual(before);
  });

  it.each([3, 40])('says what of a folder with %i files is no part of it, and what could not be read', (count) => {
    const project = recorded(count);
    symlinkSync('nowhere', join(project.folder, 'data', 'dangling'));
    symlinkSync('/etc/hostname', join(project.folder, 'data', 'host'));
    execFileSync('mkfifo', [join(project.folder, 'data', 'pipe')]);
    project.write({ 'data/id_ed25519': 'not really', 'train.py': 'print(1)\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    const [set] = project.manifest().data;
    expect(set).toMatchObject({ complete: true, stability: 'unverified', findingCount: 4 });
    expect(set!.findings!.map(({ kind, path }) => [kind, path])).toEqual([
      ['dangling', 'dangling'],
      ['outside', 'host'],
      ['secret-file', 'id_ed25519'],
      ['special', 'pipe'],
    ]);
    // A path that is longer than a list may name: made step by step, because no call takes it at once.
    execFileSync('bash', ['-c', 'cd data && for i in $(seq 20); do d=$(printf "%0250d" $i); mkdir $d && cd $d; done && touch deep'], { cwd: project.folder });
    expect(project.trainlock(['run', '--', 'python', 'train.py'])).toMatchObject({ status: 0, stderr: expect.stringContaining('not every file of train could be read') });
    onTestFinished(() => void execFileSync('rm', ['-rf', join(project.folder, 'data')]));
    expect(project.manifest().data[0]).toMatchObject({ complete: false });
    expect(verdict(project).kind).toBe('undecided');
  });

  it.each([3, 40])('is told by its bytes where names are no text, and by the text of its links (%i files)', (count) => {
    const project = recorded(count);
    const named = (byte: number): Buffer => Buffer.concat([Buffer.from(join(project.folder, 'data', 'x')), Buffer.from([byte])]);
    for (const byte of [0xe8, 0xe9]) writeFileSync(named(byte), String(byte));
    symlinkSync(join(project.folder, 'data', 'part-000.csv'), join(project.folder, 'data', 'absolute'));
    project.write({ 'train.py': "import os\nfor name in os.listdir(b'data'): open(b'data/' + name).read()\n" });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    expect(project.manifest().data[0]).toMatchObject({ stability: 'stable', complete: true });
    expect(verdict(project)).toMatchObject({ kind: 'proven' });
    expect(project.trainlock(['data', 'verify', 'last:train'])).toMatchObject({ status: 0 });
    expect(project.trainlock(['data', 'diff', 'last:train', 'data/'])).toMatchObject({ status: 0 });
    writeFileSync(named(0xe9), 'other');
    expect(verdict(project)).toMatchObject({ kind: 'refuted' });
    expect(project.trainlock(['data', 'verify', 'last:train'])).toMatchObject({ status: 1, stdout: expect.stringContaining('1 of') });
  });

  it.each([3, 40])('in a copied project is that of the copy (%i files)', (count) => {
    const project = recorded(count);
    const copy = join(project.folder, '..', 'copy');
    cpSync(project.folder, copy, { recursive: true, preserveTimestamps: true });
    const kindIn = (cwd: string): string =>
      (JSON.parse(project.trainlock(['verify', 'last', '--data', '--json'], { cwd }).stdout) as { readonly data: { readonly kind: string } }).data.kind;
    expect(kindIn(copy)).toBe('proven');
    writeFileSync(join(copy, 'data', 'part-001.csv'), 'else');
    expect([kindIn(copy), kindIn(project.folder)]).toEqual(['refuted', 'proven']);
    project.remove('data');
    writeFileSync(join(copy, 'data', 'part-001.csv'), 'x\n1\n');
    expect(kindIn(copy)).toBe('proven');
  });

  it('of a record that is kept in git is that of the clone', () => {
    const project = recorded(3);
    expect(project.trainlock(['keep', 'last'])).toMatchObject({ status: 0 });
    const clone = join(project.folder, '..', 'clone');
    execFileSync('sh', ['-c', 'git init -q . && git add -A && git -c user.name=a -c user.email=a@b.example commit -qm x && git clone -q . ../clone'], { cwd: project.folder });
    const ask = (...words: readonly string[]) => project.trainlock(words, { cwd: clone });
    expect(ask('data', 'verify', 'last:train')).toMatchObject({ status: 0, stdout: expect.stringContaining(join(clone, 'data')) });
    writeFileSync(join(clone, 'data', 'part-000.csv'), 'other');
    expect(ask('data', 'verify', 'last:train')).toMatchObject({ status: 1 });
    expect(ask('verify', 'last', '--data')).toMatchObject({ status: 1 });
    expect(project.trainlock(['data', 'verify', 'last:train'])).toMatchObject({ status: 0 });
  });

  it('of a project that was moved away from its store is that of the project where one asks', () => {
    const project = makeProject({ 'train.py': TRAIN, 'trainlock.yaml': 'data:\n  train:\n    path: data\n', ...files(3) });
    const env = { ...project.env, TRAINLOCK_STORE: join(project.folder, '..', 'store') };
    expect(project.trainlock(['run', '--', 'python', 'train.py'], { env }).status).toBe(0);
    const moved = join(project.folder, '..', 'moved');
    renameSync(project.folder, moved);
    expect(project.trainlock(['data', 'verify', 'last:train'], { cwd: moved, env })).toMatchObject({ status: 0 });
    // A verdict does not rest on where somebody stands.
    expect(project.trainlock(['verify', 'last', '--data'], { cwd: moved, env }).status).toBe(3);
  });

  it('of a project in a project is that of the inner one', () => {
    const project = recorded(3);
    const outer = join(project.folder, '..');
    mkdirSync(join(outer, 'data'));
    writeFileSync(join(outer, 'data', 'part-001.csv'), 'else');
    writeFileSync(join(outer, 'trainlock.yaml'), '');
    const answer = project.trainlock(['--store', join(project.folder, '.trainlock'), 'verify', 'last', '--data', '--json'], { cwd: outer });
    expect((JSON.parse(answer.stdout) as { readonly data: { readonly kind: string } }).data.kind).toBe('proven');
  });

  it('of a replay is never taken for that of the project', () => {
    const project = recorded(3);
    expect(project.trainlock(['replay', 'last']).status).toBe(0);
    expect(project.trainlock(['verify', project.runs().at(-1)!, '--json']).stdout).toContain('it is no longer there');
  });

  it('that is declared and not there is said to be missing', () => {
    const project = makeProject({ 'train.py': 'print(1)\n', 'trainlock.yaml': 'data:\n  train:\n    path: nowhere\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).stderr).toContain('no file of the declared data train is there');
    expect(project.manifest().data).toMatchObject([{ name: 'train', files: [], stability: 'unverified' }]);
    expect(verdict(project).kind).toBe('undecided');
  });

  it.each([
    ['changed', (project: TestProject): void => project.write({ 'data/part-001.csv': 'x\n11\n' })],
    ['came', (project: TestProject): void => project.write({ 'data/part-900.csv': 'x\n900\n' })],
    ['went', (project: TestProject): void => project.remove('data/part-001.csv')],
  ])('is known to be another if a file %s before it was hashed', (_, change) => {
    for (const count of [5, 40]) {
      const project = makeProject({ 'train.py': TRAIN, 'trainlock.yaml': 'data:\n  train:\n    path: data\n', ...files(count) });
      expect(project.trainlock(['run', '--hash', 'defer', '--', 'python', 'train.py']).status).toBe(0);
      change(project);
      expect(project.trainlock(['finish', 'last']).status).toBe(0);
      expect(project.manifest().data[0]).toMatchObject({ stability: 'changed' });
      expect(verdict(project).kind).not.toBe('proven');
    }
  });

  it.each([3, 40])('that was erased on purpose (%i files) leaves the record undecided and not broken', (count) => {
    const project = recorded(count);
    project.remove('data');
    const lost = verdict(project).kind;
    expect(project.trainlock(['data', 'erase', 'last:train', '--reason', 'request 7', '--yes']).status).toBe(0);
    const found = verdict(project);
    expect([lost === 'proven', found.kind]).toEqual([false, 'undecided']);
    expect(found.checks.some(({ because }) => because.includes('data no longer available: erased') && because.includes('request 7'))).toBe(true);
    expect(project.trainlock(['verify', 'last']).status).toBe(0);
  });

  it('can be compared with what is there now, and with a snapshot', () => {
    const project = recorded(40);
    project.write({ 'data/part-007.csv': 'x\n70\n' });
    const now = project.trainlock(['data', 'diff', 'last:train', 'data/']);
    expect(now.stdout).toContain('1 of 40 files differs');
    expect(now.stdout).toContain('one changed cell: row 8, column x');
    project.trainlock(['snapshot', 'data', '--name', 'new']);
    expect(project.trainlock(['data', 'diff', 'new', 'data/', '--json']).stdout).toContain('"verdict":"same"');
    expect(project.trainlock(['data', 'diff', 'last:nothing', 'data/']).stderr).toContain('it has: train');
  });

  it('is compared by what was recorded of it where its bytes are gone', () => {
    const rows = (shift: number): string => `id,dose\n${Array.from({ length: 200 }, (_, i) => `${i},${((i * 37) % 100) + shift}`).join('\n')}\n`;
    const project = makeProject({ 'data/a.csv': rows(0), 'data/b.csv': rows(1) });
    project.trainlock(['snapshot', 'data', '--name', 'one', '--profile']);
    project.write({ 'data/a.csv': rows(60) });
    project.trainlock(['snapshot', 'data', '--name', 'two', '--profile']);
    const answer = project.trainlock(['data', 'diff', 'one', 'two']).stdout;
    expect(answer).toContain('trainlock snapshot --keep keeps bytes');
    expect(answer).toMatch(/column dose .*mean moved|dose  strong/);
    expect(answer).toContain('not compared one by one');
    // Without a profile nothing is known.
    project.trainlock(['snapshot', 'data', '--name', 'bare']);
    project.write({ 'data/a.csv': rows(61) });
    expect(project.trainlock(['data', 'diff', 'bare', 'data/']).stdout).toContain('its bytes are not at hand');
  });

  it('tells of columns only what is declared', () => {
    const project = makeProject({
      'trainlock.yaml': 'data:\n  people:\n    path: people.csv\n    profile: full\n    columns:\n      name: "off"\n      income: counts\n    label: target\n',
      'people.csv': `name,income,target\n${Array.from({ length: 60 }, (_, i) => `secret-${i % 3},${1000 + i},${i % 2}`).join('\n')}\n`,
    });
    const answer = project.trainlock(['snapshot', '--json']);
    expect(answer.status).toBe(0);
    expect(answer.stdout).not.toContain('secret-');
    const { data } = JSON.parse(answer.stdout) as {
      readonly data: {
        readonly snapshots: readonly [{ readonly snapshot: { readonly tables: readonly [{ readonly label: string; readonly columns: readonly Record<string, unknown>[] }] } }];
      };
    };
    const [{ snapshot }] = data.snapshots;
    expect(snapshot.tables[0].label).toBe('target');
    expect(Object.keys(snapshot.tables[0].columns[0]!).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['detail', 'name', 'type']);
    expect(snapshot.tables[0].columns[1]).not.toHaveProperty('min');
    expect(snapshot.tables[0].columns[2]).toHaveProperty('categories');
  });
});
