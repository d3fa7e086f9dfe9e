import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toHex, utf8 } from '#base';
import { nodeCrypto } from '#files';
import type { RemedyAction } from '#gate';
import { openStore, type Store } from '#store';
import { applyActions, type Workshop } from './apply-actions.ts';
import { writableTarget } from './writable-target.ts';

const digest = (text: string): string => toHex(nodeCrypto.sha256(utf8(text)));

let root = '';
let store: Store;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'trainlock-remedy-'));
  store = await openStore({ projectRoot: root, storeFolder: join(root, '.trainlock') });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const action = (path: string, before: string | undefined, text: string): RemedyAction => ({
  kind: 'restore-file',
  how: 'automatic',
  findings: [{ id: 'TL2002', about: path }],
  changes: 'it comes back',
  risk: 'none',
  commands: [],
  files: [{ path, sha256: digest(text), ...(before === undefined ? {} : { before: digest(before) }) }],
});

/** Gives these bytes, whatever was asked for. */
const bench = (gives: string, more: Partial<Workshop> = {}): Workshop => ({
  projectRoot: root,
  store,
  statements: [],
  fileOf: (_, name) => ({
    means: { kind: 'missing', because: '' },
    target: join(root, name),
    source: { from: 'a test', writeTo: async (path) => writeFileSync(path, gives, { flag: 'wx' }) },
  }),
  onAction: () => undefined,
  ...more,
});

const states = async (actions: readonly RemedyAction[], workshop: Workshop): Promise<readonly string[]> =>
  (await applyActions(actions, workshop)).map(({ outcome }) => (outcome === undefined ? 'none' : `${outcome.state}: ${outcome.because}`));

const SEEN = 'done: seen afterwards by its digest';

describe('an action', () => {
  it('gives a file its recorded bytes, keeps what was there, and leaves nothing beside it', async () => {
    writeFileSync(join(root, 'a.py'), 'edited', { mode: 0o755 });
    expect(await states([action('a.py', 'edited', 'recorded')], bench('recorded'))).toEqual([SEEN]);
    expect(readFileSync(join(root, 'a.py'), 'utf8')).toBe('recorded');
    expect(Buffer.from(await store.readObject(digest('edited'))).toString()).toBe('edited');
    expect(readdirSync(root).toSorted()).toEqual(['.trainlock', 'a.py']);
  });

  it.each([
    ['became another one since the plan', 'edited', 'now', 'recorded', 'it has become another one since the plan was made'],
    ['is there though it was not', undefined, 'now', 'recorded', 'something is there now that was not there when the plan was made'],
    ['would get other bytes than were recorded', 'now', 'now', 'forged', 'what a test gave are other bytes than were recorded'],
  ])('leaves a file as it is that %s, and stops', async (_, planned, there, gives, because) => {
    writeFileSync(join(root, 'a.py'), there);
    const manual: RemedyAction = { ...action('a.py', undefined, ''), how: 'manual' };
    expect(await states([action('a.py', planned, 'recorded'), manual, action('b.py', undefined, gives)], bench(gives))).toEqual([
      `failed: ${because}`,
      'none',
      'not-started: one before it failed',
    ]);
    expect(readFileSync(join(root, 'a.py'), 'utf8')).toBe(there);
    expect(readdirSync(root).filter((name) => name !== '.trainlock')).toEqual(['a.py']);
  });

  it('that is for a person is done by nobody else, whatever a plan calls it', async () => {
    for (const kind of ['ask-approval', 'replay', 'look', 'pin-settings', 'record-again', 'install-native'] as const)
      expect(await states([{ ...action('a.py', undefined, ''), kind }], bench(''))).toEqual(['failed: this is for a person']);
  });

  it('brings a statement back, replaces none, and follows no link', async () => {
    const path = '.trainlock/approvals/0123456789abcdef.statement.json';
    const lost = (at: string): RemedyAction => ({ ...action(at, undefined, 'word'), kind: 'restore-statement' });
    const workshop = bench('', { statements: [[{ path, sha256: digest('word'), bytes: utf8('word') }]] });
    expect(await states([lost(path)], workshop)).toEqual([SEEN]);
    expect(readFileSync(join(root, path), 'utf8')).toBe('word');
    writeFileSync(join(root, path), 'other');
    expect(await states([lost(path)], workshop)).toEqual([`failed: ${path} was there all at once, and is another one`]);
    rmSync(join(root, '.trainlock/approvals'), { recursive: true });
    mkdirSync(join(root, 'elsewhere'));
    symlinkSync(join(root, 'elsewhere'), join(root, '.trainlock/approvals'));
    expect(await states([lost(path)], workshop)).toEqual(['failed: .trainlock/approvals is a link, and leads to files of others']);
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([]);
  });
});

describe('a target', () => {
  const ask = async (path: string, isNamed = false): Promise<string> => {
    const target = await writableTarget(join(root, 'project', path), {
      projectRoot: join(root, 'project'),
      never: [join(root, 'project/rules'), join(root, 'project/records')],
      isNamed,
    });
    return target.kind === 'no' ? target.because : `${target.before === undefined ? 'new' : 'there'}${target.isOutside ? ', outside' : ''}`;
  };

  beforeEach(() => {
    for (const folder of ['project/.git/hooks', 'project/.trainlock', 'project/sub/.Git', 'project/records', 'other']) mkdirSync(join(root, folder), { recursive: true });
    for (const file of ['project/a.py', 'project/rules', 'other/b.py']) writeFileSync(join(root, file), 'x');
    symlinkSync('a.py', join(root, 'project/link.py'));
    symlinkSync(join(root, 'other'), join(root, 'project/out'));
    symlinkSync(join(root, 'project/.trainlock'), join(root, 'project/in'));
  });

  const DECIDES = 'policy, trust, signed statements and the repository are never written by this';
  it.each([
    ['a file of the project', 'a.py', 'there'],
    ['a file that is gone', 'gone.py', 'new'],
    ['a link', 'link.py', 'a link, folder or device lies there'],
    ['a folder', 'sub', 'a link, folder or device lies there'],
    ['a file beyond a link', 'out/b.py', 'it lies outside of the project'],
    ['a file beyond the project', '../other/b.py', 'it lies outside of the project'],
    ['the policy', '.trainlock/policy.yaml', DECIDES],
    ['the policy, through a link', 'in/policy.yaml', DECIDES],
    ['a hook of git', '.git/hooks/pre-commit', DECIDES],
    ['a repository in another case', 'sub/.Git/config', DECIDES],
    ['a policy that was named', 'rules', 'policy, trust and the store are never written by this'],
    ['a store that was named', 'records/x', 'policy, trust and the store are never written by this'],
    ['a folder that is not there', 'nowhere/a.py', 'the folder in which it is to lie is not there'],
  ])('%s', async (_, path, answer) => {
    expect(await ask(path)).toBe(answer);
  });

  it.each([
    ['outside of the project', '../other/b.py', 'there, outside'],
    ['that decides', '.trainlock/policy.yaml', DECIDES],
    ['that is a link', 'link.py', 'a link, folder or device lies there'],
  ])('that a person names, %s', async (_, path, answer) => {
    expect(await ask(path, true)).toBe(answer);
  });
});
