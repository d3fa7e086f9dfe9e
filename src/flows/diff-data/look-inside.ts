import { escapeControl, TrainlockError } from '#base';
import { compareRows, openTableEngine, singleSources, type TableEngine, type TableSource } from '#content';
import { pairTables, type RowsDifference, type Table, tableKey, type TableName } from '#snapshot';
import type { Store } from '#store';
import { profileSources } from '../data/profile-data.ts';
import type { Comparing } from '../diff-data.ts';
import { type Asked, missingNotes, type TableSide, tableSides } from './table-sides.ts';

export type Inside = {
  readonly before: readonly Table[];
  readonly after: readonly Table[];
  /** Names of all files of these tables, on both sides. */
  readonly names: ReadonlySet<string>;
  /** Paths of tables that are made of the same files, whatever these are called. */
  readonly sameFiles: ReadonlySet<string>;
  readonly rows: readonly { readonly before: TableName; readonly after: TableName; readonly rows: RowsDifference }[];
  readonly notes: readonly string[];
};

/** Looks into the tables that have a file which differs. */
export const lookInside = async (store: Store, asked: Asked, comparing: Comparing): Promise<Inside> => {
  const { before, after, sameFiles, remove } = await tableSides(store, asked);
  try {
    const { erased } = asked;
    const notes = [...missingNotes(before, 'before', erased.before !== undefined), ...missingNotes(after, 'after', erased.after !== undefined)];
    const base = { names: new Set([...before.names, ...after.names]), sameFiles };
    const opening = await openTableEngine({ folders: [...before.view.folders, ...after.view.folders] });
    if (opening.kind === 'unavailable') {
      const known = ({ sources, missing, recorded }: TableSide): readonly Table[] => [...sources, ...missing].flatMap((source) => recorded(source, 'it was not looked into'));
      return {
        ...base,
        before: known(before),
        after: known(after),
        rows: [],
        notes: [...notes, `tables were not looked into: ${opening.reason}; ${opening.fix} brings what is needed`],
      };
    }
    try {
      const found = await compareInside(opening.engine, { before, after }, comparing);
      return { ...base, ...found, notes: [...notes, ...found.notes] };
    } finally {
      await opening.engine.close();
    }
  } finally {
    await remove();
  }
};

type Both<T> = { readonly before: T; readonly after: T };

const compareInside = async (engine: TableEngine, sides: Both<TableSide>, { profile, rows: options }: Comparing): Promise<Omit<Inside, 'names' | 'sameFiles'>> => {
  const { sources, recorded } = await separated(engine, sides);
  const tablesOf = async (side: keyof Both<TableSide>): Promise<readonly Table[]> => [
    ...(await profileSources(engine, sources[side], { digests: sides[side].digests, request: profile })),
    ...recorded[side],
  ];
  const tables = { before: await tablesOf('before'), after: await tablesOf('after') };
  const rows = await rowsOf(
    engine,
    { tables, sources: { before: byKey(sources.before), after: byKey(sources.after) }, recorded: [...recorded.before, ...recorded.after] },
    options,
  );
  return { ...tables, rows: rows.found, notes: [...rows.notes, ...(await limitsOf(engine, [...sources.before, ...sources.after]))] };
};

const limitsOf = async (engine: TableEngine, sources: readonly TableSource[]): Promise<readonly string[]> => {
  const limits = new Set<string>();
  for (const source of sources) for (const limit of await engine.limits(source)) limits.add(escapeControl(limit));
  return [...limits];
};

type Separated = {
  readonly sources: Both<readonly TableSource[]>;
  /** Tables whose bytes are not at hand. */
  readonly recorded: Both<readonly Table[]>;
};

/** The tables that the sources of both sides really have. Where the files of one side are no single table, they are told one by one on both. */
const separated = async (engine: TableEngine, { before, after }: Both<TableSide>): Promise<Separated> => {
  const split = new Set<string>();
  const own = new Map<TableSource, readonly TableSource[]>();
  for (const source of [...before.sources, ...after.sources]) {
    const parts = await engine.separate(source);
    own.set(source, parts);
    if (source.files.length > 1 && parts.length > 1) split.add(source.path);
  }
  const parts = (source: TableSource, whole: readonly TableSource[]): readonly TableSource[] => (split.has(source.path) ? singleSources(source) : whole);
  const sourcesOf = ({ sources }: TableSide): readonly TableSource[] => sources.flatMap((source) => parts(source, own.get(source)!));
  const recordedOf = ({ missing, recorded }: TableSide): readonly Table[] =>
    missing.flatMap((source) => parts(source, [source])).flatMap((source) => recorded(source, 'its bytes are not at hand'));
  return { sources: { before: sourcesOf(before), after: sourcesOf(after) }, recorded: { before: recordedOf(before), after: recordedOf(after) } };
};

const byKey = (sources: readonly TableSource[]): ReadonlyMap<string, TableSource> => new Map(sources.map((source) => [tableKey(source), source]));

type Known = { readonly tables: Both<readonly Table[]>; readonly sources: Both<ReadonlyMap<string, TableSource>>; readonly recorded: readonly Table[] };

/** The rows of tables that both have and whose content differs. */
const rowsOf = async (
  engine: TableEngine,
  { tables, sources, recorded }: Known,
  options: Comparing['rows'],
): Promise<{ readonly found: Inside['rows']; readonly notes: readonly string[] }> => {
  const withoutBytes = new Set(recorded);
  const pairs = pairTables({ tables: tables.before }, { tables: tables.after }).pairs.filter(
    ({ before, after }) =>
      !withoutBytes.has(before) &&
      !withoutBytes.has(after) &&
      before.problem === undefined &&
      after.problem === undefined &&
      (before.contentSha256 === undefined || before.contentSha256 !== after.contentSha256),
  );
  const found = [];
  const notes: string[] = [];
  for (const { before, after } of pairs) {
    const rows = await compareTables(engine, [sources.before.get(tableKey(before)), sources.after.get(tableKey(after))], options).catch((error: unknown) => {
      // A key that one of several tables lacks is no reason not to tell of the others.
      if (error instanceof TrainlockError && pairs.length > 1) return error.message;
      throw error;
    });
    if (typeof rows === 'string') notes.push(`the rows of ${escapeControl(before.path)} were not compared: ${rows}`);
    else found.push({ before, after, rows });
  }
  return { found, notes };
};

/** A reason if they cannot be compared. */
const compareTables = async (
  engine: TableEngine,
  [before, after]: readonly [TableSource | undefined, TableSource | undefined],
  options: Comparing['rows'],
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
