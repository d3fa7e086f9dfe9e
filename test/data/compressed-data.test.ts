import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { frameOf, rowsText } from '../fixtures/zstd-frames.ts';
import { compressObjects, OBJECTS, objectsOf } from '../harness/compressed-store.ts';
import { makeProject, type TestProject } from '../harness/project.ts';

const temporary = (project: TestProject): string => join(project.folder, '../tmp');

/** Temporary files go to a folder of their own: nothing of ours may be left in it. */
const run = (project: TestProject, ...args: readonly string[]): ReturnType<TestProject['trainlock']> => {
  mkdirSync(temporary(project), { recursive: true });
  const answer = project.trainlock(args, { env: { ...project.env, TMPDIR: temporary(project) } });
  expect(readdirSync(temporary(project)).filter((name) => name.startsWith('trainlock'))).toEqual([]);
  return answer;
};

const edited = (text: string): string => text.replace('\n7,', '\n70007,').replace(/\n9,.*\n/, '\n');

/** Two versions of a table, both kept and compressed, and nothing of them left in place. */
const keptProject = (leastBytes: number): TestProject => {
  const table = rowsText(20_000);
  const project = makeProject({ 'data/train.csv': `id,patient,age,target\n${table}`, 'data/small.csv': 'a,b\n1,2\n' });
  writeFileSync(join(project.folder, 'data/noise.bin'), randomBytes(200_000));
  const first = project.trainlock(['snapshot', 'data', '--name', 'first', '--keep']);
  expect(first.status).toBe(0);
  expect(first.stdout).toContain('bytes of 3 files kept in the store');
  project.write({ 'data/train.csv': edited(project.read('data/train.csv')) });
  expect(project.trainlock(['snapshot', 'data', '--name', 'second', '--keep']).status).toBe(0);
  if ('createZstdCompress' in zlib) expect(objectsOf(project).filter((name) => name.endsWith('.zst')).length).toBe(2);
  if ('createZstdCompress' in zlib) expect(first.stdout).toMatch(/kept in the store, \d+ KiB there for \d+ KiB/);
  else expect(first.stdout).not.toContain(' there for ');
  compressObjects(project, leastBytes);
  return project;
};

describe.each([
  ['large files', 100_000],
  ['everything, lists too', 0],
])('a store in which %s are compressed', (_, leastBytes) => {
  it('gives rows to compare, and files back', () => {
    const project = keptProject(leastBytes);
    const data = readFileSync(join(project.folder, 'data/train.csv'));
    project.remove('data');
    const difference = run(project, 'data', 'diff', 'first', 'second', '--key', 'id').stdout;
    expect(difference).toContain('1 of 3 files differs');
    expect(difference).toContain('rows      1 added, 2 removed; 19,998 of 20,000 rows are the same');
    expect(run(project, 'data', 'restore', 'second', 'data').status).toBe(0);
    expect(readFileSync(join(project.folder, 'data/train.csv')).equals(data)).toBe(true);
    expect(run(project, 'data', 'verify', 'second').status).toBe(0);
  });

  it('sends them plain under their digests, and brings nothing that it has', () => {
    const project = keptProject(leastBytes);
    project.remove('data');
    const shared = join(project.folder, '../shared');
    expect(run(project, 'data', 'push', 'second', shared).status).toBe(0);
    const sent = (readdirSync(join(shared, 'objects'), { recursive: true }) as string[]).filter((name) => /[0-9a-f]{62}/.test(name));
    expect(sent.length).toBe(5);
    for (const name of sent) {
      const bytes = readFileSync(join(shared, 'objects', name));
      expect(`sha256/${createHash('sha256').update(bytes).digest('hex')}`).toBe(name.replaceAll('/', '').replace('sha256', 'sha256/'));
    }
    const again = run(project, 'data', 'push', 'second', shared);
    expect(again.stdout).toContain('0 objects sent');
    const before = objectsOf(project);
    expect(run(project, 'data', 'pull', 'second', shared).stdout).toContain('0 objects brought');
    expect(objectsOf(project)).toEqual(before);
    expect(run(project, 'data', 'pull', 'second', shared, '--store', '../other').status).toBe(0);
    expect(run(project, 'data', 'restore', 'second', 'back', '--store', '../other').status).toBe(0);
    expect(run(project, 'data', 'verify', 'second', '--at', 'back').status).toBe(0);
  });

  it('loses them when they are erased', () => {
    const project = keptProject(leastBytes);
    const before = objectsOf(project).length;
    expect(run(project, 'data', 'erase', 'first', '--reason', 'request 7', '--replacement', 'second', '--yes').stdout).toContain('1 stored copy removed');
    expect(objectsOf(project).length).toBe(before - 1);
    project.remove('data');
    expect(run(project, 'data', 'restore', 'first', 'data').status).not.toBe(0);
    expect(run(project, 'data', 'restore', 'second', 'back').status).toBe(0);
  });
});

