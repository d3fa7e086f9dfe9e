import { hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { utf8 } from '#base';
import { readSmallNow, writeAtomic } from '#files';
import { isSummary, type RunSummary } from './run-summary.ts';
import { indexFile } from './store-layout.ts';

/** What the index remembers of a finished run: its summary, and how its statement file looked. */
export type IndexEntry = {
  /** Folder name of the run. */
  readonly folder: string;
  readonly sizeBytes: number;
  readonly mtimeNs: string;
  /** Digest of the statement. */
  readonly sha256: string;
  readonly summary: RunSummary;
};

/** Larger indexes are not read: they are made anew. Unit: byte. */
const MAX_INDEX = 400 * 1024 * 1024;

/** Version of the lines; other lines are as if they were not there. */
const VERSION = 1;

const CHECK_LETTERS = 8;
const LINE_FEED = 0x0a;

/** A line begins with a check of the rest: two writers on a network file system may have torn each other's lines. */
const lineOf = (entry: IndexEntry): string => {
  const text = JSON.stringify({ v: VERSION, ...entry });
  return `${checkOf(text)} ${text}\n`;
};

const checkOf = (text: string): string => hash('sha256', text, 'hex').slice(0, CHECK_LETTERS);

export type RunIndex = {
  /** Newest line per run folder. */
  readonly entries: ReadonlyMap<string, IndexEntry>;
  /** Lines that are superseded, torn or of another version. */
  readonly wasted: number;
};

/** The index as far as it can be read. It is a cache: nothing it lacks is lost, and whoever uses an entry checks that it still fits. */
export const readIndex = (root: string): RunIndex => {
  const entries = new Map<string, IndexEntry>();
  let wasted = 0;
  for (const line of linesOf(indexFile(root))) {
    if (line === '') continue;
    const entry = entryOf(line);
    if (entry === undefined || entries.has(entry.folder)) wasted += 1;
    if (entry !== undefined) entries.set(entry.folder, entry);
  }
  return { entries, wasted };
};

/** A link in place of the index is none: a repository may bring one, and it leads to files of the user. */
const linesOf = (path: string): readonly string[] => {
  const bytes = readSmallNow(path, MAX_INDEX, true);
  return bytes === undefined ? [] : Buffer.from(bytes).toString('utf8').split('\n');
};

const entryOf = (line: string): IndexEntry | undefined => {
  const text = line.slice(CHECK_LETTERS + 1);
  if (line.slice(0, CHECK_LETTERS) !== checkOf(text)) return undefined;
  const value = parsed(text);
  const fits =
    value?.v === VERSION &&
    typeof value.folder === 'string' &&
    typeof value.sizeBytes === 'number' &&
    typeof value.mtimeNs === 'string' &&
    typeof value.sha256 === 'string' &&
    isSummary(value.summary);
  return fits ? (value as IndexEntry) : undefined;
};

/** The check of a line is no secret: anybody may have written it. */
const parsed = (text: string): (Partial<IndexEntry> & { readonly v?: number }) | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Adds entries at the end. An index that cannot be written costs time at the next list and nothing else. */
export const appendToIndex = (root: string, entries: readonly IndexEntry[]): void => {
  if (entries.length === 0) return;
  let file: number | undefined;
  try {
    file = openSync(indexFile(root), constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600);
    if (!fstatSync(file).isFile()) return;
    // One write per call: lines of processes that append at once do not mix on local file systems.
    writeSync(file, `${needsLineFeed(file) ? '\n' : ''}${entries.map(lineOf).join('')}`);
  } catch {
    // The index is a cache.
  } finally {
    if (file !== undefined) closeSync(file);
  }
};

/** Whether somebody died while writing the last line. */
const needsLineFeed = (file: number): boolean => {
  const last = Buffer.alloc(1);
  const { size } = fstatSync(file);
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== LINE_FEED;
};

/** Replaces the index. Throws TL0003. */
export const writeIndex = async (root: string, entries: Iterable<IndexEntry>): Promise<void> => {
  await writeAtomic(indexFile(root), utf8([...entries].map(lineOf).join('')), 0o600);
};
