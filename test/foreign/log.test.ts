import { spawn, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import { readNote, readVerifierKey, verifyCheckpoint } from '#tlog';
import { answerOf, growLog, logOf, vkeyOf } from '../harness/machine-log.ts';
import { makeProject, start, type TestProject } from '../harness/project.ts';
import { freePort, listening } from '../harness/s3-server.ts';
import { goTool } from './go-tool.ts';

const FSCK = goTool('fsck');
const OMNIWITNESS = goTool('omniwitness');

/** Where something is wrong it waits for ever, or ends with 0 all the same (v1.0.4): only what it prints is an answer. */
const fsck = (folder: string, timeout = 30_000): { readonly isWhole: boolean; readonly text: string } => {
  const { stdout, stderr } = spawnSync(FSCK!, ['--storage_url', `file://${folder}/`, '--public_key', join(folder, 'vkey'), '--ui=false'], { encoding: 'utf8', timeout });
  return { isWhole: stderr.includes("Successfully fsck'd"), text: stdout + stderr };
};

describe.skipIf(FSCK === undefined)('fsck of tessera', () => {
  it('accepts our log, at every size at which it is exported', async () => {
    const project = makeProject();
    for (const [at, count] of [1, 2, 252, 1, 1, 400, 70_000].entries()) {
      await growLog(project, count, `batch ${at}`);
      expect(project.trainlock(['log', 'export', '../copy']).status).toBe(0);
      const { size } = (await logOf(project).head())!.checkpoint;
      const { isWhole, text } = fsck(join(project.folder, '../copy'));
      expect(isWhole, text).toBe(true);
      expect(text).toContain(`Successfully fsck'd log with size ${size}`);
    }
  });

  it('and our own check refuse the same damage', async () => {
    const project = makeProject();
    await growLog(project, 600, 'leaf');
    project.trainlock(['log', 'export', 'copy']);
    const copy = join(project.folder, 'copy');
    const files = (readdirSync(copy, { recursive: true, encoding: 'utf8' }) as string[]).filter((name) => statSync(join(copy, name)).isFile() && name.startsWith('tile'));
    for (const name of files) {
      copyFileSync(join(copy, name), join(project.folder, 'kept'));
      const bytes = readFileSync(join(copy, name));
      bytes[40]! ^= 1;
      writeFileSync(join(copy, name), bytes);
      expect(fsck(copy, 2000).isWhole, name).toBe(false);
      const answer = answerOf(project, 'log', 'verify', 'copy');
      expect(answer.status, name).toBe(1);
      expect((answer.data['check'] as { readonly where: string }).where.startsWith(join(copy, 'tile')), name).toBe(true);
      copyFileSync(join(project.folder, 'kept'), join(copy, name));
    }
    expect(fsck(copy).isWhole).toBe(true);
  });
});

/** A key in the form that Go programs read, and the verifier key that fits. */
const goKey = (name: string): { readonly secret: string; readonly vkey: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const typed = (type: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.from([type]), bytes]);
  const idOf = (type: number): string => createHash('sha256').update(`${name}\n`).update(typed(type, point)).digest('hex').slice(0, 8);
  return { secret: `PRIVATE+KEY+${name}+${idOf(1)}+${typed(1, seed).toString('base64')}`, vkey: `${name}+${idOf(4)}+${typed(4, point).toString('base64')}` };
};

const withOmniwitness = async (project: TestProject, use: (url: string, vkey: string) => Promise<void>): Promise<void> => {
  const { secret, vkey } = goKey('omniwitness.example/test');
  const log = vkeyOf(project);
  project.write({ 'omni.key': secret, 'logs.yaml': `Logs:\n  - Origin: ${log.split('+')[0]}\n    URL: http://127.0.0.1:1/\n    PublicKey: ${log}\n    Feeder: none\n` });
  const port = await freePort();
  const args = [
    '--listen',
    `127.0.0.1:${port}`,
    '--metrics_listen',
    '',
    '--private_key_path',
    'omni.key',
    '--db_file',
    'omni.db',
    '--additional_logs',
    'logs.yaml',
    '--logtostderr',
  ];
  const child = spawn(OMNIWITNESS!, args, { cwd: project.folder, stdio: 'ignore' });
  const ended = new Promise<void>((done) => child.on('exit', () => done()));
  try {
    await listening(port, child);
    await use(`http://127.0.0.1:${port}`, vkey);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
};

describe.skipIf(OMNIWITNESS === undefined)('the witness of transparency-dev', () => {
  it('signs our log as it grows, and its signature holds', async () => {
    const project = makeProject();
    await growLog(project, 3, 'first');
    await withOmniwitness(project, async (url, vkey) => {
      for (const count of [0, 1, 300]) {
        if (count > 0) await growLog(project, count, `batch ${count}`);
        const answer = await start(project, ['log', 'cosign', '--witness', url, ...(count === 0 ? ['--witness-key', vkey] : [])], project.env);
        expect(answer.status, answer.stdout + answer.stderr).toBe(0);
      }
      const head = (await logOf(project).head())!;
      const witness = readVerifierKey(vkey, nodeCrypto);
      if (witness.kind === 'rejected') throw new Error('no key');
      const note = readNote(readFileSync(join(head.folder, 'checkpoint')));
      if (note.kind === 'rejected') throw new Error('no note');
      expect(verifyCheckpoint(note.value, { keys: [head.key], witnesses: [witness.value], atLeast: 1 }, nodeVerifySignature)).toMatchObject({
        kind: 'held',
        checkpoint: { size: 304 },
        witnesses: [{ time: expect.any(Number) as number }],
      });
    });
  });

  it('does not sign for a log that it does not know', async () => {
    const project = makeProject();
    await growLog(project, 3, 'first');
    await withOmniwitness(project, async (url, vkey) => {
      const other = makeProject();
      await growLog(other, 3, 'other');
      const answer = await start(other, ['log', 'cosign', '--witness', url, '--witness-key', vkey], other.env);
      expect(answer.status).toBe(1);
      // The protocol asks for 404; this version answers 500.
      expect(answer.stdout).toMatch(/the witness answers (404|500)/);
    });
  });
});
