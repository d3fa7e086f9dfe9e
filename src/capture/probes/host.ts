import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, readdir, readlink, stat } from 'node:fs/promises';

/** How a command ended. */
export type CommandResult =
  | { readonly kind: 'ended'; readonly code: number; readonly stdout: Buffer; readonly stderr: string }
  | { readonly kind: 'failed'; readonly reason: 'not-found' | 'timeout' | 'too-large' | 'not-started'; readonly message: string };

export type CommandOptions = {
  readonly directory?: string;
  /** The whole environment of the command. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** More output than this ends the command. Unit: byte. */
  readonly maxBytes?: number;
  /** Written to its standard input. */
  readonly input?: string;
};

/** The machine as probes see it. No member throws: what cannot be read is undefined. */
export type Host = {
  /** Text of a file, cut at `maxBytes` (default 1 MiB). */
  readonly readText: (path: string, maxBytes?: number) => Promise<string | undefined>;
  readonly list: (folder: string) => Promise<readonly string[] | undefined>;
  readonly readLink: (path: string) => Promise<string | undefined>;
  readonly exists: (path: string) => Promise<boolean>;
  readonly run: (command: string, args: readonly string[], options?: CommandOptions) => Promise<CommandResult>;
};

const MOST_TEXT = 1024 * 1024;

/** The real machine. */
export const nodeHost: Host = {
  readText: async (path, maxBytes = MOST_TEXT) => {
    try {
      const file = await open(path, 'r');
      try {
        // Files of /proc and /sys have no size: read until nothing comes.
        const chunks: Buffer[] = [];
        let total = 0;
        while (total < maxBytes) {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(65_536, maxBytes - total)));
          if (bytesRead === 0) break;
          chunks.push(buffer.subarray(0, bytesRead));
          total += bytesRead;
        }
        return Buffer.concat(chunks).toString('utf8');
      } finally {
        await file.close();
      }
    } catch {
      return undefined;
    }
  },
  list: (folder) => readdir(folder).catch(() => undefined),
  readLink: (path) => readlink(path).catch(() => undefined),
  exists: (path) =>
    stat(path).then(
      () => true,
      () => false,
    ),
  run: (command, args, options = {}) => runCommand(command, args, options),
};

const runCommand = (command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let stderr = '';
    let total = 0;
    let over: CommandResult | undefined;
    let child: ReturnType<typeof spawn>;
    try {
      child = spawn(command, args, { cwd: options.directory, env: options.environment ?? process.env, stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    } catch (error) {
      resolve({ kind: 'failed', reason: 'not-started', message: String(error) });
      return;
    }
    const stop = (result: CommandResult): void => {
      over ??= result;
      child.kill('SIGKILL');
      // A grandchild may hold the pipes open; nobody waits for it.
      child.stdout?.destroy();
      child.stderr?.destroy();
    };
    const timer = setTimeout(
      () => stop({ kind: 'failed', reason: 'timeout', message: `${command} took longer than ${options.timeoutMs ?? 10_000} ms` }),
      options.timeoutMs ?? 10_000,
    );
    child.stdout?.on('data', (chunk: Buffer) => {
      total += chunk.length;
      if (total > (options.maxBytes ?? 16 * MOST_TEXT))
        stop({ kind: 'failed', reason: 'too-large', message: `${command} printed more than ${options.maxBytes ?? 16 * MOST_TEXT} bytes` });
      else chunks.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      if (stderr.length < 8192) stderr += chunk.toString('utf8');
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      // A working folder that is gone gives the same code as a program that is missing.
      const missing = error.code === 'ENOENT' && (options.directory === undefined || existsSync(options.directory));
      resolve({
        kind: 'failed',
        reason: missing ? 'not-found' : 'not-started',
        message: missing ? error.message : `${command} could not be started in ${options.directory ?? '.'}: ${error.message}`,
      });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(over ?? { kind: 'ended', code: code ?? 128, stdout: Buffer.concat(chunks), stderr });
    });
  });
