import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PYTHON } from '../../test/harness/project.ts';
import { postgresPrograms, type PostgresServer, startPostgres } from '../../test/harness/postgres-server.ts';
import { fetchOrigin, queryDatabase } from './index.ts';
import type { DatabaseQuery } from './database-query.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-query-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

const ask = async (uri: string, query: string, more: Partial<DatabaseQuery> = {}): Promise<{ rowCount: number; resultSha256: string; text: string }> => {
  const path = join(folder, 'result');
  const { rowCount, resultSha256, sha256, sizeBytes } = await queryDatabase({ uri, query, path, ...more });
  const bytes = readFileSync(path);
  expect([createHash('sha256').update(bytes).digest('hex'), bytes.length]).toEqual([sha256, sizeBytes]);
  return { rowCount, resultSha256, text: bytes.toString('utf8') };
};

describe('a statement to SQLite', () => {
  /** Written by the library of Python, as users write theirs; left as a killed process leaves it if that is asked for. */
  const make = (statements: string, { name = 'data.db', kill = false } = {}): string => {
    const end = kill ? 'import os; os._exit(0)' : 'c.close()';
    execFileSync(PYTHON, ['-c', `import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nc.executescript(sys.argv[2])\nc.commit()\n${end}`, join(folder, name), statements]);
    return `sqlite:${join(folder, name)}`;
  };
  const TABLE =
    "create table t(a integer, b real, c text, d blob); insert into t values (1, 1.5, 'x,\"y', x'00ff'), (9007199254740993, 2.0, '', null), (null, 1e300, 'ü', x''), (-3, 0.1, null, null);";

  it('gives rows as JSON lines in one form', async () => {
    const { text, rowCount } = await ask(make(TABLE), 'select * from t order by rowid');
    expect(rowCount).toBe(4);
    expect(text.trim().split('\n')).toEqual([
      '{"a":"1","b":"1.5","c":"x,\\"y","d":"AP8="}',
      '{"a":"9007199254740993","b":"2","c":"","d":null}',
      '{"a":null,"b":"1e+300","c":"ü","d":""}',
      '{"a":"-3","b":"0.1","c":null,"d":null}',
    ]);
  });

  it('gives rows as CSV in one form', async () => {
    const { text } = await ask(make(TABLE), 'select * from t order by rowid', { format: 'csv' });
    expect(text).toBe('a,b,c,d\n1,1.5,"x,""y",AP8=\n9007199254740993,2,"",\n,1e+300,ü,""\n-3,0.1,,\n');
  });

  it('has a digest that does not depend on the order of rows or the form, but on everything else', async () => {
    const uri = make(TABLE);
    const first = await ask(uri, 'select * from t order by a');
    expect((await ask(uri, 'select * from t order by b desc', { format: 'csv' })).resultSha256).toBe(first.resultSha256);
    for (const other of [
      'select * from t where a is not null',
      'select * from t union all select * from t',
      'select a, b, c as e, d from t',
      'select b, a, c, d from t',
      "select a, b, c || '' as c, coalesce(d, x'01') as d from t",
      'select cast(a as text) as a, b, c, d from t',
    ])
      expect((await ask(uri, other)).resultSha256).not.toBe(first.resultSha256);
  });

  it('keeps the order of rows and columns in the file, whatever their names', async () => {
    const { text } = await ask(make(TABLE), 'select b as "2", a as "1", a from t where a > 0 order by b desc');
    expect(text).toBe('{"2":"2","1":"9007199254740993","a":"9007199254740993"}\n{"2":"1.5","1":"1","a":"1"}\n');
  });

  it('with two columns of one name keeps both', async () => {
    expect((await ask(make(TABLE), 'select a, b as a from t where a = 1')).text).toBe('{"a":"1","a:1":"1.5"}\n');
  });

  it('of no rows has names only', async () => {
    expect(await ask(make(TABLE), 'select a, c from t where 0', { format: 'csv' })).toMatchObject({ rowCount: 0, text: 'a,c\n' });
  });

  it('sees what is still in the log of a writer that was killed, and writes nothing there', async () => {
    const uri = make(`pragma journal_mode=wal; ${TABLE}`, { kill: true });
    const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('base64')]);
    expect(before.map(([name]) => name)).toContain('data.db-wal');
    expect((await ask(uri, 'select * from t')).rowCount).toBe(4);
    expect(readdirSync(folder).filter((name) => name !== 'result')).toEqual(before.map(([name]) => name));
    for (const [name, content] of before) expect(readFileSync(join(folder, name!)).toString('base64')).toBe(content);
  });

  it.each([
    'delete from t',
    'select 1; drop table t',
    'select 1) ; drop table t; --',
    "attach '/tmp/x.db' as x",
    'pragma user_version=3',
    'create table u(a)',
    '',
    'select nothing from nowhere',
    'select "',
  ])('that is %j is refused', async (query) => {
    await expect(ask(make(TABLE), query)).rejects.toMatchObject({ code: 'TL0806' });
    expect(readdirSync(folder)).toEqual(['data.db']);
  });

  it.each([
    ['sqlite:/no/such/file', 'TL0803'],
    ['mysql://host/db', 'TL0805'],
    ['sqlite:', 'TL0805'],
  ])('to %s is error %s', async (uri, code) => {
    await expect(ask(uri, 'select 1')).rejects.toMatchObject({ code });
  });

  it('that takes too long is stopped', async () => {
    const query = 'with recursive n(x) as (select 1 union all select x + 1 from n) select x from n';
    await expect(ask(make(TABLE), query, { statementTimeoutMs: 200 })).rejects.toMatchObject({ code: 'TL0806' });
  });

  it('is run again when its data is wanted back, and tells whether the result is the same', async () => {
    const uri = make(TABLE);
    const { origin } = await queryDatabase({ uri, query: 'select * from t', path: join(folder, 'result') });
    expect(await fetchOrigin(origin, join(folder, 'back'))).toMatchObject({ kind: 'fetched', revision: 'same', rowCount: 4 });
    make("insert into t values (5, 5, 'new', null)");
    expect(await fetchOrigin(origin, join(folder, 'back'))).toMatchObject({ kind: 'fetched', revision: 'other', rowCount: 5 });
    rmSync(join(folder, 'data.db'));
    expect(await fetchOrigin(origin, join(folder, 'back'))).toMatchObject({ kind: 'not-fetched', because: 'gone' });
  });
});

