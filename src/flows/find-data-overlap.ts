/** What parts of data share: rows, groups, or texts that are nearly the same. */
import { escapeControl, TrainlockError } from '#base';
import { findOverlap, openTableEngine, type OpenTable, type OverlapOptions, type Part, type TableEngine, tableSourcesOf } from '#content';
import { familyOf, type Overlap } from '#snapshot';
import { askStore, type Store } from '#store';
import { type DataPlace, findData } from './data/find-data.ts';
import { entriesOf } from './data/entries-of.ts';
import { type FilesView, viewFiles } from './data/view-files.ts';

export type OverlapRequest = DataPlace & {
  readonly storeFolder: string;
  readonly now: string;
  /** Each with one table, or one with several: then its tables are the parts. */
  readonly references: readonly string[];
  readonly options: OverlapOptions;
};

/** Throws TL0811 if something is not found, TL0813 if tables cannot be read, TL0001 if a column of the key is missing. */
export const findDataOverlap = (request: OverlapRequest): Promise<Overlap> => askStore(request, (store) => overlapIn(store, request));

const overlapIn = async (store: Store, request: OverlapRequest): Promise<Overlap> => {
  const views: (FilesView & { readonly title: string; readonly names: readonly string[] })[] = [];
  try {
    for (const reference of request.references) {
      const data = await findData(store, reference, request);
      const entries = (await entriesOf(store, data.snapshot.list)).filter(({ path, raw }) => raw === undefined && tableSourcesOf('/', [path]).length > 0);
      const view = await viewFiles(store, entries, data.place);
      if (view.missing.length > 0) throw unreadable(data.title, `the bytes of ${escapeControl(view.missing[0]!)} are not at hand`);
      views.push({ ...view, title: data.title, names: entries.map(({ path }) => path) });
    }
    const opening = await openTableEngine({ folders: views.flatMap(({ folders }) => folders) });
    if (opening.kind === 'unavailable') throw new TrainlockError('TL0813', opening.reason, { fix: opening.fix });
    try {
      return await overlapOf(opening.engine, views, request.options);
    } finally {
      await opening.engine.close();
    }
  } finally {
    for (const view of views) await view.remove();
  }
};

const unreadable = (title: string, reason: string): TrainlockError =>
  new TrainlockError('TL0813', `${escapeControl(title)} cannot be compared: ${reason}`, { fix: 'trainlock data show' });

type View = { readonly root: string; readonly title: string; readonly names: readonly string[] };

const overlapOf = async (engine: TableEngine, views: readonly View[], options: OverlapOptions): Promise<Overlap> => {
  const tables: (OpenedPart & { readonly limits: readonly string[] })[] = [];
  try {
    for (const view of views) tables.push(...(await openAll(engine, view, views.length > 1)));
    if (tables.length < 2)
      throw new TrainlockError('TL0001', 'an overlap needs at least two tables', {
        notes: tables.map(({ name }) => `there is one: ${escapeControl(name)}`),
        fix: 'trainlock data overlap TRAIN TEST',
      });
    const overlap = await findOverlap(engine.query, tables satisfies readonly Part[], options);
    const notes = [...new Set([...tables.flatMap(({ limits }) => limits), ...otherTypes(tables, options.key ?? [])])];
    return notes.length === 0 ? overlap : { ...overlap, notes };
  } finally {
    for (const { table } of tables) await table.close();
  }
};

/** Columns of the key that are texts in one part and something else in another: 00501 is no number. */
const otherTypes = (parts: readonly OpenedPart[], key: readonly string[]): readonly string[] =>
  key.flatMap((name) => {
    const types = parts.flatMap(({ name: part, table }) =>
      table.columns.flatMap((column) => (column.name === name ? [{ part, family: familyOf(column.type), type: column.type }] : [])),
    );
    const text = types.find(({ family }) => family === 'text');
    const other = types.find(({ family }) => family !== 'text');
    return text === undefined || other === undefined
      ? []
      : [
          `the column ${escapeControl(name)} is ${text.type} in ${escapeControl(text.part)} and ${other.type} in ${escapeControl(other.part)}: values are the same only if the text is written as that value is`,
        ];
  });

type OpenedPart = { readonly name: string; readonly table: OpenTable };

const openAll = async (engine: TableEngine, view: View, isOneOfMany: boolean): Promise<readonly (OpenedPart & { readonly limits: readonly string[] })[]> => {
  const sources = [];
  for (const source of tableSourcesOf(view.root, view.names)) sources.push(...(await engine.separate(source)));
  if (sources.length === 0) throw unreadable(view.title, 'there is no table in it');
  const opened = [];
  for (const source of sources) {
    const table = await engine.open(source);
    const own = source.inner === undefined ? source.path : `${source.path} ${source.inner}`;
    const problem = table.problem ?? table.merged ?? (table.relation === '' ? 'only its shape is known' : undefined);
    if (problem !== undefined) throw unreadable(view.title, `${escapeControl(own)}: ${escapeControl(problem)}`);
    opened.push({ name: !isOneOfMany ? own : sources.length === 1 ? view.title : `${view.title.replace(/\/+$/, '')}/${own}`, table, limits: await engine.limits(source) });
  }
  return opened;
};
