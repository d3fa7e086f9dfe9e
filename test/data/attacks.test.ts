import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inclusionProof, readFileList, treeRootOf, verifyInclusion } from '../../src/digest/index.ts';
import { nodeCrypto } from '../../src/files/index.ts';
import { makeProject, type TestProject } from '../harness/project.ts';

/** Attacks on data, by the names of the catalogue of attacks on files and trees (C01 to C10). */

type Taken = {
  readonly sha256: string;
  readonly snapshot: {
    readonly complete: boolean;
    readonly list: { readonly sha256: string; readonly treeRoot: string; readonly dirHash: string; readonly fileCount: number };
    readonly findings?: readonly { readonly kind: string; readonly path: string; readonly other?: string }[];
  };
};

const snapshot = (project: TestProject, ...more: readonly string[]): Taken & { readonly status: number | null } => {
  const answer = project.trainlock(['snapshot', 'data', '--json', ...more]);
  const { data } = JSON.parse(Buffer.from(answer.stdout, 'latin1').toString()) as { readonly data: { readonly snapshots: readonly [Taken] } };
  return { ...data.snapshots[0], status: answer.status };
};

const objectPath = (project: TestProject, sha256: string): string => join(project.folder, '.trainlock/objects/sha256', sha256.slice(0, 2), sha256.slice(2));

const listOf = (project: TestProject, taken: Taken): string => readFileSync(objectPath(project, taken.snapshot.list.sha256), 'utf8');

const kindsOf = (taken: Taken): readonly string[] => (taken.snapshot.findings ?? []).map(({ kind, path }) => `${kind} ${path}`);

const DIGEST = createHash('sha256').update('x').digest('hex');

