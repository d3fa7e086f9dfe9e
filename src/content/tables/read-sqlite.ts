import { tmpdir } from 'node:os';
import { workerData } from 'node:worker_threads';
import { TrainlockError } from '#base';
import { loadPackage } from '../load-package.ts';
import { blockRows, type RowReader, type RowSink, type StagedColumn, type StagedValues } from './row-reader.ts';
import { openableDatabase } from './sqlite-copy.ts';
import { quotedName } from './sql-text.ts';

type SqliteValue = number | bigint | string | Uint8Array | null;
type Row = Readonly<Record<string, SqliteValue>>;

/** As much of a database as is used here. */
type Reader = {
  readonly all: (sql: string, values?: readonly string[]) => readonly Row[];
  readonly iterate: (sql: string) => Iterable<Row>;
};

/** Tables and views of SQLite databases. Nothing is written beside the database. */
export const readSqlite: RowReader = {
  list: (source) => withDatabase(source.files[0]!.path, (database) => database.all(LIST).map((row) => String(row['name']))),
  read: (source, sink) => withDatabase(source.files[0]!.path, (database) => readTable(database, source.inner ?? '', sink)),
};

const LIST = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name LIMIT 10000";

const withDatabase = async <T>(path: string, work: (database: Reader) => T | Promise<T>): Promise<T> => {
  const { Database } = (await loadPackage('node-sqlite3-wasm', () => import('node-sqlite3-wasm'))).default;
  const openable = openableDatabase(path, typeof workerData === 'string' ? workerData : tmpdir());
  try {
    const database = new Database(openable.path, { readOnly: !openable.isCopy, fileMustExist: true });
    try {
      // A copy with a log is opened by this thread alone, which then needs no shared memory.
      if (openable.isCopy) database.exec('PRAGMA locking_mode = EXCLUSIVE');
      // The schema is hostile: its views call no function with effects, and its pages are checked.
      database.exec('PRAGMA trusted_schema = OFF');
      database.exec('PRAGMA cell_size_check = ON');
      const all = (sql: string, values: readonly string[] = []): readonly Row[] => database.all(sql, [...values]) as Row[];
      const iterate = (sql: string): Iterable<Row> => database.prepare(sql).iterate() as Iterable<Row>;
      return await work({ all, iterate });
    } finally {
      database.close();
    }
  } finally {
    openable.remove();
  }
};

/** Classes of values that a column really holds: SQLite lets a row hold anything in any column. */
type Classes = { readonly integer: boolean; readonly real: boolean; readonly text: boolean; readonly blob: boolean };

const readTable = async (database: Reader, table: string, sink: RowSink): Promise<void> => {
  const declared = database.all('SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid', [table]);
  if (declared.length === 0) throw new TrainlockError('TL0002', 'the table is not there, or has no columns');
  const names = declared.map((row) => quotedName(String(row['name'])));
  const from = `FROM ${quotedName(table)}`;
  const tests = names.flatMap((name) => CLASSES.map((one) => `max(typeof(${name}) = '${one}')`));
  const found = classesOf(database, { tests, from });
  const columns = declared.map((row, at) => columnOf(String(row['name']), String(row['type']), found[at]!));
  sink.columns(columns);
  const block = blockRows(columns.length);
  let values: SqliteValue[][] = columns.map(() => []);
  for (const row of database.iterate(`SELECT ${names.map((name, at) => `${name} AS c${at}`).join(', ')} ${from}`)) {
    for (let at = 0; at < columns.length; at += 1) values[at]!.push(row[`c${at}`]!);
    if (values[0]!.length < block) continue;
    await sink.block(values.map((column, at) => column.map((value) => stagedValue(value, columns[at]!))));
    values = columns.map(() => []);
  }
  if (values[0]!.length > 0) await sink.block(values.map((column, at): StagedValues => column.map((value) => stagedValue(value, columns[at]!))));
};

const CLASSES = ['integer', 'real', 'text', 'blob'] as const;

/** Tests of one statement; SQLite takes at most 2,000. */
const MOST_TESTS = 1000;

const classesOf = (database: Reader, { tests, from }: { readonly tests: readonly string[]; readonly from: string }): readonly Classes[] => {
  const answers: boolean[] = [];
  for (let at = 0; at < tests.length; at += MOST_TESTS) {
    const part = tests.slice(at, at + MOST_TESTS);
    const row = database.all(`SELECT ${part.map((test, i) => `${test} AS t${i}`).join(', ')} ${from}`)[0];
    for (let i = 0; i < part.length; i += 1) answers.push(row?.[`t${i}`] === 1);
  }
  return Array.from({ length: tests.length / 4 }, (_, at) => {
    const [integer, real, text, blob] = answers.slice(at * 4, at * 4 + 4) as [boolean, boolean, boolean, boolean];
    return { integer, real, text, blob };
  });
};

const columnOf = (name: string, declared: string, { integer, real, text, blob }: Classes): StagedColumn => {
  const plain = (type: 'BIGINT' | 'DOUBLE' | 'VARCHAR'): StagedColumn => ({ name, staged: type, type, decoding: 'plain' });
  if (blob && !integer && !real && !text) return { name, staged: 'VARCHAR', type: 'BLOB', decoding: 'hex' };
  if (text || blob) return plain('VARCHAR');
  if (real) return plain('DOUBLE');
  if (integer && /^bool/i.test(declared)) return { name, staged: 'BIGINT', type: 'BOOLEAN', decoding: 'cast' };
  if (integer) return plain('BIGINT');
  return plain(/INT/i.test(declared) ? 'BIGINT' : /REAL|FLOA|DOUB/i.test(declared) ? 'DOUBLE' : 'VARCHAR');
};

const stagedValue = (value: SqliteValue, column: StagedColumn): StagedValues[number] => {
  if (value === null) return null;
  if (column.staged === 'BIGINT') return BigInt(value as number | bigint);
  if (column.staged === 'DOUBLE') return Number(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return typeof value === 'string' ? value.toWellFormed() : String(value);
};
