import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson } from '#base';
import { thisRecorder } from '#files';
import type { Manifest } from '#manifest';
import { digestOf, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';
import { type IndexEntry, readIndex, writeIndex } from './run-index.ts';
import { objectPath, type RunFolder } from './store-layout.ts';

let project: string;
let store: Store;

beforeEach(async () => {
  project = mkdtempSync(join(tmpdir(), 'trainlock-store-'));
  store = await openStore({ projectRoot: project });
});

// The command rm takes a tenth of the time that Node's takes for thousands of folders.
afterEach(() => execFileSync('rm', ['-rf', project]));

const idOf = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const timeOf = (number: number): string => new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString();

type Changes = { readonly run?: Partial<Manifest['run']> } & Omit<Partial<Manifest>, 'run'>;

const manifestOf = (number: number, changes: Changes = {}): Manifest => {
  const base = trainingManifest();
  const { name: _, ...run } = base.run;
  return trainingManifest({ ...changes, run: { ...run, id: idOf(number), startedAt: timeOf(number), finishedAt: timeOf(number + 1), ...changes.run } });
};

const statementOf = (manifest: Manifest): Uint8Array =>
  canonicalJson({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'model', digest: { sha256: digestOf(manifest.run.id) } }],
    predicateType: 'https://trainlock.dev/training-run/v1',
    predicate: manifest,
  });

const record = async (number: number, changes: Changes = {}, target: Store = store): Promise<RunFolder> => {
  const manifest = manifestOf(number, changes);
  const folder = await target.createRun({ id: idOf(number), startedAt: timeOf(number) });
  await target.writeStarted(folder, { version: 1, run: { id: idOf(number), startedAt: timeOf(number) }, command: ['python'], recorder: thisRecorder() });
  await target.finishRun(folder, { statement: statementOf(manifest), predicate: manifest });
  return folder;
};

/** A day and more ago. */
const age = (path: string): void => utimesSync(path, 1_700_000_000, 1_700_000_000);

const ageAll = (path: string): void => {
  execFileSync('find', [path, '-exec', 'touch', '-h', '-d', '2024-01-01', '{}', '+']);
};

