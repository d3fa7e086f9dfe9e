import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GitFacts } from '#assembly';
import { makeRedactor } from '#base';
import { probeGit, type GitLimits } from './probe-git.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'trainlock-git-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const environment = (extra: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  PATH: process.env['PATH']!,
  HOME: join(folder, 'home'),
  GIT_CONFIG_NOSYSTEM: '1',
  ...extra,
});
const git = (directory: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', '-c', 'protocol.file.allow=always', ...args], {
    cwd: directory,
    env: environment(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
const repository = (name = 'project'): string => {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  git(path, 'init', '-q', '-b', 'main');
  return path;
};
const commit = (path: string, files: Readonly<Record<string, string>>): string => {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(path, file, '..'), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  git(path, 'add', '-A');
  git(path, 'commit', '-qm', 'change');
  return git(path, 'rev-parse', 'HEAD');
};
const ask = async (
  directory: string,
  extra: { readonly limits?: Partial<GitLimits>; readonly env?: Readonly<Record<string, string>>; readonly known?: readonly string[] } = {},
): Promise<GitFacts> => {
  const probe = await probeGit({
    directory,
    redactor: makeRedactor(extra.known ?? []),
    environment: environment(extra.env),
    ...(extra.limits === undefined ? {} : { limits: extra.limits }),
  });
  if (probe.kind !== 'seen') throw new Error(probe.reason);
  return probe.value;
};

describe('a clean repository', () => {
  test('gives commit, branch, remote without credentials, and is not pushed before a remote branch has it', async () => {
    const path = repository();
    const head = commit(path, { 'train.py': 'print(1)\n', 'src/a b.py': '' });
    git(path, 'remote', 'add', 'origin', 'https://ann:hunter2secret@git.example/org/x.git');
    const facts = await ask(join(path, 'src'));
    expect(facts.repository).toEqual({ kind: 'git', root: path, remote: 'https://git.example/org/x.git', branch: 'main', commit: head, pushed: 'no', dirty: 'no' });
    expect(facts.patch).toBeUndefined();
    expect(facts.tracked.map((file) => [file.path, file.mode])).toEqual([
      [join(path, 'src/a b.py'), '100644'],
      [join(path, 'train.py'), '100644'],
    ]);
    expect(facts).toMatchObject({ untracked: [], gaps: [] });
  });

  test('is pushed when a remote branch known here holds the commit', async () => {
    const bare = join(folder, 'bare.git');
    execFileSync('git', ['init', '-q', '--bare', bare], { env: environment() });
    const path = repository();
    commit(path, { 'a.py': '1' });
    git(path, 'remote', 'add', 'origin', bare);
    git(path, 'push', '-qu', 'origin', 'main');
    expect((await ask(path)).repository).toMatchObject({ pushed: 'yes', remote: bare });
    commit(path, { 'a.py': '2' });
    expect((await ask(path)).repository.pushed).toBe('no');
  });

  test('with a detached HEAD has a commit and no branch', async () => {
    const path = repository();
    const head = commit(path, { 'a.py': '1' });
    git(path, 'checkout', '-q', '--detach');
    const facts = await ask(path);
    expect(facts.repository.commit).toBe(head);
    expect(facts.repository.branch).toBeUndefined();
  });

  test('as a linked worktree has its own root', async () => {
    const path = repository();
    commit(path, { 'a.py': '1' });
    git(path, 'worktree', 'add', '-q', '-b', 'other', join(folder, 'linked tree'));
    expect((await ask(join(folder, 'linked tree'))).repository).toMatchObject({ root: join(folder, 'linked tree'), branch: 'other', dirty: 'no' });
  });

  test('is not written to: no index refresh, no hook, no monitor, no external diff', async () => {
    const path = repository();
    commit(path, { 'a.py': '1' });
    const marker = join(folder, 'ran');
    writeFileSync(join(folder, 'evil.sh'), `#!/bin/sh\ntouch '${marker}'\n`);
    chmodSync(join(folder, 'evil.sh'), 0o755);
    for (const name of ['core.fsmonitor', 'diff.external', 'core.pager', 'core.sshCommand', 'core.askPass']) git(path, 'config', name, join(folder, 'evil.sh'));
    writeFileSync(join(path, '.git/hooks/post-index-change'), readFileSync(join(folder, 'evil.sh')));
    chmodSync(join(path, '.git/hooks/post-index-change'), 0o755);
    writeFileSync(join(path, '.git/info/attributes'), '*.py diff=evil\n');
    git(path, 'config', 'diff.evil.textconv', join(folder, 'evil.sh'));
    git(path, 'config', 'diff.evil.command', join(folder, 'evil.sh'));
    rmSync(marker, { force: true });
    writeFileSync(join(path, 'a.py'), '2');
    const before = statSync(join(path, '.git/index'), { bigint: true });
    const facts = await ask(path);
    const after = statSync(join(path, '.git/index'), { bigint: true });
    expect([after.mtimeNs, after.ino]).toEqual([before.mtimeNs, before.ino]);
    expect(existsSync(join(path, '.git/index.lock'))).toBe(false);
    expect(existsSync(marker)).toBe(false);
    expect(facts.patch?.kind).toBe('kept');
  });
});

describe('a changed repository', () => {
  test('gives one patch of staged and unstaged, text and binary changes, which restores the tree whatever the user has configured', async () => {
    const path = repository();
    commit(path, { 'a.py': 'one\ntwo\n', 'b.bin': '\u0000\u0001', 'gone.py': 'x', 'mode.sh': 'y' });
    for (const [name, value] of [
      ['diff.noprefix', 'true'],
      ['color.ui', 'always'],
      ['diff.mnemonicPrefix', 'true'],
      ['diff.context', '0'],
      ['diff.renames', 'copies'],
      ['status.showUntrackedFiles', 'no'],
      ['status.short', 'true'],
      ['diff.ignoreSubmodules', 'all'],
      ['core.quotePath', 'false'],
    ] as const)
      git(path, 'config', name, value);
    writeFileSync(join(path, 'a.py'), 'one\n2\n');
    git(path, 'add', 'a.py');
    writeFileSync(join(path, 'a.py'), 'one\n2\nthree');
    writeFileSync(join(path, 'b.bin'), Buffer.from([0, 255, 254]));
    rmSync(join(path, 'gone.py'));
    chmodSync(join(path, 'mode.sh'), 0o755);
    writeFileSync(join(path, 'grün "q"\n.py'), 'new');
    const facts = await ask(path);
    expect(facts.repository.dirty).toBe('yes');
    expect(facts.untracked).toEqual([{ path: join(path, 'grün "q"\n.py') }]);
    if (facts.patch?.kind !== 'kept') throw new Error('no patch');
    const copy = join(folder, 'copy');
    git(folder, 'clone', '-q', path, copy);
    execFileSync('git', ['apply', '--binary', '-'], { cwd: copy, env: environment(), input: Buffer.from(facts.patch.base64, 'base64') });
    for (const file of ['a.py', 'b.bin', 'mode.sh']) expect(readFileSync(join(copy, file))).toEqual(readFileSync(join(path, file)));
    expect(existsSync(join(copy, 'gone.py'))).toBe(false);
    expect(statSync(join(copy, 'mode.sh')).mode & 0o111).not.toBe(0);
  });

  test('withholds a patch with a secret in it, and never says the secret', async () => {
    const path = repository();
    commit(path, { 'a.py': 'x = 1\n' });
    writeFileSync(join(path, 'a.py'), 'x = 1\napi_key = "9f8e7d6c5b4a39281706"\n');
    const facts = await ask(path);
    expect(facts.patch).toMatchObject({ kind: 'withheld' });
    expect(JSON.stringify(facts)).not.toContain('9f8e7d6c5b4a');
    expect(facts.gaps.map((gap) => gap.about)).toEqual(['/code/repository/patch']);
  });

  test('withholds a patch with a secret that is known by value', async () => {
    const path = repository();
    commit(path, { 'a.txt': 'x\n' });
    writeFileSync(join(path, 'a.txt'), 'blue horse\n');
    expect((await ask(path, { known: ['blue horse'] })).patch).toMatchObject({ kind: 'withheld' });
  });

  test('leaves tracked key files out of the patch', async () => {
    const path = repository();
    commit(path, { 'a.py': 'x\n', '.env': 'A=1\n', 'k[e]y/tls.pem': 'none\n' });
    for (const file of ['a.py', '.env', 'k[e]y/tls.pem']) writeFileSync(join(path, file), 'changed words\n');
    const facts = await ask(path);
    if (facts.patch?.kind !== 'kept') throw new Error('no patch');
    const patch = Buffer.from(facts.patch.base64, 'base64').toString();
    expect(patch).toContain('a/a.py');
    expect(patch).not.toMatch(/\.env|tls\.pem/);
  });

  test('withholds a patch above the limit', async () => {
    const path = repository();
    commit(path, { 'a.txt': 'x\n' });
    writeFileSync(join(path, 'a.txt'), 'line of text\n'.repeat(10_000));
    expect((await ask(path, { limits: { maxPatchBytes: 1000 } })).patch).toMatchObject({ kind: 'withheld', reason: 'larger than 1000 bytes' });
  });

  test('lists names of any bytes, and cuts a long list with a gap', async () => {
    const path = repository();
    commit(path, { 'a.txt': 'x\n' });
    writeFileSync(Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0xff, 0x41, 0x0a])]), 'x');
    symlinkSync('nowhere', join(path, 'link'));
    const facts = await ask(path);
    expect(facts.untracked).toHaveLength(2);
    const raw = facts.untracked.find((file) => file.raw !== undefined)!;
    expect(Buffer.from(raw.raw!, 'base64')).toEqual(Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0xff, 0x41, 0x0a])]));
    const cut = await ask(path, { limits: { maxUntracked: 1 } });
    expect(cut.untracked).toHaveLength(1);
    expect(cut.gaps[0]!.about).toBe('/code/repository/untracked');
  });

  test('says when git was told not to look at a file', async () => {
    const path = repository();
    commit(path, { 'a.py': 'x\n' });
    git(path, 'update-index', '--assume-unchanged', 'a.py');
    writeFileSync(join(path, 'a.py'), 'y\n');
    const facts = await ask(path);
    expect(facts.repository.dirty).toBe('no');
    expect(facts.gaps[0]!.reason).toContain('assume that 1 files do not change');
    expect(facts.tracked.map((file) => file.path)).toEqual([join(path, 'a.py')]);
  });

  test('in the middle of a merge conflict lists a file once', async () => {
    const path = repository();
    commit(path, { 'a.py': '1\n' });
    git(path, 'checkout', '-qb', 'other');
    commit(path, { 'a.py': '2\n' });
    git(path, 'checkout', '-q', 'main');
    commit(path, { 'a.py': '3\n' });
    expect(() => git(path, 'merge', 'other')).toThrow();
    const facts = await ask(path);
    expect(facts.tracked.map((file) => file.path)).toEqual([join(path, 'a.py')]);
    expect(facts.repository.dirty).toBe('yes');
  });
});

