import { realpath, symlink } from 'node:fs/promises';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import type * as duckDbModule from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBInstance, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { makeTemporaryFolder } from '#files';
import type { TableQuery } from '../table-query.ts';
import { canonicalMacros } from './canonical-macros.ts';
import { makeReaderThread, type ReaderThread } from './reader-thread.ts';
import { quotedList } from './sql-text.ts';
import type { TableFile } from './table-source.ts';

export type TableEngineOptions = {
  /** Folders in which tables may be read; files outside are refused. */
  readonly folders?: readonly string[];
  /** Threads of DuckDB. */
  readonly threads?: number;
  /** Memory that DuckDB may use before it spills to disk. Unit: byte. */
  readonly memoryBytes?: number;
  /** Where a folder for spilled data is made; that of the system if it is left out. */
  readonly temporaryFolder?: string;
};

export type DuckDb = typeof duckDbModule;

/** What the parts of the engine share: the connection, a private folder, a reading thread, and what may stop the work. */
export type TableSession = {
  readonly duckDb: DuckDb;
  readonly query: TableQuery;
  /** Names and types of the columns of a relation or statement in brackets. */
  readonly describe: (relation: string) => Promise<readonly { readonly name: string; readonly type: DuckDBType }[]>;
  readonly connection: DuckDBConnection;
  /** A name under which DuckDB sees a file: no name of a file reaches it, so none is taken for a pattern or a protocol. */
  readonly link: (file: TableFile, ending: string) => Promise<string>;
  /** A name that no relation has yet. */
  readonly newName: () => string;
  readonly reader: ReaderThread;
  readonly signal: () => AbortSignal | undefined;
  /** Runs work that the signal stops; what runs in DuckDB then is interrupted. */
  readonly within: <T>(signal: AbortSignal | undefined, work: () => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
};

/** How often DuckDB is told to stop until it does: a statement that begins just then would not hear it. Unit: ms. */
const INTERRUPT_MS = 20;

export const openTableSession = async (duckDb: DuckDb, options: TableEngineOptions): Promise<TableSession> => {
  const { path, remove: removeFolder } = await makeTemporaryFolder(options.temporaryFolder ?? tmpdir(), 'trainlock-tables-');
  const folder = await realpath(path);
  try {
    const instance = await duckDb.DuckDBInstance.create(':memory:', settingsOf(folder, options));
    const connection = await instance.connect();
    await confine(connection, [folder, ...(await realFolders(options.folders ?? []))]);
    return sessionOf(duckDb, { instance, connection, folder, removeFolder });
  } catch (error) {
    await removeFolder();
    throw error;
  }
};

const settingsOf = (folder: string, options: TableEngineOptions): Record<string, string> => ({
  threads: String(options.threads ?? availableParallelism()),
  memory_limit: `${Math.floor((options.memoryBytes ?? totalmem() / 2) / 1024 ** 2)}MiB`,
  temp_directory: join(folder, 'spilled'),
  // Nothing is ever fetched: no extension, no file of another machine.
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_persistent_secrets: 'false',
});

const realFolders = async (folders: readonly string[]): Promise<readonly string[]> => Promise.all(folders.map((path) => realpath(path).catch(() => path)));

const confine = async (connection: DuckDBConnection, folders: readonly string[]): Promise<void> => {
  const statements = [
    "SET TimeZone = 'UTC'",
    ...canonicalMacros(),
    `SET allowed_directories = ${quotedList(folders.map((path) => (path.endsWith('/') ? path : `${path}/`)))}`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ];
  for (const statement of statements) await connection.run(statement);
};

type Parts = {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  readonly folder: string;
  readonly removeFolder: () => Promise<void>;
};

const sessionOf = (duckDb: DuckDb, { instance, connection, folder, removeFolder }: Parts): TableSession => {
  const reader = makeReaderThread(folder);
  let count = 0;
  let current: AbortSignal | undefined;
  const ready = (): void => current?.throwIfAborted();
  return {
    duckDb,
    connection,
    reader,
    signal: () => current,
    newName: () => `t${(count += 1)}`,
    query: async (sql, values = []) => {
      ready();
      return (await connection.runAndReadAll(sql, values as DuckDBValue[])).getRowObjectsJS();
    },
    describe: async (relation) => {
      ready();
      const result = await connection.run(`SELECT * FROM ${relation} LIMIT 0`);
      return result.deduplicatedColumnNames().map((name, at) => ({ name, type: result.columnType(at) }));
    },
    link: async (file, ending) => {
      const path = join(folder, `f${(count += 1)}${ending}`);
      await symlink(await realpath(file.path), path);
      return path;
    },
    within: async (signal, work) => {
      const before = current;
      current = signal === undefined ? before : before === undefined ? signal : AbortSignal.any([before, signal]);
      const timer = setInterval(() => current?.aborted === true && connection.interrupt(), INTERRUPT_MS);
      try {
        ready();
        return await work();
      } finally {
        clearInterval(timer);
        current = before;
      }
    },
    close: async () => {
      await reader.close();
      connection.closeSync();
      instance.closeSync();
      await removeFolder();
    },
  };
};
