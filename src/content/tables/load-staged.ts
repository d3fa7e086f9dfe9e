import type { DuckDBDataChunk, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { TrainlockError } from '#base';
import type { ReadAnswer } from './reader-message.ts';
import type { Description, StagedColumn, StagedValues } from './row-reader.ts';
import { quotedName } from './sql-text.ts';
import type { TableSession } from './table-session.ts';
import type { TableSource } from './table-source.ts';

/** Rows that DuckDB takes at once. Source: duckdb_vector_size(). */
const CHUNK_ROWS = 2048;

export type StagedTable = { readonly kind: 'loaded'; readonly relation: string; readonly merged?: string } | { readonly kind: 'described'; readonly description: Description };

/** Loads a table that a reading thread reads, block by block. Throws TL0002. */
export const loadStaged = async (session: TableSession, source: TableSource): Promise<StagedTable> => {
  let staged: Staging | undefined;
  let description: Description | undefined;
  const onAnswer = async (answer: ReadAnswer): Promise<void> => {
    if (answer.kind === 'columns') staged = await stage(session, answer.columns);
    if (answer.kind === 'block') staged?.append(answer.values);
    if (answer.kind === 'described') description = answer.description;
  };
  await session.reader.ask({ kind: 'read', source }, onAnswer, session.signal());
  if (description !== undefined) return { kind: 'described', description };
  if (staged === undefined) throw new TrainlockError('TL0002', 'there is nothing in it');
  const merged = await staged.finish();
  return { kind: 'loaded', relation: staged.relation, ...(merged === undefined ? {} : { merged }) };
};

type Staging = {
  readonly relation: string;
  readonly append: (values: readonly StagedValues[]) => void;
  /** Says why values that differ in the file may be equal now, if so. */
  readonly finish: () => Promise<string | undefined>;
};

/** Makes a table for the staged values, and a view over it with the values they stand for. */
const stage = async (session: TableSession, columns: readonly StagedColumn[]): Promise<Staging> => {
  const table = session.newName();
  const relation = quotedName(session.newName());
  if (columns.length === 0) throw new TrainlockError('TL0002', 'it has no columns');
  await session.query(`CREATE TABLE ${quotedName(table)} (${columns.map((column, at) => `c${at} ${column.staged}`).join(', ')})`);
  const names = distinctNames(columns.map((column) => column.name));
  await session.query(
    `CREATE VIEW ${relation} AS SELECT ${columns.map((column, at) => `${decoded(`c${at}`, column)} AS ${quotedName(names[at]!)}`).join(', ')} FROM ${quotedName(table)}`,
  );
  const { DuckDBDataChunk, ...types } = session.duckDb;
  const chunkTypes: readonly DuckDBType[] = columns.map((column) => types[column.staged]);
  const appender = await session.connection.createAppender(table);
  const append = (values: readonly StagedValues[]): void => {
    const rows = values[0]?.length ?? 0;
    for (let from = 0; from < rows; from += CHUNK_ROWS) {
      const count = Math.min(CHUNK_ROWS, rows - from);
      const chunk: DuckDBDataChunk = DuckDBDataChunk.create(chunkTypes, count);
      for (const [at, column] of values.entries()) chunk.setColumnValues(at, column.slice(from, from + count) as readonly DuckDBValue[]);
      appender.appendDataChunk(chunk);
    }
  };
  const finish = async (): Promise<string | undefined> => {
    appender.closeSync();
    // Times with a zone have microseconds in DuckDB.
    for (const [at, { name, decoding, zoned, isCoarse }] of columns.entries()) {
      if (isCoarse === true) return `the column ${JSON.stringify(name)} holds times that are looked at less exactly than they were written`;
      if (decoding !== 'timestamp-ns' || zoned !== true) continue;
      const [cut] = await session.query(`SELECT 1 FROM ${quotedName(table)} WHERE c${at} % 1000 <> 0 LIMIT 1`);
      if (cut !== undefined) return `the column ${JSON.stringify(name)} holds times with a zone and nanoseconds, of which only microseconds are looked at`;
    }
    return undefined;
  };
  return { relation, append, finish };
};

/** DuckDB does not tell names apart by their case; what it would confuse gets a number, as it does itself when it reads CSV. */
const distinctNames = (names: readonly string[]): readonly string[] => {
  const seen = new Set<string>();
  return names.map((name) => {
    let own = name === '' ? 'column' : name.replaceAll('\0', '\ufffd');
    for (let count = 1; seen.has(own.toLowerCase()); count += 1) own = `${name}_${count}`;
    seen.add(own.toLowerCase());
    return own;
  });
};

const decoded = (column: string, { decoding, type, zoned }: StagedColumn): string => {
  switch (decoding) {
    case 'plain':
      return column;
    case 'cast':
      return `CAST(${column} AS ${type})`;
    case 'json':
      return `CAST(CAST(${column} AS JSON) AS ${type})`;
    case 'hex':
      return `unhex(${column})`;
    case 'date-ms':
      return `CAST(make_timestamp(${column} * 1000) AS DATE)`;
    case 'time-us':
      return `CAST(make_timestamp(${column}) AS TIME)`;
    case 'timestamp-s':
    case 'timestamp-ms':
    case 'timestamp-us':
      return atZone(`make_timestamp(${column}${decoding === 'timestamp-s' ? ' * 1000000' : decoding === 'timestamp-ms' ? ' * 1000' : ''})`, zoned);
    case 'timestamp-ns':
      return zoned === true ? atZone(`make_timestamp(${column} // 1000)`, zoned) : `make_timestamp_ns(${column})`;
  }
};

const atZone = (timestamp: string, zoned: boolean | undefined): string => (zoned === true ? `(${timestamp} AT TIME ZONE 'UTC')` : timestamp);
