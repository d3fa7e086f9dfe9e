import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLI, makeProject, PYTHON } from '../harness/project.ts';

/** The version with which the hooks were tried. */
const VERSION = '4.7.0';

/** pre-commit itself, installed into .cache once; with TRAINLOCK_TEST_TOOLS=all only. */
const preCommit = (): string | undefined => {
  const named = process.env['TRAINLOCK_PRE_COMMIT'];
  if (named !== undefined) return named;
  if (process.env['TRAINLOCK_TEST_TOOLS'] !== 'all') return undefined;
  const folder = resolve('.cache', `pre-commit-${VERSION}`);
  const program = join(folder, 'bin/pre-commit');
  if (!existsSync(program)) {
    for (const args of [
      [PYTHON, '-m', 'venv', folder],
      [join(folder, 'bin/pip'), 'install', '--quiet', `pre-commit==${VERSION}`],
    ]) {
      const answer = spawnSync(args[0]!, args.slice(1), { encoding: 'utf8' });
      expect(answer.status, answer.stderr).toBe(0);
    }
  }
  return program;
};

describe('pre-commit', () => {
  it('stops a commit that rewrites or removes a record, and no other', { timeout: 120_000 }, (context) => {
    const program = preCommit();
    if (program === undefined) return context.skip();
    const project = makeProject({ 'train.py': 'import time\ntime.sleep(0.6)\n', '../bin/trainlock': `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`, '../hooks/keep': '' });
    const base = dirname(project.folder);
    chmodSync(join(base, 'bin/trainlock'), 0o755);
    mkdirSync(join(base, 'hooks'), { recursive: true });
    copyFileSync('.pre-commit-hooks.yaml', join(base, 'hooks/.pre-commit-hooks.yaml'));
    const who = { GIT_AUTHOR_NAME: 'ann', GIT_AUTHOR_EMAIL: 'ann@example.com', GIT_COMMITTER_NAME: 'ann', GIT_COMMITTER_EMAIL: 'ann@example.com', GIT_CONFIG_GLOBAL: '/dev/null' };
    const env = { ...project.env, ...who, PATH: `${dirname(program)}:${base}/bin:${project.env['PATH']}`, PRE_COMMIT_HOME: join(base, 'cache') };
    const sh = (command: string): { readonly status: number | null; readonly output: string } => {
      const answer = spawnSync('bash', ['-euc', command], { cwd: project.folder, env, encoding: 'utf8', input: '' });
      return { status: answer.status, output: answer.stdout + answer.stderr };
    };
    const ready = sh(`(cd ../hooks; git init -q; git add .; git commit -q -m hooks)
      git init -q; printf 'repos: [{ repo: %s, rev: %s, hooks: [{ id: trainlock }] }]\\n' "$PWD/../hooks" "$(git -C ../hooks rev-parse HEAD)" > .pre-commit-config.yaml
      trainlock run --name one -- python train.py; trainlock keep one; pre-commit install; git add .; git commit -q -m one`);
    expect(ready.status, ready.output).toBe(0);
    const rewritten = sh(`f=$(ls .trainlock/kept/*.statement.json); sed -i 's/"name":"one"/"name":"two"/' $f; git commit -q -a -m two`);
    expect([rewritten.status, rewritten.output]).toEqual([1, expect.stringContaining('record-rewritten')]);
    const removed = sh(`git reset -q --hard; git rm -q -r .trainlock/kept; git commit -q -m gone`);
    expect([removed.status, removed.output]).toEqual([1, expect.stringContaining('record-removed')]);
    const other = sh(`git reset -q --hard; echo '# more' >> train.py; git commit -q -a -m more`);
    expect(other.status, other.output).toBe(0);
  });
});
