import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson, type JsonValue, valueAt } from '#base';
import { type MigratedRecord, migrateRecords } from './migrate-records.ts';

const RUN = '20261126T211330Z-ebd7255c';
const RECORD = `conformance/records/v0.1/kept/${RUN}.statement.json`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-migrate-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const migrate = (reference: string, more: { readonly out?: string; readonly to?: number } = {}): Promise<readonly MigratedRecord[]> =>
  migrateRecords({ projectRoot: folder, storeFolder: join(folder, '.trainlock'), workingDirectory: folder, reference, to: 1, dryRun: false, ...more });

const put = (path: string, bytes: Uint8Array): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), bytes);
};

type Statement = { readonly predicate: { readonly run: { readonly [key: string]: JsonValue } & { readonly name: string } } & { readonly [key: string]: JsonValue } } & {
  readonly [key: string]: JsonValue;
};

const changed = (change: (predicate: Statement['predicate']) => JsonValue): Uint8Array => {
  const statement = JSON.parse(readFileSync(RECORD, 'utf8')) as Statement;
  return canonicalJson({ ...statement, predicate: change(statement.predicate) });
};

const later = (): Uint8Array =>
  changed((predicate) => ({
    ...predicate,
    schemaVersion: '0.5',
    run: { ...predicate.run, newer: 1 },
    process: (predicate['process'] as readonly { readonly [key: string]: JsonValue }[]).map((one) => ({ ...one, newer: 1 })),
  }));

describe('records below a folder', () => {
  it('are all told, if one of them cannot be read, and that one is called nothing else', async () => {
    put(`a/runs/${RUN}/statement.json`, readFileSync(RECORD));
    put('a/runs/20261126T211331Z-00000000/statement.json', Buffer.alloc(0));
    truncateSync(join(folder, 'a/runs/20261126T211331Z-00000000/statement.json'), 40 * 1024 * 1024);
    const records = await migrate('a', { out: 'views' });
    expect(records.map(({ kind }) => kind)).toEqual(['shown', 'unread']);
    expect(readdirSync(join(folder, 'views'))).toEqual([`${RUN}.ae90543debd0d671092587fca470a59a.v1.json`]);
  });

  it('are not held in memory, when they are several', async () => {
    put(`a/runs/${RUN}/statement.json`, readFileSync(RECORD));
    put(`b/runs/${RUN}/statement.json`, readFileSync(RECORD));
    expect((await migrate('.')).map((record) => 'view' in record)).toEqual([false, false]);
    expect((await migrate('a')).map((record) => 'view' in record)).toEqual([true]);
  });

  it('have a view each, also if two have the name of one run', async () => {
    put(`a/runs/${RUN}/statement.json`, readFileSync(RECORD));
    put(
      `b/runs/${RUN}/statement.json`,
      changed((predicate) => ({ ...predicate, run: { ...predicate.run, name: 'another' } })),
    );
    const records = await migrate('.', { out: 'views' });
    expect(records.map((record) => record.kind === 'shown' && record.written?.change)).toEqual(['new', 'new']);
    expect(readdirSync(join(folder, 'views'))).toHaveLength(2);
  });

  it('are found if the folder holds one alone that no store knows', async () => {
    put('came/statement.json', readFileSync(RECORD));
    expect(await migrate('came')).toMatchObject([{ kind: 'shown', runId: expect.stringMatching(/^ebd7255c/) as string }]);
  });
});

describe('a view', () => {
  it('of a bare manifest does not take the place of that of a statement', async () => {
    put(`${RUN}.statement.json`, readFileSync(RECORD));
    copyFileSync(RECORD.replace('.statement.', '.manifest.'), join(folder, `${RUN}.manifest.json`));
    await migrate(`${RUN}.statement.json`, { out: 'views' });
    await migrate(`${RUN}.manifest.json`, { out: 'views' });
    const views = readdirSync(join(folder, 'views')).map((name) => JSON.parse(readFileSync(join(folder, 'views', name), 'utf8')) as { readonly of: object });
    expect(views.map((view) => 'statementSha256' in view.of)).toEqual([true, false]);
  });

  it.each([
    ['a statement', 'x.statement.json', later, 1, ['/processes/0/newer', '/run/newer']],
    ['a statement in its own version', 'x.statement.json', later, 0, ['/process/0/newer', '/run/newer']],
    ['a bare manifest', 'x.json', () => canonicalJson((JSON.parse(Buffer.from(later()).toString()) as Statement).predicate), 1, ['/processes/0/newer', '/run/newer']],
  ] as const)('of %s says where in it stands what is not understood', async (_, name, bytes, to, places) => {
    put(name, bytes());
    await migrate(name, { to, out: 'views' });
    const [file] = readdirSync(join(folder, 'views'));
    const view = JSON.parse(readFileSync(join(folder, 'views', file!), 'utf8')) as { readonly unknown: readonly string[]; readonly manifest: JsonValue };
    expect(view.unknown.filter((place) => !/^\/process(?:es)?\/[1-9]/.test(place)).toSorted()).toEqual(places);
    expect(view.unknown.map((place) => valueAt(view.manifest, place))).toEqual(view.unknown.map(() => 1));
  });
});
