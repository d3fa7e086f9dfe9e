import { spawn, type SpawnOptions, spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Manifest } from '../../src/manifest/index.ts';

/** The interpreter that tests train with: it has NumPy, pandas and scikit-learn, in the full stack also PyTorch and the others. */
export const PYTHON: string = process.env['TRAINLOCK_TEST_PYTHON'] ?? resolve('.venv/bin/python');
/** The same without packages: a run records all that its interpreter has, which takes longer than most of the trainings of the tests. */
export const PLAIN_PYTHON: string = process.env['TRAINLOCK_TEST_PYTHON'] ?? resolve('.venv/plain/bin/python');
/** The command line under test; another one, for example from an installed wheel, can be named. */
export const CLI: string = process.env['TRAINLOCK_TEST_CLI'] ?? resolve('dist/bin/trainlock.mjs');

/** Whether modules can be imported; in the full stack (CI) a missing one fails the test instead of leaving it out. */
export const has = (...modules: readonly string[]): boolean => {
  const there = spawnSync(PYTHON, ['-c', `import importlib.util as u, sys; sys.exit(any(u.find_spec(m) is None for m in ${JSON.stringify(modules)}))`]).status === 0;
  if (!there && process.env['TRAINLOCK_TEST_STACK'] === 'full') throw new Error(`the full stack must have ${modules.join(', ')}`);
  return there;
};

/** Whether programs are installed; in the full stack (CI) a missing one fails the test instead of leaving it out. */
export const hasPrograms = (...programs: readonly string[]): boolean => {
  const missing = programs.filter((program) => spawnSync(program, ['--help'], { stdio: 'ignore' }).error !== undefined);
  if (missing.length > 0 && process.env['TRAINLOCK_TEST_STACK'] === 'full') throw new Error(`the full stack must have ${missing.join(', ')}`);
  return missing.length === 0;
};

export type Answer = { readonly status: number | null; readonly signal: string | null; readonly stdout: string; readonly stderr: string };

export type TestProject = {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  readonly read: (name: string) => string;
  readonly bytes: (name: string) => Buffer;
  readonly exists: (name: string) => boolean;
  readonly python: (args: readonly string[], options?: SpawnSyncOptions) => Answer;
  readonly trainlock: (args: readonly string[], options?: SpawnSyncOptions) => Answer;
  readonly start: (args: readonly string[], options?: SpawnOptions) => ReturnType<typeof spawn>;
  /** Paths of all files of the project, outside the store, sorted. */
  readonly files: () => readonly string[];
  readonly remove: (name: string) => void;
  /** Folders of the runs, oldest first. */
  readonly runs: () => readonly string[];
  /** The manifest of the newest run. */
  readonly manifest: (run?: string) => Manifest;
};

/** A project in a folder of its own, with a home of its own, removed after the test. `python` is an interpreter without packages, where none is named. */
export const makeProject = (files: Readonly<Record<string, string>> = {}, interpreter: string = PLAIN_PYTHON): TestProject => {
  const base = mkdtempSync(join(tmpdir(), 'trainlock-test-'));
  const folder = join(base, 'project');
  mkdirSync(folder);
  mkdirSync(join(base, 'home'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const env: Record<string, string> = {
    PATH: `${dirname(interpreter)}:${process.env['PATH'] ?? ''}`,
    HOME: join(base, 'home'),
    LANG: 'C.UTF-8',
    PYTHONDONTWRITEBYTECODE: '1',
    MPLBACKEND: 'agg',
    OMP_NUM_THREADS: '2',
  };
  const write = (more: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(more)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  };
  write(files);
  const run = (argv: readonly string[], options: SpawnSyncOptions = {}): Answer => {
    const answer = spawnSync(argv[0]!, argv.slice(1), { cwd: folder, env, maxBuffer: 2 ** 31 - 1, input: '', ...options, encoding: 'latin1' });
    return { status: answer.status, signal: answer.signal, stdout: answer.stdout ?? '', stderr: answer.stderr ?? '' };
  };
  // Names of folders tell the second only, and tests start several runs in one.
  const startOf = (run: string): number => statSync(join(run, 'started.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const runs = (): readonly string[] => {
    const below = join(folder, '.trainlock/runs');
    const all = existsSync(below)
      ? readdirSync(below)
          .sort()
          .map((name) => join(below, name))
      : [];
    return all.sort((a, b) => startOf(a) - startOf(b));
  };
  return {
    folder,
    env,
    write,
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    bytes: (name) => readFileSync(join(folder, name)),
    exists: (name) => existsSync(join(folder, name)),
    python: (args, options) => run([interpreter, ...args], options),
    trainlock: (args, options) => run([process.execPath, CLI, ...args], options),
    start: (args, options = {}) => spawn(process.execPath, [CLI, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], ...options }),
    files: () => (readdirSync(folder, { recursive: true }) as string[]).filter((name) => !name.startsWith('.trainlock')).sort(),
    remove: (name) => rmSync(join(folder, name), { recursive: true, force: true }),
    runs,
    manifest: (name) => JSON.parse(readFileSync(join(name ?? runs().at(-1)!, 'manifest.json'), 'utf8')) as Manifest,
  };
};

export type ReplayAnswer = Answer & {
  readonly outcome: { readonly kind: string; readonly because: readonly string[]; readonly outputs: readonly { readonly kind: string }[] } | undefined;
  readonly replay: { readonly id: string; readonly folder: string } | null | undefined;
};

/** Replays a run and reads the answer. */
export const replayOf = (project: TestProject, reference = 'last', ...more: readonly string[]): ReplayAnswer => {
  const answer = project.trainlock(['replay', reference, '--json', ...more]);
  const { data } = JSON.parse(answer.stdout) as { readonly data: Pick<ReplayAnswer, 'outcome' | 'replay'> | null };
  return { ...answer, outcome: data?.outcome, replay: data?.replay };
};

/** Runs trainlock while the test goes on serving; `before` are words in front of it. */
export const start = async (project: TestProject, args: readonly string[], env: Readonly<Record<string, string>>, before: readonly string[] = []): Promise<Answer> => {
  const [program, ...rest] = [...before, process.execPath, CLI, ...args];
  const child = spawn(program!, rest, { cwd: project.folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (text: string) => (texts[name] += text));
  const [status, signal] = await new Promise<[number | null, string | null]>((done) => child.on('close', (...end) => done(end)));
  return { status, signal, ...texts };
};

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Waits until something is true; fails after a minute. */
export const until = async (what: string, holds: () => boolean): Promise<void> => {
  for (let i = 0; i < 600; i += 1) {
    if (holds()) return;
    await sleep(100);
  }
  throw new Error(`it never came: ${what}`);
};
