import { createServer } from 'node:http';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeProject, start } from '../harness/project.ts';

const TRAIN = `import csv
rows = list(csv.DictReader(open('data/train.csv')))
open('model.txt', 'w').write(str(sum(int(row['x']) for row in rows)))
`;

/** Larger than what a record keeps beside itself, so that only the origin has it. */
const DATA = `x,y\n${Array.from({ length: 200_000 }, (_, i) => `${i % 97},${i}`).join('\n')}\n`;

describe('data that is gone', () => {
  it('comes back from the commit it was recorded from, and is proven before it is used', async () => {
    const project = makeProject({
      'train.py': TRAIN.replace('data/', '../checkout/'),
      'trainlock.yaml': 'data:\n  train:\n    path: ../checkout/train.csv\n',
      '../origin/train.csv': DATA,
    });
    const [origin, checkout] = [join(project.folder, '../origin'), join(project.folder, '../checkout')];
    const git = (cwd: string, ...args: readonly string[]): string =>
      execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], { cwd, encoding: 'utf8' });
    git(origin, 'init', '-q');
    git(origin, 'add', '-A');
    git(origin, 'commit', '-qm', 'data');
    git(project.folder, 'clone', '-q', `file://${origin}`, checkout);
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    expect(project.manifest().data.find(({ name }) => name === 'train')!.origin).toMatchObject({
      kind: 'git',
      revision: git(checkout, 'rev-parse', 'HEAD').trim(),
      path: 'train.csv',
    });
    project.write({ '../checkout/train.csv': 'x,y\n1,1\n' });
    expect(project.trainlock(['replay', 'last']).status).toBe(3);
    const again = project.trainlock(['replay', 'last', '--from-origin', '--json']);
    expect(again.stderr).toContain('fetched from its origin (git) and proven');
    expect(JSON.parse(again.stdout)).toMatchObject({ exit: 0, data: { outcome: { kind: 'identical' } } });
  });

  it('is fetched, recorded with its version, and brought back from the web; other data in its place is refused', async () => {
    const project = makeProject();
    let body = DATA;
    const server = createServer((request, answer) => {
      answer.setHeader('etag', `"${body.length}"`);
      answer.end(request.url === '/train.csv' ? body : '');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const address = `http://user:secret@127.0.0.1:${(server.address() as { port: number }).port}/train.csv`;
    const fetched = await start(project, ['data', 'fetch', address, 'data', '--name', 'web', '--json'], project.env);
    expect(fetched.status).toBe(0);
    const { snapshot, document } = (JSON.parse(fetched.stdout) as { readonly data: { readonly snapshot: { readonly origin: Record<string, string> }; readonly document: string } })
      .data;
    expect(snapshot.origin).toMatchObject({ kind: 'http', revision: `"${DATA.length}"` });
    expect(readFileSync(document, 'utf8')).not.toContain('secret');
    project.remove('data');
    const back = await start(project, ['data', 'restore', 'web', 'back', '--from-origin'], project.env);
    expect(back.status).toBe(0);
    expect(readFileSync(join(project.folder, 'back/train.csv'), 'utf8')).toBe(DATA);
    body = 'x,y\n0,0\n';
    const other = await start(project, ['data', 'restore', 'web', 'other', '--from-origin', '--json'], project.env);
    expect(other.status).toBe(3);
    expect(project.exists('other/train.csv')).toBe(false);
    expect(other.stdout).toContain('other bytes than were recorded');
  });
});
