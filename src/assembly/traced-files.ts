import type { DataSet } from '#manifest';
import { type FileName, nameBelow, nameInside, nameKey } from '#digest';
import { eventsOf, type ProcessEvents } from './read-events.ts';
import type { Open, Site } from './generated/event-types.ts';

export type Reader = NonNullable<DataSet['readers']>[number];

/** What was found of a file just before it was first opened. */
export type FoundAs = { readonly sizeBytes?: number; readonly mtimeNs?: string; readonly ctimeNs?: string; readonly inode?: string; readonly device?: string };

/** One file that the run touched, over all processes. */
export type TracedFile = {
  readonly path: string;
  readonly raw?: string;
  /** Read with a content that was there before the run. */
  readonly readFirst: boolean;
  /** Read at any time. */
  readonly read: boolean;
  readonly written: boolean;
  /** Whether it existed before it was first opened; undefined if not known. */
  readonly existed?: boolean;
  readonly found?: FoundAs;
  readonly site?: Site;
  readonly process: string;
  readonly readers: readonly Reader[];
};

/** A file that a process held open or mapped when the system was asked. */
export type SeenFile = { readonly path: string; readonly written: boolean; readonly reader: 'descriptor' | 'map' | 'trace' | 'sweep' };

type Draft = { -readonly [K in keyof TracedFile]: TracedFile[K] };

/** Folds the events of all processes into one entry per file, following renames and forgetting what was removed. */
export const tracedFiles = (logs: readonly ProcessEvents[], seen: readonly SeenFile[]): readonly TracedFile[] => {
  const files = new Map<string, Draft>();
  for (const { process, event } of inOrder(logs)) applyEvent(files, process, event);
  for (const log of logs) for (const maps of eventsOf(log.events, 'maps')) for (const path of maps.files) noteSeen(files, { path, written: false, reader: 'map' }, processOf(log));
  for (const file of seen) noteSeen(files, file, '0');
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
};

export const processOf = (log: ProcessEvents): string => eventsOf(log.events, 'start')[0]?.process ?? log.file.replace(/\.jsonl$/, '');

type FileEvent = Extract<ProcessEvents['events'][number], { kind: 'open' | 'rename' | 'remove' | 'database' }>;

const inOrder = (logs: readonly ProcessEvents[]): readonly { process: string; event: FileEvent }[] =>
  logs
    .flatMap((log) => {
      const process = processOf(log);
      return log.events
        .filter((event): event is FileEvent => event.kind === 'open' || event.kind === 'rename' || event.kind === 'remove' || event.kind === 'database')
        .map((event) => ({ process, event }));
    })
    .sort((a, b) => a.event.timeUs - b.event.timeUs || a.event.seq - b.event.seq);

const applyEvent = (files: Map<string, Draft>, process: string, event: FileEvent): void => {
  switch (event.kind) {
    case 'open':
      return applyOpen(files, process, event);
    case 'database':
      // What was found there is told by an event of its own, just before.
      return files.has(nameKey(event)) ? undefined : applyOpen(files, process, { ...event, kind: 'open', mode: 'rw' });
    case 'rename':
      return applyRename(files, named(event.from, event.rawFrom), named(event.to, event.rawTo));
    case 'remove':
      files.delete(nameKey(event));
      return;
  }
};

const applyOpen = (files: Map<string, Draft>, process: string, event: Open): void => {
  const before = files.get(nameKey(event));
  const reads = event.mode !== 'w';
  const writes = event.mode !== 'r';
  if (before === undefined) {
    files.set(nameKey(event), {
      ...named(event.path, event.raw),
      readFirst: reads && event.existed !== false,
      read: reads,
      written: writes,
      ...(event.existed === undefined ? {} : { existed: event.existed }),
      found: foundAs(event),
      ...(event.site === undefined ? {} : { site: event.site }),
      process,
      readers: ['audit'],
    });
    return;
  }
  if (reads && !before.written) before.readFirst = true;
  before.read ||= reads;
  before.written ||= writes;
};

const foundAs = (event: Open): FoundAs => {
  const { sizeBytes, mtimeNs, ctimeNs, inode, device } = event;
  return {
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(mtimeNs === undefined ? {} : { mtimeNs }),
    ...(ctimeNs === undefined ? {} : { ctimeNs }),
    ...(inode === undefined ? {} : { inode }),
    ...(device === undefined ? {} : { device }),
  };
};

/** A renamed file keeps its history under the new name: writing beside and renaming is how careful programs write. */
const applyRename = (files: Map<string, Draft>, from: FileName, to: FileName): void => {
  const before = Array.from(files);
  for (const [key, file] of before) {
    const target = renamed(file, from, to);
    if (target === undefined) continue;
    files.delete(key);
    const { raw: _, ...rest } = file;
    files.set(nameKey(target), { ...rest, ...target, written: true });
  }
};

/** The new name of a file that was renamed, or lies in a folder that was; undefined if it is another. */
const renamed = (file: FileName, from: FileName, to: FileName): FileName | undefined => {
  if (nameKey(file) === nameKey(from)) return to;
  if (!file.path.startsWith(`${from.path}/`)) return undefined;
  const rest = nameBelow(named(file.path, file.raw), from);
  return rest === undefined ? undefined : nameInside(to, rest);
};

const named = (path: string, raw: string | undefined): FileName => (raw === undefined ? { path } : { path, raw });

const noteSeen = (files: Map<string, Draft>, seen: SeenFile, process: string): void => {
  const before = files.get(seen.path);
  if (before !== undefined) {
    if (!before.readers.includes(seen.reader)) before.readers = [...before.readers, seen.reader];
    before.written ||= seen.written;
    return;
  }
  files.set(seen.path, { path: seen.path, readFirst: !seen.written, read: !seen.written, written: seen.written, process, readers: [seen.reader] });
};
