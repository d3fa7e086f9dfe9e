import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Content } from './read-contents.ts';

export type ContentRequest = { readonly path: string; readonly raw?: string };

export type ContentProcess = {
  readonly python: string;
  readonly helper: string;
  readonly modules: readonly string[];
  readonly secondsPerFile: number;
  readonly signal: AbortSignal;
};

/**
 * Asks one restricted process about files, in order. Gives as many answers as the process lived for: fewer than asked means that it
 * ended while it read the next one. The answers come from a process that has read hostile bytes: they are checked here.
 */
export const askContentProcess = async (requests: readonly ContentRequest[], process: ContentProcess): Promise<readonly Content[]> => {
  const flags = process.modules.length === 0 ? ['-I', '-S', '-B'] : ['-I', '-B'];
  const child = spawn(process.python, [...flags, join(process.helper, 'content_digest.py'), String(process.secondsPerFile), ...process.modules], {
    stdio: ['pipe', 'pipe', 'ignore'],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    signal: process.signal,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()).on('error', () => resolve()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(requests.map((request) => `${JSON.stringify(request)}\n`).join(''));
  const answers: Content[] = [];
  child.stdout.on('error', () => undefined);
  for await (const line of createInterface({ input: child.stdout })) answers.push(contentOf(line));
  await ended;
  return answers.slice(0, requests.length);
};

const contentOf = (line: string): Content => {
  const told: unknown = parsed(line);
  if (typeof told !== 'object' || told === null) return { kind: 'unknown', reason: 'the reader gave no answer' };
  const { format, sha256, unknown } = told as Readonly<Record<string, unknown>>;
  if (typeof format === 'string' && /^[a-z0-9-]{1,32}$/.test(format) && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)) return { kind: 'seen', format, sha256 };
  return { kind: 'unknown', reason: typeof unknown === 'string' ? unknown.slice(0, 300) : 'the reader gave no answer' };
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
