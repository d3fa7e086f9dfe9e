import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowsText } from '../fixtures/zstd-frames.ts';
import { compressObjects } from '../harness/compressed-store.ts';
import { postgresPrograms, type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { makeProject, start } from '../harness/project.ts';
import { s3Program, type S3Server, startS3 } from '../harness/s3-server.ts';

const program = s3Program();
const programs = postgresPrograms();

describe.skipIf(program === undefined)('data in a real bucket', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3(program!, ['team']);
  });
  afterAll(() => server.stop());

  it('is sent, brought into another project and written out as it was', async () => {
    const project = makeProject({ 'data/a.csv': 'x\n1\n', 'data/deep/b': 'two' });
    const env = { ...project.env, ...server.environment };
    project.trainlock(['snapshot', 'data', '--name', 'one']);
    const pushed = await start(project, ['data', 'push', 'one', 's3://team/data', '--json'], env);
    expect(JSON.parse(pushed.stdout)).toMatchObject({ exit: 0, data: { complete: true, moved: 5 } });
    const other = makeProject();
    const pulled = await start(other, ['data', 'pull', 'one', 's3://team/data', '--json'], { ...other.env, ...server.environment });
    expect(JSON.parse(pulled.stdout)).toMatchObject({ exit: 0, data: { complete: true } });
    expect(other.trainlock(['data', 'restore', 'one', 'data']).status).toBe(0);
    expect(other.trainlock(['data', 'verify', 'one', '--at', 'data']).status).toBe(0);
    expect(other.read('data/deep/b')).toBe('two');
  });

  it('is sent plain from a store that holds it compressed', async () => {
    const project = makeProject({ 'data/table.csv': rowsText(20_000), 'data/b': 'two' });
    const table = project.bytes('data/table.csv');
    expect(project.trainlock(['snapshot', 'data', '--name', 'packed', '--keep']).status).toBe(0);
    compressObjects(project, 0);
    project.remove('data');
    const pushed = await start(project, ['data', 'push', 'packed', 's3://team/packed', '--json'], { ...project.env, ...server.environment });
    expect(JSON.parse(pushed.stdout)).toMatchObject({ exit: 0, data: { complete: true, moved: 5 } });
    const sha256 = createHash('sha256').update(table).digest('hex');
    expect(readFileSync(join(server.folder, 'team/packed/objects/sha256', sha256.slice(0, 2), sha256.slice(2))).equals(table)).toBe(true);
    const other = makeProject();
    expect((await start(other, ['data', 'pull', 'packed', 's3://team/packed'], { ...other.env, ...server.environment })).status).toBe(0);
    expect(other.trainlock(['data', 'restore', 'packed', 'data']).status).toBe(0);
    expect(other.bytes('data/table.csv').equals(table)).toBe(true);
  });

  it('is fetched with the versions of its objects, and without the right to do so there is one clear error', async () => {
    const project = makeProject();
    writeFileSync(join(server.folder, 'team', 'loose.csv'), 'x\n1\n');
    const fetched = await start(project, ['data', 'fetch', 's3://team/loose.csv', 'data', '--json'], { ...project.env, ...server.environment });
    expect([fetched.status, fetched.stderr]).toEqual([0, '']);
    expect(JSON.parse(fetched.stdout)).toMatchObject({ data: { snapshot: { origin: { kind: 's3', uri: 's3://team/loose.csv' } } } });
    const denied = await start(project, ['data', 'fetch', 's3://team/loose.csv', 'x'], { ...project.env, ...server.environment, AWS_SECRET_ACCESS_KEY: 'wrong' });
    expect(denied.status).toBe(2);
    expect(denied.stderr).toMatch(/^error\[TL0802\]/);
    expect(denied.stderr).not.toContain('wrong');
  });
});

describe.skipIf(programs === undefined)('the result of a statement', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres(programs!);
  });
  afterAll(() => server.stop());

  it('is recorded with statement, number of rows and digest, without the password', async () => {
    const project = makeProject();
    const env = { ...project.env, PGPASSWORD: server.password };
    const query = 'SELECT i AS id, i * 0.5 AS half FROM generate_series(1, 100) AS i';
    const fetched = await start(project, ['data', 'fetch', server.uri, 'data', '--query', query, '--name', 'rows', '--json'], env);
    expect(fetched.stderr).toBe('');
    const { snapshot } = (JSON.parse(fetched.stdout) as { readonly data: { readonly snapshot: { readonly origin: Record<string, unknown> } } }).data;
    expect(snapshot.origin).toMatchObject({ kind: 'database', query, rowCount: 100 });
    expect(fetched.stdout).not.toContain(server.password);
    project.remove('data');
    expect((await start(project, ['data', 'restore', 'rows', 'data', '--from-origin'], env)).status).toBe(0);
    expect(project.read('data/result.jsonl').split('\n')).toHaveLength(101);
  });
});
