import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeCrypto } from '#files';
import { leafHash } from '#digest';
import { readTlogProof, verifyTlogProof } from '#tlog';
import { algorithms, valueOf } from '../../test/fixtures/log-keys.ts';
import { times } from '../../test/harness/effort.ts';
import { folderReader, readLogKey } from './log-reader.ts';
import { leavesOf } from './leaves-of.ts';
import { type Logbook, openLogbook } from './open-logbook.ts';
import { verifyLogbook } from './verify-logbook.ts';

const BUILT = new URL('../../dist/logbook/index.js', import.meta.url);
const { verify } = algorithms;
const ROUNDS = times(20, 8);

/** Enters leaves and says on stdout which index each has, once that is acknowledged. */
const WRITER = `
import { writeSync } from 'node:fs';
const { openLogbook } = await import(${JSON.stringify(BUILT.href)});
const { nodeVerifySignature } = await import(${JSON.stringify(new URL('../keys/index.js', BUILT).href)});
const [state, name, count, most] = process.argv.slice(2);
const logbook = openLogbook({ env: { XDG_STATE_HOME: state }, verify: nodeVerifySignature, machine: '0123456789abcdef', waitMs: 120000 });
for (let at = 0; at < Number(count);) {
  const size = Math.min(Number(count) - at, 1 + Math.floor(Math.random() * Number(most)));
  const leaves = Array.from({ length: size }, (_, i) => name + ' ' + (at + i));
  const answer = await logbook.append(leaves.map((leaf) => new TextEncoder().encode(leaf)));
  if (answer.kind !== 'appended') throw new Error(answer.because);
  writeSync(1, leaves.map((leaf, i) => answer.places[i].index + ' ' + leaf + '\\n').join(''));
  at += size;
}
`;

let state: string;
let logbook: Logbook;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'trainlock-log-'));
  writeFileSync(join(state, 'writer.mjs'), WRITER);
  logbook = openLogbook({ env: { XDG_STATE_HOME: state }, verify, machine: '0123456789abcdef' });
});

afterEach(() => rmSync(state, { recursive: true, force: true }));

type Writer = { readonly child: ChildProcess; readonly said: () => readonly string[]; readonly ended: Promise<number | null> };