const line = (path: string, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify(Object.fromEntries(Object.entries({ path, sha256: DIGEST, size: 1, ...more }).sort(([a], [b]) => (a < b ? -1 : 1))));

const problems = (...lines: readonly string[]): readonly string[] => {
  const reading = readFileList(Buffer.from(lines.map((one) => `${one}\n`).join('')));
  return reading.kind === 'rejected' ? reading.problems.map(({ message }) => message) : [];
};

describe('C01 paths that leave the folder', () => {
  it.each([
    ['../x', 'path has a part . or ..'],
    ['a/../../x', 'path has a part . or ..'],
    ['./x', 'path has a part . or ..'],
    ['/etc/passwd', 'path is absolute or has an empty part'],
    ['a//b', 'path is absolute or has an empty part'],
    ['a/', 'path is absolute or has an empty part'],
    ['', 'path is empty'],
    ['a\0b', 'path contains a zero byte'],
  ])('%j is no path of a list', (path, message) => {
    expect(problems(line(path))).toEqual([message]);
  });

  it('drives, UNC paths and backslashes are names here and findings for elsewhere', () => {
    const project = makeProject({ 'data/C:\\x': 'x', 'data/\\\\server\\share': 'y' });
    const taken = snapshot(project);
    expect(taken.status).toBe(0);
    expect(kindsOf(taken)).toEqual(['windows-character C:\\x', 'windows-character \\\\server\\share']);
  });

  it('a list that somebody changed in the store is refused, and nothing is written outside', () => {
    const project = makeProject({ 'data/a.csv': 'n\n1\n' });
    const taken = snapshot(project, '--name', 'evil');
    const path = objectPath(project, taken.snapshot.list.sha256);
    rmSync(path);
    writeFileSync(path, `${line('../../../escaped.csv')}\n`);
    project.write({ 'data/a.csv': 'n\n2\n' });
    const answer = project.trainlock(['data', 'diff', 'evil', 'data/']);
    expect(answer.status).toBe(1);
    expect(answer.stderr).toMatch(/^error\[TL0307\]/);
    expect(existsSync(join(project.folder, '../escaped.csv'))).toBe(false);
  });
});

describe('C02 links, special files and swaps', () => {
  it('a file that is swapped for a link as it is read is never followed', async () => {
    const project = makeProject({ 'outside/secret': 'SECRET', 'data/keep': 'k' });
    const [victim, link] = [join(project.folder, 'data/victim'), join(project.folder, 'link')];
    let going = true;
    const swapper = (async () => {
      while (going) {
        writeFileSync(victim, 'plain');
        await setTimeout(0);
        symlinkSync('../outside/secret', link);
        renameSync(link, victim);
        await setTimeout(0);
        unlinkSync(victim);
      }
    })();
    const secret = createHash('sha256').update('SECRET').digest('hex');
    const seen = new Set<string>();
    for (let i = 0; i < 12; i += 1) {
      const child = spawn(process.execPath, [join(import.meta.dirname, '../../dist/bin/trainlock.mjs'), 'snapshot', 'data', '--json'], {
        cwd: project.folder,
        env: project.env,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
      await new Promise((done) => child.on('close', done));
      const taken = (JSON.parse(text) as { readonly data: { readonly snapshots: readonly [Taken] } }).data.snapshots[0];
      const entry = listOf(project, taken)
        .split('\n')
        .find((one) => one.includes('"victim"'));
      if (entry === undefined) seen.add('absent');
      // What has the digest of the target is said to be a link.
      else if (entry.includes(secret)) expect(entry).toContain('"link":"../outside/secret"');
      else seen.add('file');
    }
    going = false;
    await swapper;
    expect(seen.size).toBeGreaterThan(0);
  });

  it('hard links are files, pipes are never opened', () => {
    const project = makeProject({ 'data/a': 'x' });
    linkSync(join(project.folder, 'data/a'), join(project.folder, 'data/b'));
    execFileSync('mkfifo', [join(project.folder, 'data/pipe')]);
    const taken = snapshot(project);
    expect(taken.snapshot.list.fileCount).toBe(2);
    expect(kindsOf(taken)).toEqual(['special pipe']);
    expect(taken.status).toBe(0);
  });
});

describe('C03 names that other systems confuse', () => {
  it('are findings: case, normal form, reserved, trailing dot and space', () => {
    const project = makeProject({
      'data/A': '1',
      'data/a': '2',
      'data/e\u0301': '3',
      'data/\u00e9': '4',
      'data/con': '5',
      'data/dot.': '6',
      'data/space ': '7',
      'data/aux.txt': '8',
    });
    const taken = snapshot(project);
    expect(taken.snapshot.list.fileCount).toBe(8);
    expect(kindsOf(taken)).toEqual([
      'case-collision a',
      'reserved aux.txt',
      'reserved con',
      'trailing-dot-or-space dot.',
      'not-normalised e\u0301',
      'trailing-dot-or-space space ',
      'case-collision \u00e9',
    ]);
  });
});

describe('C04 lists that are not in order', () => {
  it.each([
    ['unsorted', [line('b'), line('a')], 'the paths are not sorted by their bytes'],
    ['twice the same path', [line('a'), line('a')], 'the path is named twice'],
    ['keys in another order', ['{"size":1,"path":"a","sha256":"' + DIGEST + '"}'], 'the line is not in canonical form, or has keys that are not known'],
    ['white space', [line('a').replace(',', ', ')], 'the line is not in canonical form, or has keys that are not known'],
    ['duplicate keys', [line('a').replace('{', '{"path":"b",')], 'the line is not in canonical form, or has keys that are not known'],
    ['a key of somebody else', [line('a', { zip: 1 })], 'the line is not in canonical form, or has keys that are not known'],
  ])('%s: refused', (_, lines, message) => {
    expect(problems(...lines)).toEqual([message]);
  });
});

describe('C05 roots that stand for two trees', () => {
  const bytes = (...lines: readonly string[]): Uint8Array => Buffer.from(lines.map((one) => `${one}\n`).join(''));
  const leaves = (...lines: readonly string[]): readonly Uint8Array[] => lines.map((one) => Buffer.from(one));

  it('a repeated last leaf makes another root', () => {
    expect(treeRootOf(bytes('a', 'b', 'c'), nodeCrypto).root).not.toBe(treeRootOf(bytes('a', 'b', 'c', 'c'), nodeCrypto).root);
  });

  it('an inner node is no leaf: the root of two is not that of one leaf made of their hashes', () => {
    const two = leaves('a', 'b');
    const hashes = two.map((leaf) =>
      createHash('sha256')
        .update(Buffer.concat([Buffer.of(0), leaf]))
        .digest(),
    );
    const forged = createHash('sha256')
      .update(Buffer.concat([Buffer.of(0), ...hashes]))
      .digest('hex');
    expect(treeRootOf(bytes('a', 'b'), nodeCrypto).root).not.toBe(forged);
  });

  it('a proof holds for its place and size only', () => {
    const all = leaves('a', 'b', 'c', 'd', 'e');
    const proof = inclusionProof(all, 2, nodeCrypto);
    const root = Buffer.from(treeRootOf(bytes('a', 'b', 'c', 'd', 'e'), nodeCrypto).root, 'hex');
    const check = (leaf: string, index: number, size: number): boolean =>
      verifyInclusion({ leafHash: createHash('sha256').update(`\0${leaf}`).digest(), index, size, proof, root }, nodeCrypto);
    expect(check('c', 2, 5)).toBe(true);
    expect([check('b', 2, 5), check('c', 1, 5), check('c', 2, 4), check('c', 2, 9)]).toEqual([false, false, false, false]);
  });
});

describe('C06 files beside and behind the list', () => {
  it('more, fewer and emptied files are told', () => {
    const project = makeProject({ 'data/a': 'x', 'data/b': 'y', 'data/c': 'z' });
    snapshot(project, '--name', 'one');
    project.write({ 'data/extra': 'evil', 'data/b': '' });
    project.remove('data/c');
    const answer = project.trainlock(['data', 'verify', 'one', '--json']);
    expect(answer.status).toBe(1);
    const { data } = JSON.parse(answer.stdout) as { readonly data: { readonly files: Record<string, { readonly count: number }> } };
    expect([data.files['added']!.count, data.files['removed']!.count, data.files['changed']!.count]).toEqual([1, 1, 1]);
  });

  it('what is hidden in a folder that is left out is said to be left out', () => {
    const project = makeProject({ 'data/a': 'x', 'data/.git/payload': 'evil' });
    expect(kindsOf(snapshot(project))).toEqual(['left-out .git']);
    const globbed = project.trainlock(['snapshot', 'data', '--ignore', '*.tmp', '--json']);
    expect(JSON.parse(globbed.stdout)).toMatchObject({ data: { snapshots: [{ snapshot: { ignored: ['*.tmp'] } }] } });
  });
});

describe('C07 data that changes as it is read', () => {
  it('is stated and not in the list, and the rest is', async () => {
    const project = makeProject({ 'data/still': 'x' });
    const path = join(project.folder, 'data/log');
    // A child writes without pause, so that every reading meets a change.
    const writer = spawn(
      process.execPath,
      ['-e', `const f=require('fs');const d=f.openSync(${JSON.stringify(path)},'w');for(;;)f.writeSync(d,require('crypto').randomBytes(4096),0,4096,(Math.random()*4e6)|0)`],
      { stdio: 'ignore' },
    );
    try {
      while (!existsSync(path) || statSync(path).size < 3e6) await setTimeout(5);
      const taken = snapshot(project);
      expect(taken.status).toBe(3);
      expect(kindsOf(taken)).toEqual(['changed log']);
      expect(taken.snapshot.complete).toBe(false);
      expect(listOf(project, taken)).toContain('"still"');
    } finally {
      writer.kill('SIGKILL');
    }
  });
});

describe('C08 names are part of the identity', () => {
  it('two files that change names make another root and another h1', () => {
    const project = makeProject({ 'data/a': 'one', 'data/b': 'two' });
    const first = snapshot(project);
    project.write({ 'data/a': 'two', 'data/b': 'one' });
    const second = snapshot(project);
    expect(second.snapshot.list.treeRoot).not.toBe(first.snapshot.list.treeRoot);
    expect(second.snapshot.list.dirHash).not.toBe(first.snapshot.list.dirHash);
  });
});

describe('C09 a file that is endless to read', () => {
  it('can be stopped at any time, and nothing half-written is left', async () => {
    const project = makeProject({ 'data/a': 'x' });
    writeFileSync(join(project.folder, 'data/sparse'), '');
    truncateSync(join(project.folder, 'data/sparse'), 2 ** 43);
    const child = project.start(['snapshot', 'data']);
    await setTimeout(1500);
    child.kill('SIGINT');
    const [, signal] = await new Promise<[number | null, string | null]>((done) => child.on('close', (...end) => done(end)));
    expect(signal).toBe('SIGINT');
    expect(existsSync(join(project.folder, '.trainlock/snapshots')) ? readdirSync(join(project.folder, '.trainlock/snapshots')) : []).toEqual([]);
    rmSync(join(project.folder, 'data/sparse'));
    expect(snapshot(project).status).toBe(0);
  });
});

describe('C10 digests that are weaker or written otherwise', () => {
  it.each([
    ['sha1 alone', '{"path":"a","sha1":"da39a3ee5e6b4b0d3255bfef95601890afd80709","size":0}', 'path, sha256 or size is missing'],
    ['upper case', line('a', { sha256: DIGEST.toUpperCase() }), 'sha256 is not 64 lower-case hexadecimal digits'],
    ['too short', line('a', { sha256: DIGEST.slice(0, 63) }), 'sha256 is not 64 lower-case hexadecimal digits'],
    ['too long', line('a', { sha256: `${DIGEST}0` }), 'sha256 is not 64 lower-case hexadecimal digits'],
    ['no text', line('a', { sha256: 1 }), 'path, sha256 or size is missing'],
  ])('%s: refused', (_, one, message) => {
    expect(problems(one)).toEqual([message]);
  });
});
