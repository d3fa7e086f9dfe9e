import { describe, expect, it } from 'vitest';
import { makeProject, type TestProject } from '../harness/project.ts';

const TRAIN = 'open("model.pkl", "w").write("2")\n';

/** A run with a canary that is a shell script; everything about it but the script is as usual. */
const recorded = (
  script: string,
  { config = '', train = TRAIN, files = {}, flags = [] as readonly string[] } = {},
): { readonly project: TestProject; readonly status: number | null } => {
  const project = makeProject({
    'train.py': train,
    'canary.csv': 'x\n1\n',
    'serve.sh': script,
    'trainlock.yaml': `version: 0\ncanary:\n  inputs: canary.csv\n  command: [sh, serve.sh, "{model}", "{inputs}", "{outputs}"]\n${config}`,
    ...files,
  });
  const { status } = project.trainlock(['run', ...flags, '--', 'python', 'train.py']);
  return { project, status };
};

const gapOf = (project: TestProject): string => project.manifest().capture.gaps.find(({ about }) => about === '/evaluation/canary')?.reason ?? '';

describe('a canary', () => {
  it('is asked with the model of the run, by file or by stream, and what it says is kept', () => {
    const { project } = recorded('cat "$1" > "$3"; cat "$2" >> "$3"');
    const { canary } = project.manifest().evaluation;
    expect(canary).toMatchObject({
      model: '${project}/model.pkl',
      files: [{ path: '${project}/serve.sh' }],
      outputs: { sizeBytes: 5 },
      flips: 0,
      absoluteTolerance: '0',
      seconds: 60,
    });
    project.write({ 'trainlock.yaml': 'version: 0\ncanary: { inputs: canary.csv, command: [sh, -c, "cat; true {model}"] }\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    expect(project.manifest().evaluation.canary?.outputs?.sha256).toBe(project.manifest().evaluation.canary?.inputs.sha256);
    expect(project.trainlock(['verify', 'last', '--intact']).status).toBe(0);
    // Nothing of it is left to be cleaned up, and nothing that it names ever is.
    expect(project.trainlock(['gc', '--yes']).status).toBe(0);
    expect(project.trainlock(['verify', 'last', '--intact']).status).toBe(0);
  });

  it.each<[string, string, Parameters<typeof recorded>[1], RegExp]>([
    ['that fails', 'echo "no module" >&2; exit 3', {}, /it ended with 3: no module$/],
    ['that does not end, nor what it started', 'sleep 60 & sleep 60', { config: '  seconds: 1\n' }, /it did not end within 1 second$/],
    ['that says too much', 'head -c 20000000 /dev/zero', { config: '' }, /it wrote more than 16 MiB$/],
    ['that writes nothing', 'true', {}, /it ended without predictions in \{outputs\} that can be read$/],
    ['that is ended', 'kill -9 $$', {}, /it was ended by SIGKILL$/],
    ['that says nothing', ': > "$3"', {}, /there are no predictions/],
    ['that keeps a secret', 'echo "key,ghp_16C7e42F292c6912E7710c838347Ae178B4a" > "$3"', {}, /a secret was found in what it said/],
    ['that leads elsewhere', 'ln -s /etc/passwd "$3"', {}, /it ended without predictions/],
    ['that names no model', 'true', { files: { 'trainlock.yaml': 'version: 0\ncanary: { inputs: canary.csv, command: [cat] }\n' } }, /does not name \{model\}/],
    ['that says a secret', 'echo "token ghp_16C7e42F292c6912E7710c838347Ae178B4a" >&2; exit 1', {}, /^(?!.*ghp_16C7e42F).*it ended with 1: token/],
    ['whose inputs are not there', 'true', { files: { 'trainlock.yaml': 'version: 0\ncanary: { inputs: gone.csv, command: [cat, "{model}"] }\n' } }, /gone\.csv/],
    ['whose inputs lie elsewhere', 'true', { files: { 'trainlock.yaml': 'version: 0\ncanary: { inputs: ../home, command: [cat, "{model}"] }\n' } }, /outside the project/],
    ['whose inputs hold a secret', 'true', { files: { 'canary.csv': 'key\nghp_16C7e42F292c6912E7710c838347Ae178B4a\n' } }, /a secret was found in its inputs/],
    [
      'whose program is not there',
      'true',
      { files: { 'trainlock.yaml': 'version: 0\ncanary: { inputs: canary.csv, command: [no-such-program, "{model}"] }\n' } },
      /it cannot be started/,
    ],
    ['with two models and no word which', 'true', { train: `${TRAIN}open("other.pkl", "w").write("3")\n` }, /there is no model for \{model\}$/],
    ['of a training that failed', 'cat "$1" > "$3"', { train: `${TRAIN}raise SystemExit(4)\n` }, /the command did not succeed$/],
  ])('%s is a gap, and changes nothing about the run', (_, script, options, expected) => {
    const { project, status } = recorded(script, options);
    expect(status).toBe(options?.train?.includes('SystemExit') === true ? 4 : 0);
    expect(gapOf(project)).toMatch(expected);
    expect(project.manifest().evaluation.canary?.outputs).toBeUndefined();
    expect(project.manifest().outputs.length).toBeGreaterThan(0);
  });

  it('is left out, and said to be, where the record is completed later', () => {
    const { project } = recorded('cat "$1" > "$3"', { flags: ['--hash', 'defer'] });
    expect(project.trainlock(['finish', 'last']).status).toBe(0);
    expect(gapOf(project)).toMatch(/completed later/);
  });

  it('takes the model that is named', () => {
    const { project } = recorded('cat "$1" > "$3"', { train: `${TRAIN}open("other.pkl", "w").write("345")\n`, config: '  model: other.pkl\n' });
    expect(project.manifest().evaluation.canary).toMatchObject({ model: '${project}/other.pkl', outputs: { sizeBytes: 3 } });
  });
});