const programs = postgresPrograms();

describe.skipIf(programs === undefined)('a statement to PostgreSQL (skipped where it is not installed)', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres(programs!);
    vi.stubEnv('PGPASSWORD', server.password);
    const client = new Client({ connectionString: server.uri });
    await client.connect();
    await client.query(`create table t(a bigint, b double precision, c numeric, d text, e bytea, f boolean, g timestamptz, h timestamp, i date, j jsonb, k real, l interval);
      insert into t values (9007199254740993, 0.1, 1.10, 'x,"y', '\\x00ff', true, '2024-07-01 12:00:00.5+02', '2024-07-01 12:00:00.5', '2024-07-01', '{"b":1,"a":[1,2]}', 0.1, '1 day 2 hours'),
        (null, 'NaN', 'NaN', '', '\\x', false, 'infinity', null, '0044-03-15 BC', null, '-Infinity', null);
      create table many as select n, n % 7 as m from generate_series(1, 25000) n;
      create role reader login password 'reader-password'; grant select on many to reader;`);
    await client.end();
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await server?.stop();
  });

  it('gives rows as JSON lines in one form, in UTC, with exact numbers', async () => {
    const { text } = await ask(server.uri, 'select * from t order by a');
    expect(text.trim().split('\n')).toEqual([
      '{"a":"9007199254740993","b":"0.1","c":"1.10","d":"x,\\"y","e":"AP8=","f":true,"g":"2024-07-01T10:00:00.5Z","h":"2024-07-01T12:00:00.5","i":"2024-07-01","j":"{\\"a\\": [1, 2], \\"b\\": 1}","k":"0.1","l":"P1DT2H"}',
      '{"a":null,"b":"NaN","c":"NaN","d":"","e":"","f":false,"g":"infinity","h":null,"i":"0044-03-15 BC","j":null,"k":"-Infinity","l":null}',
    ]);
  });

  it('does not depend on what user and machine have set', async () => {
    const first = await ask(server.uri, 'select * from t');
    const options = encodeURIComponent('-c TimeZone=Asia/Tokyo -c DateStyle=German -c extra_float_digits=-5 -c bytea_output=escape');
    expect(await ask(`${server.uri}?options=${options}`, 'select * from t')).toEqual(first);
  });

  it('is read in pages, in its order, with one digest whatever the order', async () => {
    const up = await ask(server.uri, 'select n, m from many order by n', { format: 'csv' });
    expect(up.rowCount).toBe(25_000);
    expect(up.text.startsWith('n,m\n1,1\n2,2\n')).toBe(true);
    const down = await ask(server.uri, 'select n, m from many order by n desc;', { format: 'csv' });
    expect(down.resultSha256).toBe(up.resultSha256);
    expect(down.text).not.toBe(up.text);
  });

  it.each([
    'delete from many',
    "copy many to program 'touch /tmp/trainlock-was-here'",
    'select 1; drop table many',
    'insert into many values (1, 1) returning n',
    "select nextval('nothing')",
    'select * from nowhere',
    'select',
    "select set_config('a.b', '1', false), pg_sleep(0) from many into x",
    'with d as (delete from many returning n) select * from d',
  ])('that is %j is refused, and changes nothing', async (query) => {
    const answer = await ask(server.uri, query).then(
      (result) => result,
      (error: unknown) => error,
    );
    // "select" alone is a statement of PostgreSQL: one row without columns.
    if (query !== 'select') expect(answer).toMatchObject({ code: 'TL0806' });
    expect((await ask(server.uri, 'select n from many')).rowCount).toBe(25_000);
  });

  it('that takes too long is stopped', async () => {
    await expect(ask(server.uri, 'select pg_sleep(20)', { statementTimeoutMs: 300 })).rejects.toMatchObject({
      code: 'TL0806',
      message: expect.stringContaining('300 ms') as string,
    });
  });

  it('can be stopped', async () => {
    const signal = AbortSignal.timeout(200);
    await expect(ask(server.uri, 'select pg_sleep(20)', { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('is recorded without its password, and run again with that of the machine', async () => {
    const withPassword = server.uri.replace('tester@', `tester:${server.password}@`);
    const { origin } = await queryDatabase({ uri: `${withPassword}?sslpassword=abc`, query: 'select n from many', path: join(folder, 'result') });
    expect(origin).toMatchObject({ kind: 'database', uri: server.uri, rowCount: 25_000 });
    expect(await fetchOrigin(origin, join(folder, 'back'))).toMatchObject({ kind: 'fetched', revision: 'same' });
  });

  it('is denied with another password, without showing it', async () => {
    vi.stubEnv('PGPASSWORD', 'wrong-password-value');
    const error: unknown = await ask(server.uri, 'select 1').catch((reason: unknown) => reason);
    vi.stubEnv('PGPASSWORD', server.password);
    expect(error).toMatchObject({ code: 'TL0802' });
    expect(JSON.stringify([error, (error as Error).message, (error as Error).stack])).not.toMatch(/wrong-password|test-password/);
  });

  it.each([
    ['for what the user may not read', (uri: string) => uri.replace('tester@', 'reader:reader-password@'), 'TL0802'],
    ['to a database that is not there', (uri: string) => uri.replace('/postgres', '/nothing'), 'TL0803'],
    ['to a port where nobody listens', (uri: string) => uri.replace(/:\d+/, ':1'), 'TL0801'],
  ] as const)('%s is an error', async (_, change, code) => {
    await expect(ask(change(server.uri), 'select * from t')).rejects.toMatchObject({ code });
  });
});
