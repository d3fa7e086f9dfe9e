/** What differs between two sets of data: files, then what they say, then rows, as far as the bytes are at hand. */
import { countOf, escapeControl, TrainlockError } from '#base';
import { compareRows, type CompareRowsOptions, openTableEngine, type TableEngine, type TableSource, tableSourcesOf } from '#content';
import type { FileEntry } from '#digest';
import {
  compareFiles,
  compareSnapshots,
  matchesPattern,
  pairTables,
  type RowsDifference,
  type Snapshot,
  type SnapshotDifference,
  type Table,
  type TableName,
  watchedPaths,
} from '#snapshot';
import { askStore, type Store } from '#store';
import { differingEntries, type DifferingEntries } from './data/differing-entries.ts';
import { type DataPlace, erasedText, findData, type FoundData } from './data/find-data.ts';
import { entriesOf } from './data/entries-of.ts';
import { type DataProfile, profileData, type ProfileRequest } from './data/profile-data.ts';
import { type FilesView, viewFiles } from './data/view-files.ts';
import { passedOver } from './verify-data.ts';

export type DiffDataRequest = DataPlace & {
  readonly storeFolder: string;
  readonly now: string;
  readonly before: string;
  readonly after: string;
  /** Compare files alone. */
  readonly filesOnly?: boolean;
  readonly rows: Pick<CompareRowsOptions, 'key' | 'by' | 'values' | 'examples'>;
  readonly profile: ProfileRequest;
};

/** Throws TL0811 if something is not found, TL0306 and TL0307 if lists are missing or damaged, TL0001 if a column of the key is. */
export const diffData = (request: DiffDataRequest): Promise<SnapshotDifference> => askStore(request, (store) => diffIn(store, request));

const diffIn = async (store: Store, request: DiffDataRequest): Promise<SnapshotDifference> => {
  const before = await findData(store, request.before, request);
  const after = await findData(store, request.after, request);
  const differing = await differingEntries(store, before.snapshot.list, after.snapshot.list);
  const looked = request.filesOnly === true ? undefined : await lookInside(store, { before, after, differing }, request);
  const sides = withTables({ before: before.snapshot, after: after.snapshot }, looked, new Set([...differing.before, ...differing.after].map(({ path }) => path)));
  const files = compareFiles(differing.before, differing.after, {
    passedOver: passedOver(before.snapshot.list, differing.before),
    watched: watchedPaths(sides.before, sides.after),
  });
  return compareSnapshots(sides.before, sides.after, { files, rows: looked?.rows ?? [], notes: looked?.notes ?? [] });
};

type Documents = { readonly before: Snapshot; readonly after: Snapshot };

/**
 * The documents with the tables that were looked into now. A table of which no file differs is the same on both sides, even if only
 * one document tells of it.
 */
const withTables = (documents: Documents, looked: Inside | undefined, touched: ReadonlySet<string>): Documents => {
  const untouched = ({ tables = [] }: Snapshot): readonly Table[] => {
    const names = new Set(looked === undefined ? [] : [...looked.before, ...looked.after].map(({ path }) => path));
    return tables.filter(({ path }) => !names.has(path) && ![...touched].some((one) => one === path || matchesPattern(one, path)));
  };
  const [before, after] = [untouched(documents.before), untouched(documents.after)];
  const side = (snapshot: Snapshot, [own, other]: readonly [readonly Table[], readonly Table[]], now: readonly Table[]): Snapshot => {
    const known = new Set(own.map(nameKey));
    return { ...snapshot, tables: [...own, ...other.filter((table) => !known.has(nameKey(table))), ...now] };
  };
  return { before: side(documents.before, [before, after], looked?.before ?? []), after: side(documents.after, [after, before], looked?.after ?? []) };
};

const nameKey = ({ path, inner }: TableName): string => JSON.stringify([path, inner ?? null]);

type Asked = { readonly before: FoundData; readonly after: FoundData; readonly differing: DifferingEntries };

type Inside = {
  readonly before: readonly Table[];
  readonly after: readonly Table[];
  readonly rows: readonly { readonly before: TableName; readonly after: TableName; readonly rows: RowsDifference }[];
  readonly notes: readonly string[];
};

/** Looks into the tables that have a file which differs; undefined if there is none. */
const lookInside = async (store: Store, asked: Asked, request: DiffDataRequest): Promise<Inside | undefined> => {
  const touched = new Set([...asked.differing.before, ...asked.differing.after].map(({ path }) => path));
  if (tableSourcesOf('/', [...touched]).length === 0) return undefined;
  const sides = [];
  try {
    for (const data of [asked.before, asked.after]) sides.push(await viewSide(store, data, touched));
    const [before, after] = sides as [Side, Side];
    const [tablesBefore, tablesAfter] = [await profileSide(before, request), await profileSide(after, request)];
    const rows = await rowsOf({ before, after, tables: { before: tablesBefore.tables, after: tablesAfter.tables } }, request);
    return {
      before: tablesBefore.tables,
      after: tablesAfter.tables,
      rows: rows.found,
      notes: [...missingNotes(before, 'before'), ...missingNotes(after, 'after'), ...tablesBefore.notes, ...rows.notes],
    };
  } finally {
    for (const side of sides) await side.view.remove();
  }
};

type Side = {
  readonly view: FilesView;
  readonly entries: readonly FileEntry[];
  /** Tables whose bytes are not at hand, as the document of the snapshot tells of them; of others it is only known that they are there. */
  readonly recorded: readonly Table[];
  readonly erased: string | undefined;
};

