import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrainlockError } from '#base';
import { openStore } from '#store';
import type { Question, Verdict } from '#verify';
import { type RecordedProject, recordedProject, sha256Of } from '../../test/fixtures/recorded-project.ts';
import { diffRuns } from './diff-runs.ts';
import { verifyRun } from './verify-run.ts';

const FIRST = '11111111-3a44-4b8e-9d52-6f3f1b2a9c01';
const SECOND = '22222222-3a44-4b8e-9d52-6f3f1b2a9c01';

let project: RecordedProject;
let folder: string;

beforeEach(async () => {
  project = await recordedProject();
  folder = (await project.record(FIRST, '2026-11-24T08:00:00.000Z')).folder;
});

afterEach(() => {
  project.remove();
});

const verify = (reference: string = 'last', question: Partial<Question> = {}): Promise<Verdict> =>
  verifyRun({
    projectRoot: project.root,
    storeFolder: project.storeFolder,
    workingDirectory: project.root,
    env: process.env,
    reference,
    question: { model: false, data: false, environment: false, signature: false, time: false, log: false, ...question },
  });

const notGood = (verdict: Verdict): readonly string[] =>
  verdict.checks
    .filter(({ outcome }) => outcome === 'broken' || outcome === 'unknown')
    .map(({ name, about, outcome }) => `${name}${about === undefined ? '' : ` ${about}`}: ${outcome}`);

const object = async (text: string): Promise<string> => (await (await openStore({ projectRoot: project.root, storeFolder: project.storeFolder })).plainPath(sha256Of(text)))!;

describe('verifyRun', () => {
  it('proves a record on disk, its objects, events and outputs, and with more questions data and model', async () => {
    const verdict = await verify();
    expect([verdict.kind, notGood(verdict)]).toEqual(['proven', []]);
    expect((await verify(FIRST.slice(0, 8), { data: true, model: true })).kind).toBe('proven');
  });

  it.each<[string, () => void | Promise<void>, Verdict['kind'], readonly string[]]>([
    ['an output was changed', () => appendFileSync(join(project.root, 'model.joblib'), 'x'), 'refuted', ['outputs ${project}/model.joblib: broken']],
    ['an output is gone', () => rmSync(join(project.root, 'model.joblib')), 'undecided', ['outputs ${project}/model.joblib: unknown']],
    [
      'the readable view was edited',
      () => writeFileSync(join(folder, 'manifest.json'), readFileSync(join(folder, 'manifest.json'), 'utf8').replace('baseline', 'improved')),
      'refuted',
      ['view: broken'],
    ],
    ['the readable view is gone', () => rmSync(join(folder, 'manifest.json')), 'undecided', ['view: unknown']],
    ['an event log was cut', () => writeFileSync(join(folder, 'events', '0.jsonl'), ''), 'refuted', ['events 0.jsonl: broken']],
    ['an event log is gone', () => rmSync(join(folder, 'events', '0.jsonl')), 'refuted', ['events 0.jsonl: broken']],
    [
      'a stored code file was changed',
      async () => {
        const path = await object('import sklearn\nx = 1\n');
        chmodSync(path, 0o644);
        writeFileSync(path, 'import os\n');
      },
      'refuted',
      ['objects ${project}/train.py: broken'],
    ],
    ['a stored code file is gone', async () => rmSync(await object('def f(): pass\n')), 'refuted', ['objects ${project}/features.py: broken']],
    ['started.json names another run', () => writeFileSync(join(folder, 'started.json'), JSON.stringify({ run: { id: SECOND } })), 'refuted', ['identity: broken']],
  ])('sees that %s', async (_, change, kind, checks) => {
    await change();
    const verdict = await verify();
    expect([verdict.kind, notGood(verdict)]).toEqual([kind, checks]);
  });

  it('refutes a statement that was rewritten, and says what is wrong with it', async () => {
    const path = join(folder, 'statement.json');
    chmodSync(path, 0o644);
    writeFileSync(path, JSON.stringify(JSON.parse(readFileSync(path, 'utf8')), null, 2));
    expect(notGood(await verify())).toEqual(['payload: broken']);
  });

  it('says that a record is damaged if its statement is gone', async () => {
    rmSync(join(folder, 'statement.json'));
    await expect(verify(FIRST.slice(0, 8))).rejects.toMatchObject({ code: expect.stringMatching(/^TL030[34]$/) } satisfies Partial<Record<keyof TrainlockError, unknown>>);
  });

  it('refutes a statement that is cut, even where the store calls the run damaged', async () => {
    const path = join(folder, 'statement.json');
    chmodSync(path, 0o644);
    writeFileSync(path, readFileSync(path).subarray(0, 300));
    expect((await verify(FIRST.slice(0, 8))).kind).toBe('refuted');
  });

  it('gives no verdict about a newer version', async () => {
    const path = join(folder, 'statement.json');
    chmodSync(path, 0o644);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"schemaVersion":"1.0"', '"schemaVersion":"7.0"'));
    expect(await verify(FIRST.slice(0, 8))).toMatchObject({ kind: 'undecided', code: 'TL0202' });
  });

  it('judges a file that stands alone, and a bare manifest stays undecided', async () => {
    mkdirSync(join(project.root, 'elsewhere'));
    writeFileSync(join(project.root, 'elsewhere', 'copy.json'), readFileSync(join(folder, 'manifest.json')));
    const verdict = await verifyRun({
      projectRoot: join(project.root, 'elsewhere'),
      storeFolder: join(project.root, 'elsewhere', '.trainlock'),
      workingDirectory: join(project.root, 'elsewhere'),
      env: {},
      reference: 'copy.json',
      question: { model: false, data: false, environment: false, signature: false, time: false, log: false },
    });
    expect([verdict.kind, notGood(verdict)]).toEqual(['undecided', ['payload: unknown']]);
    await expect(verify('nothing-here.json')).rejects.toMatchObject({ code: 'TL0301' });
  });

  it('looks at data only if it is asked', async () => {
    appendFileSync(join(project.root, 'data/digits.csv'), '4\n');
    expect((await verify()).kind).toBe('proven');
    expect(notGood(await verify('last', { data: true }))).toEqual(['data ${project}/data/digits.csv: broken']);
  });

  it('asks code and machine with --env, and never starts a program that a record names', async () => {
    appendFileSync(join(project.root, 'train.py'), '# changed\n');
    const verdict = await verify('last', { environment: true });
    expect(verdict.kind).toBe('refuted');
    expect(notGood(verdict)).toContain('code ${project}/train.py: broken');
  });

  it('changes nothing on disk', async () => {
    const before = readFileSync(join(folder, 'statement.json'));
    await verify('last', { data: true, model: true, environment: true });
    expect(readFileSync(join(folder, 'statement.json')).equals(before)).toBe(true);
  });
});

