import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { goTool } from '../foreign/go-tool.ts';
import { makeProject } from '../harness/project.ts';
import { ACTION, CHECK, INSTALL, must, type Step, team } from './team.ts';

const APPROVE =
  'for role in approver-data approver-model; do trainlock approve second --against first --base main --role $role --reason looked --yes; done; git add .; git commit -q -m approved';

describe('a change of a fork', () => {
  it('is judged by the policy and the trust file of the base, whatever it makes of them', { timeout: 120_000 }, () => {
    const { as, step, pipeline, outputs, temp, read, folder } = team();
    // Nobody has approved it yet.
    const open = step(CHECK, { INPUT_SARIF: 'r/out.sarif', INPUT_JUNIT: 'out.xml' });
    expect(open.status, open.output).toBe(3);
    expect(open.output).toMatch(
      /^::stop-commands::([0-9a-f]{32})\n[\s\S]*\n::\1::\n::warning file=\.trainlock\/kept\/[^,]+,title=trainlock%3A approval-outstanding::from first to second: /m,
    );
    expect(readFileSync(join(temp, 'summary.md'), 'utf8')).toContain('what differs: first to second');
    expect(JSON.parse(readFileSync(outputs()['sarif']!, 'utf8'))).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ ruleId: 'approval-outstanding' }, { ruleId: 'trust-of-base' }] }],
    });
    expect(readFileSync(outputs()['junit']!, 'utf8')).toContain('<error type="approval-outstanding"');
    expect(step(CHECK, { INPUT_ALLOW_UNDECIDED: 'true' }).status).toBe(0);
    // GitLab hears the same.
    const merge = pipeline();
    expect(merge.status, merge.output).toBe(3);
    expect(JSON.parse(read('trainlock-quality.json'))).toMatchObject([{ check_name: 'approval-outstanding', severity: 'major' }, { check_name: 'trust-of-base' }]);
    expect(read('trainlock-junit.xml')).toContain('errors="1"');

    // A policy that asks for less, in the same change, is judged by the old one; so is everything else.
    must(
      as(
        'ann',
        `rm trainlock-quality.json trainlock-junit.xml; sed -i 's/role: approver-data/role: approver-model/; s/\\[code, parameter, seed, criteria\\]/[code]/' .trainlock/policy.yaml; git commit -q -a -m policy`,
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
    expect(outputs()['verdict']).toBe('whole');
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

describe('a change that prepares the checkout', () => {
  it('hides the base from neither system', { timeout: 120_000 }, () => {
    const { as, step, pipeline, outputs, folder, temp } = team();
    must(as('ben', APPROVE));
    const both = (): readonly (number | null)[] => [step(CHECK, { INPUT_SARIF: 'r/out.sarif' }).status, pipeline().status];
    expect(both()).toEqual([0, 0]);
    // A policy that asks for nothing, in the base that the change would like to have.
    must(
      as(
        'ann',
        `rm -f trainlock-*; sed -i 's/\\[code, parameter, seed, criteria\\]/[code]/' .trainlock/policy.yaml; git commit -q -a -m policy; git tag origin/main; git tag refs/remotes/origin/main; git branch origin/main 2> /dev/null || true
         ln -s ../temp/aim r; mkdir ../temp/aim; ln -s ../temp/aim.xml trainlock-junit.xml; mkdir trainlock-quality.json; touch trainlock-quality.json/x; git add .; git commit -q -m reports`,
      ),
    );
    expect(both()).toEqual([3, 3]);
    expect([existsSync(join(temp, 'aim/out.sarif')), existsSync(join(temp, 'aim.xml'))]).toEqual([false, false]);
    expect(existsSync(outputs()['sarif']!)).toBe(true);
    must(as('ann', 'git reset -q --hard; git clean -q -f -d; git tag -d origin/main refs/remotes/origin/main; git branch -q -D origin/main'));

    // What looks like a repository in the folder of the project, and one that is another repository.
    must(
      as(
        'ann',
        `mkdir ml; git init -q --bare ml; git -C ml config core.fsmonitor "touch $PWD/../temp/started #"; git -C ml config core.worktree "$PWD"; git -C ml config core.bare false; git -C ml config alias.fetch x`,
      ),
    );
    const cwd = (run: string): Step => ({ ...CHECK, run: `cd ml\n${run}` });
    expect(step(cwd(CHECK.run)).status).not.toBe(0);
    expect(pipeline({ TRAINLOCK_DIRECTORY: 'ml' }).status).not.toBe(0);
    must(as('ann', 'rm -r ml; git clone -q . ml'));
    expect(step(cwd(CHECK.run))).toMatchObject({ status: 2, output: expect.stringContaining('not in the repository that was checked out') });
    expect(pipeline({ TRAINLOCK_DIRECTORY: 'ml' })).toMatchObject({ status: 2, output: expect.stringContaining('not in the repository that was checked out') });
    expect(existsSync(join(temp, 'started'))).toBe(false);
    must(as('ann', 'rm -rf ml'));

    // In the pipeline of a fork, origin is the fork, and its main is what the change likes.
    must(as('ann', 'git clone -q --bare ../origin.git ../fork.git; git remote set-url origin ../fork.git; git push -q -f origin HEAD:main'));
    const fork = { CI_PROJECT_ID: '2', CI_MERGE_REQUEST_PROJECT_URL: join(dirname(folder), 'origin') };
    expect(pipeline(fork)).toMatchObject({ status: 3, output: expect.stringMatching(/^warning: this pipeline runs in a fork[\s\S]*policy-approval-outstanding/) });
  });
});

describe('whoever approves', () => {
  it('is not somebody who made the change, however the commits name them', { timeout: 120_000 }, () => {
    const { as, step } = team();
    must(as('ben', APPROVE));
    must(as('ann', 'git branch approved'));
    const verdict = (person: string, command: string): string => {
      must(as(person, command));
      const { output } = step(CHECK);
      must(as('ann', 'git checkout -q --detach; git reset -q --hard approved'));
      return /change-approved/.test(output) ? 'approved' : /change-denied|approval-outstanding/.test(output) ? 'not approved' : output;
    };
    const part = 'echo >> train.py; git add .; git commit -q';
    expect(verdict('ann', `${part} -m more`)).toBe('approved');
    expect(verdict('ben', 'git commit -q --allow-empty -m nothing')).toBe('approved');
    expect(verdict('ben', 'git checkout -q --detach main; git merge -q --no-ff --no-edit approved')).toBe('approved');
    for (const [person, command] of [
      ['ben', `${part} -m more`],
      ['ann', `${part} -m more --author 'BEN <b@home>'`],
      ['ann', `${part} -m more -m 'Co-authored-by: Ben <b@home>'`],
      ['ben', 'git checkout -q HEAD~2 -- data.csv; git reset -q --hard "$(git commit-tree "$(git write-tree)" -p HEAD -p HEAD~2 -m back)"'],
      ['ben', 'mkdir -p src/.trainlock/approvals; cp train.py src/.trainlock/approvals/; git add -f src; git commit -q -m hidden'],
    ] as const)
      expect(verdict(person, command), command).toBe('not approved');
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
