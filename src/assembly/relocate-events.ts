import type { TraceEvent } from './generated/event-types.ts';
import { isBelow } from './path-names.ts';
import type { ProcessEvents } from './read-events.ts';

/** A place that a confined program sees at `inside` and that everybody else finds at `outside`. */
export type Mount = { readonly inside: string; readonly outside: string };

/** Where a path that the program saw lies for everybody else; the innermost mount decides. */
export const outsidePath = (path: string, mounts: readonly Mount[]): string => {
  let deepest: Mount | undefined;
  for (const mount of mounts) if (isBelow(path, mount.inside) && mount.inside.length > (deepest?.inside.length ?? -1)) deepest = mount;
  return deepest === undefined ? path : deepest.outside + path.slice(deepest.inside.length);
};

/** Where a program saw its project: a replay with mounts shows it at another place. */
export const seenProject = ({ projectRoot, mounts = [] }: { readonly projectRoot: string; readonly mounts?: readonly Mount[] }): string =>
  mounts.find((mount) => mount.outside === projectRoot)?.inside ?? projectRoot;

/** Fields of events that hold absolute paths, alone or in a list. */
const PATHS: ReadonlySet<string> = new Set(['path', 'from', 'to', 'file', 'files', 'libraries', 'paths', 'executable', 'prefix', 'basePrefix', 'cwd']);

/** The events of a program that ran among mounts of its own, with every path as everybody else knows it. */
export const relocateEvents = (logs: readonly ProcessEvents[], mounts: readonly Mount[] = []): readonly ProcessEvents[] =>
  mounts.length === 0 ? logs : logs.map((log) => ({ ...log, events: log.events.map((event) => relocated(event, mounts) as TraceEvent) }));

const relocated = (value: unknown, mounts: readonly Mount[]): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => relocated(item, mounts));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, PATHS.has(key) ? moved(item, mounts) : relocated(item, mounts)]));
};

const moved = (value: unknown, mounts: readonly Mount[]): unknown => {
  if (typeof value === 'string') return value.startsWith('/') ? outsidePath(value, mounts) : value;
  return Array.isArray(value) ? value.map((item) => moved(item, mounts)) : relocated(value, mounts);
};