describe('diffRuns', () => {
  it('compares runs by any of their names, with the code that changed line by line', async () => {
    project.write('train.py', 'import sklearn\nx = 2\n');
    await project.record(SECOND, '2026-11-24T09:00:00.000Z', { '/parameters/0/value': '4' });
    const comparison = await diffRuns({ projectRoot: project.root, storeFolder: project.storeFolder, workingDirectory: project.root, references: ['last~1', 'last'] });
    expect(comparison.causes.map(({ label }) => label)).toEqual(['${project}/train.py', 'depth']);
    expect(comparison.causes[0]?.details).toEqual([{ kind: 'patch', text: '@@ -1,2 +1,2 @@\n import sklearn\n-x = 1\n+x = 2', added: 1, removed: 1 }]);
  });

  it('shows digests alone where the bytes are not in the store', async () => {
    project.write('train.py', 'import sklearn\nx = 2\n');
    await project.record(SECOND, '2026-11-24T09:00:00.000Z');
    rmSync(await object('import sklearn\nx = 1\n'));
    const comparison = await diffRuns({ projectRoot: project.root, storeFolder: project.storeFolder, workingDirectory: project.root, references: ['last~1', 'last'] });
    expect(comparison.causes.map(({ label, details }) => [label, details])).toEqual([['${project}/train.py', []]]);
  });

  it('needs two runs that exist', async () => {
    const options = { projectRoot: project.root, storeFolder: project.storeFolder, workingDirectory: project.root };
    await expect(diffRuns({ ...options, references: ['last'] })).rejects.toMatchObject({ code: 'TL0001' });
    await expect(diffRuns({ ...options, references: ['last', 'last~5'] })).rejects.toMatchObject({ code: 'TL0301' });
  });
});
