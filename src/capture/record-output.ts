import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, mkdirSync, mkdtempSync, openSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import type { LogMode } from '#assembly';

/** How the streams of the child are connected, and what is to be done when it has ended. */
export type OutputRecording = {
  readonly mode: LogMode;
  /** For spawn: file descriptors, inherit or ignore. */
  readonly stdio: readonly ['inherit' | 'ignore', number | 'inherit' | 'ignore', number | 'inherit' | 'ignore'];
  /** Names of streams that are recorded, to files in the logs folder. */
  readonly streams: Readonly<Record<string, string>>;
  readonly logFiles: Readonly<Record<string, { readonly path: string; readonly fromByte: number }>>;
  /** Why nothing is recorded, if so. */
  readonly reason?: string;
  /** Closes our ends; to be called when the child has been started. */
  readonly release: () => void;
  /** Waits until the recorders have passed everything on; false if something still held the streams open. */
  readonly drained: () => Promise<boolean>;
};

/** Where the output of the command goes: to our own streams, all to stderr (stdout then is ours alone), or nowhere but into the log. */
export type OutputTarget = 'inherit' | 'stderr' | 'discard';

const STREAMS = [
  { fd: 1, name: 'stdout' },
  { fd: 2, name: 'stderr' },
] as const;

/**
 * Connects the output of the child. Recording must survive our own death, so it is never done by this process: a pipe goes through
 * `tee` in a session of its own; a regular file is read afterwards; a terminal is left alone unless tee was asked for.
 */
export const recordOutput = (wanted: 'auto' | 'off' | 'tee', logsFolder: string, to: OutputTarget = 'inherit'): OutputRecording => {
  if (to !== 'inherit') return recordAway(wanted, logsFolder, to);
  if (wanted === 'off') return withoutRecording('recording of output was turned off');
  const kinds = STREAMS.map((stream) => kindOf(stream.fd));
  if (kinds.every((kind) => kind === 'closed' || (kind === 'terminal' && wanted === 'auto')))
    return withoutRecording('the output goes to a terminal, which is left alone; --logs tee records it through a pipe');
  try {
    mkdirSync(logsFolder, { recursive: true, mode: 0o700 });
    return connectStreams(kinds, wanted, logsFolder);
  } catch (error) {
    return withoutRecording(`the output could not be recorded: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const withoutRecording = (reason: string): OutputRecording => ({
  mode: 'off',
  stdio: ['inherit', 'inherit', 'inherit'],
  streams: {},
  logFiles: {},
  reason,
  release: () => undefined,
  drained: () => Promise.resolve(true),
});

/** Output that does not go to the streams of the same name: always through tees, because nothing of the terminal is left anyway. */
const recordAway = (wanted: 'auto' | 'off' | 'tee', logsFolder: string, to: 'stderr' | 'discard'): OutputRecording => {
  const target = to === 'stderr' ? 2 : 'ignore';
  if (wanted === 'off') return { ...withoutRecording('recording of output was turned off'), stdio: ['inherit', target, target] };
  try {
    mkdirSync(logsFolder, { recursive: true, mode: 0o700 });
    const tees = STREAMS.map(({ name }) => startTee(target, join(logsFolder, `${name}.log`)));
    return {
      mode: 'tee',
      stdio: [to === 'discard' ? 'ignore' : 'inherit', tees[0]!.write, tees[1]!.write],
      streams: { stdout: 'stdout.log', stderr: 'stderr.log' },
      logFiles: {},
      release: () => tees.forEach((tee) => closeSync(tee.write)),
      drained: () => drained(tees.map((tee) => tee.done)),
    };
  } catch (error) {
    return { ...withoutRecording(`the output could not be recorded: ${error instanceof Error ? error.message : String(error)}`), stdio: ['inherit', target, target] };
  }
};

type StreamKind = 'terminal' | 'file' | 'other' | 'closed';

const kindOf = (fd: number): StreamKind => {
  if (isatty(fd)) return 'terminal';
  try {
    return fstatSync(fd).isFile() ? 'file' : 'other';
  } catch {
    return 'closed';
  }
};

const sameFile = (a: number, b: number): boolean => {
  const [one, two] = [fstatSync(a), fstatSync(b)];
  return one.dev === two.dev && one.ino === two.ino;
};

/** Where the next byte goes: the end for files opened to append, else the position. */
const positionOf = (fd: number): number => {
  const info = readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
  const position = Number(/^pos:\s*(\d+)$/m.exec(info)?.[1] ?? 0);
  const append = (Number.parseInt(/^flags:\s*([0-7]+)$/m.exec(info)?.[1] ?? '0', 8) & constants.O_APPEND) !== 0;
  return append ? fstatSync(fd).size : position;
};

type Tee = { readonly write: number; readonly done: Promise<void> };

/** Streams that are the same pipe or file share one recording, so that their lines keep their order. */
const connectStreams = (kinds: readonly StreamKind[], wanted: 'auto' | 'tee', logsFolder: string): OutputRecording => {
  const shared = kinds[0] === kinds[1] && (kinds[0] === 'other' || kinds[0] === 'file') && sameFile(1, 2);
  const tees: Tee[] = [];
  const streams: Record<string, string> = {};
  const logFiles: Record<string, { path: string; fromByte: number }> = {};
  const connect = (index: 0 | 1): number | 'inherit' => {
    const { fd, name } = STREAMS[index];
    const kind = kinds[index];
    if (kind === 'file') logFiles[name] = { path: readlinkSync(`/proc/self/fd/${fd}`), fromByte: positionOf(fd) };
    if (kind !== 'other' && !(kind === 'terminal' && wanted === 'tee')) return 'inherit';
    const tee = startTee(fd, join(logsFolder, `${name}.log`));
    tees.push(tee);
    streams[name] = `${name}.log`;
    return tee.write;
  };
  const out = connect(0);
  const err = shared ? (kinds[0] === 'file' ? 'inherit' : out) : connect(1);
  return {
    mode: tees.length > 0 ? 'tee' : 'file',
    stdio: ['inherit', out, err],
    streams,
    logFiles,
    release: () => tees.forEach((tee) => closeSync(tee.write)),
    drained: () => drained(tees.map((tee) => tee.done)),
  };
};

/** Starts a tee from a new pipe to one of our streams and to a log. Its session is its own: no signal to us or the program reaches it. */
const startTee = (fd: 1 | 2 | 'ignore', log: string): Tee => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-'));
  try {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', ['-m', '600', pipe]);
    const both = openSync(pipe, constants.O_RDWR);
    const read = openSync(pipe, constants.O_RDONLY);
    const write = openSync(pipe, constants.O_WRONLY);
    closeSync(both);
    const tee = spawn('tee', ['-i', '-a', log], { stdio: [read, fd, 'ignore'], detached: true });
    const done = new Promise<void>((resolve) => tee.on('exit', () => resolve()).on('error', () => resolve()));
    tee.unref();
    closeSync(read);
    return { write, done };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Background processes of the program may keep the pipe open; then we do not wait for them. */
const PATIENCE_MS = 2000;

const drained = async (tees: readonly Promise<void>[]): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  const done = Promise.all(tees).then(() => true);
  const result = await Promise.race([done, late]);
  clearTimeout(timer);
  return result;
};