describe('a run', () => {
  it('goes from running to finished, in a folder for its owner alone', async () => {
    const folder = await store.createRun({ id: idOf(1), startedAt: timeOf(1) });
    expect(folder.name).toBe('20260101T000100Z-00000001');
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    expect(await store.runs()).toEqual([]);
    await store.writeStarted(folder, { version: 1, run: { id: idOf(1), startedAt: timeOf(1), name: 'first' }, command: ['python', 'x.py'], recorder: thisRecorder() });
    expect(statSync(join(folder.path, 'started.json')).mode & 0o777).toBe(0o600);
    expect(await store.runs()).toMatchObject([{ id: idOf(1), state: 'running', recorder: 'alive', name: 'first', command: ['python', 'x.py'] }]);
    await expect((await store.find('last')).manifest()).rejects.toMatchObject({ code: 'TL0303' });
    const manifest = manifestOf(1);
    await store.finishRun(folder, { statement: statementOf(manifest), predicate: manifest });
    const run = await store.find('last');
    expect(run).toMatchObject({ state: 'finished', exit: { kind: 'exited', code: 0 }, parameters: { depth: '3' } });
    expect(await run.manifest()).toEqual(manifest);
    expect(Buffer.from(await run.statement())).toEqual(Buffer.from(statementOf(manifest)));
  });

  it('is never overwritten once it is finished', async () => {
    const folder = await record(1);
    const manifest = manifestOf(1);
    await store.finishRun(folder, { statement: statementOf(manifest), predicate: manifest });
    const other = manifestOf(1, { run: { purpose: 'another' } });
    const before = readFileSync(join(folder.path, 'manifest.json'), 'utf8');
    await expect(store.finishRun(folder, { statement: statementOf(other), predicate: other })).rejects.toMatchObject({ code: 'TL0305' });
    expect(readFileSync(join(folder.path, 'manifest.json'), 'utf8')).toBe(before);
  });

  it.each([
    ['whose recorder is gone', { pid: 4_000_000 }, 'interrupted', 'gone'],
    ['whose number another process took', { startTicks: '1' }, 'interrupted', 'gone'],
    ['of another container', { pidNamespace: 'pid:[1]' }, 'running', 'elsewhere'],
    ['of another machine, with fresh files', { bootId: 'other' }, 'running', 'elsewhere'],
    ['that does not say when its machine was started', { bootId: undefined, pid: 4_000_000 }, 'running', 'elsewhere'],
  ])('%s is told as such', async (_, recorder, state, known) => {
    const folder = await store.createRun({ id: idOf(1), startedAt: timeOf(1) });
    await store.writeStarted(folder, { version: 1, run: { id: idOf(1), startedAt: timeOf(1) }, command: [], recorder: { ...thisRecorder(), ...recorder } });
    expect(await store.runs()).toMatchObject([{ state, recorder: known }]);
  });

  it.each([
    ['is no process', { pid: 0 }],
    ['has a start that is no text', { startTicks: 1 }],
  ])('whose recorder %s is damaged', async (_, recorder) => {
    const folder = await store.createRun({ id: idOf(1), startedAt: timeOf(1) });
    await store.writeStarted(folder, { version: 1, run: { id: idOf(1), startedAt: timeOf(1) }, command: [], recorder: { ...thisRecorder(), ...recorder } });
    expect(await store.runs()).toMatchObject([{ state: 'damaged' }]);
  });

  it('of another machine whose files are old counts as interrupted', async () => {
    const folder = await store.createRun({ id: idOf(1), startedAt: timeOf(1) });
    await store.writeStarted(folder, { version: 1, run: { id: idOf(1), startedAt: timeOf(1) }, command: [], recorder: { pid: 1, bootId: 'other' } });
    ageAll(folder.path);
    expect(await store.runs()).toMatchObject([{ state: 'interrupted', recorder: 'elsewhere' }]);
  });

  it('that is damaged harms no other, and is not taken for finished', async () => {
    const good = await record(1);
    const bad = await record(2);
    truncateSync(join(bad.path, 'statement.json'), 100);
    const stillborn = await store.createRun({ id: idOf(3), startedAt: timeOf(3) });
    ageAll(stillborn.path);
    mkdirSync(join(store.root, 'runs/not-a-run'));
    writeFileSync(join(store.root, 'runs/20260101T000100Z-ffffffff'), 'a file');
    const runs = await store.runs();
    expect(runs.map((run) => [run.folder.name, run.state])).toEqual([
      [good.name, 'finished'],
      [bad.name, 'damaged'],
      [stillborn.name, 'damaged'],
    ]);
    await expect(runs[1]!.manifest()).rejects.toMatchObject({ code: 'TL0304' });
    await expect(runs[2]!.manifest()).rejects.toMatchObject({ code: 'TL0304' });
  });

  it('of a newer version is undecided, not damaged beyond use', async () => {
    const folder = await record(1);
    const path = join(folder.path, 'statement.json');
    const text = readFileSync(path, 'utf8').replace('training-run/v1', 'training-run/v7');
    unlinkSync(path);
    writeFileSync(path, text);
    const run = await store.find('last');
    expect(run).toMatchObject({ state: 'newer', reason: expect.stringContaining('schema version 7.0') as string });
    await expect(run.manifest()).rejects.toMatchObject({ code: 'TL0202' });
    await expect(store.find(path, project)).resolves.toMatchObject({ state: 'newer' });
    writeFileSync(join(project, 'foreign.json'), text);
    await expect(store.find('foreign.json', project)).rejects.toMatchObject({ code: 'TL0202' });
    expect(await store.findGarbage({ nowMs: Date.now(), keepLast: 0 })).toEqual([]);
  });
});

