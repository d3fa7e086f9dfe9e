import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson } from '#base';
import { TEMPORARY_NAME } from '#files';
import { digestOf, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { times } from '../../test/harness/effort.ts';
import { openStore } from './open-store.ts';

const ROUNDS = times(20, 10);
const BUILT = new URL('../../dist/store/index.js', import.meta.url);

/** Writes objects, runs and marks as fast as it can, and says on stdout what it was told to be safe. */
const WRITER = `
import { randomBytes, randomUUID, createHash } from 'node:crypto';
import { writeSync, readFileSync, writeFileSync } from 'node:fs';
const { openStore } = await import(${JSON.stringify(BUILT.href)});
const { thisRecorder } = await import(${JSON.stringify(new URL('../files/index.js', BUILT).href)});
const { canonicalJson } = await import(${JSON.stringify(new URL('../base/index.js', BUILT).href)});
const [project, template, scratch] = process.argv.slice(2);
const base = JSON.parse(readFileSync(template, 'utf8'));
const store = await openStore({ projectRoot: project });
const safe = (what) => writeSync(1, what + '\\n');
for (;;) {
  const bytes = randomBytes(20000 + Math.floor(Math.random() * 200000));
  safe('object ' + (await store.putObject(bytes)));
  safe('object ' + (await store.putObject(Buffer.from('shared ' + Math.floor(Date.now() / 50)))));
  // The second one is kept compressed where Node.js can.
  for (const content of [bytes.subarray(0, 5000), Buffer.from(bytes.toString('hex', 0, 9000).repeat(5))]) {
    writeFileSync(scratch, content);
    const kept = await store.putObjectFile({ path: scratch });
    safe('object ' + kept.sha256);
  }
  const id = randomUUID();
  const startedAt = new Date().toISOString();
  const folder = await store.createRun({ id, startedAt });
  await store.writeStarted(folder, { version: 1, run: { id, startedAt }, command: ['x'], recorder: thisRecorder() });
  safe('started ' + id);
  const manifest = { ...base, run: { ...base.run, id, startedAt } };
  delete manifest.run.name;
  const statement = canonicalJson({ _type: 'https://in-toto.io/Statement/v1', subject: [{ name: 'x', digest: { sha256: '0'.repeat(64) } }], predicateType: 'https://trainlock.dev/training-run/v1', predicate: manifest });
  await store.finishRun(folder, { statement, predicate: manifest });
  safe('finished ' + id + ' ' + createHash('sha256').update(statement).digest('hex'));
  const run = await store.find(id);
  await store.mark(run, { at: startedAt, set: { mark: id } });
  safe('marked ' + id);
}
`;

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'trainlock-crash-'));
  writeFileSync(join(project, 'writer.mjs'), WRITER);
  writeFileSync(join(project, 'template.json'), JSON.stringify(trainingManifest()));
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

type Writer = { readonly child: ChildProcess; readonly said: () => readonly string[]; readonly ended: Promise<void> };

