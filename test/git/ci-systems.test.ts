import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { goTool } from '../foreign/go-tool.ts';
import { makeProject } from '../harness/project.ts';
import { ACTION, CHECK, INSTALL, must, team } from './team.ts';

const APPROVE =
  'for role in approver-data approver-model; do trainlock approve second --against first --base main --role $role --reason looked --yes; done; git add .; git commit -q -m approved';

describe('a change of a fork', () => {
  it('is judged by the policy and the trust file of the base, whatever it makes of them', { timeout: 120_000 }, () => {
    const { as, step, temp, read, folder } = team();
    const output = (): string => readFileSync(join(temp, 'output'), 'utf8');
    // Nobody has approved it yet.
    const open = step(CHECK, { INPUT_SARIF: 'out.sarif', INPUT_JUNIT: join(temp, 'out.xml') });
    expect(open.status, open.output).toBe(3);
    expect(open.output).toMatch(
      /^::stop-commands::([0-9a-f]{32})\n[\s\S]*\n::\1::\n::warning file=\.trainlock\/kept\/[^,]+,title=trainlock%3A approval-outstanding::from first to second: /m,
    );
    expect(readFileSync(join(temp, 'summary.md'), 'utf8')).toContain('what differs: first to second');
    expect(JSON.parse(read('out.sarif'))).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: 'approval-outstanding' }, { ruleId: 'trust-of-base' }] }] });
    expect(readFileSync(join(temp, 'out.xml'), 'utf8')).toContain('<error type="approval-outstanding"');
    expect(step(CHECK, { INPUT_ALLOW_UNDECIDED: 'true' }).status).toBe(0);
    // GitLab hears the same.
    const jobs = parseAllDocuments(readFileSync('templates/check.yml', 'utf8'))[1]!.toJS() as Record<string, Record<string, string[]>>;
    writeFileSync(join(temp, 'script.sh'), `set -e\n${jobs['trainlock-check']!['script']!.join('\n')}\n`);
    const merge = as('ci', 'export CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main CI_PROJECT_DIR=$PWD/../temp TRAINLOCK_DIRECTORY=. TRAINLOCK_TRUST_PIN=; sh ../temp/script.sh');
    expect(merge.status, merge.output).toBe(3);
    expect(JSON.parse(readFileSync(join(temp, 'trainlock-quality.json'), 'utf8'))).toMatchObject([
      { check_name: 'approval-outstanding', severity: 'major' },
      { check_name: 'trust-of-base' },
    ]);
    expect(readFileSync(join(temp, 'trainlock-junit.xml'), 'utf8')).toContain('errors="1"');

    // A policy that asks for less, in the same change, is judged by the old one; so is everything else.
    must(
      as(
        'ann',
        `rm out.sarif; sed -i 's/role: approver-data/role: approver-model/; s/\\[code, parameter, seed, criteria\\]/[code]/' .trainlock/policy.yaml; git commit -q -a -m policy`,
      ),
    );
    const weaker = step(CHECK);
    expect(weaker.status, weaker.output).toBe(3);
    expect(weaker.output).toContain('policy-approval-outstanding');
    expect(weaker.output).toMatch(/rule data-change needs 1 more × approver-data/);
    // A solo policy of its own does not help, nor does a trust file with a root of its own.
    must(
      as(
        'ann',
        'printf \'version: 1\\nsolo: true\\nroles: { approver-model: [ann] }\\nrules: [{ id: a, why: b, changed: ["**"], require: [{ role: approver-model }] }]\\n\' > .trainlock/policy.yaml; git commit -q -a -m solo',
      ),
    );
    expect(step(CHECK).status).toBe(3);
    must(
      as('mallory', 'trainlock keys new root --purpose root; rm -r .trainlock/trust.json .trainlock/trust; trainlock trust new --root root; git add -A; git commit -q -m trust'),
    );
    const other = step(CHECK);
    expect(other.status, other.output).toBe(1);
    expect(other.output).toContain('trust-not-followed');
    must(as('ann', 'git reset -q --hard HEAD~3'));

    // Ben approves, and hands his approvals in himself: that does not make him one of the authors.
    must(as('ben', APPROVE));
    const yes = step(CHECK);
    expect(yes.status, yes.output).toBe(0);
    expect(output().trim().split('\n').at(-1)).toBe('verdict=whole');
    // With roots that were pinned by hand it is the same, and the note about the base is gone.
    const pin = readFileSync(join(dirname(folder), 'home-ann/.config/trainlock/trust-pin.json'), 'utf8');
    const pinned = step(CHECK, { INPUT_TRUST_PIN: pin });
    expect(pinned.status, pinned.output).toBe(0);
    expect(pinned.output).not.toContain('trust-of-base');

    // A withdrawal that reached the base meanwhile counts, although the change does not have it.
    must(
      as(
        'ben',
        `id=$(trainlock approve list --json | grep -o 'sha256":"[0-9a-f]*' | head -1 | cut -c10-); git checkout -q main; git checkout -q change -- .trainlock/approvals; trainlock approve withdraw $id --reason late; git add -A; git commit -q -m late; git push -q origin main; git checkout -q change`,
      ),
    );
    const late = step(CHECK);
    expect(late.status, late.output).toBe(3);

    // One more commit voids nothing that was signed, but a rewritten record is a definite no.
    must(
      as(
        'ann',
        `git push -q -f origin main~1:main; f=$(ls .trainlock/kept/*.statement.json | tail -1); sed -i 's/"name":"second"/"name":"third"/' $f; git commit -q -a -m rewritten`,
      ),
    );
    const rewritten = step(CHECK, { GITHUB_BASE_REF: '', INPUT_BASE: 'HEAD~1' });
    expect(rewritten.status, rewritten.output).toBe(1);
    expect(rewritten.output).toMatch(/^::error file=\.trainlock\/kept\/[^,]+,title=trainlock%3A record-rewritten::/m);
    expect(existsSync(join(folder, '.trainlock/approvals'))).toBe(true);
  });
});

