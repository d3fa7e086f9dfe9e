import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProject, type TestProject } from '../harness/project.ts';

/** A folder with these files; names are bytes, written as Latin-1. */
const projectWith = (names: readonly string[]): TestProject => {
  const project = makeProject({});
  mkdirSync(join(project.folder, 'data'));
  for (const name of names) writeFileSync(Buffer.concat([Buffer.from(`${project.folder}/data/`), Buffer.from(name, 'latin1')]), name);
  return project;
};

const show = (project: TestProject, file: string) => {
  const answer = project.trainlock(['data', 'show', 'last', file, '--json']);
  return { ...answer, raw: (JSON.parse(answer.stdout) as { data: { file?: { entry: { path: string; raw?: string } } } | null }).data?.file?.entry };
};

const rawOf = (name: string): string => Buffer.from(name, 'latin1').toString('base64');

describe('a file whose name is no text', () => {
  it('is printed with its bytes, and asked for as it is printed', () => {
    const project = projectWith(['\xff\xfe.bin', 'caf\xe9.csv', 'plain.csv']);
    const taken = project.trainlock(['snapshot', 'data', '--name', 'names']).stdout;
    expect(taken).toContain(String.raw`not-text: \xff\xfe.bin`);
    expect(taken).toContain(String.raw`not-text: caf\xe9.csv`);
    expect(project.trainlock(['data', 'show', 'last']).stdout).toContain(String.raw`not-text  caf\xe9.csv`);
    expect(show(project, String.raw`\xff\xfe.bin`).raw?.raw).toBe(rawOf('\xff\xfe.bin'));
    expect(show(project, String.raw`caf\xe9.csv`).raw?.raw).toBe(rawOf('caf\xe9.csv'));
    expect(show(project, 'plain.csv').raw).toEqual(expect.objectContaining({ path: 'plain.csv' }));
    expect(project.trainlock(['data', 'show', 'last', String.raw`caf\xe9.csv`]).stdout).toContain(String.raw`caf\xe9.csv in names`);
    expect(show(project, String.raw`caf\xe8.csv`).status).toBe(2);
    expect(project.trainlock(['data', 'verify', 'last', String.raw`caf\xe9.csv`, 'plain.csv']).status).toBe(0);
  });

  it('is never taken for another one that looks alike', () => {
    const project = projectWith(['\xff.bin', '\xfe.bin', String.raw`\xfd.bin`, '\xfd.bin']);
    project.trainlock(['snapshot', 'data']);
    const ambiguous = project.trainlock(['data', 'show', 'last', '\ufffd.bin']);
    expect(ambiguous.status).toBe(2);
    expect(ambiguous.stderr).toContain('fits 3 names that are no text');
    expect(ambiguous.stderr).toContain(String.raw`\xfe.bin`);
    // What is a text is that text; any byte of the other may be escaped.
    expect(show(project, String.raw`\xfd.bin`).raw?.raw).toBeUndefined();
    expect(show(project, String.raw`\xfd\x2ebin`).raw?.raw).toBe(rawOf('\xfd.bin'));
  });

  it('is told with its bytes where it differs', () => {
    const project = projectWith(['\xff.bin']);
    project.trainlock(['snapshot', 'data']);
    execFileSync('sh', ['-c', 'for file in data/*; do echo more >> "$file"; done'], { cwd: project.folder });
    expect(project.trainlock(['data', 'verify', 'last', String.raw`\xff.bin`])).toMatchObject({ status: 1, stdout: expect.stringContaining('its digest is') });
    expect(project.trainlock(['data', 'diff', 'last', 'data/']).stdout).toContain(String.raw`~ \xff.bin  content`);
  });

  it.each([['--keep'], []])('is written out again under its bytes: %s', (...flags) => {
    const project = projectWith(['\xff.bin', '\xfe.bin', 'plain.csv']);
    const folder = Buffer.concat([Buffer.from(`${project.folder}/data/`), Buffer.from('f\xe9', 'latin1')]);
    mkdirSync(folder);
    writeFileSync(Buffer.concat([folder, Buffer.from('/inside.txt')]), 'inside');
    symlinkSync('inside.txt', Buffer.concat([folder, Buffer.from('/link.txt')]));
    project.trainlock(['snapshot', 'data', '--name', 'names', ...flags]);
    if (flags.length > 0) rmSync(join(project.folder, 'data'), { recursive: true });
    expect(project.trainlock(['data', 'restore', 'names', 'back'])).toMatchObject({ status: 0 });
    expect(project.trainlock(['data', 'verify', 'names', '--at', 'back'])).toMatchObject({ status: 0 });
  });
});
