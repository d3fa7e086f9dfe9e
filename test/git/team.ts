import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { CLI, makeProject, type TestProject } from '../harness/project.ts';

export type Step = { readonly id?: string; readonly run: string; readonly env?: Readonly<Record<string, string>>; readonly shell: string };
type Action = {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
};

/** What the action runs, step by step. */
export const ACTION = parse(readFileSync('action.yml', 'utf8')) as Action;
export const [INSTALL, CHECK] = ACTION.runs.steps as readonly [Step, Step];

export type Team = TestProject & {
  readonly as: (person: string, command: string) => { readonly status: number | null; readonly output: string };
  readonly step: (step: Step, more?: Readonly<Record<string, string>>) => { readonly status: number | null; readonly output: string };
  /** The component of GitLab, in the pipeline of the project itself unless `more` says otherwise. */
  readonly pipeline: (more?: Readonly<Record<string, string>>) => { readonly status: number | null; readonly output: string };
  /** What the action said of itself, the last of each name. */
  readonly outputs: () => Readonly<Record<string, string>>;
  readonly temp: string;
};

/** A bare repository as origin, and a clone in which Ann trains and Ben approves. On main lies the first record, with policy and trust file. */
export const team = (): Team => {
  const project = makeProject({
    'train.py': "import time\nrows = open('data.csv').read().split()\ntime.sleep(0.6)\nopen('model.txt', 'w').write(str(len(rows)))\n",
    'data.csv': '1\n2\n',
    '../bin/trainlock': `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`,
    '../temp/keep': '',
  });
  const base = dirname(project.folder);
  chmodSync(join(base, 'bin/trainlock'), 0o755);
  const env = { ...project.env, PATH: `${base}/bin:${project.env['PATH']}`, GIT_CONFIG_GLOBAL: '/dev/null' };
  const as: Team['as'] = (person, command) => {
    const who = {
      HOME: join(base, `home-${person}`),
      GIT_AUTHOR_NAME: person,
      GIT_AUTHOR_EMAIL: `${person}@example.com`,
      GIT_COMMITTER_NAME: person,
      GIT_COMMITTER_EMAIL: `${person}@example.com`,
    };
    mkdirSync(who.HOME, { recursive: true });
    const answer = spawnSync('bash', ['-euc', command], { cwd: project.folder, env: { ...env, ...who, TRAINLOCK_KEY: person }, encoding: 'utf8', input: '' });
    return { status: answer.status, output: answer.stdout + answer.stderr };
  };
  const temp = join(base, 'temp');
  const outputs: Team['outputs'] = () =>
    Object.fromEntries(
      readFileSync(join(temp, 'output'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split('=', 2)),
    );
  const pipeline: Team['pipeline'] = (more = {}) => {
    const jobs = parseAllDocuments(readFileSync('templates/check.yml', 'utf8'))[1]!.toJS() as Record<string, Record<string, string[]>>;
    writeFileSync(join(temp, 'script.sh'), `set -e\n${jobs['trainlock-check']!['script']!.join('\n')}\n`);
    const said = {
      CI_PROJECT_ID: '1',
      CI_MERGE_REQUEST_PROJECT_ID: '1',
      CI_MERGE_REQUEST_PROJECT_URL: '/nowhere',
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
      CI_PROJECT_DIR: project.folder,
      TRAINLOCK_DIRECTORY: '.',
      TRAINLOCK_TRUST_PIN: '',
      ...more,
    };
    const words = Object.entries(said).map(([name, value]) => `export ${name}='${value}'`);
    return as('ci', `${words.join('; ')}; sh ../temp/script.sh`);
  };
  const step: Team['step'] = ({ run }, more = {}) => {
    const files = { GITHUB_PATH: join(temp, 'path'), GITHUB_OUTPUT: join(temp, 'output'), GITHUB_STEP_SUMMARY: join(temp, 'summary.md') };
    for (const file of Object.values(files)) appendFileSync(file, '');
    const inputs = Object.fromEntries(Object.entries(ACTION.inputs).map(([name, input]) => [`INPUT_${name.toUpperCase().replaceAll('-', '_')}`, input.default]));
    const job = {
      ...env,
      HOME: join(base, 'home-ci'),
      CI: 'true',
      RUNNER_TEMP: temp,
      GITHUB_WORKSPACE: project.folder,
      GITHUB_BASE_REF: 'main',
      GITHUB_EVENT_NAME: 'pull_request',
      EVENT_BEFORE: '',
      ACTION_PATH: resolve('.'),
      ...inputs,
      ...files,
      ...more,
    };
    mkdirSync(job.HOME, { recursive: true });
    const answer = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], { cwd: project.folder, env: job, encoding: 'utf8', input: '' });
    return { status: answer.status, output: answer.stdout + answer.stderr };
  };
  const done = { ...project, as, step, pipeline, outputs, temp };
  must(done.as('ben', 'trainlock keys new ben; trainlock keys export ben > ../ben.pub'));
  must(
    done.as(
      'ann',
      `git init -q --bare -b main ../origin.git; git init -q -b main; git remote add origin ../origin.git
       trainlock keys new root --purpose root; trainlock keys new ann; trainlock keys export ann > ../ann.pub
       trainlock trust new --root root; trainlock trust pin
       for who in ann ben; do trainlock trust add $who --kind person --public-key ../$who.pub --role approver-data --role approver-model --role approver-dependency --role signer --type training-run --type approval; done
       trainlock policy new --person ann --person ben
       trainlock run --name first -- python train.py; trainlock keep first
       git add .; git commit -q -m first; git push -q origin main
       git checkout -q -b change; printf '3\\n' >> data.csv
       trainlock run --name second -- python train.py; trainlock keep second
       git add .; git commit -q -m second`,
    ),
  );
  must(done.as('ben', 'trainlock trust pin --yes'));
  return done;
};

export const must = ({ status, output }: { readonly status: number | null; readonly output: string }): string => {
  expect(status, output).toBe(0);
  return output;
};
