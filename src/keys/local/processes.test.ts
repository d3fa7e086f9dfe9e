import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEMPORARY_NAME } from '#files';
import { firstKey } from './first-key.ts';
import { listKeys } from './list-keys.ts';
import { loadKey } from './load-key.ts';

/** Says which key it got; or makes keys, rotates and revokes until it is killed, and says what was done. */
const PROGRAM = `
import { writeSync } from 'node:fs';
import { firstKey } from ${JSON.stringify(join(import.meta.dirname, 'first-key.ts'))};
import { newKey } from ${JSON.stringify(join(import.meta.dirname, 'new-key.ts'))};
import { rotateKey } from ${JSON.stringify(join(import.meta.dirname, 'rotate-key.ts'))};
import { revokeKey } from ${JSON.stringify(join(import.meta.dirname, 'revoke-key.ts'))};
const [what, prefix] = process.argv.slice(2);
const say = (...words) => writeSync(1, words.join(' ') + '\\n');
const { env } = process;
if (what === 'first') {
  await new Promise((resolve) => process.stdin.once('data', resolve));
  await firstKey(env).then(
    ({ key }) => say('first', key.keyId),
    ({ code, message, notes, fix }) => say(JSON.stringify({ code, message, notes, fix })),
  );
  process.exit(0);
}
say('ready');
for (let number = 0; ; number += 1) {
  say('first', (await firstKey(env)).key.keyId);
  const name = prefix + number;
  say('made', name, (await newKey({ env, name })).keyId);
  say('rotated', name, (await rotateKey({ env, name })).key.keyId);
  await revokeKey({ env, name, reason: 'test' });
  say('revoked', name);
}
`;

let folder: string;
let program: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-processes-'));
  program = join(folder, 'program.mjs');
  const bundle = await rolldown({
    input: 'program',
    platform: 'node',
    cwd: import.meta.dirname,
    resolve: { conditionNames: ['trainlock-source', 'node', 'import'] },
    plugins: [
      { name: 'program', resolveId: (id) => (id === 'program' ? join(import.meta.dirname, 'program.js') : null), load: (id) => (id.endsWith('local/program.js') ? PROGRAM : null) },
    ],
  });
  await bundle.write({ file: program, format: 'esm', codeSplitting: false });
  await bundle.close();
  // Other users run it too.
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Running = { readonly child: ChildProcess; readonly said: () => readonly string[]; readonly ended: Promise<number | null> };

