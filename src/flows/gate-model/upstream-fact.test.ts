import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { UpstreamFact } from '#gate';
import type { Manifest } from '#manifest';
import { recordedProfile } from '#snapshot';
import { openStore } from '#store';
import { makeTableLab } from '../../../test/harness/tables.ts';
import { edited, trainingManifest } from '../../../test/fixtures/training-manifest.ts';
import { upstreamFact } from './upstream-fact.ts';

const folder = mkdtempSync(join(tmpdir(), 'trainlock-upstream-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const lab = makeTableLab();

/** Rows of a measure from 0 to 19.9, an age from 20 to 79, and one of three cities; the same for ever. */
const row = (at: number): string => `${((at * 37) % 200) / 10},${20 + ((at * 7) % 60)},${['Graz', 'Linz', 'Wien'][at % 3]!}`;

const rows = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => row(at));

const csv = (lines: readonly string[], head = 'measure,age,city'): string => `${[head, ...lines].join('\n')}\n`;

const GOOD = csv(rows(300));

type DataSet = Manifest['data'][number];

const manifestWith = async (changed: Partial<DataSet> = {}, more: Readonly<Record<string, unknown>> = {}): Promise<Manifest> => {
  lab.write(
    'train.csv',
    csv(
      rows(600).map((line, at) => `${line},${at % 2}`),
      'measure,age,city,ill',
    ),
  );
  const [table] = await lab.profile(['train.csv'], { label: 'ill' });
  const set: DataSet = { name: 'train', role: 'train', origin: { kind: 'local' }, ...recordedProfile(table!)!, ...changed };
  return edited(trainingManifest(), { '/data': [set], ...more });
};

const asked = async (
  sample: string | Uint8Array,
  { name = 'live.csv', rows: most, manifest }: { readonly name?: string; readonly rows?: number; readonly manifest?: Manifest } = {},
): Promise<UpstreamFact> => {
  writeFileSync(join(folder, name), sample);
  const store = await openStore({ projectRoot: folder });
  return upstreamFact({ store, manifest: manifest ?? (await manifestWith()), workingDirectory: folder, sample: name, ...(most === undefined ? {} : { rows: most }) });
};

const departures = (fact: UpstreamFact): readonly string[] =>
  fact.kind === 'compared'
    ? fact.comparison.departures.map((one) => (one.kind === 'order' ? 'order' : `${one.kind} ${one.column}`))
    : [fact.kind === 'unknown' ? fact.because : ''];

describe('a sample in a file', () => {
  it.each<[string, string, string]>([
    ['CSV', 'live.csv', GOOD],
    ['tab-separated text', 'live.tsv', GOOD.replaceAll(',', '\t')],
    [
      'JSON lines',
      'live.jsonl',
      rows(300)
        .map((line) => `${JSON.stringify(Object.fromEntries(line.split(',').map((value, at) => [['measure', 'age', 'city'][at]!, at < 2 ? Number(value) : value])))}\n`)
        .join(''),
    ],
    ['CSV without an ending', 'live', GOOD],
    ['CSV behind a mark of byte order', 'marked', `\ufeff${GOOD}`],
  ])('as %s is compared', async (_, name, text) => {
    expect(await asked(text, { name })).toEqual({
      kind: 'compared',
      dataSet: 'train',
      rows: 300,
      hasMore: false,
      comparison: { departures: [], columns: ['measure', 'age', 'city'], unseen: [], untrained: [] },
    });
  });

  it('as Parquet is compared, by its bytes if its name tells nothing', async () => {
    lab.write('source.csv', GOOD);
    lab.python('live.parquet', "import pandas, sys\npandas.read_csv(sys.argv[1].replace('live.parquet', 'source.csv')).to_parquet(sys.argv[1])\n");
    const bytes = readFileSync(join(lab.folder, 'live.parquet'));
    expect(departures(await asked(bytes, { name: 'live.parquet' }))).toEqual([]);
    expect(departures(await asked(bytes, { name: 'live-of-today' }))).toEqual([]);
    expect(departures(await asked(bytes.subarray(0, bytes.length - 9), { name: 'live.parquet' }))[0]).toMatch(/^the sample cannot be read: /);
  });

  it('is looked at as far as it was asked', async () => {
    const later = csv([...rows(100), ...rows(100).map((line) => line.replace(/^[^,]*/, '-99999'))]);
    expect(departures(await asked(later))).toEqual(['outside measure']);
    expect(await asked(later, { rows: 100 })).toMatchObject({ rows: 100, hasMore: true, comparison: { departures: [] } });
    expect(await asked(later, { rows: 200 })).toMatchObject({ rows: 200, hasMore: false });
  });

  it.each<[string, string, readonly string[]]>([
    ['not a number', csv(rows(300).map((line, at) => (at % 10 === 0 ? line.replace(/^[^,]*/, 'nan') : line))), ['missing measure']],
    ['infinite', csv(rows(300).map((line, at) => (at === 5 ? line.replace(/^[^,]*/, 'inf') : line))), ['infinite measure']],
    ['huge', csv(rows(300).map((line, at) => (at === 5 ? line.replace(/^[^,]*/, '1e308') : line))), ['outside measure']],
    ['whole numbers of many digits', csv(rows(300).map((line, at) => (at === 5 ? line.replace(/^[^,]*/, '9'.repeat(60)) : line))), ['type measure']],
    ['nothing', csv(rows(300).map((line) => line.replace(/^[^,]*/, ''))), ['missing measure']],
    ['texts', csv(rows(300).map((line) => line.replace(/^[^,]*/, 'high'))), ['type measure']],
  ])('with values that are %s is told', async (_, text, expected) => {
    expect(departures(await asked(text))).toEqual(expected);
  });

  it('with a name that is not UTF-8 lacks the column', async () => {
    expect(departures(await asked(Buffer.from(csv(rows(300), 'measure,\xe4ge,city'), 'latin1')))).toEqual(['gone age']);
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ['zero bytes', Buffer.from(`a,b\0\n${GOOD}`), /^the sample cannot be read: there are zero bytes/],
    ['nothing in it', '', /^the sample cannot be read/],
    ['rows of other lengths', csv([...rows(40), '1,2,Secretville,4,5']), /^the sample cannot be read: line \d+: /],
    ['no header', csv(rows(40), row(0)), /^none of the 3 columns of the sample has a name that the training had$/],
    ['texts without a header', `Anna Secret,x,y\n`.repeat(50), /^none of the 3 columns/],
    ['very many columns', `${Array.from({ length: 1001 }, (_, at) => `c${at}`).join(',')}\n`, /^the sample has more than 1000 columns$/],
  ])('with %s says why it is not compared, and nothing of what it holds', async (_, text, expected) => {
    const fact = await asked(text);
    expect(fact.kind).toBe('unknown');
    expect(departures(fact)[0]).toMatch(expected);
    expect(JSON.stringify(fact)).not.toMatch(/Secret|Graz|Linz|Wien/);
  });

  it('tells no name that looks like a secret, and no value', async () => {
    const fact = await asked(
      csv(
        rows(300).map((line, at) => `${line}${at % 9 === 0 ? 'stadt' : ''},1`),
        'measure,age,city,ghp_16C7e42F292c6912E7710c838347Ae178B4a',
      ),
    );
    expect(departures(fact)).toHaveLength(2);
    expect(JSON.stringify(fact)).not.toMatch(/ghp_|Graz|Linz|Wien|stadt/);
  });

  it('that is a folder or is not there is no question', async () => {
    mkdirSync(join(folder, 'folder'), { recursive: true });
    const store = await openStore({ projectRoot: folder });
    const manifest = await manifestWith();
    for (const sample of ['folder', 'gone.csv', 'a\0b'])
      await expect(upstreamFact({ store, manifest, workingDirectory: folder, sample }), sample).rejects.toMatchObject({ code: 'TL0002' });
  });

  it('that is too large, compressed or no table is not read', async () => {
    await asked('');
    writeFileSync(join(folder, 'large.csv'), '');
    truncateSync(join(folder, 'large.csv'), 64 * 1024 * 1024 + 1);
    const store = await openStore({ projectRoot: folder });
    expect(await upstreamFact({ store, manifest: await manifestWith(), workingDirectory: folder, sample: 'large.csv' })).toMatchObject({
      kind: 'unknown',
      because: 'the sample is larger than 64.0 MiB',
    });
    for (const [name, bytes] of [
      ['live.csv.gz', 'x'],
      ['live', '\x1f\x8bx'],
      ['live', 'SQLite format 3\0'],
      ['live.sqlite', 'x'],
    ] as const)
      expect(departures(await asked(Buffer.from(bytes, 'latin1'), { name }))[0]).toBe(`${name} is no table that can be read as a sample`);
  });
});

describe('what a sample is compared with', () => {
  it.each<[string, Partial<DataSet>, RegExp]>([
    ['has no role train', { role: 'test' }, /^the record names no data set with the role train$/],
    ['has no profile', { profile: undefined as never }, /^the record has no profile of train$/],
    ['has no columns', { schema: undefined as never }, /^the record has no profile of train$/],
    ['has no number of rows', { rowCount: undefined as never }, /^the record has no profile of train$/],
  ])('is unknown where the data %s', async (_, changed, expected) => {
    const fact = await asked(GOOD, { manifest: await manifestWith(changed) });
    expect(fact).toMatchObject({ kind: 'unknown', because: expect.stringMatching(expected), remedies: [expect.stringContaining('profile: full')] });
  });

  it('is unknown where there are several data sets, or the canary that names the inputs is not here', async () => {
    const one = await manifestWith();
    const two = edited(one, { '/data': [one.data[0]!, { ...one.data[0]!, name: 'more' }] });
    expect(await asked(GOOD, { manifest: two })).toMatchObject({ kind: 'unknown', because: 'nobody knows on which of 2 data sets the inputs were trained: train, more' });
    const canary = {
      inputs: { path: '${project}/canary.csv', sha256: 'ab'.repeat(32), sizeBytes: 1 },
      command: ['x'],
      files: [],
      format: 'csv',
      absoluteTolerance: '0',
      flips: 0,
      seconds: 1,
    };
    expect(await asked(GOOD, { manifest: await manifestWith({}, { '/evaluation/canary': canary }) })).toMatchObject({
      kind: 'unknown',
      because: 'the inputs of the canary, which name the columns, are not here',
    });
  });

  it('are the columns that the canary gives', async () => {
    const store = await openStore({ projectRoot: folder, purpose: 'record' });
    const sha256 = await store.putObject(Buffer.from('age,measure\n1,2\n'));
    const canary = { inputs: { path: '${project}/canary.csv', sha256, sizeBytes: 1 }, command: ['x'], files: [], format: 'csv', absoluteTolerance: '0', flips: 0, seconds: 1 };
    expect(departures(await asked(GOOD, { manifest: await manifestWith({}, { '/evaluation/canary': canary }) }))).toEqual(['order', 'added city']);
  });
});
