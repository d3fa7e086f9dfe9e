import type { Client as PgClient, ClientConfig, QueryArrayConfig } from 'pg';
import { escapeControl, TrainlockError } from '#base';
import { withoutPassword } from './database-address.ts';
import { postgresCell } from './postgres-cell.ts';
import { type DatabaseQuery, DEFAULT_STATEMENT_TIMEOUT_MS, type Rows } from './database-query.ts';
import { type Cell, distinctNames } from './result-cell.ts';

/** Rows that are fetched at once. */
const ROWS_AT_ONCE = 2000;

const CONNECT_TIMEOUT_MS = 15_000;

/** Forms in which values are written, whatever the server or the user has set. Source: PostgreSQL 17 documentation, §19.11. */
const SETTINGS = [
  "SET LOCAL TimeZone = 'UTC'",
  "SET LOCAL DateStyle = 'ISO, YMD'",
  "SET LOCAL IntervalStyle = 'iso_8601'",
  "SET LOCAL bytea_output = 'hex'",
  'SET LOCAL extra_float_digits = 1',
  "SET LOCAL lc_monetary = 'C'",
];

/** Values come as the text that the server writes. */
const AS_TEXT: NonNullable<ClientConfig['types']> = { getTypeParser: () => (text: unknown) => text };

/**
 * Asks PostgreSQL in one read-only transaction that sees one moment, through a cursor: memory is that of some thousand rows.
 * DECLARE CURSOR takes one SELECT or VALUES only, so a statement from a record cannot do anything else. Password, certificates
 * and host come from where the library looks for them (PG* variables, pgpass).
 */
export const readPostgres = async <T>(uri: string, request: DatabaseQuery, write: (rows: Rows) => Promise<T>): Promise<T> => {
  const { Client } = (await import('pg')).default;
  const timeoutMs = request.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
  const client = new Client({ connectionString: uri, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, statement_timeout: timeoutMs, application_name: 'trainlock', types: AS_TEXT });
  // A connection that is lost while nothing is asked must not end the process.
  client.on('error', () => undefined);
  const stop = (): void => void client.end().catch(() => undefined);
  request.signal?.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    for (const setting of SETTINGS) await client.query(setting);
    await client.query({ text: `DECLARE trainlock_result NO SCROLL CURSOR FOR ${request.query.replace(/;\s*$/, '')}`, queryMode: 'extended' } as { text: string });
    const first = await fetchRows(client);
    const columns = distinctNames(first.fields.map((field) => field.name));
    return await write({ columns, rows: rowsOf(client, first) });
  } catch (error) {
    request.signal?.throwIfAborted();
    throw inWords(error, uri, timeoutMs);
  } finally {
    request.signal?.removeEventListener('abort', stop);
    await client.end().catch(() => undefined);
  }
};

type Page = { readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]; readonly rows: readonly (readonly (string | null)[])[] };

const fetchRows = async (client: PgClient): Promise<Page> => {
  const query: QueryArrayConfig = { text: `FETCH FORWARD ${ROWS_AT_ONCE} FROM trainlock_result`, rowMode: 'array' };
  return client.query<(string | null)[]>(query);
};

async function* rowsOf(client: PgClient, first: Page): AsyncGenerator<readonly Cell[]> {
  const types = first.fields.map((field) => field.dataTypeID);
  for (let page = first; page.rows.length > 0; page = await fetchRows(client)) for (const row of page.rows) yield row.map((text, index) => postgresCell(types[index]!, text));
}

/** Errors of the server, in words. Its message is told only where it speaks of the statement, not of values. Source: PostgreSQL 17 documentation, appendix A. */
const inWords = (error: unknown, uri: string, timeoutMs: number): unknown => {
  if (error instanceof TrainlockError) return error;
  const { code = '', message, syscall } = error as NodeJS.ErrnoException;
  const where = withoutPassword(uri);
  if (/^28|^42501$/.test(code) || message.includes('password must be a string'))
    return new TrainlockError('TL0802', 'the database denies access', {
      where,
      notes: [`SQLSTATE ${code === '' ? 'none: no password was found' : code}`],
      fix: 'set PGPASSWORD or write a line into ~/.pgpass',
    });
  if (code === '57014') return new TrainlockError('TL0806', `the statement took longer than ${timeoutMs} ms`, { where, fix: 'give it more time, or ask for less' });
  if (/^42|^0A|^25006$/.test(code))
    return new TrainlockError('TL0806', `the database does not answer the statement: ${escapeControl(message).slice(0, 300)}`, { where, fix: 'give one SELECT statement' });
  if (code === '3D000') return new TrainlockError('TL0803', 'the database does not exist', { where, fix: 'look at its name' });
  if (/^[0-9A-Z]{5}$/.test(code) && syscall === undefined && !/^(?:08|57P|53)/.test(code))
    return new TrainlockError('TL0806', 'the database does not answer the statement', { where, notes: [`SQLSTATE ${code}`] });
  if (syscall !== undefined && syscall !== 'connect' && syscall !== 'getaddrinfo' && syscall !== 'read') return error;
  return new TrainlockError('TL0801', `the database cannot be reached: ${code === '' ? escapeControl(message).slice(0, 100) : code}`, {
    where,
    fix: 'look at host and port, and whether it runs',
  });
};
