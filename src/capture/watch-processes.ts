import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import type { SeenFile, SeenProcess } from '#assembly';

/** How often the process table is looked at. The first looks come sooner, for short programs. Unit: ms. */
const INTERVAL_MS = 1000;
const FIRST_LOOKS_MS = [100, 400];
const MOST_PROCESSES = 5000;
const MOST_FILES = 50_000;

export type Watch = {
  readonly stop: () => void;
  readonly processes: () => readonly SeenProcess[];
  readonly files: () => readonly SeenFile[];
  /** Largest resident set of one process seen. Unit: byte. */
  readonly peakMemoryBytes: () => number;
};

/**
 * Looks at the process table now and then: which processes belong to the run, and which files they hold open or mapped. This finds
 * programs and long-lived native file handles that no hook sees; what lives for less than the interval is missed. `helper` is the argument
 * vector of what confines the run: it belongs to us, and reads and writes nothing of the run.
 */
export const watchProcesses = (root: number, helper?: readonly string[]): Watch => {
  const processes = new Map<number, SeenProcess>();
  const files = new Map<string, SeenFile>();
  let peak = 0;
  const look = (): void => {
    for (const pid of descendants(root)) {
      const seen = processes.get(pid) ?? describe(pid);
      if (seen === undefined || processes.size >= MOST_PROCESSES) continue;
      processes.set(pid, seen);
      peak = Math.max(peak, peakOf(pid));
      // A shell holds its own script open: that is the program, not data.
      for (const file of openFiles(pid)) if (files.size < MOST_FILES && !seen.argv.slice(0, 3).includes(file.path)) noteFile(files, file);
    }
  };
  const timers = [...FIRST_LOOKS_MS.map((ms) => setTimeout(look, ms)), setInterval(look, INTERVAL_MS)];
  for (const timer of timers) timer.unref();
  return {
    stop: () => timers.forEach((timer) => clearInterval(timer)),
    processes: () => [...processes.values()].filter(({ argv }) => !isHelper(argv, helper)),
    files: () => [...files.values()],
    peakMemoryBytes: () => peak,
  };
};

const isHelper = (argv: readonly string[], helper: readonly string[] | undefined): boolean =>
  helper !== undefined && argv.length === helper.length && argv.every((word, at) => word === helper[at]);

const noteFile = (files: Map<string, SeenFile>, file: SeenFile): void => {
  const before = files.get(file.path);
  if (before === undefined || (file.written && !before.written)) files.set(file.path, file);
};

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

const descendants = (root: number): readonly number[] => {
  const found: number[] = [];
  const queue = [root];
  while (queue.length > 0 && found.length < MOST_PROCESSES) {
    const pid = queue.pop()!;
    found.push(pid);
    for (const task of list(`/proc/${pid}/task`)) {
      const children = read(`/proc/${pid}/task/${task}/children`);
      if (children !== undefined)
        queue.push(
          ...children
            .split(' ')
            .filter((text) => text !== '')
            .map(Number),
        );
    }
  }
  return found;
};

const list = (path: string): readonly string[] => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};

const link = (path: string): string | undefined => {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
};

const describe = (pid: number): SeenProcess | undefined => {
  const stat = read(`/proc/${pid}/stat`);
  const command = read(`/proc/${pid}/cmdline`);
  if (stat === undefined || command === undefined || command === '') return undefined;
  const ppid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  const executable = link(`/proc/${pid}/exe`);
  return { pid, ppid, argv: command.split('\0').slice(0, -1), ...(executable === undefined ? {} : { executable }) };
};

const peakOf = (pid: number): number => Number(/^VmHWM:\s*(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? 0) * 1024;

/** Regular files that a process holds open, with whether it may write, and data files it has mapped. */
const openFiles = (pid: number): readonly SeenFile[] => [...descriptors(pid), ...mappings(pid)];

const descriptors = (pid: number): readonly SeenFile[] =>
  list(`/proc/${pid}/fd`).flatMap((fd) => {
    const path = link(`/proc/${pid}/fd/${fd}`);
    if (path === undefined || !path.startsWith('/') || path.endsWith(' (deleted)') || !isRegular(path)) return [];
    const flags = Number.parseInt(/^flags:\s*([0-7]+)$/m.exec(read(`/proc/${pid}/fdinfo/${fd}`) ?? '')?.[1] ?? '0', 8);
    return [{ path, written: (flags & 3) !== 0, reader: 'descriptor' as const }];
  });

const mappings = (pid: number): readonly SeenFile[] =>
  (read(`/proc/${pid}/maps`) ?? '').split('\n').flatMap((line) => {
    const match = /^\S+ (\S{4}) \S+ \S+ [1-9]\d*\s+(\/.*)$/.exec(line);
    if (match === null || match[1]!.includes('x') || /\.so(\.[0-9.]+)?$/.test(match[2]!) || match[2]!.endsWith(' (deleted)')) return [];
    return [{ path: match[2]!, written: match[1]![1] === 'w' && match[1]![3] === 's', reader: 'map' as const }];
  });

const isRegular = (path: string): boolean => {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
};