describe('submodules', () => {
  test('give commit and state, and their files', async () => {
    const library = repository('library');
    const first = commit(library, { 'lib.py': '1\n' });
    const path = repository();
    commit(path, { 'a.py': '1\n' });
    git(path, 'submodule', 'add', '-q', library, 'vendor/lib one');
    git(path, 'commit', '-qm', 'sub');
    const sub = join(path, 'vendor/lib one');
    expect((await ask(path)).repository).toMatchObject({ dirty: 'no', submodules: [{ path: sub, commit: first, dirty: 'no' }] });
    writeFileSync(join(sub, 'lib.py'), '2\n');
    writeFileSync(join(sub, 'extra.py'), '2\n');
    const dirty = await ask(path);
    expect(dirty.repository).toMatchObject({ dirty: 'yes', submodules: [{ commit: first, dirty: 'yes' }] });
    expect(dirty.tracked.map((file) => file.path)).toContain(join(sub, 'lib.py'));
    expect(dirty.untracked.map((file) => file.path)).toEqual([join(sub, 'extra.py')]);
    const second = commit(sub, {});
    const moved = await ask(path);
    expect(moved.repository.submodules).toEqual([{ path: sub, commit: second, dirty: 'yes' }]);
    expect(moved.patch?.kind === 'kept' && Buffer.from(moved.patch.base64, 'base64').toString()).toContain(`+Subproject commit ${second}`);
  });

  test('that are not checked out are unknown', async () => {
    const library = repository('library');
    const first = commit(library, { 'lib.py': '1\n' });
    const path = repository();
    commit(path, { 'a.py': '1\n' });
    git(path, 'submodule', 'add', '-q', library, 'lib');
    git(path, 'commit', '-qm', 'sub');
    git(folder, 'clone', '-q', path, join(folder, 'copy'));
    const facts = await ask(join(folder, 'copy'));
    expect(facts.repository.submodules).toEqual([{ path: join(folder, 'copy/lib'), commit: first, dirty: 'unknown' }]);
    expect(facts.gaps[0]!.about).toBe('/code/repository/submodules');
  });
});

