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
