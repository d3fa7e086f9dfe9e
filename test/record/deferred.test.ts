import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProject } from '../harness/project.ts';

const deferred = () => {
  const project = makeProject({ 'train.py': 'open("model.bin", "wb").write(open("data.csv", "rb").read() * 2)\n', 'data.csv': 'x\n1\n' });
  expect(project.trainlock(['run', '--hash', 'defer', '--', 'python', 'train.py'])).toMatchObject({ status: 0, stdout: '' });
  return project;
};

const listed = (project: ReturnType<typeof makeProject>): readonly { readonly state: string }[] =>
  (JSON.parse(project.trainlock(['list', '--json']).stdout) as { readonly data: { readonly runs: readonly { readonly state: string }[] } }).data.runs;

describe('a run whose hashing was put off', () => {
  it('is completed by finish, with the digests of the files that it left', () => {
    const project = deferred();
    expect(listed(project)).toMatchObject([{ state: 'deferred' }]);
    expect(project.trainlock(['verify', 'last'])).toMatchObject({ status: 3, stderr: expect.stringMatching(/not hashed yet[^]*trainlock finish/) });
    expect(project.trainlock(['finish', 'last'])).toMatchObject({ status: 0 });
    expect(listed(project)).toMatchObject([{ state: 'finished' }]);
    const { outputs, data } = project.manifest();
    expect(outputs).toMatchObject([{ path: '${project}/model.bin', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), sizeBytes: 8 }]);
    expect(data).toMatchObject([{ stability: 'stable' }]);
    expect(project.trainlock(['verify', 'last', '--data'])).toMatchObject({ status: 0 });
    expect(project.trainlock(['finish', 'last'])).toMatchObject({ status: 0, stdout: expect.stringContaining('is complete already') });
  });

  it.each([
    ['signed where the home is that of the user who started it', (home: string) => home, 0],
    ['not signed where it is another', (home: string) => `${home}-of-another`, 3],
  ])('is %s', (_, homeOf, verified) => {
    const project = deferred();
    const home = homeOf(project.env['HOME']!);
    mkdirSync(home, { recursive: true });
    expect(project.trainlock(['finish', 'last'], { env: { ...project.env, HOME: home } })).toMatchObject({ status: 0 });
    expect(project.manifest().outputs).toMatchObject([{ path: '${project}/model.bin', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(project.trainlock(['verify', 'last'], { env: { ...project.env, HOME: home } }).status).toBe(verified);
  });

  it('tells of files that were removed in between', () => {
    const project = deferred();
    project.remove('model.bin');
    expect(project.trainlock(['finish', 'last'])).toMatchObject({ status: 0 });
    expect(project.manifest().outputs).toMatchObject([{ path: '${project}/model.bin', withheld: expect.stringContaining('removed') }]);
    expect(project.trainlock(['verify', 'last']).status).toBe(3);
  });

  it('does not pretend to know files that have changed in between', () => {
    const project = deferred();
    project.write({ 'data.csv': 'x\n2\n', 'model.bin': 'else' });
    expect(project.trainlock(['finish', 'last'])).toMatchObject({ status: 0 });
    const { outputs, data, capture } = project.manifest();
    expect(outputs[0]).toMatchObject({ path: '${project}/model.bin', withheld: expect.stringContaining('changed') });
    expect(outputs[0]?.sha256).toBeUndefined();
    expect(data).toMatchObject([{ stability: 'changed' }]);
    expect(capture.findings).toMatchObject([{ kind: 'data-changed', severity: 'error' }]);
    expect(project.trainlock(['verify', 'last', '--data']).status).toBe(3);
  });
});

describe('the schema of a run whose hashing was put off', () => {
  const begun = (schemaMajor: unknown) => {
    const project = deferred();
    const path = join(project.runs()[0]!, 'started.json');
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), schemaMajor }));
    return project;
  };

  it('is the one that the project writes, where the recorder that began it knew one only', () => {
    const project = begun(undefined);
    project.write({ 'trainlock.yaml': 'version: 0\nrun: { schema: v0 }\n' });
    expect(project.trainlock(['finish', 'last'])).toMatchObject({ status: 0 });
    expect(readFileSync(join(project.runs()[0]!, 'statement.json'), 'utf8')).toContain('"predicateType":"https://trainlock.dev/training-run/v0"');
  });

  it.each<[unknown, number, RegExp]>([
    [7, 3, /TL0202.*begun by a newer trainlock/],
    [-1, 1, /TL0304.*names no version/],
    ['x', 1, /TL0304.*names no version/],
  ])('is not guessed from %j', (schemaMajor, status, told) => {
    const project = begun(schemaMajor);
    expect(project.trainlock(['finish', 'last'])).toMatchObject({ status, stderr: expect.stringMatching(told) as string });
    expect(listed(project)).toMatchObject([{ state: 'deferred' }]);
  });
});

describe('a declared folder whose hashing was put off', () => {
  const declared = (count: number, change: (folder: string) => void = () => undefined) => {
    const files = Object.fromEntries(Array.from({ length: count }, (_, i) => [`data/${i}.csv`, `x\n${i}\n`]));
    const project = makeProject({ 'train.py': 'print(open("data/0.csv").read())\n', 'trainlock.yaml': 'data:\n  train:\n    path: data\n', 'more/a.csv': 'a', ...files });
    change(project.folder);
    expect(project.trainlock(['run', '--hash', 'defer', '--', 'python', 'train.py'])).toMatchObject({ status: 0 });
    return project;
  };
  const stabilityOf = (project: ReturnType<typeof makeProject>): string | undefined => {
    expect(project.trainlock(['finish', 'last'])).toMatchObject({ status: 0 });
    return project.manifest().data.find(({ name }) => name === 'train')!.stability;
  };

  it.each([3, 40])('is not called changed for the links to folders and the names that are no text in it (%i files)', (count) => {
    const project = declared(count, (folder) => {
      symlinkSync('../more', join(folder, 'data', 'outside'));
      mkdirSync(join(folder, 'data', 'inner'));
      symlinkSync('inner', join(folder, 'data', 'inside'));
      for (const byte of [0xe9, 0xe8]) writeFileSync(Buffer.concat([Buffer.from(join(folder, 'data', 'inner/')), Buffer.from([byte])]), String(byte));
    });
    expect(stabilityOf(project)).toBe('unverified');
  });

  it.each([
    [3, 'a file that became a folder', (folder: string) => (rmSync(join(folder, 'data/1.csv')), mkdirSync(join(folder, 'data/1.csv')))],
    [40, 'a file that became a folder', (folder: string) => (rmSync(join(folder, 'data/1.csv')), mkdirSync(join(folder, 'data/1.csv')))],
    [40, 'a file that was removed', (folder: string) => rmSync(join(folder, 'data/1.csv'))],
    [40, 'a new file', (folder: string) => writeFileSync(join(folder, 'data/new.csv'), '')],
    [3, 'a folder that was moved away', (folder: string) => renameSync(join(folder, 'data'), join(folder, 'old'))],
    [40, 'a folder that was moved away', (folder: string) => renameSync(join(folder, 'data'), join(folder, 'old'))],
    [3, 'a folder that became a file', (folder: string) => (rmSync(join(folder, 'data'), { recursive: true }), writeFileSync(join(folder, 'data'), ''))],
  ] as const)('of %i files is called changed after %s', (count, _, change) => {
    const project = declared(count);
    change(project.folder);
    expect(stabilityOf(project)).toBe('changed');
    expect(project.trainlock(['verify', 'last', '--data']).status).toBe(3);
  });
});