describe('a compressed object that is damaged', () => {
  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['cut off', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['changed', (bytes) => Buffer.from(bytes.map((byte, at) => (at === 1000 ? byte ^ 1 : byte)))],
    ['replaced by a frame of something else', () => frameOf(Buffer.from('something else'))],
  ])('and %s is never given out, never sent, and mended when the bytes are kept anew', (_, damage) => {
    const project = keptProject(100_000);
    const objects = objectsOf(project).filter((name) => name.endsWith('.zst'));
    for (const name of objects) {
      const path = join(project.folder, OBJECTS, name);
      const bytes = damage(readFileSync(path));
      rmSync(path);
      writeFileSync(path, bytes);
    }
    project.trainlock(['data', 'restore', 'second', 'elsewhere']); // from where it still lies
    project.remove('data');
    const restored = run(project, 'data', 'restore', 'second', 'back');
    expect(restored.status).not.toBe(0);
    expect(existsSync(join(project.folder, 'back/train.csv'))).toBe(false);
    const pushed = run(project, 'data', 'push', 'second', join(project.folder, '../shared'));
    expect(pushed.status).not.toBe(0);
    expect(existsSync(join(project.folder, '../shared/snapshots'))).toBe(false);
    expect(run(project, 'data', 'diff', 'first', 'second').stdout).toContain('not at hand');
    expect(project.trainlock(['snapshot', 'elsewhere', '--keep']).status).toBe(0);
    expect(run(project, 'data', 'restore', 'second', 'back').status).toBe(0);
    expect(readFileSync(join(project.folder, 'back/train.csv')).equals(project.bytes('elsewhere/train.csv'))).toBe(true);
  });
});

describe('a recorded run', () => {
  const TRAIN = "import csv\nopen('model.txt', 'w').write(str(sum(int(row['age']) for row in csv.DictReader(open('data/train.csv')))))\n";
  const recorded = (): TestProject => {
    const project = makeProject({
      'train.py': TRAIN,
      'trainlock.yaml': 'data:\n  train:\n    path: data\n',
      'data/train.csv': `id,patient,age,target\n${rowsText(200_000)}`,
    });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    expect(project.trainlock(['snapshot', 'data', '--keep']).status).toBe(0);
    compressObjects(project, 0);
    return project;
  };

  it('is verified and replayed from compressed objects', () => {
    const project = recorded();
    expect(run(project, 'verify', 'last').status).toBe(0);
    project.write({ 'train.py': 'raise SystemExit(9)\n', 'data/train.csv': 'id,patient,age,target\n1,1,1,ill\n' });
    const again = JSON.parse(project.trainlock(['replay', 'last', '--json']).stdout) as { readonly exit: number; readonly data: { readonly outcome: { readonly kind: string } } };
    expect(again).toMatchObject({ exit: 0, data: { outcome: { kind: 'identical' } } });
  });

  it('is refuted when one of them is damaged', () => {
    const project = recorded();
    const train = createHash('sha256').update(TRAIN).digest('hex');
    const path = join(project.folder, OBJECTS, train.slice(0, 2), `${train.slice(2)}.zst`);
    writeFileSync(path, readFileSync(path).subarray(0, -1));
    const answer = run(project, 'verify', 'last');
    expect(answer.status).toBe(1);
    expect(answer.stdout).toContain('its compressed bytes are damaged');
  });
});
