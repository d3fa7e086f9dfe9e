import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import { readNote, readVerifierKey, verifyCheckpoint } from '#tlog';
import { answerOf, growLog, logOf, vkeyOf } from '../harness/machine-log.ts';
import { CLI, makeProject, start, type TestProject, until } from '../harness/project.ts';

type Witness = {
  readonly url: string;
  readonly vkey: string;
  readonly stop: (signal: NodeJS.Signals) => Promise<{ readonly code: number | null; readonly stdout: string }>;
  readonly said: () => string;
};

/** Our witness as a process of its own. */
const startWitness = async (project: TestProject, logs: readonly string[]): Promise<Witness> => {
  const child = spawn(process.execPath, [CLI, 'log', 'witness', '--listen', '127.0.0.1:0', '--state', '../witness', ...logs.flatMap((log) => ['--log', log])], {
    cwd: project.folder,
    env: project.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, stdout] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const ended = new Promise<number | null>((done) => child.on('close', done));
  await until('the witness listens', () => said.includes('folder') || child.exitCode !== null);
  const word = (name: string): string => new RegExp(`^${name} +(\\S+)$`, 'm').exec(said)?.[1] ?? '';
  const stop = async (signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly stdout: string }> => {
    child.kill(signal);
    return { code: await ended, stdout };
  };
  return { url: word('witness'), vkey: word('vkey'), stop, said: () => said };
};

const cosign = (project: TestProject, { url, vkey }: Witness): ReturnType<typeof start> => start(project, ['log', 'cosign', '--witness', url, '--witness-key', vkey], project.env);

const witnessesOf = async (project: TestProject, vkey: string): Promise<number> => {
  const head = (await logOf(project).head())!;
  const key = readVerifierKey(vkey, nodeCrypto);
  if (key.kind === 'rejected') throw new Error('no key');
  const check = verifyCheckpoint(head.note, { keys: [head.key], witnesses: [key.value] }, nodeVerifySignature);
  return check.kind === 'held' ? check.witnesses.length : -1;
};

const post = (url: string, body: Uint8Array | string, path = '/add-checkpoint', method = 'POST'): Promise<{ readonly status: number; readonly text: string }> =>
  new Promise((done, fail) => {
    const asked = request(`${url}${path}`, { method }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => done({ status: answer.statusCode ?? 0, text }));
    });
    asked.on('error', fail);
    asked.end(body);
  });

