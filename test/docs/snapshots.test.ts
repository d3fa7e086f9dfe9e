import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProject, PYTHON, type TestProject } from '../harness/project.ts';
import { blocksOf } from './blocks.ts';

const programs = new Map(blocksOf(readFileSync('docs/reference/snapshots.md', 'utf8')).flatMap(({ file, text }) => (file === undefined ? [] : [[file, text] as const])));

type Identity = { readonly sha256: string; readonly treeRoot: string; readonly fileCount: number; readonly dirHash: string; readonly indexSha256: string };

const FILES = ['a.csv', 'sub-x', 'sub/f', 'sub/deeper/g', 'sub.x', 'link', 'Ä ö.txt', '😀.txt', ' quo"te', 'tab\there', '--name', 'del\u007f'] as const;

/** A tree with what makes lists differ: order of names, escapes, a link, a mode; and its snapshot. */
const takenTree = (): { readonly project: TestProject; readonly identity: Identity } => {
  const project = makeProject(Object.fromEntries(FILES.filter((name) => name !== 'link').map((name, at) => [`data/${name}`, `content ${at}\n`])));
  symlinkSync('sub/f', join(project.folder, 'data/link'));
  chmodSync(join(project.folder, 'data/sub-x'), 0o755);
  for (const [name, text] of programs) writeFileSync(join(project.folder, name), text);
  const answer = project.trainlock(['snapshot', 'data', '--name', 'all', '--json']);
  expect(answer.status, answer.stderr).toBe(0);
  const { data } = JSON.parse(Buffer.from(answer.stdout, 'latin1').toString()) as { data: { snapshots: readonly [{ snapshot: { list: Identity } }] } };
  return { project, identity: data.snapshots[0].snapshot.list };
};

const run = (project: TestProject, argv: readonly string[], input = ''): { readonly status: number | null; readonly text: string } => {
  const answer = spawnSync(argv[0]!, argv.slice(1), { cwd: project.folder, env: { ...project.env, PYTHONUTF8: '1' }, input, encoding: 'utf8' });
  return { status: answer.status, text: `${answer.stdout}${answer.stderr}` };
};

const proofOf = (project: TestProject, file: string): string => Buffer.from(project.trainlock(['data', 'show', 'all', file, '--json']).stdout, 'latin1').toString();

describe('the page about snapshots', () => {
  it('has a program that computes list, root and h1 from the files as trainlock does', () => {
    const { project, identity } = takenTree();
    expect(run(project, [PYTHON, 'recompute.py', 'data']).text).toBe(`list ${identity.sha256}\nroot ${identity.treeRoot}\n${identity.dirHash}\n`);
  });

  it('has a command of coreutils and OpenSSL that computes h1', () => {
    const { project, identity } = takenTree();
    expect(run(project, ['sh', 'h1.sh', 'data']).text).toBe(`${identity.dirHash}\n`);
  });

  it('has a program that checks the inclusion proof of every file', () => {
    const { project, identity } = takenTree();
    for (const file of FILES.filter((name) => !name.startsWith('-'))) {
      const answer = run(project, [PYTHON, 'check_proof.py', identity.treeRoot, String(identity.fileCount), join('data', file)], proofOf(project, file));
      expect(answer, file).toMatchObject({ status: 0, text: expect.stringMatching(/^proven: /) as string });
    }
  });

  it('has a program that refuses another root, another number of files, another line and other bytes', () => {
    const { project, identity } = takenTree();
    const proof = proofOf(project, 'sub/f');
    const refused = (root: string, count: number, input: string, ...more: readonly string[]): string => {
      const answer = run(project, [PYTHON, 'check_proof.py', root, String(count), ...more], input);
      expect(answer.status).toBe(1);
      return answer.text;
    };
    const { treeRoot, fileCount } = identity;
    expect(refused('0'.repeat(64), fileCount, proof)).toMatch('not in this tree');
    expect(refused(treeRoot, fileCount * 2, proof)).toMatch('not in this tree');
    expect(refused(treeRoot, 1, proof)).toMatch('not in this tree');
    expect(refused(treeRoot, fileCount, proof.replace('sub/f\\"', 'sub/g\\"'))).toMatch('not in this tree');
    expect(refused(treeRoot, fileCount, proof, 'data/a.csv')).toMatch('other bytes');
  });

  it('says of an index what an index is: ranges of the list, and digests over lines', () => {
    const { project, identity } = takenTree();
    const list = project.bytes(objectOf(identity.sha256));
    const lines = project.bytes(objectOf(identity.indexSha256)).toString().trimEnd().split('\n');
    const folders = new Map(lines.map((line) => JSON.parse(line) as { path: string; start: number; end: number; sha256: string }).map((folder) => [folder.path, folder]));
    expect([...folders.keys()]).toEqual(['', 'sub', 'sub/deeper']);
    const digest = (bytes: Uint8Array): string => run(project, ['sh', '-c', 'sha256sum | cut -c1-64'], Buffer.from(bytes).toString()).text.trim();
    const { start, end } = folders.get('sub')!;
    const inner = folders.get('sub/deeper')!;
    expect(inner.sha256).toBe(digest(list.subarray(inner.start, inner.end)));
    const own = [list.subarray(start, inner.start), Buffer.from(`{"path":"sub/deeper/","sha256":"${inner.sha256}"}\n`), list.subarray(inner.end, end)];
    expect(folders.get('sub')!.sha256).toBe(digest(Buffer.concat(own)));
  });
});

const objectOf = (sha256: string): string => `.trainlock/objects/sha256/${sha256.slice(0, 2)}/${sha256.slice(2)}`;
