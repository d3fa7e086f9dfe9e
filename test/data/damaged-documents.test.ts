import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProject, type TestProject } from '../harness/project.ts';

/** Three snapshots, first, second and third, of which the documents of some are cut short. */
const projectWith = (damaged: readonly string[]) => {
  const project = makeProject({ 'data/a.txt': 'a' });
  const documents = new Map<string, string>();
  for (const name of ['first', 'second', 'third']) {
    project.write({ 'data/a.txt': name });
    const { data } = JSON.parse(project.trainlock(['snapshot', 'data', '--name', name, '--keep', '--json']).stdout) as { data: { snapshots: readonly [{ document: string }] } };
    documents.set(name, data.snapshots[0].document);
    waitForNextSecond();
  }
  for (const name of damaged) {
    chmodSync(documents.get(name)!, 0o644);
    writeFileSync(documents.get(name)!, readFileSync(documents.get(name)!).subarray(0, 100));
  }
  return { project, documents };
};

/** Names of documents have the second in them; of the same second it cannot be told which is the newer one. */
const waitForNextSecond = (): void => {
  const start = Math.floor(Date.now() / 1000);
  while (Math.floor(Date.now() / 1000) === start) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
};

const show = (project: TestProject, ...args: readonly string[]) => project.trainlock(['data', 'show', ...args]);

describe('a damaged document of a snapshot', () => {
  it('is never passed over by last: the error names it and how to go on', () => {
    const { project, documents } = projectWith(['third']);
    for (const args of [
      ['show', 'last'],
      ['verify', 'last'],
      ['diff', 'last~1', 'last'],
      ['restore', 'last', 'back'],
    ]) {
      const answer = project.trainlock(['data', ...args]);
      expect(answer.status).toBe(1);
      expect(answer.stderr).toContain('error[TL0814]: the document of the snapshot cannot be used: its bytes are not those that its name states\n');
      expect(answer.stderr).toContain(basename(documents.get('third')!));
      expect(answer.stderr).toContain('last~1 is the newest before it that can be read: second\n');
      expect(answer.stderr).toContain('fix: trainlock data verify last~1\n');
    }
    expect(show(project, 'last~1').stdout).toMatch(/^second /);
    expect(show(project, 'first').stdout).toMatch(/^first /);
  });

  it('is a finding of the list, which goes on', () => {
    const { project, documents } = projectWith(['second']);
    const text = show(project);
    expect(text.status).toBe(0);
    expect(text.stdout).toMatch(/ third [^]* first /);
    expect(text.stdout).toContain(`damaged, and not in the table: ${documents.get('second')} (its bytes are not those that its name states)\n`);
    const json = JSON.parse(show(project, '--json').stdout) as { findings: readonly { kind: string; where: string }[]; data: { damaged: readonly { path: string }[] } };
    expect(json.findings).toMatchObject([{ kind: 'snapshot-damaged', where: documents.get('second') }]);
    expect(json.data.damaged.map(({ path }) => path)).toEqual([documents.get('second')]);
    expect(show(project, 'last').stdout).toMatch(/^third /);
    expect(show(project, 'last~1').status).toBe(1);
    expect(show(project, 'last~2').stdout).toMatch(/^first /);
  });

  it('is found by the digest in its name, and told beside a name that nothing has', () => {
    const { project, documents } = projectWith(['third']);
    const digest = basename(documents.get('third')!, '.json').slice(-8);
    expect(show(project, digest).stderr).toContain('error[TL0814]');
    expect(show(project, 'third').stderr).toMatch(/error\[TL0811\][^]*1 document cannot be used, whatever its name is: /);
  });

  it('of a newer version is told as such', () => {
    const { project, documents } = projectWith([]);
    const bytes = '{"schemaVersion":"7.1"}';
    const name = `29991231T000000Z-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}.json`;
    writeFileSync(join(dirname(documents.get('first')!), name), bytes);
    expect(show(project, 'last').stderr).toContain('a newer trainlock wrote it (schema 7.1)');
  });

  it('at a remote is not passed over either', () => {
    const { project } = projectWith([]);
    for (const name of ['first', 'third']) project.trainlock(['data', 'push', name, 'remote']);
    const folder = join(project.folder, 'remote/snapshots');
    const newest = readdirSync(folder).toSorted().at(-1)!;
    chmodSync(join(folder, newest), 0o644);
    writeFileSync(join(folder, newest), '{}');
    const answer = project.trainlock(['data', 'pull', 'last', 'remote', '--store', 'other']);
    expect(answer.status).toBe(1);
    expect(answer.stderr).toContain(newest);
    expect(answer.stderr).toContain('last~1 is the newest before it that can be read: first\n');
    expect(answer.stderr).toMatch(/fix: trainlock data pull last~1 .*remote\n/);
    expect(project.trainlock(['data', 'pull', 'last~1', 'remote', '--store', 'other']).stdout).toMatch(/^first: /);
    expect(project.trainlock(['data', 'pull', 'first', 'remote', '--store', 'another']).status).toBe(0);
  });

  it('leaves nothing to go on with if it is the only one', () => {
    const { project, documents } = projectWith(['first', 'second', 'third']);
    expect(show(project, 'last').stderr).toContain('fix: trainlock data show\n');
    for (const path of documents.values()) rmSync(path);
    expect(show(project).stdout).toContain('no snapshot was taken in this project');
  });
});
