import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeProject, type TestProject } from '../harness/project.ts';

/** A store comes with a repository or a disk of others: whoever wrote it may have put anything into it. */
describe('a store that somebody else prepared', () => {
  let project: TestProject;
  let run: string;

  beforeEach(() => {
    project = makeProject({ 'train.py': 'open("model.pt", "w").write("weights")\n' });
    expect(project.trainlock(['run', '--name', 'alpha', '--', 'python', 'train.py']).status).toBe(0);
    run = project.runs()[0]!;
    expect(project.trainlock(['verify', 'last']).status).toBe(0);
  });

  const verdict = (reference: string, ...more: readonly string[]): { readonly kind: string; readonly said: string } => {
    const answer = project.trainlock(['verify', reference, ...more]);
    return { kind: ({ 0: 'proven', 1: 'refuted', 3: 'undecided' } as Record<number, string>)[answer.status ?? -1] ?? `exit ${answer.status}`, said: answer.stdout + answer.stderr };
  };

  it('cannot make any command write through a link in place of the index', () => {
    const victim = join(project.env['HOME']!, '.bashrc');
    writeFileSync(victim, '# mine\n');
    rmSync(join(project.folder, '.trainlock/index.jsonl'));
    symlinkSync(victim, join(project.folder, '.trainlock/index.jsonl'));
    for (const command of [['list'], ['verify', 'last'], ['sign', '--dry-run'], ['log', 'enter']]) project.trainlock(command);
    expect(readFileSync(victim, 'utf8')).toBe('# mine\n');
    expect(verdict('last').kind).toBe('proven');
  });

  it.each([
    ['a FIFO in place of the index', '.trainlock/index.jsonl'],
    ['a FIFO among the marks', 'marks/000001.json'],
    ['a FIFO in place of the start', 'started.json'],
  ])('cannot make a question wait for ever: %s', (_, name) => {
    const path = name.startsWith('.') ? join(project.folder, name) : join(run, name);
    rmSync(path, { force: true });
    mkdirSync(join(path, '..'), { recursive: true });
    expect(spawnSync('mkfifo', [path]).status).toBe(0);
    for (const command of [['list'], ['verify', 'last'], ['sign', '--dry-run']]) expect(project.trainlock(command, { timeout: 60_000 }).signal, command.join(' ')).toBeNull();
  });

  it('cannot stop a command with a line of the index that is no JSON', () => {
    appendFileSync(join(project.folder, '.trainlock/index.jsonl'), `${spawnSync('sha256sum', { input: '{broken' }).stdout.toString().slice(0, 8)} {broken\n`);
    expect(project.trainlock(['list']).status).toBe(0);
    expect(verdict('last').kind).toBe('proven');
  });

  it('cannot switch checks off by removing a file of the run', () => {
    const copy = join(project.folder, '..', 'copy');
    cpSync(project.folder, copy, { recursive: true });
    writeFileSync(join(copy, 'model.pt'), 'evil');
    rmSync(join(copy, '.trainlock/runs', basename(run), 'started.json'));
    const answer = project.trainlock(['verify', 'last'], { cwd: copy });
    expect(answer.stdout).toMatch(/outputs.*broken/);
    expect(answer.status).toBe(1);
  });

  it('cannot pass the record of one run for that of another', () => {
    expect(project.trainlock(['run', '--name', 'beta', '--', 'python', '-c', 'print(1)']).status).toBe(0);
    const beta = project.runs().find((folder) => folder !== run)!;
    for (const name of ['statement.json', 'statement.sigstore.json', 'manifest.json', 'signer.pub']) cpSync(join(run, name), join(beta, name));
    rmSync(join(beta, 'started.json'));
    expect(verdict(beta).kind).toBe('refuted');
  });

  it('cannot have a document judged in place of the one that was named', () => {
    const elsewhere = join(project.folder, '..', 'tampered-manifest.json');
    writeFileSync(elsewhere, readFileSync(join(run, 'manifest.json'), 'utf8').replace('"alpha"', '"omega"'));
    expect(verdict(elsewhere)).toMatchObject({ kind: 'refuted', said: expect.stringContaining('says something else than the record') });
    const { id } = project.manifest(run).run;
    project.write({ 'x.json': JSON.stringify({ schemaVersion: '0.1', run: { id }, accuracy: 'invented' }) });
    expect(verdict('x.json').kind).toBe('undecided');
    writeFileSync(join(run, 'model.pt'), 'evil');
    expect(verdict(join(run, 'model.pt'))).toMatchObject({ kind: 'undecided', said: expect.stringContaining('neither the record nor an output') });
    for (const name of ['statement.json', 'statement.sigstore.json', 'manifest.json']) expect(verdict(join(run, name)).kind, name).toBe('proven');
    renameSync(join(project.folder, 'model.pt'), join(project.folder, 'kept.pt'));
    cpSync(join(project.folder, 'kept.pt'), join(project.folder, 'model.pt'));
    expect(verdict('kept.pt').kind).toBe('proven');
  });

  it.each(['seals', 'proofs'])('cannot make anything write through a link in place of %s', (name) => {
    const target = join(project.folder, '..', 'target');
    mkdirSync(target);
    rmSync(join(run, name), { recursive: true, force: true });
    symlinkSync(target, join(run, name));
    if (name === 'proofs') writeFileSync(join(target, 'zz.leaf'), '{}');
    expect(project.trainlock(['keys', 'new', 'second']).status).toBe(0);
    for (const command of [
      ['sign', 'last', '--key', 'second'],
      ['log', 'enter'],
      ['verify', 'last', '--log'],
    ])
      project.trainlock(command);
    expect(readdirSync(target)).toEqual(name === 'proofs' ? ['zz.leaf'] : []);
    expect(verdict('last').kind).toBe('proven');
  });

  it('cannot have files of others read in place of proofs, or a folder of others', () => {
    const proofs = join(run, 'proofs');
    const proof = readdirSync(proofs).find((name) => name.endsWith('.tlog-proof'))!;
    renameSync(join(proofs, proof), join(project.folder, 'elsewhere'));
    symlinkSync(join(project.folder, 'elsewhere'), join(proofs, proof));
    expect(verdict('last', '--log')).toMatchObject({ kind: 'refuted', said: expect.stringContaining('the proof cannot be read') });
    renameSync(proofs, join(project.folder, 'proofs'));
    symlinkSync(join(project.folder, 'proofs'), proofs);
    expect(verdict('last', '--log')).toMatchObject({ kind: 'refuted', said: expect.stringContaining('cannot be read') });
  });

  it('cannot put a leaf of its own into the log of this machine', () => {
    const leaf = {
      kind: 'approval',
      object: { id: 'prod-release-7', type: 'model' },
      payloadSha256: 'a'.repeat(64),
      reason: 'approved',
      time: '2020-01-01T00:00:00.000Z',
      version: 1,
    };
    writeFileSync(join(run, 'proofs/zz.leaf'), JSON.stringify(leaf));
    const own = JSON.parse(
      readFileSync(
        join(
          run,
          'proofs',
          readdirSync(join(run, 'proofs')).find((name) => name.endsWith('.leaf') && name !== 'zz.leaf')!,
        ),
        'utf8',
      ),
    ) as Record<string, unknown>;
    writeFileSync(join(run, 'proofs/yy.leaf'), JSON.stringify({ ...own, payloadSha256: 'b'.repeat(64) }));
    writeFileSync(join(run, 'proofs/xx.leaf'), JSON.stringify({ ...own, object: { id: 'another-run', type: 'run' } }));
    const entered = project.trainlock(['log', 'enter']);
    for (const name of ['xx.leaf', 'yy.leaf', 'zz.leaf']) expect(entered.stdout + entered.stderr).toContain(name);
    expect(project.trainlock(['log', 'population', '--kind', 'approval']).stdout).toContain('0 events');
    expect(project.trainlock(['log', 'population', '--kind', 'run-signed']).stdout).toContain('1 event');
  });

  it('is not in a log that is gone, or whose checkpoint cannot be read', () => {
    expect(verdict('last', '--log').kind).toBe('proven');
    const logs = join(project.env['HOME']!, '.local/state/trainlock/logs');
    const [log] = (readdirSync(logs, { recursive: true }) as string[]).filter((name) => basename(name) === 'checkpoint');
    writeFileSync(join(logs, log!), 'broken');
    expect(verdict('last', '--log').kind).toBe('undecided');
    rmSync(logs, { recursive: true });
    expect(verdict('last', '--log').kind).toBe('undecided');
  });

  it('does not count as signed by somebody who was named and did not sign', () => {
    const other = join(project.folder, '..', 'other.pub');
    const stranger = { ...project.env, HOME: join(project.folder, '..', 'stranger') };
    expect(project.trainlock(['keys', 'new', 'other'], { env: stranger }).status).toBe(0);
    writeFileSync(other, project.trainlock(['keys', 'export', 'other'], { env: stranger }).stdout);
    expect(verdict('last', '--key', other).kind).toBe('undecided');
    expect(verdict('last', '--identity', 'alice@example.com', '--identity-issuer', 'https://accounts.google.com').kind).toBe('undecided');
  });
});
