import { join } from 'node:path';
import { countOf, escapeControl } from '#base';
import { type TableSource, tableSourcesOf } from '#content';
import type { FileEntry } from '#digest';
import type { Erasure, Snapshot, Table } from '#snapshot';
import type { Store } from '#store';
import { entriesOf } from '../data/entries-of.ts';
import type { FoundData } from '../data/find-data.ts';
import { type FilesView, viewFiles } from '../data/view-files.ts';

/** Two data sets of which it is known which files differ. */
export type Asked = {
  readonly before: FoundData;
  readonly after: FoundData;
  /** Paths of files that differ. */
  readonly touched: ReadonlySet<string>;
  /** What was stated about the erasure of each. */
  readonly erased: { readonly before: Erasure | undefined; readonly after: Erasure | undefined };
};

/** The tables of one data set that have a file which differs, here or on the other side. */
export type TableSide = {
  readonly view: FilesView;
  /** Those whose bytes are at hand. */
  readonly sources: readonly TableSource[];
  /** Digests of their files by name. */
  readonly digests: ReadonlyMap<string, string>;
  /** The others, as the document of the snapshot tells of them; of some it is only known that they are there. */
  readonly recorded: readonly Table[];
  /** What the document of the snapshot tells of those whose bytes are at hand. */
  readonly documented: readonly Table[];
  /** Names of all their files. */
  readonly names: readonly string[];
};

export type TableSides = { readonly before: TableSide; readonly after: TableSide; readonly remove: () => Promise<void> };

/** A table that has a file which differs is looked at whole, on both sides. The caller removes what was made. */
export const tableSides = async (store: Store, { before, after, touched }: Asked): Promise<TableSides> => {
  const entries = [await textEntries(store, before.snapshot), await textEntries(store, after.snapshot)] as const;
  const names = [entries[0].map(({ path }) => path), entries[1].map(({ path }) => path)] as const;
  const sources = [tableSourcesOf('/', names[0], names[1]), tableSourcesOf('/', names[1], names[0])] as const;
  const paths = new Set(sources.flat().flatMap(({ path, files }) => (files.some(({ name }) => touched.has(name)) ? [path] : [])));
  const views: FilesView[] = [];
  const remove = async (): Promise<void> => {
    for (const view of views) await view.remove();
  };
  const sideOf = async (data: FoundData, own: readonly FileEntry[], all: readonly TableSource[]): Promise<TableSide> => {
    const wanted = all.filter(({ path }) => paths.has(path));
    const files = new Set(wanted.flatMap((source) => source.files.map(({ name }) => name)));
    const listed = own.filter(({ path }) => files.has(path));
    const view = await viewFiles(store, data.place, listed);
    views.push(view);
    const missing = new Set(view.missing);
    const isHere = ({ files: parts }: TableSource): boolean => !parts.some(({ name }) => missing.has(name));
    return {
      view,
      sources: wanted.filter(isHere).map((source) => ({ ...source, files: source.files.map(({ name }) => ({ name, path: join(view.root, name) })) })),
      digests: new Map(listed.map(({ path, sha256 }) => [path, sha256])),
      recorded: wanted.filter((source) => !isHere(source)).flatMap((source) => recordedTables(data.snapshot, source, 'its bytes are not at hand')),
      documented: wanted.filter(isHere).flatMap((source) => recordedTables(data.snapshot, source, 'it was not looked into')),
      names: [...files],
    };
  };
  try {
    return { before: await sideOf(before, entries[0], sources[0]), after: await sideOf(after, entries[1], sources[1]), remove };
  } catch (error) {
    await remove();
    throw error;
  }
};

/** Files whose names are text: others are not taken for tables. */
const textEntries = async (store: Store, { list }: Snapshot): Promise<readonly FileEntry[]> => (await entriesOf(store, list)).filter(({ raw }) => raw === undefined);

/** The document knows a table by its own files alone. */
const recordedTables = ({ tables = [] }: Snapshot, { path, format, files }: TableSource, problem: string): readonly Table[] => {
  const own = tableSourcesOf(
    '/',
    files.map(({ name }) => name),
  ).map((source) => source.path);
  const recorded = tables.filter((table) => own.includes(table.path)).map((table) => ({ ...table, path }));
  return recorded.length > 0 ? recorded : [{ path, format, fileCount: files.length, problem }];
};

const MOST_NAMES = 3;

/** That bytes of a side are not at hand, in words; nothing if they are. */
export const missingNotes = ({ view: { missing } }: TableSide, side: 'before' | 'after', isErased: boolean): readonly string[] => {
  if (missing.length === 0) return [];
  const names = missing.slice(0, MOST_NAMES).map((name) => escapeControl(name));
  return [
    `the bytes ${side} of ${countOf(missing.length, 'file')} are not at hand (${names.join(', ')}${missing.length > MOST_NAMES ? ' …' : ''}): their rows cannot be compared${isErased ? '' : '; trainlock snapshot --keep keeps bytes'}`,
  ];
};
