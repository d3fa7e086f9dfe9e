import { countOf, escapeControl, TrainlockError } from '#base';
import { compareRows, openTableEngine, type TableEngine, type TableSource, tableSourcesOf } from '#content';
import type { FileEntry } from '#digest';
import { pairTables, type RowsDifference, type Snapshot, type Table, tableKey, type TableName } from '#snapshot';
import type { Store } from '#store';
import { entriesOf } from '../data/entries-of.ts';
import { erasedText, type FoundData } from '../data/find-data.ts';
import { type DataProfile, profileData } from '../data/profile-data.ts';
import { type FilesView, viewFiles } from '../data/view-files.ts';
import type { DiffDataRequest } from '../diff-data.ts';

export type Asked = { readonly before: FoundData; readonly after: FoundData; /** Paths of files that differ. */ readonly touched: ReadonlySet<string> };

export type Inside = {
  readonly before: readonly Table[];
  readonly after: readonly Table[];
  readonly rows: readonly { readonly before: TableName; readonly after: TableName; readonly rows: RowsDifference }[];
  readonly notes: readonly string[];
};

/** Looks into the tables that have a file which differs. */
export const lookInside = async (store: Store, { before: old, after: young, touched }: Asked, request: DiffDataRequest): Promise<Inside> => {
  const sides = [];
  try {
    for (const data of [old, young]) sides.push(await viewSide(store, data, touched));
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
      const rows = await compareTables(opening.engine, [old.get(tableKey(before)), young.get(tableKey(after))], request.rows).catch((error: unknown) => {
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
    for (const one of await engine.separate(source).catch(() => [])) sources.set(tableKey(one), one);
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
    const problem = old.problem ?? young.problem ?? old.merged ?? young.merged;
    if (problem !== undefined) return problem;
    if (old.relation === '' || young.relation === '') return 'only its shape is known';
    return await compareRows(engine.query, old, young, options);
  } finally {
    await old.close();
    await young.close();
  }
};