const startWriter = (name: string, count: number, most: number): Writer => {
  const child = spawn(process.execPath, [join(state, 'writer.mjs'), state, name, String(count), String(most)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  // Only whole lines were said.
  return { child, said: () => text.split('\n').slice(0, -1), ended: new Promise((resolve) => child.on('close', resolve)) };
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The leaves of the log by their indices, after the whole log was checked. */
const checkedLeaves = async (): Promise<ReadonlyMap<number, string>> => {
  const { folder, checkpoint } = (await logbook.head())!;
  const remembered = (await logbook.remembered()).map((head) => head.checkpoint);
  const check = await verifyLogbook(folder, { verify, remembered });
  expect(check).toMatchObject({ kind: 'intact', remembered: 1 });
  const leaves = new Map<number, string>();
  for await (const { index, bytes } of leavesOf(folderReader(folder), { from: 0, to: checkpoint.size })) leaves.set(index, Buffer.from(bytes).toString());
  return leaves;
};

const expectAllThere = (said: readonly string[], leaves: ReadonlyMap<number, string>): void => {
  for (const line of said) {
    const [index, ...words] = line.split(' ');
    expect(leaves.get(Number(index)), line).toBe(words.join(' '));
  }
};

describe.runIf(existsSync(BUILT))('the log of a machine', () => {
  it('gives 1600 leaves of eight processes that write at once 1600 indices (E08)', async () => {
    const writers = Array.from({ length: 8 }, (_, i) => startWriter(`writer-${i}`, 200, 16));
    expect(await Promise.all(writers.map((writer) => writer.ended))).toEqual(writers.map(() => 0));
    const said = writers.flatMap((writer) => writer.said());
    expect(new Set(said.map((line) => line.split(' ')[0])).size).toBe(1600);
    const leaves = await checkedLeaves();
    expect(leaves.size).toBe(1600);
    expectAllThere(said, leaves);
    const { folder, key } = (await logbook.head())!;
    for (const index of [0, 255, 256, 1023, 1599]) {
      const proof = valueOf(readTlogProof(await logbook.proofOf(index)));
      const bytes = Buffer.from(leaves.get(index)!);
      expect(verifyTlogProof({ proof, leafHash: leafHash(bytes, nodeCrypto), keys: [key] }, algorithms)).toMatchObject({ kind: 'held', index });
    }
    expect((await readLogKey(folderReader(folder))).name).toBe(key.name);
    // At most two widths of each partial tile are kept.
    const partials = (readdirSync(folder, { recursive: true, encoding: 'utf8' }) as string[]).filter((name) => name.endsWith('.p'));
    expect(partials.length).toBeGreaterThan(0);
    for (const name of partials) expect(readdirSync(join(folder, name)).length, name).toBeLessThanOrEqual(2);
  });

  it(`is never damaged by kill -9 at ${ROUNDS} random moments, and loses nothing that was acknowledged`, async () => {
    const said: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const writers = [0, 1, 2].map((i) => startWriter(`round-${round}-${i}`, 100_000, 40));
      while (writers.every((writer) => writer.said().length === 0)) await sleep(5);
      await sleep(Math.random() * 120);
      for (const { child } of writers) child.kill('SIGKILL');
      await Promise.all(writers.map((writer) => writer.ended));
      said.push(...writers.flatMap((writer) => writer.said()));
      if (round % 4 === 3) expectAllThere(said, await checkedLeaves());
    }
    const before = await checkedLeaves();
    expectAllThere(said, before);
    expect(new Set(said.map((line) => line.split(' ')[0])).size).toBe(said.length);
    console.log(`acknowledged before ${ROUNDS * 3} kills: ${said.length}, in the log: ${before.size}, lost: 0`);
    const last = startWriter('after', 10, 3);
    expect(await last.ended).toBe(0);
    expect((await checkedLeaves()).size).toBe(before.size + 10);
    // Nobody holds the lock, and no draft of a log is left.
    const names = readdirSync(join(state, 'trainlock/logs'));
    expect(names).toContain('0123456789abcdef');
    expect(names.filter((name) => name.endsWith('.lock') || name.includes('-new-'))).toEqual([]);
  });

  it('that is killed while it is made is there whole or not at all', async () => {
    for (let round = 0; round < times(12, 5); round += 1) {
      const writer = startWriter('first', 100_000, 3);
      await sleep(60 + Math.random() * 120);
      writer.child.kill('SIGKILL');
      await writer.ended;
      const before = await logbook.head();
      if (before !== undefined) expect(await verifyLogbook(before.folder, { verify })).toMatchObject({ kind: 'intact' });
      expect(await logbook.append([Buffer.from(`after ${round}`)])).toMatchObject({ kind: 'appended' });
      expectAllThere(writer.said(), await checkedLeaves());
      expect(readdirSync(join(state, 'trainlock/logs')).filter((name) => name.includes('-new-'))).toEqual([]);
      rmSync(join(state, 'trainlock'), { recursive: true });
    }
  });
});

/** Fills a small disk, sees the writer fail, makes room, and goes on. */
const ON_FULL_DISK = `
import { rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
const { openLogbook, verifyLogbook } = await import(${JSON.stringify(BUILT.href)});
const { nodeVerifySignature: verify } = await import(${JSON.stringify(new URL('../keys/index.js', BUILT).href)});
const logbook = openLogbook({ env: { XDG_STATE_HOME: resolve('disk') }, verify, machine: '0123456789abcdef' });
const append = (text) => logbook.append([new TextEncoder().encode(text)]).then((answer) => answer.kind, (error) => error.code + ' ' + error.notes.join());
console.log(await append('first'));
try { writeFileSync('disk/filler', Buffer.alloc(10_000_000)); } catch {}
const said = [];
for (let i = 0; i < 40; i += 1) said.push(await append('full ' + i + ' ' + 'x'.repeat(4000)));
console.log(said.at(-1));
const { folder } = await logbook.head();
console.log((await verifyLogbook(folder, { verify })).kind);
rmSync('disk/filler', { force: true });
console.log(await append('after'));
console.log((await verifyLogbook(folder, { verify })).kind);
`;

describe.runIf(existsSync(BUILT) && spawnSync('unshare', ['-Urm', 'true']).status === 0)('a disk', () => {
  const inNamespace = (script: string): readonly string[] => {
    writeFileSync(join(state, 'script.mjs'), ON_FULL_DISK);
    mkdirSync(join(state, 'disk'));
    const answer = spawnSync('unshare', ['-Urm', 'sh', '-c', script], { cwd: state, encoding: 'utf8' });
    return `${answer.stdout}${answer.stderr}`.trimEnd().split('\n');
  };

  it('that is full is told, nothing is half-written, and the log goes on when there is room', () => {
    expect(inNamespace(`mount -t tmpfs -o size=300k none disk && "${process.execPath}" script.mjs`)).toEqual([
      'appended',
      'TL1401 no space is left on the file system',
      'intact',
      'appended',
      'intact',
    ]);
  });

  it('that is read-only is told, and the log can be read', () => {
    const node = `"${process.execPath}" script.mjs`;
    expect(inNamespace(`mount -t tmpfs none disk && ${node} > /dev/null && mount -o remount,ro disk && ${node}`).slice(0, 3)).toEqual([
      'TL1401 the file system is read-only',
      'TL1401 the file system is read-only',
      'intact',
    ]);
  });
});