const startWriter = (name: string): Writer => {
  const child = spawn(process.execPath, [join(project, 'writer.mjs'), project, join(project, 'template.json'), join(project, `scratch-${name}`)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  // Only whole lines were said.
  return { child, said: () => text.split('\n').slice(0, -1), ended: new Promise((resolve) => child.on('close', () => resolve())) };
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('kill -9', () => {
  if (!existsSync(BUILT)) console.log('dist/store is not built: crash safety is not tested');

  it.runIf(existsSync(BUILT))(`at ${ROUNDS} random moments, with two writers at once, loses nothing that was acknowledged and leaves nothing broken`, async () => {
    const said: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const writers = [startWriter('a'), startWriter('b')];
      while (writers.every((writer) => writer.said().length === 0)) await sleep(5);
      await sleep(Math.random() * 150);
      for (const { child } of writers) child.kill('SIGKILL');
      await Promise.all(writers.map((writer) => writer.ended));
      said.push(...writers.flatMap((writer) => writer.said()));
    }
    const store = await openStore({ projectRoot: project });
    const runs = new Map((await store.runs()).map((run) => [run.id, run]));
    for (const line of said) {
      const [what, id, sha256] = line.split(' ') as [string, string, string];
      if (what === 'object') expect((await store.readObject(id)).length, line).toBeGreaterThan(0);
      if (what === 'started') expect(['finished', 'interrupted'], line).toContain(runs.get(id)?.state);
      if (what === 'finished') expect(runs.get(id)?.manifestSha256, line).toBe(sha256);
      if (what === 'marked') expect(runs.get(id)?.tags['mark'], line).toBe(id);
    }
    const counts = Object.fromEntries(['object', 'started', 'finished', 'marked'].map((what) => [what, said.filter((line) => line.startsWith(what)).length]));
    console.log(`acknowledged before ${ROUNDS * 2} kills: ${JSON.stringify(counts)}; lost: 0`);
    expect(counts['finished']).toBeGreaterThan(0);
    await nothingBroken();
    await goesOn();
  });

  /** Whatever has its final name is whole. */
  const nothingBroken = async (): Promise<void> => {
    const store = await openStore({ projectRoot: project });
    for (const run of await store.runs()) {
      expect(run.state === 'damaged' ? run.reason : 'fine').toMatch(/^fine$|its start was never|before its start was written/);
      if (run.state === 'finished') await run.manifest();
      if (existsSync(join(run.folder.path, 'manifest.json'))) JSON.parse(readFileSync(join(run.folder.path, 'manifest.json'), 'utf8'));
    }
    const objects = join(store.root, 'objects/sha256');
    for (const folder of readdirSync(objects)) {
      if (TEMPORARY_NAME.test(folder)) continue;
      for (const name of readdirSync(join(objects, folder))) if (!TEMPORARY_NAME.test(name)) await store.readObject(folder + name.replace(/\.zst$/, ''));
    }
  };

  /** The store works as if nothing had happened, and a day later its remains can be cleaned up. */
  const goesOn = async (): Promise<void> => {
    const store = await openStore({ projectRoot: project });
    const before = (await store.runs()).length;
    const startedAt = new Date().toISOString();
    const id = '7d444840-9dc0-41d1-b245-5ffdce74fad2';
    const manifest = trainingManifest({ run: { ...trainingManifest().run, id, startedAt } });
    const folder = await store.createRun({ id, startedAt });
    await store.finishRun(folder, {
      statement: canonicalJson({
        _type: 'https://in-toto.io/Statement/v1',
        subject: [{ name: 'x', digest: { sha256: digestOf('x') } }],
        predicateType: 'https://trainlock.dev/training-run/v1',
        predicate: manifest,
      }),
      predicate: manifest,
    });
    expect((await store.find('last')).id).toBe(id);
    expect((await store.runs()).length).toBe(before + 1);
    await store.removeGarbage((await store.findGarbage({ nowMs: Date.now() + 2 * 86_400_000 })).filter((item) => item.kind === 'remains'));
    const left = (path: string): string[] => readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => TEMPORARY_NAME.test(name.slice(name.lastIndexOf('/') + 1)));
    expect(left(store.root)).toEqual([]);
  };
});

describe('two processes', () => {
  it.runIf(existsSync(BUILT))('that record at once never get the same folder, and both see both', async () => {
    const store = await openStore({ projectRoot: project });
    const startedAt = new Date().toISOString();
    const id = (i: number): string => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
    const folders = await Promise.all(Array.from({ length: 3 }, (_, i) => store.createRun({ id: id(i), startedAt })));
    expect(new Set(folders.map((folder) => folder.path)).size).toBe(3);
    await expect(store.createRun({ id: id(0), startedAt }).then(() => store.createRun({ id: id(0), startedAt }))).rejects.toMatchObject({ code: 'TL0305' });
  });
});