const start = (config: string, ...args: readonly string[]): Running => {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'], env: { XDG_CONFIG_HOME: config, PATH: process.env['PATH'] } });
  let text = '';
  child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  // Only whole lines were said.
  return { child, said: () => text.split('\n').slice(0, -1), ended: new Promise((resolve) => child.on('close', resolve)) };
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('processes', () => {
  it('that all want the first key at once end with one, which all of them use', async () => {
    for (let round = 0; round < 3; round += 1) {
      const config = join(folder, `race-${round}`);
      const all = Array.from({ length: 6 }, () => start(config, 'first'));
      // All are loaded and wait; then they start together.
      await sleep(600);
      for (const { child } of all) child.stdin!.write('go\n');
      expect(await Promise.all(all.map(({ ended }) => ended))).toEqual(all.map(() => 0));
      const { key } = await firstKey({ XDG_CONFIG_HOME: config });
      expect(new Set(all.flatMap(({ said }) => said()))).toEqual(new Set([`first ${key.keyId}`]));
      expect(readdirSync(join(config, 'trainlock/keys')).sort()).toEqual(['default.json', 'default.key', 'default.pub']);
    }
  });

  it('that are killed at random moments lose no key that they have told of, and leave nothing broken', async () => {
    const said: string[] = [];
    const config = join(folder, 'killed');
    const env = { XDG_CONFIG_HOME: config };
    for (let round = 0; round < 12; round += 1) {
      const running = [start(config, 'all', `a${round}-x`), start(config, 'all', `b${round}-x`)];
      while (running.some((one) => one.said().length === 0)) await sleep(5);
      await sleep(Math.random() * 300);
      for (const { child } of running) child.kill('SIGKILL');
      await Promise.all(running.map(({ ended }) => ended));
      said.push(...running.flatMap((one) => one.said()));
    }
    const { key: first } = await firstKey(env);
    const entries = await listKeys(env);
    const states = new Map(entries.map((entry) => [entry.kind === 'key' ? entry.key.name : entry.name, entry]));
    const keyOf = (name: string): { keyId: string; state: string } => {
      const entry = states.get(name);
      return entry?.kind === 'key' ? entry.key : { keyId: `${entry?.kind}`, state: 'none' };
    };
    for (const line of said) {
      const [what, name, keyId] = line.split(' ') as [string, string, string];
      if (what === 'first') expect(name).toBe(first.keyId);
      if (what === 'made') expect(keyOf(name).keyId, line).toBe(keyId);
      if (what === 'rotated') expect((await loadKey(name, { env, passphrase: async () => undefined })).publicKey.keyId, line).toBe(keyId);
      if (what === 'revoked') expect(keyOf(name).state, line).toBe('revoked');
    }
    expect(entries.filter(({ kind }) => kind === 'damaged')).toEqual([]);
    // Whatever holds a private key is private, also what is left of a file that was being written.
    for (const path of readdirSync(join(config, 'trainlock/keys')).map((name) => join(config, 'trainlock/keys', name))) {
      if ((statSync(path).mode & 0o077) !== 0) expect(readFileSync(path, 'utf8'), path).not.toContain('PRIVATE');
    }
    const counts = Object.fromEntries(['first', 'made', 'rotated', 'revoked'].map((what) => [what, said.filter((line) => line.startsWith(what)).length]));
    const remains = readdirSync(join(config, 'trainlock/keys')).filter((name) => TEMPORARY_NAME.test(name)).length;
    console.log(`told before 24 kills: ${JSON.stringify(counts)}; lost: 0; unfinished: ${entries.filter(({ kind }) => kind === 'unfinished').length}; temporary files: ${remains}`);
    expect(counts['made']).toBeGreaterThan(0);
  });

  const isRoot = process.getuid?.() === 0;
  if (!isRoot) console.log('only root can be other users: missing homes and permissions are not tested');

  it.runIf(isRoot).each<readonly [string, () => NodeJS.ProcessEnv, object]>([
    [
      'has no home at all',
      () => ({}),
      {
        code: 'TL1102',
        message: 'there is no place for the keys of this user',
        notes: ['neither XDG_CONFIG_HOME nor HOME is an absolute path, and the system knows no home of this user'],
        fix: 'name a folder that is kept: export XDG_CONFIG_HOME=FOLDER',
      },
    ],
    [
      'may not write its home',
      () => ({ HOME: folder }),
      { code: 'TL0003', message: 'cannot write keys', notes: ['no permission'], fix: 'keep keys in a folder that can be written: export XDG_CONFIG_HOME=FOLDER' },
    ],
    [
      'finds keys of another user',
      () => {
        const keys = join(folder, 'foreign/trainlock/keys');
        mkdirSync(keys, { recursive: true });
        writeFileSync(join(keys, 'default.key'), 'secret', { mode: 0o600 });
        return { XDG_CONFIG_HOME: join(folder, 'foreign') };
      },
      { code: 'TL1102', message: `cannot read KEYS/default.key: no permission`, fix: 'ls -la KEYS/default.key' },
    ],
  ])('of a user that %s say so', async (_, env, expected) => {
    // A user that the system has never heard of, as in many containers.
    const child = spawn(process.execPath, [program, 'first'], { uid: 54_321, gid: 54_321, env: env(), cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stdin.end('go\n');
    await new Promise((done) => child.on('close', done));
    expect(JSON.parse(text.replaceAll(join(folder, 'foreign/trainlock/keys'), 'KEYS'))).toMatchObject(expected);
  });
});