describe('finding a run', () => {
  beforeEach(async () => {
    await record(1, { run: { name: 'baseline' } });
    await record(2, {
      run: { name: 'wider' },
      outputs: [{ path: '${project}/out/model.pt', role: 'model', sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' }],
    });
    await record(3, { run: { id: '0000000a-0000-4000-8000-000000000003', parents: [{ kind: 'replay', run: idOf(2) }] } });
  });

  it.each([
    ['last', idOf(2)],
    ['last~1', idOf(1)],
    ['baseline', idOf(1)],
    [idOf(1), idOf(1)],
    ['00000002-', idOf(2)],
    ['0000000a', '0000000a-0000-4000-8000-000000000003'],
    ['20260101T000100Z-00000001', idOf(1)],
  ])('%s', async (reference, id) => {
    expect((await store.find(reference)).id).toBe(id);
  });

  it('by digest, folder, file and model', async () => {
    const run = await store.find('wider');
    writeFileSync(join(project, 'moved.pt'), 'hello');
    for (const reference of [
      run.manifestSha256!.slice(0, 6),
      `sha256:${run.manifestSha256!}`,
      run.folder.path,
      join(run.folder.path, 'statement.json'),
      join(run.folder.path, 'manifest.json'),
      'moved.pt',
      `./${'moved.pt'}`,
    ]) {
      expect((await store.find(reference, project)).id, reference).toBe(run.id);
    }
    expect((await store.find('runs', join(store.root)).catch((error: unknown) => error)) as Error).toMatchObject({ code: 'TL0301' });
  });

  it('by a statement that lies elsewhere, known here or not', async () => {
    const manifest = manifestOf(77);
    writeFileSync(join(project, 'foreign.json'), statementOf(manifest));
    expect(await (await store.find('foreign.json', project)).manifest()).toEqual(manifest);
    const run = await store.find('last');
    writeFileSync(join(project, 'copy.json'), await run.statement());
    expect((await store.find('copy.json', project)).folder).toEqual(run.folder);
    writeFileSync(join(project, 'view.json'), readFileSync(join(run.folder.path, 'manifest.json')));
    expect((await store.find('view.json', project)).id).toBe(run.id);
  });

  it('says what else was meant', async () => {
    await expect(store.find('basline')).rejects.toMatchObject({ code: 'TL0301', notes: ['did you mean baseline?'] });
    await expect(store.find('0000')).rejects.toMatchObject({ code: 'TL0301', notes: expect.arrayContaining(['a prefix of an id needs at least 6 letters']) as unknown });
    await expect(store.find('000000')).rejects.toMatchObject({ code: 'TL0302' });
    await expect(store.find('last~9')).rejects.toMatchObject({ code: 'TL0301', notes: ['there are 2 runs: last is the newest, last~1 the oldest'] });
    await record(5, { run: { name: 'baseline' } });
    const error = (await store.find('baseline').catch((one: unknown) => one)) as { readonly code: string; readonly notes: readonly string[] };
    expect(error.code).toBe('TL0302');
    expect(error.notes.map((note) => note.slice(0, 8))).toEqual(['00000005', '00000001']);
  });

  it('by its whole id, whatever others are called', async () => {
    await record(7, { run: { name: '00000006' } });
    const other = await record(6, { run: { name: idOf(7) } });
    const error = (await store.find('00000006').catch((one: unknown) => one)) as { readonly notes: readonly string[]; readonly fix: string };
    expect(error.fix).toBe(`use the id, for example ${idOf(6)}`);
    expect(error.notes.map((note) => note.split(' ')[0])).toEqual([idOf(6), '00000007']);
    expect((await store.find(idOf(6))).folder).toEqual(other);
    expect((await store.find(idOf(7))).id).toBe(idOf(7));
  });

  it('in an empty store says how to record one', async () => {
    const empty = await openStore({ projectRoot: join(project, 'empty'), storeFolder: join(project, 'empty', 'records') });
    await expect(empty.find('last')).rejects.toMatchObject({ code: 'TL0301', notes: ['no run was recorded in this project'] });
    expect(existsSync(join(project, 'empty'))).toBe(false);
  });
});

describe('the index', () => {
  it('is only a cache: lost, torn, foreign or stale, the list is the same', async () => {
    for (let i = 1; i <= 5; i += 1) await record(i);
    const strip = async () => JSON.stringify(await store.runs());
    const list = await strip();
    const index = join(store.root, 'index.jsonl');
    expect(readFileSync(index, 'utf8').split('\n').length).toBe(6);
    expect(await strip()).toBe(list);
    truncateSync(index, statSync(index).size - 40);
    expect(await strip()).toBe(list);
    expect(await strip()).toBe(list);
    expect(readFileSync(index, 'utf8').endsWith('\n')).toBe(true);
    appendFileSync(index, 'junk\n{"v":1}\n00000000 {"v":1}\n');
    expect(await strip()).toBe(list);
    unlinkSync(index);
    expect(await strip()).toBe(list);
    rmSync(index);
    mkdirSync(index);
    expect(await strip()).toBe(list);
    rmSync(index, { recursive: true });
    expect((await store.rebuildIndex()).length).toBe(5);
    expect(await strip()).toBe(list);
  });

  it('does not hide that a record was changed', async () => {
    const folder = await record(1);
    await store.runs();
    const path = join(folder.path, 'statement.json');
    const text = readFileSync(path, 'utf8').replace('baseline', 'BASELINE');
    chmodSync(path, 0o600);
    writeFileSync(path, text);
    expect((await store.runs())[0]!.purpose).toBe('BASELINE');
  });

  it('makes a list of 10,000 runs fast', async () => {
    await record(1);
    await store.rebuildIndex();
    const known = [...readIndex(store.root).entries.values()][0]!;
    const entries: IndexEntry[] = [];
    for (let i = 0; i < 10_000; i += 1) {
      const folder = `20270101T${String(i).padStart(6, '0')}Z-${String(i).padStart(8, '0')}`;
      const path = join(store.root, 'runs', folder, 'statement.json');
      mkdirSync(join(store.root, 'runs', folder));
      writeFileSync(path, 'x');
      entries.push({ ...known, folder, sizeBytes: 1, mtimeNs: String(statSync(path, { bigint: true }).mtimeNs) });
    }
    await writeIndex(store.root, entries);
    const began = performance.now();
    expect((await store.runs()).length).toBe(10_001);
    const tookMs = performance.now() - began;
    console.log(`list of 10,000 runs: ${Math.round(tookMs)} ms`);
    expect(tookMs).toBeLessThan(5_000);
  });
});

describe('objects', () => {
  const hello = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

  it('are kept once, read-only, and read verified', async () => {
    expect(await store.putObject(Buffer.from('hello'))).toBe(hello);
    expect(await store.putObject(Buffer.from('hello'))).toBe(hello);
    expect(statSync(objectPath(store.root, hello)).mode & 0o777).toBe(0o444);
    expect(Buffer.from(await store.readObject(hello)).toString()).toBe('hello');
    expect(await store.hasObject(hello)).toBe(true);
    expect(await store.hasObject('0'.repeat(64))).toBe(false);
    await expect(store.readObject('0'.repeat(64))).rejects.toMatchObject({ code: 'TL0306' });
    await expect(store.readObject('../../etc/passwd')).rejects.toMatchObject({ code: 'TL0306' });
    await expect(store.readObject(hello, 2)).rejects.toMatchObject({ code: 'TL0002' });
  });

  it('that are damaged are refused, and mended when the bytes come again', async () => {
    await store.putObject(Buffer.from('hello'));
    chmodSync(objectPath(store.root, hello), 0o600);
    writeFileSync(objectPath(store.root, hello), 'hallo');
    await expect(store.readObject(hello)).rejects.toMatchObject({ code: 'TL0307' });
    await store.putObject(Buffer.from('hello'));
    expect(Buffer.from(await store.readObject(hello)).toString()).toBe('hello');
  });

  it('come from files without passing through memory', async () => {
    const path = join(project, 'data');
    writeFileSync(path, 'hello');
    expect(await store.putObjectFile({ path })).toEqual({ kind: 'kept', sha256: hello, sizeBytes: 5, storedBytes: 5 });
    expect(await store.putObjectFile({ path }, { expected: hello })).toEqual({ kind: 'kept', sha256: hello, sizeBytes: 5, storedBytes: 5 });
    writeFileSync(path, 'hallo');
    expect(await store.putObjectFile({ path }, { expected: hello })).toMatchObject({ kind: 'changed' });
    expect(await store.putObjectFile({ path: join(project, 'none') })).toEqual({ kind: 'unreadable', reason: 'it is not there' });
    expect(await store.putObjectFile({ path: '/dev/zero' })).toEqual({ kind: 'unreadable', reason: 'a device' });
    expect(readdirSync(join(store.root, 'objects/sha256')).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('marks', () => {
  it('change name and tags and keep their history, and never the record', async () => {
    const folder = await record(1, { run: { name: 'old', tags: { team: 'vision', stage: 'draft' } } });
    const before = readFileSync(join(folder.path, 'statement.json'));
    const run = await store.find('last');
    await store.mark(run, { at: timeOf(5), by: 'ann', name: 'new', set: { stage: 'candidate', 'a.b': 'ü' }, removed: ['team'] });
    await store.mark(run, { at: timeOf(6), removed: ['a.b'] });
    const marked = await store.find('new');
    expect(marked.tags).toEqual({ stage: 'candidate' });
    expect(marked.marks.map((change) => change.at)).toEqual([timeOf(5), timeOf(6)]);
    expect(readFileSync(join(folder.path, 'statement.json'))).toEqual(before);
    await expect(store.find('old')).rejects.toMatchObject({ code: 'TL0301' });
  });

  it('of two processes at once are all there', async () => {
    const run = await record(1).then(() => store.find('last'));
    await Promise.all(Array.from({ length: 30 }, (_, i) => store.mark(run, { at: timeOf(i), set: { [`key${i}`]: String(i) } })));
    expect(Object.keys((await store.find('last')).tags).length).toBe(30);
  });

  it.each([['with space'], [''], ['a=b'], ['__proto__'], ['new\nline']])('refuse the key %j', async (key) => {
    const run = await record(1).then(() => store.find('last'));
    await expect(store.mark(run, { at: timeOf(1), set: Object.fromEntries([[key, 'x']]) })).rejects.toMatchObject({ code: 'TL0001' });
  });

  it('that are damaged are told to whoever changes them, and harm no list', async () => {
    const folder = await record(1);
    const run = await store.find('last');
    await store.mark(run, { at: timeOf(1), set: { a: 'b' } });
    writeFileSync(join(folder.path, 'marks/000001.json'), '{"at":1}');
    expect((await store.runs())[0]!.state).toBe('finished');
    await expect(store.mark(run, { at: timeOf(1), set: { a: 'b' } })).rejects.toMatchObject({ code: 'TL0309' });
  });
});

describe('keeping', () => {
  it('makes git track the record, byte by byte, and it is found without the run folder', async () => {
    const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: project, encoding: 'utf8' });
    git('init', '-q');
    const folder = await record(1);
    const run = await store.find('last');
    const statement = readFileSync(join(folder.path, 'statement.json'));
    expect((await store.keep(run)).ignoredByGit).toBe(false);
    await store.keep(run);
    git('add', '-A');
    git('commit', '-q', '-m', 'kept');
    expect(git('ls-files').trim().split('\n').sort()).toEqual(
      ['.trainlock/.gitignore', `.trainlock/kept/${folder.name}.manifest.json`, `.trainlock/kept/${folder.name}.statement.json`, '.trainlock/kept/.gitattributes'].sort(),
    );
    git('clone', '-q', project, join(project, 'clone'));
    const clone = await openStore({ projectRoot: join(project, 'clone') });
    const found = await clone.find(run.id);
    expect(found).toMatchObject({ kept: true, state: 'finished', manifestSha256: run.manifestSha256 });
    expect(Buffer.from(await found.statement())).toEqual(statement);
    expect((await store.runs()).map((one) => one.kept)).toEqual([true]);
    expect((await clone.keep(found)).files).toEqual([]);
    await expect(clone.mark(found, { at: timeOf(1), set: { a: 'b' } })).rejects.toMatchObject({ code: 'TL0309' });
  });

  it('takes a statement that came from elsewhere, under the name its run would have here', async () => {
    writeFileSync(join(project, 'foreign.json'), statementOf(manifestOf(9)));
    writeFileSync(join(project, 'manifest.json'), 'not ours');
    const { files } = await store.keep(await store.find('foreign.json', project));
    expect(files.map((file) => file.slice(file.lastIndexOf('/') + 1))).toEqual(['20260101T000900Z-00000009.manifest.json', '20260101T000900Z-00000009.statement.json']);
    expect(JSON.parse(readFileSync(files[0]!, 'utf8'))).toEqual(manifestOf(9));
    expect(await store.runs()).toMatchObject([{ id: idOf(9), kept: true, state: 'finished' }]);
  });

  it('keeps beside a record of an earlier schema what that record says, and not its view', async () => {
    const statement = readFileSync('conformance/records/v0.1/kept/20261126T211330Z-ebd7255c.statement.json');
    writeFileSync(join(project, 'foreign.json'), statement);
    const { files } = await store.keep(await store.find('foreign.json', project));
    const { predicate } = JSON.parse(statement.toString()) as { readonly predicate: unknown };
    expect(
      JSON.parse(
        readFileSync(
          files.find((file) => file.endsWith('.manifest.json'))!,
          'utf8',
        ),
      ),
    ).toEqual(predicate);
  });

  it('says when git ignores the record all the same', async () => {
    execFileSync('git', ['init', '-q'], { cwd: project });
    writeFileSync(join(project, '.gitignore'), '.trainlock/\n');
    await record(1);
    expect((await store.keep(await store.find('last'))).ignoredByGit).toBe(true);
  });

  it('needs a finished record', async () => {
    const folder = await store.createRun({ id: idOf(1), startedAt: timeOf(1) });
    await store.writeStarted(folder, { version: 1, run: { id: idOf(1), startedAt: timeOf(1) }, command: [], recorder: thisRecorder() });
    await expect(store.keep(await store.find('last'))).rejects.toMatchObject({ code: 'TL0303' });
  });
});

describe('cleaning up', () => {
  const nowMs = Date.now();
  const kinds = async (options = {}): Promise<string[]> =>
    (await store.findGarbage({ nowMs, ...options })).map((item) => `${item.kind} ${item.run?.id.slice(0, 8) ?? ''}`.trim()).sort();

  it('removes what no record names, and nothing a record names, even through a list', async () => {
    const source = await store.putObject(Buffer.from('print(1)'));
    const list = await store.putObject(Buffer.from(`{"path":"a.py","sha256":"${source}","size":8}\n`));
    const loose = await store.putObject(Buffer.from('nobody wants me'));
    await record(1, { code: { ...trainingManifest().code, snapshot: { sha256: list, fileCount: 1, totalBytes: 8 } } });
    expect(await kinds()).toEqual([]);
    ageAll(store.root);
    const garbage = await store.findGarbage({ nowMs });
    expect(garbage.map((item) => item.path)).toEqual([objectPath(store.root, loose)]);
    await store.removeGarbage(garbage);
    expect([await store.hasObject(source), await store.hasObject(list), await store.hasObject(loose)]).toEqual([true, true, false]);
    expect(await kinds()).toEqual([]);
  });

  it('leaves bytes that were put again meanwhile', async () => {
    const loose = await store.putObject(Buffer.from('wanted again'));
    ageAll(store.root);
    const garbage = await store.findGarbage({ nowMs });
    expect(garbage.length).toBe(1);
    await store.putObject(Buffer.from('wanted again'));
    await store.removeGarbage(garbage);
    expect(Buffer.from(await store.readObject(loose)).toString()).toBe('wanted again');
    expect(await store.findGarbage({ nowMs })).toEqual([]);
  });

  it('keeps objects that an unfinished run names', async () => {
    const object = await store.putObject(Buffer.from('snapshot'));
    const folder = await store.createRun({ id: idOf(1), startedAt: timeOf(1) });
    await store.writeStarted(folder, { version: 1, run: { id: idOf(1), startedAt: timeOf(1) }, command: ['x'], recorder: thisRecorder() });
    writeFileSync(join(folder.path, 'probes.json'), JSON.stringify({ snapshot: object }));
    ageAll(store.root);
    expect(await kinds()).toEqual([]);
  });

  it('removes old runs only if asked for, and none that is kept, pinned, parent or running', async () => {
    for (let i = 1; i <= 7; i += 1)
      await record(i, i === 7 ? { run: { parents: [{ kind: 'resume', run: idOf(3) }] } } : i === 3 ? { run: { parents: [{ kind: 'retry', run: idOf(2) }] } } : {});
    await store.keep(await store.find('00000004'));
    await store.mark(await store.find('00000005'), { at: timeOf(9), set: { pinned: 'yes' } });
    const running = await store.createRun({ id: idOf(8), startedAt: timeOf(8) });
    await store.writeStarted(running, { version: 1, run: { id: idOf(8), startedAt: timeOf(8) }, command: ['x'], recorder: thisRecorder() });
    mkdirSync(join(store.root, 'roots'), { recursive: true });
    writeFileSync(store.rootPath(idOf(1)), Buffer.alloc(32));
    writeFileSync(store.rootPath(idOf(7)), Buffer.alloc(32));
    expect(await kinds()).toEqual([]);
    expect(await kinds({ keepLast: 2 })).toEqual(['root', 'run 00000001', 'run 00000006']);
    expect(await kinds({ keepLast: 3 })).toEqual(['root', 'run 00000001']);
    expect(await kinds({ olderThanMs: 100 * 365 * 86_400_000 })).toEqual([]);
    await store.removeGarbage(await store.findGarbage({ nowMs, keepLast: 2 }));
    expect((await store.runs()).map((run) => run.id)).toEqual([2, 3, 4, 5, 7, 8].map(idOf));
    expect(readdirSync(join(store.root, 'roots'))).toEqual([idOf(7)]);
    expect(readdirSync(join(store.root, 'runs')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('removes remains of killed processes when they are old', async () => {
    const folder = await record(1);
    const remains = [
      join(store.root, 'objects/sha256', '.trainlock-0123456789abcdef.tmp'),
      join(folder.path, '.trainlock-0123456789abcdef.tmp'),
      join(store.root, 'runs', '.trainlock-0123456789abcdef.tmp'),
    ];
    for (const path of remains) writeFileSync(path, 'half');
    const stillborn = await store.createRun({ id: idOf(9), startedAt: timeOf(9) });
    expect(await kinds()).toEqual([]);
    for (const path of remains) age(path);
    ageAll(stillborn.path);
    const garbage = await store.findGarbage({ nowMs });
    expect(garbage.map((item) => item.kind).sort()).toEqual(['remains', 'remains', 'remains', 'stillborn']);
    await store.removeGarbage(garbage);
    expect(remains.some((path) => existsSync(path))).toBe(false);
    expect((await store.runs()).length).toBe(1);
  });
});

describe('a store that cannot be written', () => {
  it('is replaced by a temporary one, loudly, and found again', async (context) => {
    const disk = join(project, 'disk');
    mkdirSync(disk);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', disk]).status !== 0) {
      console.log('mounting a read-only disk is not permitted here: the temporary store is not tested');
      context.skip();
    }
    try {
      const temporary = await openStore({ projectRoot: disk, purpose: 'record' });
      expect(temporary.findings).toMatchObject([{ kind: 'temporary-store', severity: 'warning' }]);
      await record(1, {}, temporary);
      expect(statSync(join(temporary.root, '..')).mode & 0o077).toBe(0);
      const again = await openStore({ projectRoot: disk });
      expect((await again.runs()).length).toBe(1);
      rmSync(temporary.root, { recursive: true });
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('can still be read', async (context) => {
    await record(1);
    if (spawnSync('mount', ['--bind', project, project]).status !== 0) context.skip();
    try {
      execFileSync('mount', ['-o', 'remount,ro,bind', project]);
      const reader = await openStore({ projectRoot: project });
      expect(reader.findings).toMatchObject([{ kind: 'read-only-store' }]);
      unlinkIfWritable(join(reader.root, 'index.jsonl'));
      expect((await reader.find('last')).state).toBe('finished');
      await expect(reader.putObject(Buffer.from('x'))).rejects.toMatchObject({ code: 'TL0003' });
    } finally {
      execFileSync('umount', [project]);
    }
  });

  const unlinkIfWritable = (path: string): void => {
    try {
      unlinkSync(path);
    } catch {
      // It is read-only: that is what is tested.
    }
  };
});
