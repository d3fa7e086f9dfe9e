import { createHash } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { notWritable, syncFolder, temporaryName } from '#files';
import type { Origin } from '#snapshot';
import { databaseOf, withoutPassword } from './database-address.ts';
import type { DatabaseQuery, Rows } from './database-query.ts';
import { readPostgres } from './postgres-rows.ts';
import { csvLine, jsonLine } from './result-cell.ts';
import { RowDigest } from './row-digest.ts';
import { readSqlite } from './sqlite-rows.ts';

export type QueryResult = {
  /** The statement as the origin of data, without credentials. */
  readonly origin: Origin;
  readonly rowCount: number;
  /** Digest of the rows whatever their order. */
  readonly resultSha256: string;
  /** Of the file. */
  readonly sha256: string;
  readonly sizeBytes: number;
};

/** Text that is gathered before it is written. Unit: UTF-16 unit. */
const WRITE_AT = 1024 * 1024;

/**
 * Runs a reading statement and writes its result in one canonical form (docs/reference/origins.md). Nothing in the database is
 * changed. Throws TL0801, TL0802, TL0805 to TL0807; TL0003 if the file cannot be written.
 */
export const queryDatabase = async (request: DatabaseQuery): Promise<QueryResult> => {
  const database = databaseOf(request.uri);
  const write = (rows: Rows): Promise<Omit<QueryResult, 'origin'>> => writeRows(rows, request);
  const result = database.kind === 'sqlite' ? await readSqlite(database.path, request, write) : await readPostgres(database.uri, request, write);
  const { rowCount, resultSha256 } = result;
  return { origin: { kind: 'database', uri: withoutPassword(request.uri), query: request.query, rowCount, resultSha256 }, ...result };
};

const writeRows = async ({ columns, rows }: Rows, { path, format = 'jsonl', maxBytes = 2 ** 40, signal }: DatabaseQuery): Promise<Omit<QueryResult, 'origin'>> => {
  const temporary = join(dirname(path), temporaryName());
  const digest = new RowDigest();
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let waiting = '';
  try {
    const file = await open(temporary, 'wx', 0o644);
    const flush = async (): Promise<void> => {
      const bytes = Buffer.from(waiting, 'utf8');
      waiting = '';
      hash.update(bytes);
      sizeBytes += bytes.length;
      if (sizeBytes > maxBytes) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
      await file.writeFile(bytes);
    };
    try {
      if (format === 'csv') waiting = csvLine(columns.map((text) => ({ kind: 'text', text })));
      for await (const cells of rows) {
        digest.add(cells);
        waiting += format === 'csv' ? csvLine(cells) : jsonLine(columns, cells);
        if (waiting.length < WRITE_AT) continue;
        signal?.throwIfAborted();
        await flush();
      }
      await flush();
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return { rowCount: digest.rowCount, resultSha256: digest.sha256(columns), sha256: hash.digest('hex'), sizeBytes };
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    const code = (error as NodeJS.ErrnoException).code;
    throw code !== undefined && /^E[A-Z]+$/.test(code) && (error as NodeJS.ErrnoException).syscall !== 'connect' ? notWritable(path, error) : error;
  }
};
