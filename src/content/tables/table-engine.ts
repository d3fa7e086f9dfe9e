import { TrainlockError } from '#base';
import { commandThatBrings, isMissing } from '../load-package.ts';
import { loadCsv } from './open-csv.ts';
import { openJsonLines } from './open-json-lines.ts';
import { limitsOfParquet, openParquet } from './open-parquet.ts';
import { loadStaged } from './load-staged.ts';
import { makeRelations } from './relations.ts';
import { separateSource } from './separate-source.ts';
import { readProblem } from './read-problem.ts';
import type { TableQuery } from '../table-query.ts';
import { type DuckDb, openTableSession, type TableEngineOptions, type TableSession } from './table-session.ts';
import type { TableSource } from './table-source.ts';
import type { TableColumn } from './value-type.ts';
import { valueTypeOf } from './value-type-of.ts';

/** A table that statements can be asked about. */
export type OpenTable = {
  /** A quoted identifier; empty if there is a problem, or if only the shape is known. */
  readonly relation: string;
  readonly columns: readonly TableColumn[];
  /** Rows, where only the shape of the table is known. */
  readonly rowCount?: number;
  /** Why it could not be read whole. Then nothing of it may be told as if it were the table. */
  readonly problem?: string;
  /** Why values that differ in the file may be equal here: then no two rows may be called the same. Absent if none are. */
  readonly merged?: string;
  /** Forgets the table and frees its memory. */
  readonly close: () => Promise<void>;
};

/** A relation that was made of files. */
export type OpenRelation = Pick<OpenTable, 'relation' | 'merged'>;

export type OpenTableOptions = {
  /** CSV only: the texts that stand in the file, without types. */
  readonly asTexts?: boolean;
};

/** Reads tables with DuckDB, in memory and in a temporary folder; nothing is fetched, nothing is written beside the data. */
export type TableEngine = {
  readonly query: TableQuery;
  /** Never throws for what is in a file, only if the work was stopped. */
  readonly open: (source: TableSource, options?: OpenTableOptions) => Promise<OpenTable>;
  /** Runs work that a signal stops: then `open` and `query` throw its reason. One piece of work at a time. */
  readonly within: TableSession['within'];
  /** The tables that a source really has: those inside a container, and one for each file if the files differ in their columns. */
  readonly separate: (source: TableSource) => Promise<readonly TableSource[]>;
  /** What of a source is looked at less exactly than it was written, in words; nothing for most. Never throws for what is in a file. */
  readonly limits: (source: TableSource) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
};

export type TableEngineOpening =
  | { readonly kind: 'open'; readonly engine: TableEngine }
  /** DuckDB is an optional dependency, and an extra of the wheel. `fix` is a command that brings it. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly fix: string };

/** Opens an engine; the caller closes it. DuckDB is loaded here and not before. */
export const openTableEngine = async (options: TableEngineOptions = {}): Promise<TableEngineOpening> => {
  let duckDb: DuckDb;
  try {
    duckDb = await import('@duckdb/node-api');
  } catch (error) {
    const reason = isMissing(error) ? 'DuckDB is not installed' : `DuckDB cannot be loaded: ${String(error).split('\n')[0]!}`;
    return { kind: 'unavailable', reason, fix: commandThatBrings('@duckdb/node-api') };
  }
  const session = await openTableSession(duckDb, options);
  return { kind: 'open', engine: engineOf(session) };
};

const engineOf = (session: TableSession): TableEngine => ({
  query: session.query,
  separate: (source) => separateSource(session, source),
  limits: async (source) => (source.format === 'parquet' ? limitsOfParquet(session, source).catch(() => []) : []),
  within: session.within,
  close: session.close,
  open: async (source, options = {}) => {
    const relations = makeRelations(session);
    try {
      return await openTable(relations.session, source, { options, close: relations.drop });
    } catch (error) {
      await relations.drop();
      session.signal()?.throwIfAborted();
      return { relation: '', columns: [], problem: error instanceof TrainlockError ? error.message : readProblem(error), close: async () => undefined };
    }
  },
});

type Opening = { readonly options: OpenTableOptions; readonly close: () => Promise<void> };

const openTable = async (session: TableSession, source: TableSource, { options, close }: Opening): Promise<OpenTable> => {
  if (source.problem !== undefined) throw new TrainlockError('TL0002', source.problem);
  switch (source.format) {
    case 'csv':
    case 'tsv': {
      const loaded = await loadCsv(session, source, options.asTexts ?? false);
      if (loaded === undefined) return { relation: '', columns: [], rowCount: 0, close };
      const columns = (await columnsOf(session, loaded.relation)).map((column) => (loaded.numbers.includes(column.name) ? { ...column, type: 'NUMBER' } : column));
      return { relation: loaded.relation, columns, close };
    }
    case 'jsonl':
    case 'parquet': {
      const opened = await (source.format === 'jsonl' ? openJsonLines : openParquet)(session, source);
      return { ...opened, columns: await columnsOf(session, opened.relation), close };
    }
    case 'arrow':
    case 'npy':
    case 'npz':
    case 'sqlite':
    case 'hdf5': {
      const loaded = await loadStaged(session, source);
      if (loaded.kind === 'loaded') {
        const { kind: _, ...relation } = loaded;
        return { ...relation, columns: await columnsOf(session, loaded.relation), close };
      }
      const { columns, ...rest } = loaded.description;
      return { relation: '', columns: columns.map((column) => ({ ...column, value: { kind: 'other' } })), ...rest, close };
    }
  }
};

const columnsOf = async (session: TableSession, relation: string): Promise<readonly TableColumn[]> =>
  (await session.describe(relation)).map(({ name, type }) => ({ name, type: type.alias ?? type.toString(), value: valueTypeOf(type) }));
