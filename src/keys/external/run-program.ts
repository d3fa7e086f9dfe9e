import { spawn } from 'node:child_process';

export type Environment = Readonly<Record<string, string | undefined>>;

export type ProgramOptions = {
  readonly environment: Environment;
  readonly timeoutMs: number;
  /** Written to the standard input, which is then closed. */
  readonly input?: Uint8Array;
  /** Hears what the program says to people while it runs, for example that a key waits to be touched. */
  readonly onNotice?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type ProgramAnswer =
  | { readonly kind: 'ended'; readonly code: number; readonly stdout: Buffer; readonly stderr: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly reason: string };

/** Tokens and signatures are described in some kilobytes. */
const MOST_BYTES = 1024 * 1024;

/** Runs a signing tool without a shell, within bounds of time and output; its messages are English. Never throws, except what the signal says. */
export const runProgram = async (program: string, args: readonly string[], options: ProgramOptions): Promise<ProgramAnswer> => {
  const { environment, timeoutMs, input, onNotice, signal } = options;
  signal?.throwIfAborted();
  const env = { ...environment, LC_ALL: 'C', LANGUAGE: 'C' };
  const child = spawn(program, [...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  let total = 0;
  let stderr = '';
  let failure: string | undefined;
  const stop = (reason: string): void => {
    failure ??= reason;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => stop(`${program} took longer than ${timeoutMs / 1000} s`), timeoutMs);
  const abort = (): void => stop('it was interrupted');
  signal?.addEventListener('abort', abort, { once: true });
  child.stdout.on('data', (chunk: Buffer) => {
    total += chunk.length;
    if (total > MOST_BYTES) stop(`${program} printed more than ${MOST_BYTES} bytes`);
    else chunks.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-8192);
    onNotice?.(chunk.toString('utf8'));
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  const ended = await new Promise<number | NodeJS.ErrnoException>((resolve) => {
    child.on('error', resolve);
    child.on('close', (code) => resolve(code ?? 128));
  });
  clearTimeout(timer);
  signal?.removeEventListener('abort', abort);
  signal?.throwIfAborted();
  if (typeof ended !== 'number') return ended.code === 'ENOENT' ? { kind: 'missing' } : { kind: 'failed', reason: `${program} could not be started: ${ended.code ?? ended.name}` };
  if (failure !== undefined) return { kind: 'failed', reason: failure };
  return { kind: 'ended', code: ended, stdout: Buffer.concat(chunks), stderr };
};
