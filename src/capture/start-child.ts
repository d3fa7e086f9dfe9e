import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { TrainlockError } from '#base';

export type ChildExit = { readonly kind: 'exited'; readonly code: number } | { readonly kind: 'signalled'; readonly signal: string };

export type RunningChild = {
  readonly pid: number;
  readonly ended: Promise<ChildExit>;
};

export type ChildOptions = {
  readonly argv: readonly string[];
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdio: readonly (number | 'inherit' | 'ignore')[];
};

/**
 * Starts the command in our own process group, so that the terminal treats it as it would without us.
 * Throws TrainlockError TL0401 if there is no such program, TL0402 if it may not be executed.
 */
export const startChild = async (options: ChildOptions): Promise<RunningChild> => {
  const [program, ...args] = options.argv;
  const child = spawn(program!, args, { cwd: options.workingDirectory, env: options.env as NodeJS.ProcessEnv, stdio: [...options.stdio] });
  await started(child, program!);
  const ended = new Promise<ChildExit>((resolve) => {
    child.on('exit', (code, signal) => resolve(signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signalled', signal }));
  });
  return { pid: child.pid!, ended };
};

const started = (child: ChildProcess, program: string): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error: NodeJS.ErrnoException) => reject(startError(program, error)));
  });

const startError = (program: string, cause: NodeJS.ErrnoException): TrainlockError =>
  cause.code === 'ENOENT'
    ? new TrainlockError('TL0401', `there is no program ${program}`, { where: program, fix: 'check the spelling and PATH', cause })
    : new TrainlockError('TL0402', `${program} cannot be executed: ${cause.message}`, { where: program, fix: `chmod +x ${program}`, cause });

/** Throws TL0401 or TL0402 unless there is such a program. It is looked for before anything is recorded, as a shell does. Source: POSIX.1-2017 §2.9.1.1. */
export const checkProgram = (argv: readonly string[], workingDirectory: string, env: Readonly<Record<string, string | undefined>>): void => {
  const program = argv[0]!;
  const candidates = program.includes('/')
    ? [resolve(workingDirectory, program)]
    : (env['PATH'] ?? '/usr/bin:/bin').split(delimiter).map((folder) => resolve(workingDirectory, folder, program));
  const files = candidates.filter(isFile);
  if (files.some(isExecutable)) return;
  if (files.length > 0) throw new TrainlockError('TL0402', `${program} is not executable`, { where: files[0]!, fix: `chmod +x ${files[0]}` });
  throw new TrainlockError('TL0401', `there is no program ${program}`, {
    where: program,
    fix: program.endsWith('.py') ? `trainlock run -- python ${program}` : 'check the spelling and PATH',
  });
};

const isFile = (path: string): boolean => {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
