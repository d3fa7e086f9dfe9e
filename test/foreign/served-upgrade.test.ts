import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVERYTHING } from '../harness/effort.ts';
import { type Answer, makeProject, PYTHON, type TestProject } from '../harness/project.ts';

/** What the models are trained with, and what comes in its place. Histogram gradient boosting of the old one cannot be loaded by the new one. */
const OLD = ['numpy==2.0.0', 'scikit-learn==1.6.1'];
const NEW = ['numpy==2.4.6', 'scikit-learn==1.9.1'];

/** The wheels of both, downloaded once. */
const wheels = (): string => {
  const folder = resolve('.cache/served-upgrade');
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return folder;
  mkdirSync(folder, { recursive: true });
  for (const packages of [OLD, NEW])
    execFileSync(PYTHON, ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:', '--dest', folder, ...packages], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  mkdirSync(complete);
  return folder;
};

const FILES = {
  'trainlock.yaml': `version: 0
metrics:
  accuracy: { file: metrics.json, pointer: /accuracy, direction: higher }
criteria:
  - { metric: accuracy, operator: ">", value: 0.85 }
canary:
  inputs: canary.csv
  command: [python, predict.py, "{model}", "{inputs}", "{outputs}"]
  absoluteTolerance: 1e-9
`,
  'train.py': `import json, sys
import joblib, numpy as np
from sklearn.datasets import load_digits
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
x, y = load_digits(return_X_y=True)
model = LogisticRegression(max_iter=300) if sys.argv[1] == "logreg" else HistGradientBoostingClassifier(max_iter=10, random_state=0)
model.fit(x[:1200], y[:1200])
joblib.dump(model, sys.argv[1] + ".joblib")
json.dump({"accuracy": float((model.predict(x[1200:]) == y[1200:]).mean())}, open("metrics.json", "w"))
np.savetxt("canary.csv", x[1200:1264], delimiter=",", fmt="%g", header=",".join(f"p{at}" for at in range(64)), comments="")
`,
  'predict.py': `import sys
import joblib, numpy as np
model = joblib.load(sys.argv[1])
shares = model.predict_proba(np.loadtxt(sys.argv[2], delimiter=",", skiprows=1))
np.savetxt(sys.argv[3], shares, delimiter=",", header=",".join(f"c{at}" for at in range(10)), comments="")
`,
};

/** Where Python has the wheels of pip itself, which a new environment begins with. */
const bundled = (): string =>
  execFileSync(PYTHON, ['-c', 'import ensurepip, os; print(os.path.join(os.path.dirname(ensurepip.__file__), "_bundled"))'], { encoding: 'utf8' }).trim();

type Team = {
  readonly project: TestProject;
  readonly pip: (...args: readonly string[]) => string;
  readonly sh: (command: string) => string;
  readonly as: (who: 'ann' | 'ben', ...args: readonly string[]) => Answer;
};

/** A project of two, served by an environment of its own with the old packages. */
const team = (folder: string): Team => {
  const project = makeProject(FILES, PYTHON);
  const base = resolve(project.folder, '..');
  execFileSync(PYTHON, ['-m', 'venv', join(base, 'venv')]);
  const python = join(base, 'venv/bin/python');
  const env = { ...project.env, PATH: `${join(base, 'venv/bin')}:${project.env['PATH']}` };
  const offline = { cwd: project.folder, env: { ...env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: `${folder} ${bundled()}`, PIP_DISABLE_PIP_VERSION_CHECK: '1' } };
  const pip = (...args: readonly string[]): string => execFileSync(python, ['-m', 'pip', ...args], { encoding: 'utf8', ...offline });
  const sh = (command: string): string => execFileSync('sh', ['-c', command], { encoding: 'utf8', ...offline });
  const as = (who: 'ann' | 'ben', ...args: readonly string[]): Answer => project.trainlock(args, { env: { ...env, HOME: join(base, who), TRAINLOCK_KEY: who } });
  const must = (who: 'ann' | 'ben', ...args: readonly string[]): Answer => {
    const answer = as(who, ...args);
    expect(answer.status, `${args.join(' ')}\n${answer.stdout}${answer.stderr}`).toBe(0);
    return answer;
  };
  pip('install', '--quiet', ...OLD);
  for (const who of ['ann', 'ben'] as const) {
    mkdirSync(join(base, who));
    must(who, 'keys', 'new', who);
    project.write({ [`${who}.pub`]: must(who, 'keys', 'export', who).stdout });
  }
  must('ann', 'keys', 'new', 'root', '--purpose', 'root');
  must('ann', 'trust', 'new', '--root', 'root');
  must('ann', 'trust', 'pin');
  const approver = ['--role', 'approver-data', '--role', 'approver-model', '--role', 'approver-dependency', '--type', 'approval'];
  must('ann', 'trust', 'add', 'ann', '--kind', 'person', '--public-key', 'ann.pub', '--role', 'signer', ...approver, '--type', 'training-run');
  must('ann', 'trust', 'add', 'ben', '--kind', 'person', '--public-key', 'ben.pub', ...approver);
  must('ben', 'trust', 'pin', '--yes');
  must('ann', 'policy', 'new', '--person', 'ann', '--person', 'ben');
  project.write({ 'canary.csv': '' });
  for (const kind of ['logreg', 'hgb']) {
    // The canary is a part of the data that the first training writes out.
    if (kind === 'logreg') execFileSync(python, ['train.py', kind], { cwd: project.folder, env });
    must('ann', 'run', '--name', kind, '--', 'python', 'train.py', kind);
    for (const role of ['data', 'model', 'dependency'])
      must('ben', 'approve', kind, '--against', 'none', '--role', `approver-${role}`, '--environment', 'production', '--reason', 'looked', '--yes');
  }
  return { project, pip, sh, as };
};

const gate = ({ as }: Team, model: string): Answer => as('ann', 'gate', '--env', 'production', model);

describe.runIf(EVERYTHING)('a served model whose numpy and scikit-learn are upgraded', () => {
  it('goes on where the canary says the same, and is stopped where it cannot be loaded, until the printed commands have been run', { timeout: 900_000 }, () => {
    const folder = wheels();
    const made = team(folder);
    for (const model of ['logreg.joblib', 'hgb.joblib']) expect(gate(made, model).stdout).toMatch(/^allowed/);
    made.pip('install', '--quiet', '--upgrade', ...NEW);

    // The same bits, and so the versions are a note.
    const same = gate(made, 'logreg.joblib');
    expect([same.status, same.stdout]).toEqual([0, expect.stringMatching(/^allowed/)]);
    expect(same.stdout).toMatch(/^canary +held {2}the same bytes as when the model was trained$/m);
    expect(same.stdout).toMatch(/^environment +held .*the canary proves that they do no harm$/m);
    expect(same.stdout).toMatch(
      /^excused\n[^]*TL3001 high {2}package scikit-learn: 1\.6\.1.* was recorded, here 1\.9\.1|TL3001 medium {2}package scikit-learn: 1\.6\.1.* was recorded, here 1\.9\.1/m,
    );

    // The other one does not even load.
    const crashed = gate(made, 'hgb.joblib');
    expect([crashed.status, crashed.stdout]).toEqual([1, expect.stringMatching(/^denied/)]);
    expect(crashed.stdout).toMatch(/^canary +wrong {2}it ended with 1: ModuleNotFoundError: No module named '_loss'$/m);
    const printed = [...new Set([...crashed.stdout.matchAll(/fix: (\S+ -m pip install .*)$/gm)].map(([, command]) => command!))];
    expect(printed.join('\n')).toContain('-m pip install --no-deps --force-reinstall scikit-learn==1.6.1');
    for (const command of printed) made.sh(command);
    expect(gate(made, 'hgb.joblib').stdout).toMatch(/^allowed/);
    made.pip('install', '--quiet', '--upgrade', ...NEW);
    expect(gate(made, 'hgb.joblib').status).toBe(1);

    // The lock of the run, with the hashes of the wheels that were installed then, brings everything back.
    const lock = made.as('ann', 'env', 'lock', 'hgb', '--format', 'pip', '--find-links', folder, '--find-links', bundled(), '--no-cache', '--out', 'lock.txt');
    expect([lock.status, lock.stdout]).toEqual([0, expect.stringContaining('the lock is complete')]);
    expect(made.project.read('lock.txt')).toMatch(/python -m pip install --no-deps --require-hashes -r THIS_FILE[^]*scikit-learn==1\.6\.1 \\\n {4}--hash=sha256:/);
    made.pip('install', '--quiet', '--no-deps', '--require-hashes', '-r', 'lock.txt');
    const mended = gate(made, 'hgb.joblib');
    expect([mended.status, mended.stdout]).toEqual([0, expect.stringMatching(/^allowed/)]);
    expect(mended.stdout).toMatch(/^environment +held {2}as recorded$/m);
  });
});
