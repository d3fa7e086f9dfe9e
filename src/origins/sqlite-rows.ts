import { constants, statSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { escapeControl, TrainlockError } from '#base';
import { loadPackage } from '#content';
import { makeTemporaryFolder } from '#files';
import type { Cell } from './result-cell.ts';
import { type DatabaseQuery, DEFAULT_STATEMENT_TIMEOUT_MS, type Rows } from './database-query.ts';

/** What may lie beside a database and belongs to its content. Source: sqlite.org/tempfiles.html. */
const COMPANIONS = ['', '-wal', '-journal'];

/** Rows between two looks at the clock and the signal. */
const ROWS_PER_LOOK = 1000;

/**
 * Asks a copy of a SQLite file: the library that reads it locks by a folder beside the file, which nobody else respects, and the
 * file of the user is never written, not even to recover from a crash. A file that is written while it is copied is TL0806; TL0807 if the library is missing.
 */
export const readSqlite = async <T>(path: string, request: DatabaseQuery, write: (rows: Rows) => Promise<T>): Promise<T> => {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new TrainlockError('TL0803', `${escapeControl(path)} is no file`, { where: path, fix: 'look where the database lies now' });
  const { path: scratch, remove } = await makeTemporaryFolder(dirname(request.path), '.trainlock-sqlite-');
  try {
    const copy = join(scratch, 'copy.db');
    await copyDatabase(path, copy);
    return await askCopy(copy, { path, request, write });
  } finally {
    await remove();
  }
};

const copyDatabase = async (path: string, copy: string): Promise<void> => {
  const look = (): string =>
    JSON.stringify(COMPANIONS.map((suffix) => statSync(path + suffix, { throwIfNoEntry: false })).map((stats) => stats && [stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino]));
  for (let tries = 0; tries < 3; tries += 1) {
    const before = look();
    for (const suffix of COMPANIONS) {
      const isThere = statSync(path + suffix, { throwIfNoEntry: false })?.isFile() === true;
      if (isThere) await copyFile(path + suffix, copy + suffix, constants.COPYFILE_FICLONE);
      else await rm(copy + suffix, { force: true });
    }
    if (look() === before) return;
  }
  throw new TrainlockError('TL0806', `${escapeControl(path)} is written to while it is read`, {
    where: path,
    fix: 'wait until nobody writes to it, or make a copy: sqlite3 FILE ".backup COPY"',
  });
};

type Asked<T> = { readonly path: string; readonly request: DatabaseQuery; readonly write: (rows: Rows) => Promise<T> };

const askCopy = async <T>(copy: string, { path, request, write }: Asked<T>): Promise<T> => {
  const { Database, SQLite3Error } = (await loadPackage('node-sqlite3-wasm', () => import('node-sqlite3-wasm'))).default;
  let database: InstanceType<typeof Database> | undefined;
  try {
    database = new Database(copy, { fileMustExist: true });
    // Without shared memory, a write-ahead log can be read by one connection alone.
    database.exec('PRAGMA locking_mode=EXCLUSIVE');
    database.exec('PRAGMA trusted_schema=OFF');
    const query = request.query.replace(/;\s*$/, '');
    // Only one statement that reads fits into brackets; more than one would be cut off silently.
    database.prepare(`SELECT count(*) FROM (\n${query}\n)`).finalize();
    database.prepare(`CREATE TEMP VIEW trainlock_names AS ${query}`).run();
    const columns = database.all('PRAGMA table_info(trainlock_names)').map((row) => row['name'] as string);
    // Names by position: an object of JavaScript would sort names that look like numbers.
    database.prepare(`CREATE TEMP VIEW trainlock_result(${columns.map((_, index) => `c${index}`).join(', ')}) AS ${query}`).run();
    database.exec('PRAGMA query_only=ON');
    const statement = database.prepare('SELECT * FROM trainlock_result');
    try {
      return await write({ columns, rows: rowsOf(statement.iterate() as Iterable<Readonly<Record<string, unknown>>>, { count: columns.length, path, request }) });
    } finally {
      statement.finalize();
    }
  } catch (error) {
    if (!(error instanceof SQLite3Error)) throw error;
    throw new TrainlockError('TL0806', `the database does not answer the statement: ${escapeControl(error.message).slice(0, 300)}`, {
      where: path,
      fix: 'give one SELECT statement',
    });
  } finally {
    database?.close();
  }
};

type Limits = { readonly count: number; readonly path: string; readonly request: DatabaseQuery };

async function* rowsOf(rows: Iterable<Readonly<Record<string, unknown>>>, { count, path, request }: Limits): AsyncGenerator<readonly Cell[]> {
  const limitMs = request.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
  const start = performance.now();
  let told = 0;
  for (const row of rows) {
    yield Array.from({ length: count }, (_, index) => cellOf(row[`c${index}`]));
    told += 1;
    if (told % ROWS_PER_LOOK !== 0) continue;
    await setImmediate();
    request.signal?.throwIfAborted();
    if (performance.now() - start > limitMs)
      throw new TrainlockError('TL0806', `the statement took longer than ${limitMs} ms`, { where: path, fix: 'give it more time, or ask for less' });
  }
}

/** A value by its storage class; a real number that is whole is written like the integer that it equals. Source: sqlite.org/datatype3.html. */
const cellOf = (value: unknown): Cell => {
  if (value === null || value === undefined) return { kind: 'null' };
  if (value instanceof Uint8Array) return { kind: 'bytes', text: Buffer.from(value).toString('base64') };
  if (typeof value === 'number' || typeof value === 'bigint') return { kind: 'number', text: String(value) };
  return { kind: 'text', text: value as string };
};
