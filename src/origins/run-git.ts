import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/**
 * Variables of git that a user may have set and that must keep their meaning. Everything else beginning with GIT_ is dropped: a
 * GIT_DIR left by a hook would make us look at another repository.
 */
const KEPT =
  /^GIT_(?:CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM|CONFIG_COUNT|CONFIG_KEY_\d+|CONFIG_VALUE_\d+|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH|SSH|SSH_COMMAND|SSL_CAINFO|ASKPASS)$/;

/**
 * Settings that keep git from starting programs of the repository: monitors, hooks, filters of LFS, checkers of signatures; and from
 * working on other things. A folder of the working tree that looks like a bare repository is one that somebody committed, never ours.
 */
const QUIET = [
  'safe.bareRepository=explicit',
  'log.showSignature=false',
  'gpg.program=',
  'gpg.openpgp.program=',
  'gpg.x509.program=',
  'gpg.ssh.program=',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'submodule.recurse=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'fetch.fsckObjects=true',
  'protocol.ext.allow=never',
  'filter.lfs.clean=',
  'filter.lfs.smudge=',
  'filter.lfs.process=',
  'filter.lfs.required=false',
].flatMap((setting) => ['-c', setting]);

export type GitOptions = {
  /** Protocols that may be spoken, separated by colons. Default: none. */
  readonly protocols?: string;
  readonly input?: string | Uint8Array;
  /** Default: 64 MiB. */
  readonly maxBytes?: number;
  /** Default: 60 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Another index than that of the repository: git gives hooks the one that is being committed. */
  readonly indexFile?: string;
};

export type GitAnswer =
  | { readonly kind: 'ended'; readonly code: number; readonly stdout: Buffer; readonly stderr: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly reason: string };

type GitChild = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts git in a folder. Nobody is asked for a password, paths mean themselves, messages are English. */
export const startGit = (folder: string, args: readonly string[], { protocols, signal, indexFile }: GitOptions): GitChild => {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_') || KEPT.test(name));
  const env = {
    ...Object.fromEntries(kept),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_ALLOW_PROTOCOL: protocols ?? 'none',
    GIT_SSH_COMMAND: process.env['GIT_SSH_COMMAND'] ?? 'ssh -oBatchMode=yes',
    LC_ALL: 'C',
    LANGUAGE: 'C',
    ...(indexFile === undefined ? {} : { GIT_INDEX_FILE: indexFile }),
  };
  return spawn('git', ['--no-pager', '--no-replace-objects', ...QUIET, ...args], {
    cwd: folder,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    killSignal: 'SIGKILL',
    ...(signal === undefined ? {} : { signal }),
  });
};

/** Runs git to its end, within bounds. Never throws, except what the signal says. */
export const runGit = async (folder: string, args: readonly string[], options: GitOptions = {}): Promise<GitAnswer> => {
  const { maxBytes = 64 * 1024 * 1024, timeoutMs = 60_000, signal } = options;
  const child = startGit(folder, args, options);
  const chunks: Buffer[] = [];
  let total = 0;
  let stderr = '';
  let failure: string | undefined;
  const stop = (reason: string): void => {
    failure ??= reason;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => stop(`git took longer than ${timeoutMs} ms`), timeoutMs);
  child.stdout.on('data', (chunk: Buffer) => {
    total += chunk.length;
    if (total > maxBytes) stop(`git printed more than ${maxBytes} bytes`);
    else chunks.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString('utf8')).slice(-8192)));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const ended = await new Promise<{ readonly code: number } | { readonly error: NodeJS.ErrnoException }>((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) => resolve({ error }));
    child.on('close', (code) => resolve({ code: code ?? 128 }));
  });
  clearTimeout(timer);
  signal?.throwIfAborted();
  if ('error' in ended) return ended.error.code === 'ENOENT' ? { kind: 'missing' } : { kind: 'failed', reason: ended.error.code ?? 'git could not be started' };
  if (failure !== undefined) return { kind: 'failed', reason: failure };
  return { kind: 'ended', code: ended.code, stdout: Buffer.concat(chunks), stderr };
};

/** Text that git printed, if it ended well. */
export const gitText = async (folder: string, args: readonly string[], options: GitOptions = {}): Promise<string | undefined> => {
  const answer = await runGit(folder, args, options);
  return answer.kind === 'ended' && answer.code === 0 ? answer.stdout.toString('utf8') : undefined;
};

/** Why git did not do it, in a few words, for messages. */
export const gitReason = (answer: GitAnswer): string => {
  if (answer.kind === 'missing') return 'git is not installed';
  if (answer.kind === 'failed') return answer.reason;
  const lines = answer.stderr.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /^(?:fatal|error):/.test(line)) ?? lines[0] ?? `git ended with ${answer.code}`).slice(0, 300);
};
