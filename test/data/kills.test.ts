import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { decompress } from 'fzstd';
import { describe, expect, it } from 'vitest';
import { rowsText } from '../fixtures/zstd-frames.ts';
import { times } from '../harness/effort.ts';
import { makeProject, type TestProject } from '../harness/project.ts';

const FILES = 3000;
const KILLS = times(20, 8);

const makeTree = (): TestProject => {
  const files: Record<string, string> = {};
  for (let i = 0; i < FILES; i += 1) files[`data/d${i % 40}/f${i}`] = `content ${i}`.repeat(20);
  // These are kept compressed where Node.js can.
  for (let i = 0; i < 20; i += 1) files[`data/tables/t${i}.csv`] = rowsText(20_000 + i);
  return makeProject(files);
};

type Taken = { readonly sha256: string; readonly document: string; readonly snapshot: { readonly list: { readonly treeRoot: string; readonly sha256: string } } };

const takenIn = (text: string): Taken => (JSON.parse(text) as { readonly data: { readonly snapshots: readonly [Taken] } }).data.snapshots[0];

/** Everything under a final name must be whole: objects are what they are called, documents name what is there. */
const checkStore = (project: TestProject): void => {
  const objects = join(project.folder, '.trainlock/objects/sha256');
  for (const folder of existsSync(objects) ? readdirSync(objects).filter((name) => /^[0-9a-f]{2}$/.test(name)) : []) {
    for (const name of readdirSync(join(objects, folder)).filter((one) => /^[0-9a-f]{62}(\.zst)?$/.test(one))) {
      const bytes = readFileSync(join(objects, folder, name));
      expect(
        createHash('sha256')
          .update(name.endsWith('.zst') ? decompress(bytes) : bytes)
          .digest('hex'),
      ).toBe(folder + name.slice(0, 62));
    }
  }
  const snapshots = join(project.folder, '.trainlock/snapshots');
  for (const name of existsSync(snapshots) ? readdirSync(snapshots).filter((one) => !one.startsWith('.')) : []) {
    const document = JSON.parse(readFileSync(join(snapshots, name), 'utf8')) as { readonly list: { readonly sha256: string; readonly indexSha256: string } };
    for (const sha256 of [document.list.sha256, document.list.indexSha256]) expect(existsSync(join(objects, sha256.slice(0, 2), sha256.slice(2)))).toBe(true);
  }
};

describe('a snapshot that is killed', () => {
  it(`at ${KILLS} random moments loses nothing acknowledged and leaves nothing broken, in store, objects and cache`, async () => {
    const project = makeTree();
    const reference = takenIn(project.trainlock(['snapshot', 'data', '--json', '--store', join(project.folder, '../other')]).stdout);
    const acknowledged: Taken[] = [];
    let killed = 0;
    for (let i = 0; i < KILLS; i += 1) {
      const child = project.start(['snapshot', 'data', '--json', '--keep', ...(i % 3 === 0 ? ['--full'] : [])]);
      let text = '';
      child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const ended = new Promise((done) => child.on('close', done));
      await setTimeout(100 + Math.random() * 2000);
      if (child.exitCode === null && child.kill('SIGKILL')) killed += 1;
      await ended;
      if (text.endsWith('\n')) acknowledged.push(takenIn(text));
      if (i % 5 === 4) checkStore(project);
    }
    checkStore(project);
    expect(killed).toBeGreaterThan(0);
    for (const taken of acknowledged) {
      expect(createHash('sha256').update(readFileSync(taken.document)).digest('hex')).toBe(taken.sha256);
      expect(taken.snapshot.list).toMatchObject({ sha256: reference.snapshot.list.sha256, treeRoot: reference.snapshot.list.treeRoot });
    }
    // What killed ones left in the cache is used, and is right.
    const last = takenIn(project.trainlock(['snapshot', 'data', '--json', '--keep']).stdout);
    expect(last.snapshot.list).toEqual(reference.snapshot.list);
    expect(project.trainlock(['data', 'verify', 'last']).status).toBe(0);
    expect(project.trainlock(['data', 'show', '--json']).status).toBe(0);
  });

  it('goes on where it was: finished folders are not read again', async () => {
    const project = makeTree();
    await setTimeout(2500); // until the times of the files are old enough to be believed
    const cache = join(project.folder, '.trainlock/cache/stat');
    // Stopped by a signal at the first sign of the cache.
    const child = project.start(['snapshot', 'data', '--jobs', '1']);
    while (!existsSync(cache) || readdirSync(cache).length === 0) await setTimeout(1);
    await setTimeout(60);
    child.kill('SIGKILL');
    await new Promise((done) => child.on('close', done));
    const { data } = JSON.parse(project.trainlock(['snapshot', 'data', '--json']).stdout) as {
      readonly data: { readonly snapshots: readonly [{ readonly readBytes: number; readonly snapshot: { readonly list: { readonly totalBytes: number } } }] };
    };
    const [{ readBytes, snapshot }] = data.snapshots;
    expect(readBytes).toBeLessThanOrEqual(snapshot.list.totalBytes);
    expect(readdirSync(cache).filter((name) => name.includes('.partial'))).toEqual([]);
  });

  it('two of one folder at once are both right', async () => {
    const project = makeTree();
    const both = await Promise.all(
      [0, 1].map(async () => {
        const child = project.start(['snapshot', 'data', '--json', '--keep']);
        let text = '';
        child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString()));
        await new Promise((done) => child.on('close', done));
        return takenIn(text);
      }),
    );
    expect(both[0]!.snapshot.list).toEqual(both[1]!.snapshot.list);
    checkStore(project);
    expect(project.trainlock(['data', 'verify', 'last']).status).toBe(0);
  });
});

describe('a command that is interrupted', () => {
  const left = (folder: string): readonly string[] =>
    existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]).filter((name) => /\.tmp$|trainlock-|\.trainlock-/.test(name)) : [];

  it.each([
    ['SIGINT', ['snapshot', 'data', '--full', '--profile']],
    ['SIGTERM', ['snapshot', 'data', '--full', '--keep']],
    ['SIGHUP', ['data', 'diff', 'first', 'data/']],
    ['SIGINT', ['data', 'overlap', 'data']],
  ] as const)('by %s ends by it, and what it had only for a while is gone: %j', async (signal, words) => {
    const project = makeTree();
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i},${i % 7},text ${i}`).join('\n');
    project.write({ 'data/train.csv': `id,a,b\n${rows}\n`, 'data/test.csv': `id,a,b\n${rows}\n`, 'tmp/.keep': '' });
    project.trainlock(['snapshot', 'data', '--name', 'first']);
    project.write({ 'data/train.csv': `id,a,b\n${rows}\n1,2,3\n` });
    const [store, temporary] = [join(project.folder, '.trainlock'), join(project.folder, 'tmp')];
    let seen = 0;
    for (let tries = 0; tries < 10 && seen < 2; tries += 1) {
      const child = project.start(words, { env: { ...project.env, TMPDIR: temporary } });
      const ended = new Promise<readonly [number | null, string | null]>((done) => child.on('exit', (...end) => done(end)));
      while (child.exitCode === null && left(store).length + left(temporary).length === 0) await setTimeout(2);
      if (child.exitCode !== null) continue;
      await setTimeout(30 * tries);
      child.kill(signal);
      const [, by] = await ended;
      if (by !== signal) continue;
      seen += 1;
      expect([...left(join(store, 'objects')), ...left(temporary)]).toEqual([]);
    }
    expect(seen).toBe(2);
  });
});