/** The files of every table that has one which differs. */
const viewSide = async (store: Store, data: FoundData, touched: ReadonlySet<string>): Promise<Side> => {
  const all = await entriesOf(store, data.snapshot.list);
  const sources = tableSourcesOf(
    '/',
    all.filter(({ raw }) => raw === undefined).map(({ path }) => path),
  );
  const names = new Set(sources.filter(({ files }) => files.some(({ name }) => touched.has(name))).flatMap(({ files }) => files.map(({ name }) => name)));
  const wanted = all.filter(({ path, raw }) => raw === undefined && names.has(path));
  const view = await viewFiles(store, data.place, wanted);
  const missing = new Set(view.missing);
  const last = (await store.erasuresOf(data.snapshot.list.sha256)).at(-1);
  const unknown = sources.filter(({ files }) => files.some(({ name }) => missing.has(name)));
  const lost = new Set(unknown.flatMap(({ files }) => files.map(({ name }) => name)));
  return {
    view,
    entries: wanted.filter(({ path }) => !lost.has(path)),
    recorded: unknown.flatMap((source) => recordedTables(data.snapshot, source)),
    erased: last === undefined ? undefined : erasedText(last),
  };
};

const recordedTables = ({ tables = [] }: Snapshot, { path, format, files }: TableSource): readonly Table[] => {
  const recorded = tables.filter((table) => table.path === path);
  return recorded.length > 0 ? recorded : [{ path, format, fileCount: files.length, problem: 'its bytes are not at hand' }];
};

const profileSide = async ({ view, entries, recorded }: Side, request: DiffDataRequest): Promise<DataProfile> => {
  const profile = await profileData(view.root, entries, { ...request.profile, folders: view.folders });
  return { ...profile, tables: [...profile.tables, ...recorded] };
};

const missingNotes = ({ view, erased }: Side, side: string): readonly string[] =>
  view.missing.length === 0
    ? []
    : erased !== undefined
      ? [`${side}: ${erased}`]
      : [
          `the bytes ${side} of ${countOf(view.missing.length, 'file')} are not at hand (${view.missing
            .slice(0, 3)
            .map((name) => escapeControl(name))
            .join(', ')}${view.missing.length > 3 ? ' …' : ''}): their rows cannot be compared; trainlock snapshot --keep keeps bytes`,
        ];

type Both = { readonly before: Side; readonly after: Side; readonly tables: { readonly before: readonly Table[]; readonly after: readonly Table[] } };

/** The rows of tables that both have and whose content differs. */
const rowsOf = async (both: Both, request: DiffDataRequest): Promise<{ readonly found: Inside['rows']; readonly notes: readonly string[] }> => {
  const withoutBytes = new Set([...both.before.recorded, ...both.after.recorded]);
  const pairs = pairTables({ tables: both.tables.before }, { tables: both.tables.after }).pairs.filter(
    ({ before, after }) =>
      !withoutBytes.has(before) &&
      !withoutBytes.has(after) &&
      before.problem === undefined &&
      after.problem === undefined &&
      (before.contentSha256 === undefined || before.contentSha256 !== after.contentSha256),
  );
  if (pairs.length === 0) return { found: [], notes: [] };
  const opening = await openTableEngine({ folders: [...both.before.view.folders, ...both.after.view.folders] });
  if (opening.kind === 'unavailable') return { found: [], notes: [`rows were not compared: ${opening.reason}; ${opening.fix} brings what is needed`] };
  const found = [];
  const notes: string[] = [];
  try {
    const [old, young] = [await sourcesOf(opening.engine, both.before), await sourcesOf(opening.engine, both.after)];
    for (const { before, after } of pairs) {
      const rows = await compareTables(opening.engine, [old.get(nameKey(before)), young.get(nameKey(after))], request.rows).catch((error: unknown) => {
        // A key that one of several tables lacks is no reason not to tell of the others.
        if (error instanceof TrainlockError && pairs.length > 1) return error.message;
        throw error;
      });
      if (typeof rows === 'string') notes.push(`the rows of ${escapeControl(before.path)} were not compared: ${rows}`);
      else found.push({ before, after, rows });
    }
    return { found, notes };
  } finally {
    await opening.engine.close();
  }
};

const sourcesOf = async (engine: TableEngine, { view, entries }: Side): Promise<ReadonlyMap<string, TableSource>> => {
  const sources = new Map<string, TableSource>();
  for (const source of tableSourcesOf(
    view.root,
    entries.map(({ path }) => path),
  ))
    for (const one of await engine.separate(source).catch(() => [])) sources.set(nameKey(one), one);
  return sources;
};

/** A reason if they cannot be compared. */
const compareTables = async (
  engine: TableEngine,
  [before, after]: readonly [TableSource | undefined, TableSource | undefined],
  options: DiffDataRequest['rows'],
): Promise<RowsDifference | string> => {
  if (before === undefined || after === undefined) return 'one of the tables cannot be found again';
  const old = await engine.open(before);
  const young = await engine.open(after);
  try {
    const problem = old.problem ?? young.problem;
    if (problem !== undefined) return problem;
    if (old.relation === '' || young.relation === '') return 'only its shape is known';
    return await compareRows(engine.query, old, young, options);
  } finally {
    await old.close();
    await young.close();
  }
};