describe('the action', () => {
  it('puts nothing of an event into its scripts, documents every input, and runs for no event that gives forks rights', () => {
    expect(ACTION.runs.using).toBe('composite');
    for (const { run, shell } of ACTION.runs.steps) {
      expect(run).not.toContain('${{');
      expect(shell).toBe('bash');
    }
    for (const { description } of Object.values(ACTION.inputs)) expect(description).toMatch(/\.$/);
    const project = makeProject({ 'temp/keep': '' });
    const env = {
      PATH: process.env['PATH'],
      RUNNER_TEMP: join(project.folder, 'temp'),
      GITHUB_EVENT_NAME: 'pull_request_target',
      INPUT_PACKAGE: '',
      INPUT_SHA256: '',
      INPUT_VERSION: '',
    };
    const answer = spawnSync('bash', ['-eo', 'pipefail', '-c', INSTALL.run], { cwd: project.folder, env, encoding: 'utf8' });
    expect([answer.status, answer.stdout]).toEqual([2, expect.stringContaining('not for pull_request_target')]);
  });

  it('installs no package with another digest', () => {
    const project = makeProject({ 'temp/keep': '', 'a.tgz': 'not what was promised' });
    const env = {
      PATH: process.env['PATH'],
      RUNNER_TEMP: join(project.folder, 'temp'),
      GITHUB_PATH: join(project.folder, 'path'),
      GITHUB_EVENT_NAME: 'pull_request',
      INPUT_PACKAGE: 'a.tgz',
      INPUT_SHA256: '0'.repeat(64),
      INPUT_VERSION: '',
    };
    const answer = spawnSync('bash', ['-eo', 'pipefail', '-c', INSTALL.run], { cwd: project.folder, env, encoding: 'utf8' });
    expect(answer.status).not.toBe(0);
    expect(project.exists('path')).toBe(false);
  });

  it('is what actionlint takes, in a workflow that uses it', (context) => {
    const actionlint = process.env['TRAINLOCK_TEST_TOOLS'] === 'all' ? goTool('actionlint') : undefined;
    if (actionlint === undefined) return context.skip();
    const project = makeProject();
    const scripts = ACTION.runs.steps.map(({ run }, i) => `      - name: step ${i}\n        shell: bash\n        run: |\n${run.replace(/^/gm, '          ')}`);
    project.write({
      '.github/workflows/check.yml': `on: pull_request\npermissions: { contents: read }\njobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n${scripts.join('\n')}\n`,
    });
    const answer = spawnSync(actionlint, ['-no-color', join(project.folder, '.github/workflows/check.yml')], { cwd: project.folder, encoding: 'utf8' });
    expect(answer.stdout + answer.stderr).toBe('');
  });
});

describe('the component of GitLab', () => {
  it('has inputs with words, and scripts that hold no input but in variables', () => {
    const [spec, jobs] = parseAllDocuments(readFileSync('templates/check.yml', 'utf8')).map((document) => document.toJS() as Record<string, Record<string, unknown>>);
    for (const input of Object.values(spec!['spec']!['inputs'] as Record<string, { readonly description: string }>)) expect(input.description).toMatch(/\.$/);
    const job = jobs!['trainlock-check']!;
    for (const line of [...(job['before_script'] as string[]), ...(job['script'] as string[])]) expect(line).not.toContain('$[[');
    expect(job['artifacts']).toMatchObject({ when: 'always', reports: { junit: 'trainlock-junit.xml', codequality: 'trainlock-quality.json' } });
  });
});