describe('our witness', () => {
  it('signs a log as it grows, over restarts and kill -9, and ends in good order', async () => {
    const project = makeProject();
    await growLog(project, 3, 'first');
    let witness = await startWitness(project, [vkeyOf(project)]);
    const { vkey } = witness;
    for (const [at, count] of [0, 1, 300, 0].entries()) {
      if (count > 0) await growLog(project, count, `batch ${at}`);
      const answer = await cosign(project, witness);
      expect(answer.status, answer.stdout + answer.stderr).toBe(0);
      expect(await witnessesOf(project, vkey)).toBe(1);
      await witness.stop('SIGKILL');
      witness = await startWitness(project, [vkeyOf(project)]);
      expect(witness.vkey).toBe(vkey);
    }
    expect(await witness.stop('SIGTERM')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^signed 0, refused 0\n$/) as string });
    expect(existsSync(join(project.folder, '../witness/lock'))).toBe(false);
  });

  it('tells the known size (409), and never signs a second history (422), however often it is asked (D02)', async () => {
    const project = makeProject();
    await growLog(project, 3, 'first');
    const { folder } = (await logOf(project).head())!;
    const state = join(project.folder, '../home/.local/state/trainlock');
    cpSync(folder, join(project.folder, 'old'), { recursive: true });
    const witness = await startWitness(project, [vkeyOf(project)]);
    try {
      await growLog(project, 2, 'told');
      expect((await cosign(project, witness)).status).toBe(0);
      const told = readFileSync(join(folder, 'checkpoint'));
      const note = readNote(told);
      if (note.kind === 'rejected') throw new Error('no note');
      const own = Buffer.from(
        told
          .toString()
          .split('\n')
          .filter((line) => !line.includes('witness'))
          .join('\n'),
      );
      expect(await post(witness.url, Buffer.concat([Buffer.from('old 0\n\n'), own]))).toEqual({ status: 409, text: '5\n' });
      // The same key, another history of the same length.
      rmSync(folder, { recursive: true });
      renameSync(join(project.folder, 'old'), folder);
      rmSync(join(state, 'log-heads'), { recursive: true });
      await growLog(project, 2, 'another');
      for (let i = 0; i < 2; i += 1) {
        const answer = await cosign(project, witness);
        expect(answer.status).toBe(1);
        expect(answer.stdout).toContain('422');
      }
      await growLog(project, 1, 'and longer');
      const longer = await cosign(project, witness);
      expect(longer.status).toBe(1);
      expect(longer.stdout).toContain('422');
      // The proof of the lie is kept.
      expect(readdirSync(join(project.folder, '../witness')).filter((name) => name.includes('.fork-')).length).toBe(1);
    } finally {
      await witness.stop('SIGKILL');
    }
  });

  it('is not asked to sign what was set back', async () => {
    const project = makeProject();
    await growLog(project, 3, 'first');
    const { folder } = (await logOf(project).head())!;
    cpSync(folder, join(project.folder, 'old'), { recursive: true });
    const witness = await startWitness(project, [vkeyOf(project)]);
    try {
      await growLog(project, 2, 'more');
      expect((await cosign(project, witness)).status).toBe(0);
      rmSync(folder, { recursive: true });
      renameSync(join(project.folder, 'old'), folder);
      const answer = await cosign(project, witness);
      expect(answer.status).toBe(1);
      expect(answer.stdout).toContain('it was set back');
    } finally {
      await witness.stop('SIGKILL');
    }
  });

  it('answers hostile requests and goes on', async () => {
    const project = makeProject();
    await growLog(project, 3, 'first');
    const other = makeProject();
    await growLog(other, 1, 'other');
    const witness = await startWitness(project, [vkeyOf(project)]);
    try {
      expect((await post(witness.url, 'nothing')).status).toBe(400);
      expect((await post(witness.url, '')).status).toBe(400);
      expect((await post(witness.url, Buffer.alloc(300 * 1024, 'x')).catch(() => ({ status: 413 }))).status).toBe(413);
      expect((await post(witness.url, '', '/')).status).toBe(404);
      expect((await post(witness.url, '', '/add-checkpoint', 'PUT')).status).toBe(404);
      expect((await cosign(other, witness)).stdout).toContain('404');
      const checkpoint = readFileSync(join((await logOf(project).head())!.folder, 'checkpoint'), 'utf8');
      expect((await post(witness.url, `old 0\n\n${checkpoint.replace('\n3\n', '\n4\n')}`)).status).toBe(403);
      expect((await cosign(project, witness)).status).toBe(0);
    } finally {
      await witness.stop('SIGKILL');
    }
  });

  it('signs nothing for a log of which it cannot read what it saw', async () => {
    const project = makeProject();
    await growLog(project, 3, 'first');
    const first = await startWitness(project, [vkeyOf(project)]);
    expect((await cosign(project, first)).status).toBe(0);
    await first.stop('SIGTERM');
    const folder = join(project.folder, '../witness');
    const [file] = readdirSync(folder).filter((name) => name.endsWith('.checkpoint'));
    writeFileSync(join(folder, file!), '');
    const second = await startWitness(project, [vkeyOf(project)]);
    const answer = await cosign(project, second);
    expect(answer.status).toBe(1);
    expect(answer.stdout).toContain('500');
    await second.stop('SIGKILL');
  });

  it('is one for each folder', async () => {
    const project = makeProject();
    await growLog(project, 1, 'first');
    const first = await startWitness(project, [vkeyOf(project)]);
    const second = await startWitness(project, [vkeyOf(project)]);
    expect(second.said()).toContain('TL1401');
    await first.stop('SIGKILL');
    const third = await startWitness(project, [vkeyOf(project)]);
    expect(third.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    await third.stop('SIGTERM');
  });
});

describe('asking a witness', () => {
  it('keeps no signature that does not hold', async () => {
    const project = makeProject();
    await growLog(project, 3, 'first');
    const witness = await startWitness(project, [vkeyOf(project)]);
    const stranger = makeProject();
    await growLog(stranger, 1, 'x');
    const other = await startWitness(stranger, [vkeyOf(stranger)]);
    try {
      const answer = await start(project, ['log', 'cosign', '--witness', witness.url, '--witness-key', other.vkey], project.env);
      expect(answer.status).toBe(1);
      expect(await witnessesOf(project, witness.vkey)).toBe(0);
      expect((await start(project, ['log', 'cosign', '--witness', witness.url, '--witness-key', vkeyOf(project)], project.env)).stderr).toContain('TL0001');
      expect((await start(project, ['log', 'cosign', '--witness', witness.url], project.env)).stderr).toContain('the key of this witness is not known');
      expect((await start(project, ['log', 'cosign', '--witness', 'http://127.0.0.1:9', '--witness-key', witness.vkey], project.env)).stderr).toContain('TL0801');
      // Once its key was given, it is known.
      expect((await cosign(project, witness)).status).toBe(0);
      expect((await start(project, ['log', 'cosign', '--witness', witness.url], project.env)).status).toBe(0);
      expect(answerOf(project, 'log', 'verify').status).toBe(0);
    } finally {
      await witness.stop('SIGKILL');
      await other.stop('SIGKILL');
    }
  });
});