describe('where there is little to see', () => {
  test('no repository is a fact', async () => {
    expect(await ask(folder, { env: { GIT_CEILING_DIRECTORIES: tmpdir() } })).toMatchObject({ repository: { kind: 'none' }, tracked: [], gaps: [] });
  });

  test('a repository without a commit lists what is staged', async () => {
    const path = repository();
    writeFileSync(join(path, 'a.py'), '1');
    expect((await ask(path)).repository).toEqual({ kind: 'git', root: path, branch: 'main', dirty: 'no' });
    git(path, 'add', 'a.py');
    const facts = await ask(path);
    expect(facts.repository.dirty).toBe('yes');
    expect(facts.tracked.map((file) => file.path)).toEqual([join(path, 'a.py')]);
    expect(facts.gaps.map((gap) => gap.about)).toEqual(['/code/repository/commit']);
  });

  test('the repository of a .git folder and of a bare one is none, with a gap', async () => {
    const path = repository();
    expect((await ask(join(path, '.git'))).repository.kind).toBe('none');
  });

  test('without git it is unknown, with a remedy', async () => {
    const facts = await ask(folder, { env: { PATH: folder } });
    expect(facts.repository).toEqual({ kind: 'unknown' });
    expect(facts.gaps[0]!.remedy).toContain('install git');
  });

  test.runIf(process.getuid?.() === 0)('a repository of another user is unknown, with the command that allows it; safe.directory in the environment counts', async () => {
    const path = repository();
    commit(path, { 'a.py': '1' });
    execFileSync('chown', ['-R', '12345', path]);
    const facts = await ask(path);
    expect(facts.repository).toEqual({ kind: 'unknown' });
    expect(facts.gaps[0]!.remedy).toBe(`git config --global --add safe.directory ${path}`);
    const allowed = await ask(path, { env: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' } });
    expect(allowed.repository.kind).toBe('git');
  });

  test('a damaged repository and a folder that is gone are unknown or unavailable, never an error', async () => {
    const path = repository();
    commit(path, { 'a.py': '1' });
    writeFileSync(join(path, '.git/index'), 'garbage');
    const facts = await ask(path);
    expect(facts.repository.dirty).toBe('unknown');
    expect(facts.gaps.length).toBeGreaterThan(0);
    const gone = await probeGit({ directory: join(folder, 'gone'), redactor: makeRedactor(), environment: environment() });
    expect(gone.kind === 'unavailable' || gone.value.repository.kind === 'unknown').toBe(true);
  });

  test('variables of a hook do not lead to another repository', async () => {
    const other = repository('other');
    commit(other, { 'b.py': '1' });
    const path = repository();
    const head = commit(path, { 'a.py': '1' });
    const facts = await ask(path, {
      env: { GIT_DIR: join(other, '.git'), GIT_WORK_TREE: other, GIT_INDEX_FILE: join(other, '.git/index'), GIT_TRACE: '1', GIT_EXTERNAL_DIFF: '/bin/false' },
    });
    expect(facts.repository).toMatchObject({ root: path, commit: head });
    expect(facts.gaps).toHaveLength(3);
  });

  test('a slow git is given up', async () => {
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/git'), '#!/bin/sh\nsleep 20\n');
    chmodSync(join(folder, 'bin/git'), 0o755);
    const started = Date.now();
    const probe = await probeGit({
      directory: folder,
      redactor: makeRedactor(),
      environment: environment({ PATH: `${join(folder, 'bin')}:${process.env['PATH']!}` }),
      limits: { timeoutMs: 300 },
    });
    expect(probe.kind).toBe('unavailable');
    expect(Date.now() - started).toBeLessThan(3000);
  });
});
