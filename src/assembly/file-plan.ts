import picomatch from 'picomatch';
import { isBelow } from './path-names.ts';
import { eventsOf, type ProcessEvents } from './read-events.ts';
import { type SeenFile, type TracedFile, tracedFiles } from './traced-files.ts';

/** Which files of a run are code, input and output; decided before anything is hashed. */
export type FilePlan = {
  readonly code: readonly TracedFile[];
  readonly inputs: readonly TracedFile[];
  readonly outputs: readonly TracedFile[];
  /** Paths that the program looked for in vain, outside system folders. */
  readonly absent: readonly string[];
};

export type PlanContext = {
  readonly projectRoot: string;
  readonly storeRoot: string;
  /** Folders of the run itself that lie in the store: those of a replay. */
  readonly inStore: readonly string[];
  /** Absolute path of the script or program, if it is a file. */
  readonly entryPoint?: string;
  /** Files that take the output of the command: its logs, not its outputs. */
  readonly streams: readonly string[];
  /** Globs, relative to the project, of files that are neither input nor output. */
  readonly ignore: readonly string[];
};

const SYSTEM = [
  '/proc',
  '/sys',
  '/dev',
  '/run',
  '/etc',
  '/usr/lib',
  '/usr/lib64',
  '/usr/share',
  '/usr/bin',
  '/bin',
  '/lib',
  '/lib64',
  '/usr/local/lib',
  '/usr/include',
  '/var/lib/dpkg',
];
const NOISE = /(^|\/)(__pycache__|\.git)(\/|$)|\.py[co]$/;

/** Sorts the files of the events into code, inputs and outputs. Interpreter and packages are covered by their own section. */
export const planFiles = (logs: readonly ProcessEvents[], seen: readonly SeenFile[], context: PlanContext): FilePlan => {
  const own = ownFolders(logs, context);
  const ignored = picomatch([...context.ignore], { dot: true });
  const ofRun = [context.projectRoot, ...context.inStore];
  const isOwn = (path: string): boolean =>
    context.streams.includes(path) || own.some((folder) => isBelow(path, folder) && !ofRun.some((one) => isBelow(one, folder) && isBelow(path, one)));
  const counts = (path: string): boolean => !isOwn(path) && !NOISE.test(path) && !(isBelow(path, context.projectRoot) && ignored(path.slice(context.projectRoot.length + 1)));
  const modules = new Set(logs.flatMap((log) => eventsOf(log.events, 'modules').flatMap((event) => event.files)));
  if (context.entryPoint !== undefined) modules.add(context.entryPoint);
  const touched = tracedFiles(logs, seen);
  const files = touched.filter((file) => counts(file.path));
  const byPath = new Map(touched.map((file) => [file.path, file]));
  const code = [...modules]
    .filter((path) => !NOISE.test(path))
    .sort()
    .map((path) => byPath.get(path) ?? readOnly(path));
  const absent = new Set(logs.flatMap((log) => eventsOf(log.events, 'absent').map((event) => event.path)).filter((path) => counts(path) && !byPath.has(path)));
  return {
    code: code.filter((file) => !file.written),
    inputs: files.filter((file) => !modules.has(file.path) && file.readFirst && !isSource(file.path)),
    outputs: files.filter((file) => file.written),
    absent: [...absent].sort(),
  };
};

const isSource = (path: string): boolean => /\.(py|pyx|pyi|pxd)$/.test(path);

const readOnly = (path: string): TracedFile => ({ path, readFirst: true, read: true, written: false, process: '0', readers: ['audit'] });

/** Folders whose files are software or the machine, not the run's own: the system, the interpreter and its packages, our store. */
const ownFolders = (logs: readonly ProcessEvents[], context: PlanContext): readonly string[] => {
  const starts = logs.flatMap((log) => eventsOf(log.events, 'start'));
  const prefixes = starts.flatMap((start) => [start.prefix, start.basePrefix]).filter((prefix): prefix is string => prefix !== undefined && prefix !== '/usr' && prefix !== '/');
  const searched = logs.flatMap((log) => eventsOf(log.events, 'search-path').flatMap((event) => event.paths)).filter((path) => /\/(site|dist)-packages$/.test(path));
  return [...new Set([...SYSTEM, ...prefixes.filter((prefix) => !isBelow(context.projectRoot, prefix)), ...searched, context.storeRoot])];
};
