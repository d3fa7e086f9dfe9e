import { join } from 'node:path';
import { countOf, escapeControl } from '#base';
import { type TableSource, tableSourcesOf } from '#content';
import type { FileEntry } from '#digest';
import type { Erasure, Snapshot, Table } from '#snapshot';
import type { Store } from '#store';
import { entriesOf, rootOf } from '../data/entries-of.ts';
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
  /** The others. */
  readonly missing: readonly TableSource[];
  /** Tables as the document of the snapshot tells of them; of some it is only known that they are there, and why no more is: `problem`. */
  readonly recorded: (source: TableSource, problem: string) => readonly Table[];
  /** Names of all their files. */
  readonly names: readonly string[];
};

export type TableSides = {
  readonly before: TableSide;
  readonly after: TableSide;
  /** Paths of tables that are made of the same files, whatever these are called. */
  readonly sameFiles: ReadonlySet<string>;
  readonly remove: () => Promise<void>;
};

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
  // What is gone from its place may lie on the other side under another name.
  let elsewhere: ReadonlyMap<string, string> | undefined;
  const alsoAt = ({ sha256 }: FileEntry): string | undefined => {
    elsewhere ??= new Map(
      [before, after].flatMap(({ place }, i) => (place === undefined ? [] : entries[i]!.map((entry) => [entry.sha256, join(rootOf(place), entry.path)] as const))),
    );
    return elsewhere.get(sha256);
  };
  const sideOf = async (data: FoundData, own: readonly FileEntry[], all: readonly TableSource[]): Promise<TableSide> => {
    const wanted = all.filter(({ path }) => paths.has(path));
    const files = new Set(wanted.flatMap((source) => source.files.map(({ name }) => name)));
    const listed = own.filter(({ path }) => files.has(path));
    const view = await viewFiles(store, listed, data.place, alsoAt);
    views.push(view);
    const missing = new Set(view.missing);
    const isHere = ({ files: parts }: TableSource): boolean => !parts.some(({ name }) => missing.has(name));
    return {
      view,
      sources: wanted.filter(isHere).map((source) => ({ ...source, files: source.files.map(({ name }) => ({ name, path: join(view.root, name) })) })),
      digests: new Map(listed.map(({ path, sha256 }) => [path, sha256])),
      missing: wanted.filter((source) => !isHere(source)),
      recorded: (source, problem) => recordedTables(data.snapshot, source, problem),
      names: [...files],
    };
  };
  try {
    const sides = { before: await sideOf(before, entries[0], sources[0]), after: await sideOf(after, entries[1], sources[1]) };
    return { ...sides, sameFiles: withSameFiles([sources[0], sides.before.digests], [sources[1], sides.after.digests], paths), remove };
  } catch (error) {
    await remove();
    throw error;
  }
};

type Digested = readonly [sources: readonly TableSource[], digests: ReadonlyMap<string, string>];

const withSameFiles = (before: Digested, after: Digested, paths: ReadonlySet<string>): ReadonlySet<string> => {
  const contents = ([sources, digests]: Digested): ReadonlyMap<string, string> =>
    new Map(
      sources.flatMap(({ path, files }) =>
        paths.has(path)
          ? [
              [
                path,
                files
                  .map(({ name }) => digests.get(name))
                  .toSorted(byText)
                  .join(),
              ] as const,
            ]
          : [],
      ),
    );
  const others = contents(after);
  return new Set([...contents(before)].flatMap(([path, content]) => (others.get(path) === content ? [path] : [])));
};

const byText = (a: string | undefined, b: string | undefined): number => ((a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0);

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
