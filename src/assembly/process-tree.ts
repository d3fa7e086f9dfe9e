import { withoutUndefined } from '#base';
import type { Capture, Process } from '#manifest';
import { microsecondsToTime } from './times.ts';
import type { PathNames } from './path-names.ts';
import { eventsOf, type ProcessEvents } from './read-events.ts';

/** A process that the operating system showed us, whether or not our hooks ran in it. */
export type SeenProcess = { readonly pid: number; readonly ppid: number; readonly argv: readonly string[]; readonly executable?: string };

export type ProcessTree = { readonly processes: readonly Process[]; readonly coverage: Capture['coverage'] };

export type EventDigest = { readonly file: string; readonly sha256: string };

/** Every process of the run: those with event logs, children whose hooks were lost, and programs that only the system showed. */
export const processTree = (logs: readonly ProcessEvents[], digests: readonly EventDigest[], seen: readonly SeenProcess[], names: PathNames): ProcessTree => {
  const sha256 = new Map(digests.map((digest) => [digest.file, digest.sha256]));
  const inside = logs.flatMap((log) => insideProcess(log, sha256.get(log.file), names));
  const pids = new Set(inside.map((process) => process.pid));
  const lost = logs.flatMap((log) => lostChildren(log));
  for (const process of lost) if (process.pid !== undefined) pids.add(process.pid);
  const ids = new Set([...inside, ...lost].map((process) => process.id));
  const silent = logs.flatMap((log) => silentChildren(log, ids)).filter((process) => process.pid === undefined || !pids.has(process.pid));
  for (const process of silent) if (process.pid !== undefined) pids.add(process.pid);
  const outside = seen.filter((process) => !pids.has(process.pid)).map((process) => outsideProcess(process, names));
  const processes = [...inside, ...lost, ...silent, ...outside].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { processes, coverage: { processesSeen: processes.length, processesWithHooks: inside.length } };
};

const insideProcess = (log: ProcessEvents, sha256: string | undefined, names: PathNames): readonly Process[] => {
  const start = eventsOf(log.events, 'start')[0];
  if (start === undefined) return [];
  const last = log.events.at(-1)!;
  const end = eventsOf(log.events, 'end')[0];
  return [
    withoutUndefined({
      id: start.process,
      parent: start.parent === '' ? undefined : start.parent,
      pid: start.pid,
      argv: start.argv,
      executable: names.nameOf(start.executable),
      startedAt: microsecondsToTime(start.timeUs),
      endedAt: end === undefined ? undefined : microsecondsToTime(end.timeUs),
      end: end !== undefined ? ('normal' as const) : last.kind === 'exec' ? ('replaced' as const) : ('abrupt' as const),
      rank: start.rank,
      hooks: 'active' as const,
      events: withoutUndefined({ file: log.file, sha256, lines: log.lines, complete: log.complete }),
    }),
  ];
};

const lostChildren = (log: ProcessEvents): readonly Process[] => {
  const parent = eventsOf(log.events, 'start')[0]?.process;
  return eventsOf(log.events, 'spawn')
    .filter((spawn) => spawn.hooks === 'lost')
    .map((spawn, index) =>
      withoutUndefined({
        id: spawn.child ?? `${parent ?? '?'}.lost${index}`,
        parent,
        pid: spawn.pid,
        argv: spawn.argv,
        hooks: looksLikePython(spawn.argv) ? ('lost' as const) : ('none' as const),
        reason: spawn.reason,
      }),
    );
};

/** Programs that were started with everything handed on, and that never told anything: they are no Python, or none that loads hooks. */
const silentChildren = (log: ProcessEvents, known: ReadonlySet<string>): readonly Process[] => {
  const parent = eventsOf(log.events, 'start')[0]?.process;
  return eventsOf(log.events, 'spawn')
    .filter((spawn) => spawn.hooks === 'passed' && spawn.child !== undefined && !known.has(spawn.child))
    .map((spawn) =>
      withoutUndefined({
        id: spawn.child!,
        parent,
        pid: spawn.pid,
        argv: spawn.argv,
        hooks: looksLikePython(spawn.argv) ? ('lost' as const) : ('none' as const),
        reason: looksLikePython(spawn.argv) ? 'a Python program that never told anything' : undefined,
      }),
    );
};

const outsideProcess = (process: SeenProcess, names: PathNames): Process =>
  withoutUndefined({
    id: `pid${process.pid}`,
    pid: process.pid,
    argv: process.argv,
    executable: process.executable === undefined ? undefined : names.nameOf(process.executable),
    hooks: looksLikePython(process.argv) ? ('lost' as const) : ('none' as const),
    reason: looksLikePython(process.argv) ? 'a Python program without our hooks' : undefined,
  });

const looksLikePython = (argv: readonly string[]): boolean => /(^|\/)(python|pypy)[0-9.]*$/.test(argv[0] ?? '');
