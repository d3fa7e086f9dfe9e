import type { CommandContext } from './command.ts';

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
  interactive: terminalOf('stderr').redraw,
  say: (line) => void print('stderr', `${line}\n`),
  confirm: async (question) => (json ? undefined : ask(question)),
});

/** Resolves when the text was handed to the system; a reader that went away (EPIPE) is no fault. */
export const print = (stream: 'stdout' | 'stderr', text: string): Promise<void> => {
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
