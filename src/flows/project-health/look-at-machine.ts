import { access, constants, mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { freeBytes, readBounded } from '#files';
import type { GitFacts, HealthFacts } from './health-facts.ts';
import { findProgram, runTool } from './run-tool.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables by which numeric libraries are told how many threads to use. */
const THREAD_VARIABLES = ['OMP_NUM_THREADS', 'MKL_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'BLIS_NUM_THREADS', 'VECLIB_MAXIMUM_THREADS', 'NUMEXPR_NUM_THREADS'] as const;

export const threadVariablesOf = (env: Environment): readonly string[] => THREAD_VARIABLES.filter((name) => (env[name] ?? '') !== '');

/** GIT_OPTIONAL_LOCKS=0: looking must not write the index. */
export const lookAtGit = async (projectRoot: string, env: Environment): Promise<GitFacts> => {
  const git = (args: readonly string[]): ReturnType<typeof runTool> => runTool('git', args, { env: { ...env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' }, cwd: projectRoot });
  const inside = await git(['rev-parse', '--is-inside-work-tree']);
  if (inside === undefined) return { kind: 'no-repository' };
  if (inside.code !== 0) return /not a git repository/.test(inside.stderr) ? { kind: 'no-repository' } : { kind: 'unreadable', reason: inside.stderr.trim().split('\n')[0] ?? '' };
  const head = await git(['rev-parse', '--verify', '--quiet', 'HEAD']);
  if (head?.code !== 0) return { kind: 'unborn' };
  const status = await git(['status', '--porcelain', '-z', '--', '.']);
  if (status?.code !== 0) return { kind: 'unreadable', reason: status?.stderr.trim().split('\n')[0] ?? 'git status takes too long' };
  return { kind: 'repository', changedFiles: status.stdout.split('\0').filter((line) => /^.. /.test(line)).length };
};

export const lookAtTools = async (env: Environment, workingDirectory: string): Promise<HealthFacts['tools']> => {
  const there = async (name: string): Promise<boolean> => (await findProgram(name, env, workingDirectory)) !== undefined;
  const [git, bwrap, strace, unshare] = await Promise.all(['git', 'bwrap', 'strace', 'unshare'].map(there));
  return { git: git!, bwrap: bwrap!, strace: strace!, unshare: unshare! };
};

/** Makes a user and a network namespace, as a replay does, and runs `true` in it. */
export const tryNamespaces = async (env: Environment): Promise<HealthFacts['namespaces']> => {
  const byBubblewrap = await runTool('bwrap', ['--unshare-user', '--unshare-net', '--ro-bind', '/', '/', '--', 'true'], { env });
  if (byBubblewrap?.code === 0) return { permitted: true };
  const byUnshare = await runTool('unshare', ['--user', '--map-root-user', '--net', 'true'], { env });
  if (byUnshare?.code === 0) return { permitted: true };
  const failed = byUnshare ?? byBubblewrap;
  return failed === undefined ? undefined : { permitted: false, reason: failed.stderr.trim().split('\n')[0] ?? '' };
};

/** Whether the store's folder, or the folder in which it would be made, can be written; tried with a folder of our own. */
export const lookAtStore = async (folder: string): Promise<HealthFacts['store']> => {
  let place = folder;
  while (
    !(await stat(place).then(
      () => true,
      () => false,
    )) &&
    place !== dirname(place)
  )
    place = dirname(place);
  const left = await freeBytes(place);
  const space = left === undefined ? {} : { freeBytes: left };
  try {
    await access(place, constants.W_OK);
    await rmdir(await mkdtemp(join(place, '.trainlock-doctor-')));
    return { folder, writable: true, ...space };
  } catch (error) {
    return { folder, writable: false, reason: (error as NodeJS.ErrnoException).code ?? String(error), ...space };
  }
};

export const lookAtClock = async (env: Environment): Promise<HealthFacts['clock']> => {
  const answer = await runTool('timedatectl', ['show', '--property=NTPSynchronized', '--value'], { env, timeoutMs: 3000 });
  if (answer?.code === 0 && /^(yes|no)\s*$/.test(answer.stdout)) return answer.stdout.startsWith('yes') ? 'synchronised' : 'not-synchronised';
  return (await stat('/run/systemd/timesync/synchronized').then(
    () => true,
    () => false,
  ))
    ? 'synchronised'
    : 'unknown';
};

export const hasGpu = async (): Promise<boolean> => {
  const devices = await Promise.all(
    ['/dev/nvidia0', '/dev/kfd'].map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return devices.includes(true);
};

/** Scripts whose first line starts Python with -E, -I or -S: the hooks come in by PYTHONPATH and site. */
export const isolatedScriptsIn = async (projectRoot: string, scripts: readonly string[]): Promise<HealthFacts['isolatedScripts']> => {
  const looked = await Promise.all(
    scripts.map(async (path) => {
      const bytes = await readBounded(join(projectRoot, path), 1024 * 1024).catch(() => undefined);
      const first = bytes === undefined ? '' : Buffer.from(bytes.subarray(0, 512)).toString('latin1').split('\n')[0]!;
      const options = /^#!.*python[0-9.]*\s+(-.*)$/.exec(first)?.[1]?.match(/-[A-Za-z]*[EIS][A-Za-z]*/g) ?? [];
      return { path, options: options.join(' ') };
    }),
  );
  return looked.filter(({ options }) => options !== '');
};
