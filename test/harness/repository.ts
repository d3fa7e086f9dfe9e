import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export type TestRepository = {
  readonly folder: string;
  /** Runs git in the folder, or in one below it, as a person; gives what it printed. */
  readonly git: (args: readonly string[], options?: { readonly as?: string; readonly committer?: string; readonly below?: string; readonly input?: string }) => string;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  /** Writes files and commits everything; gives the id. */
  readonly commit: (files: Readonly<Record<string, string>>, options?: { readonly as?: string; readonly committer?: string; readonly message?: string }) => string;
};

/** A repository in a folder of its own, on the branch main, removed after the test. */
export const makeRepository = (): TestRepository => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trainlock-git-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const git: TestRepository['git'] = (args, { as = 'ann', committer = as, below = '.', input = '' } = {}) => {
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: as,
      GIT_AUTHOR_EMAIL: `${as}@example.com`,
      GIT_COMMITTER_NAME: committer,
      GIT_COMMITTER_EMAIL: `${committer}@example.com`,
    };
    return execFileSync('git', args, { cwd: join(folder, below), env, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] }).trim();
  };
  const write: TestRepository['write'] = (files) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  };
  git(['init', '-q', '-b', 'main']);
  return {
    folder,
    git,
    write,
    commit: (files, { message = 'change', ...people } = {}) => {
      write(files);
      git(['add', '-A'], people);
      git(['commit', '-q', '--allow-empty', '-m', message], people);
      return git(['rev-parse', 'HEAD']);
    },
  };
};
