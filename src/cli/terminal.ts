import { performance } from 'node:perf_hooks';
import type { CommandContext } from './command.ts';
import { progressLine } from './progress-line.ts';

/** What the streams of this process can show. */
export type Terminal = {
  /** Whether ANSI styles may be used. Source: no-color.org for NO_COLOR. */
  readonly colour: boolean;
  /** Whether a line may be redrawn. */
  readonly redraw: boolean;
  /** Width of help and tables, at most 100. Unit: column. */
  readonly width: number;
};

export const terminalOf = (stream: 'stdout' | 'stderr'): Terminal => {
  const { isTTY, columns } = process[stream];
  const plain = isSet('NO_COLOR') || isSet('CI') || process.env['TERM'] === 'dumb';
  const lively = isTTY && !plain;
  return { colour: lively, redraw: lively, width: Math.min(100, isTTY && columns > 0 ? columns : 100) };
};

export const contextOf = (json: boolean): CommandContext => ({
  workingDirectory: process.cwd(),
  env: process.env,
  json,
  colour: !json && terminalOf('stdout').colour,
  progress: (what) => showProgress(what, terminalOf('stderr').redraw),
  say: (line) => void print('stderr', `${line}\n`),
  confirm: async (question) => (json ? undefined : ask(question)),
});

const PLAIN_EVERY_MS = 10_000;

const showProgress = (what: string, redraw: boolean): ReturnType<CommandContext['progress']> => {
  const startedMs = performance.now();
  let drawn = false;
  let plainMs = startedMs;
  return {
    onProgress: (done) => {
      const now = performance.now();
      if (!redraw && now - plainMs < PLAIN_EVERY_MS) return;
      plainMs = now;
      const line = progressLine(what, done, now - startedMs);
      void print('stderr', redraw ? `\r${line.slice(0, terminalOf('stderr').width - 1)}\u001B[K` : `trainlock: ${line}\n`);
      drawn = redraw;
    },
    end: () => {
      if (drawn) void print('stderr', '\r\u001B[K');
      drawn = false;
    },
  };
};

/** Resolves when the text was handed to the system; a reader that went away (EPIPE) is no fault. */
export const print = (stream: 'stdout' | 'stderr', text: string | Uint8Array): Promise<void> => {
  tolerateClosedPipe(stream);
  return new Promise((resolve, reject) => {
    process[stream].write(text, (error) => (error === null || error === undefined || isClosedPipe(error) ? resolve() : reject(error)));
  });
};

const guarded = new Set<string>();

const tolerateClosedPipe = (stream: 'stdout' | 'stderr'): void => {
  if (guarded.has(stream)) return;
  guarded.add(stream);
  process[stream].on('error', (error) => {
    if (!isClosedPipe(error)) throw error;
  });
};

const isClosedPipe = (error: Error): boolean => ['EPIPE', 'ERR_STREAM_DESTROYED', 'EIO'].includes((error as { code?: string }).code ?? '');

const ask = async (question: string): Promise<boolean | undefined> => {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
};

const isSet = (name: string): boolean => (process.env[name] ?? '') !== '';
